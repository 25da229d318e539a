namespace Avial.Geometry;

/// <summary>Searches for ranks that need something: <c>foreach (RankId peer in PeerSearch.Of(...))</c>.</summary>
internal static class PeerSearch
{
    /// <summary>The ranks whose parts of a consumer need some of a box of the array, such as what a sender owns.</summary>
    public static PeerSearch<TNeed> Of<TNeed>(Distribution consumer, TNeed need, ReadOnlySpan<long> low, ReadOnlySpan<long> high)
        where TNeed : INeed, allows ref struct => new(consumer, need, low, high);
}

/// <summary>
/// Finds ranks, in ascending order, by asking what whole ranges of grid coordinates need: axis by axis, halving a range until it is one
/// part and leaving out the halves whose need does not meet the box. Costs O(found × log ranks) evaluations and allocates nothing.
/// </summary>
internal ref struct PeerSearch<TNeed> where TNeed : INeed, allows ref struct
{
    private readonly Distribution _consumer;
    private readonly TNeed _need;
    private readonly ReadOnlySpan<long> _low;
    private readonly ReadOnlySpan<long> _high;

    // The part under question: single parts on the axes decided so far, the whole axis on the later ones.
    private AxisBounds _partLow;
    private AxisBounds _partHigh;
    private AxisCoordinates _place;
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
        bool any = !consumer.Space.IsEmpty && Meets();
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
            int found = from < cut.Parts ? FirstThatNeeds(cut, axis, from, cut.Parts) : -1;
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

    private int FirstThatNeeds(AxisCut cut, int axis, int first, int end)
    {
        (_partLow[axis], _partHigh[axis]) = (cut.Boundary(first), cut.Boundary(end));
        if (_partLow[axis] == _partHigh[axis] || !Meets())
        {
            return -1;
        }
        if (end - first == 1)
        {
            return first;
        }
        int middle = first + (end - first) / 2;
        int found = FirstThatNeeds(cut, axis, first, middle);
        return found >= 0 ? found : FirstThatNeeds(cut, axis, middle, end);
    }

    private readonly bool Meets()
    {
        Span<long> low = stackalloc long[_low.Length];
        Span<long> high = stackalloc long[_low.Length];
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
