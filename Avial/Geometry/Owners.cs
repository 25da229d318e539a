namespace Avial.Geometry;

/// <summary>
/// The ranks that own some of a box, as ranges of grid coordinates: a set by formula, that costs the same for a few ranks and for all.
/// Enumeration is in ascending order, allocates nothing and never visits a rank whose part is empty.
/// </summary>
internal readonly struct Owners
{
    private readonly Distribution _distribution;
    private readonly AxisRanges _ranges;
    private readonly bool _isEmpty;

    /// <param name="distribution">Who owns what.</param>
    /// <param name="low">The low corner of the box.</param>
    /// <param name="high">The high corner.</param>
    public Owners(Distribution distribution, ReadOnlySpan<long> low, ReadOnlySpan<long> high)
    {
        _distribution = distribution;
        for (int axis = 0; axis < low.Length; axis++)
        {
            long from = Math.Max(low[axis], distribution.Space.Low[axis]);
            long to = Math.Min(high[axis], distribution.Space.High[axis]);
            _isEmpty |= from >= to;
            if (distribution.Kind == DistributionKind.Blocks)
            {
                (int first, int end) = distribution.Axes[axis].PartsOf(from, to);
                _ranges[axis] = new PartRange(first, end);
            }
        }
    }

    public bool IsEmpty => _isEmpty;

    /// <summary>The number of ranks, exact, by formula.</summary>
    public int Count
    {
        get
        {
            if (_isEmpty)
            {
                return 0;
            }
            int count = _distribution.Kind == DistributionKind.Everywhere ? _distribution.Ranks : 1;
            for (int axis = 0; axis < _distribution.Axes.Length; axis++)
            {
                count *= _distribution.Axes[axis].NonEmpty(_ranges[axis].First, _ranges[axis].End);
            }
            return count;
        }
    }

    /// <summary>The grid coordinates on an axis; parts within may be empty, those at the ends are not. Blocks only.</summary>
    public PartRange Range(int axis) => _ranges[axis];

    public bool Contains(RankId rank)
    {
        if (_isEmpty || !_distribution.Owns(rank))
        {
            return false;
        }
        int rest = rank.Value;
        for (int axis = _distribution.Axes.Length - 1; axis >= 0; axis--)
        {
            (rest, int coordinate) = int.DivRem(rest, _distribution.Grid[axis]);
            if (coordinate < _ranges[axis].First || coordinate >= _ranges[axis].End)
            {
                return false;
            }
        }
        return true;
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>Walks the grid like an odometer, from one part that is not empty to the next.</summary>
    internal struct Enumerator
    {
        private readonly Owners _owners;
        private AxisCoordinates _place;
        private int _next;
        private int _end;

        public Enumerator(Owners owners)
        {
            _owners = owners;
            Distribution distribution = owners._distribution;
            if (distribution.Kind == DistributionKind.Everywhere)
            {
                _end = owners._isEmpty ? 0 : distribution.Ranks;
                return;
            }
            for (int axis = 0; axis < distribution.Axes.Length; axis++)
            {
                _place[axis] = owners._ranges[axis].First;
            }
            _next = distribution.Kind == DistributionKind.OnOne ? distribution.Root.Value : distribution.RankAt(_place);
            _end = owners._isEmpty ? 0 : _next + 1;
        }

        public RankId Current { get; private set; }

        public bool MoveNext()
        {
            if (_next >= _end)
            {
                return false;
            }
            Current = new RankId(_next);
            if (_owners._distribution.Kind == DistributionKind.Blocks)
            {
                Advance();
            }
            else
            {
                _next++;
            }
            return true;
        }

        private void Advance()
        {
            Distribution distribution = _owners._distribution;
            for (int axis = distribution.Axes.Length - 1; axis >= 0; axis--)
            {
                AxisCut cut = distribution.Axes[axis];
                long end = cut.Boundary(_place[axis] + 1);
                int next = end < cut.High ? cut.PartOf(end) : cut.Parts;
                if (next < _owners._ranges[axis].End)
                {
                    _place[axis] = next;
                    _next = distribution.RankAt(_place);
                    _end = _next + 1;
                    return;
                }
                _place[axis] = _owners._ranges[axis].First;
            }
            _end = 0;
        }
    }
}
