namespace Avial.Planning.Plans.Moving;

/// <summary>
/// The order, on each axis, of the ends of all moving boxes and of the fixed numbers among which they move. Whatever was made of them by comparing alone is made of the same
/// ones as long as the order stays: between neighbours, and for equal ones, is all that has to be looked at.
/// </summary>
internal sealed class NumberOrder
{
    private readonly Dictionary<(int Axis, long Number), int> _places = [];
    private readonly Pair[] _equal;
    private readonly Pair[] _rising;

    /// <param name="boxes">The boxes.</param>
    /// <param name="numbers">Their ends at one step.</param>
    /// <param name="isThere">Which of them are there.</param>
    public NumberOrder(MovingBoxes boxes, long[] numbers, bool[] isThere)
    {
        var equal = new List<Pair>();
        foreach ((int axis, long number) in boxes.Fixed)
        {
            _places.Add((axis, number), -1);
        }
        for (int b = 0; b < boxes.Boxes.Count; b++)
        {
            MovingBox box = boxes.Boxes[b];
            for (int end = 0; isThere[b] && end < 2 * box.Rank; end++)
            {
                int place = box.Offset + end;
                (int, long) key = (end % box.Rank, numbers[place]);
                if (!_places.TryAdd(key, place))
                {
                    equal.Add(new Pair(place, _places[key], numbers[place]));
                }
            }
        }
        _equal = [.. equal];
        _rising = [.. Neighbours()];
    }

    /// <summary>Where a number of an axis is found at every step: a place among the ends, -1 when it is fixed; null when it is none of them.</summary>
    public int? PlaceOf(int axis, long number) => _places.TryGetValue((axis, number), out int place) ? place : null;

    /// <summary>True when the ends of another step are in the same order.</summary>
    public bool Holds(ReadOnlySpan<long> numbers)
    {
        foreach (Pair pair in _equal)
        {
            if (numbers[pair.Place] != (pair.Other < 0 ? pair.Number : numbers[pair.Other]))
            {
                return false;
            }
        }
        foreach (Pair pair in _rising)
        {
            long low = pair.Place < 0 ? pair.Number : numbers[pair.Place];
            if (low >= (pair.Other < 0 ? pair.OtherNumber : numbers[pair.Other]))
            {
                return false;
            }
        }
        return true;
    }

    private IEnumerable<Pair> Neighbours()
    {
        (int Axis, long Number) last = (-1, 0);
        int lastPlace = -1;
        foreach (((int axis, long number), int place) in _places.OrderBy(p => p.Key))
        {
            if (last.Axis == axis && (place >= 0 || lastPlace >= 0))
            {
                yield return new Pair(lastPlace, place, last.Number, number);
            }
            (last, lastPlace) = ((axis, number), place);
        }
    }

    // Two places, or fixed numbers where a place is -1.
    private readonly record struct Pair(int Place, int Other, long Number, long OtherNumber = 0);
}
