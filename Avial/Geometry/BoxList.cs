namespace Avial.Geometry;

/// <summary>A set of points as boxes that do not overlap. Exact; made for tens of boxes.</summary>
internal sealed class BoxList
{
    private List<Box> _boxes = [];

    public BoxList()
    {
    }

    public BoxList(Box box) => Add(box);

    /// <summary>The boxes; none is empty, no two overlap.</summary>
    public IReadOnlyList<Box> Boxes => _boxes;

    /// <summary>The number of boxes.</summary>
    public int Count => _boxes.Count;

    public bool IsEmpty => _boxes.Count == 0;

    /// <summary>The number of points.</summary>
    public long Points
    {
        get
        {
            long points = 0;
            foreach (Box box in _boxes)
            {
                points = checked(points + box.Count);
            }
            return points;
        }
    }

    /// <summary>Adds what is not there yet.</summary>
    public void Add(Box box) => _boxes.AddRange(Missing(box));

    public void Add(BoxList other)
    {
        foreach (Box box in other._boxes)
        {
            Add(box);
        }
    }

    public void Subtract(Box box)
    {
        var rest = new List<Box>(_boxes.Count);
        foreach (Box mine in _boxes)
        {
            rest.AddRange(mine.Subtract(box));
        }
        _boxes = rest;
    }

    public void Subtract(BoxList other)
    {
        foreach (Box box in other._boxes)
        {
            Subtract(box);
        }
    }

    /// <summary>The points that lie in the box too.</summary>
    public BoxList Intersect(Box box)
    {
        var common = new BoxList();
        foreach (Box mine in _boxes)
        {
            if (mine.Meets(box))
            {
                common._boxes.Add(mine.Intersect(box));
            }
        }
        return common;
    }

    /// <summary>The points that lie in both.</summary>
    public BoxList Intersect(BoxList other)
    {
        var common = new BoxList();
        foreach (Box box in other._boxes)
        {
            common._boxes.AddRange(Intersect(box)._boxes);
        }
        return common;
    }

    public bool Meets(Box box)
    {
        foreach (Box mine in _boxes)
        {
            if (mine.Meets(box))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>True when every point of the box is here; an empty box always is.</summary>
    public bool Covers(Box box) => Missing(box).Count == 0;

    public bool Covers(BoxList other)
    {
        foreach (Box box in other._boxes)
        {
            if (!Covers(box))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The points of a box that are not here, as boxes that do not overlap.</summary>
    public IReadOnlyList<Box> Missing(Box box)
    {
        List<Box> missing = box.IsEmpty ? [] : [box];
        foreach (Box mine in _boxes)
        {
            if (missing.Count == 0)
            {
                break;
            }
            if (mine.Meets(box))
            {
                var rest = new List<Box>(missing.Count);
                foreach (Box piece in missing)
                {
                    rest.AddRange(piece.Subtract(mine));
                }
                missing = rest;
            }
        }
        return missing;
    }

    /// <summary>Joins neighbours that form a box, until there are none, and sorts the boxes by their low corners.</summary>
    public void Coalesce()
    {
        for (int before = int.MaxValue; _boxes.Count < before;)
        {
            before = _boxes.Count;
            for (int axis = before > 1 ? _boxes[0].Rank - 1 : -1; axis >= 0; axis--)
            {
                JoinAlong(axis);
            }
        }
        _boxes.Sort(CompareCorners);
    }

    // Boxes that differ on one axis only come to lie beside each other, ordered along it.
    private void JoinAlong(int axis)
    {
        _boxes.Sort((a, b) => CompareAcross(a, b, axis) is var across and not 0 ? across : a.Low[axis].CompareTo(b.Low[axis]));
        int kept = 0;
        for (int next = 1; next < _boxes.Count; next++)
        {
            Box last = _boxes[kept];
            Box box = _boxes[next];
            if (last.High[axis] == box.Low[axis] && CompareAcross(last, box, axis) == 0)
            {
                _boxes[kept] = last.With(axis, last.Low[axis], box.High[axis]);
            }
            else
            {
                _boxes[++kept] = box;
            }
        }
        _boxes.RemoveRange(kept + 1, _boxes.Count - kept - 1);
    }

    private static int CompareAcross(Box a, Box b, int axis)
    {
        for (int other = 0; other < a.Rank; other++)
        {
            int order = other == axis ? 0 : (a.Low[other], a.High[other]).CompareTo((b.Low[other], b.High[other]));
            if (order != 0)
            {
                return order;
            }
        }
        return 0;
    }

    private static int CompareCorners(Box a, Box b) => a.Low.AsSpan().SequenceCompareTo(b.Low.AsSpan());

    public override string ToString() => _boxes.Count == 0 ? "nothing" : string.Join(" + ", _boxes);
}
