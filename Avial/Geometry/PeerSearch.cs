namespace Avial.Geometry;

/// <summary>Searches for ranks that need something: <c>foreach (RankId peer in PeerSearch.Of(...))</c>.</summary>
internal static class PeerSearch
{
    /// <summary>The ranks whose parts of a consumer need some of a box of the array, such as what a sender owns.</summary>
    public static PeerSearch<TNeed> Of<TNeed>(Distribution consumer, TNeed need, ReadOnlySpan<long> low, ReadOnlySpan<long> high)
        where TNeed : INeed, allows ref struct => new(consumer, need, low, high);
}

/// <summary>
/// Finds ranks, in ascending order, by asking what whole ranges of grid coordinates need: axis by axis, first the parts around the place where the box would lie if
/// the need ran along with the parts, and all below and above these at once, so that a halo costs the same on any number of ranks; a range that is met elsewhere is
/// halved until it is one part. Costs O(found × log ranks) evaluations at most and allocates nothing.
/// </summary>
internal ref struct PeerSearch<TNeed> where TNeed : INeed, allows ref struct
{
    // Parts that lie near are asked one by one when they are this few.
    private const int FewParts = 8;

    private readonly Distribution _consumer;
    private readonly TNeed _need;
    private readonly ReadOnlySpan<long> _low;
    private readonly ReadOnlySpan<long> _high;

    // The part under question: single parts on the axes decided so far, the whole axis on the later ones.
    private AxisBounds _partLow;
    private AxisBounds _partHigh;
    private AxisCoordinates _place;
    private AxisRanges _near;
    private int _next;
    private int _end;

    public PeerSearch(Distribution consumer, TNeed need, ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        _consumer = consumer;
        _need = need;
        _low = low;
        _high = high;
        for (int axis = 0; axis < consumer.Space.Rank; axis++)
        {
            _partLow[axis] = consumer.Space.Low[axis];
            _partHigh[axis] = consumer.Space.High[axis];
        }
        Span<long> needLow = stackalloc long[low.Length];
        Span<long> needHigh = stackalloc long[low.Length];
        bool any = !consumer.Space.IsEmpty && Meets(needLow, needHigh);
        for (int axis = 0; any && axis < consumer.Axes.Length; axis++)
        {
            _near[axis] = axis < low.Length ? Near(consumer.Axes[axis], low[axis], high[axis], needLow[axis], needHigh[axis]) : new PartRange(0, 0);
        }
        _next = consumer.Root.Value;
        _end = !any ? _next : consumer.Kind == DistributionKind.Everywhere ? consumer.Ranks : _next + 1;
    }

    public RankId Current { get; private set; }

    public readonly PeerSearch<TNeed> GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }
        if (_consumer.Axes.IsEmpty)
        {
            Current = new RankId(_next++);
            return true;
        }
        // _next stays 0 until the search begins; from then on it is 1: the search continues behind the place found last.
        bool goesOn = _next > 0;
        _next = 1;
        _end = 2;
        if (Seek(goesOn))
        {
            Current = new RankId(_consumer.RankAt(_place));
            return true;
        }
        _end = 0;
        return false;
    }

    private bool Seek(bool goesOn)
    {
        int last = _consumer.Axes.Length - 1;
        int axis = goesOn ? last : 0;
        int from = goesOn ? _place[last] + 1 : 0;
        while (true)
        {
            AxisCut cut = _consumer.Axes[axis];
            int found = FirstFrom(cut, axis, from);
            if (found < 0)
            {
                (_partLow[axis], _partHigh[axis]) = (cut.Low, cut.High);
                if (--axis < 0)
                {
                    return false;
                }
                from = _place[axis] + 1;
                continue;
            }
            _place[axis] = found;
            (_partLow[axis], _partHigh[axis]) = cut.Of(found);
            if (axis == last)
            {
                return true;
            }
            axis++;
            from = 0;
        }
    }

    /// <summary>The parts around a range of the array, when what all parts need together is laid over their indices.</summary>
    private static PartRange Near(AxisCut cut, long low, long high, long needLow, long needHigh)
    {
        if (cut.IsEmpty || needHigh <= needLow)
        {
            return new PartRange(0, 0);
        }
        // No wider than what is looked for: a periodic axis, of which any place may be meant. Its parts lie as the array does.
        bool isAny = needLow >= low && needHigh <= high;
        double scale = isAny ? 1 : (double)(cut.High - cut.Low) / (needHigh - needLow);
        double shift = isAny ? 0 : ((double)cut.Low + cut.High - scale * ((double)needLow + needHigh)) / 2;
        int first = cut.PartOf((long)Math.Clamp(scale * low + shift, cut.Low, cut.High - 1));
        int last = cut.PartOf((long)Math.Clamp(scale * (high - 1) + shift, cut.Low, cut.High - 1));
        return new PartRange(Math.Max(0, first - 1), Math.Min(cut.Parts, last + 2));
    }

    private int FirstFrom(AxisCut cut, int axis, int from)
    {
        PartRange near = _near[axis];
        while (from < cut.Parts)
        {
            int end = from < near.First ? near.First
                : from >= near.End ? cut.Parts
                : near.End - near.First <= FewParts ? from + 1 : near.End;
            int found = FirstThatNeeds(cut, axis, from, end);
            if (found >= 0)
            {
                return found;
            }
            from = end;
        }
        return -1;
    }

    private int FirstThatNeeds(AxisCut cut, int axis, int first, int end)
    {
        Span<long> low = stackalloc long[_low.Length];
        Span<long> high = stackalloc long[_low.Length];
        (_partLow[axis], _partHigh[axis]) = (cut.Boundary(first), cut.Boundary(end));
        if (_partLow[axis] == _partHigh[axis] || !Meets(low, high))
        {
            return -1;
        }
        if (end - first == 1)
        {
            return first;
        }
        // The first and the last part are the neighbours across a periodic border.
        int middle = first == 0 ? 1 : end == cut.Parts ? end - 1 : first + (end - first) / 2;
        int found = FirstThatNeeds(cut, axis, first, middle);
        return found >= 0 ? found : FirstThatNeeds(cut, axis, middle, end);
    }

    private readonly bool Meets(scoped Span<long> low, scoped Span<long> high)
    {
        int axes = _consumer.Space.Rank;
        if (!_need.TryEvaluate(((ReadOnlySpan<long>)_partLow)[..axes], ((ReadOnlySpan<long>)_partHigh)[..axes], low, high))
        {
            return false;
        }
        for (int axis = 0; axis < low.Length; axis++)
        {
            if (Math.Max(low[axis], _low[axis]) >= Math.Min(high[axis], _high[axis]))
            {
                return false;
            }
        }
        return true;
    }
}
