using Avial.Geometry;

namespace Avial.Planning.Plans.Moving;

/// <summary>A body whose boxes move in place from step to step, for as long as nothing but their ends changes.</summary>
internal sealed class MovingFrame
{
    private readonly MovingBoxes _boxes;
    private readonly SymbolScope _scope;
    private readonly NumberOrder _order;
    private readonly bool[] _isThere;
    private readonly long[] _numbers;
    private readonly End[] _ends;

    private MovingFrame(RankBody body, MovingBoxes boxes, SymbolScope scope, NumberOrder order, long[] numbers, bool[] isThere, End[] ends)
    {
        Body = body;
        _boxes = boxes;
        _scope = scope;
        _order = order;
        _numbers = numbers;
        _isThere = isThere;
        _ends = ends;
    }

    public RankBody Body { get; }

    /// <summary>A frame for a body made for the scope's step; null where its boxes are not known to be made by comparing alone.</summary>
    public static MovingFrame? Of(RankBody made, BodyPlan plan, RankId rank, SymbolScope scope)
    {
        if (MovingBoxes.Of(plan, rank, scope) is not { } boxes)
        {
            return null;
        }
        var isThere = new bool[boxes.Boxes.Count];
        var numbers = new long[boxes.Boxes.Sum(b => 2 * b.Rank)];
        for (int b = 0; b < isThere.Length; b++)
        {
            isThere[b] = Evaluate(boxes.Boxes[b], scope, numbers);
        }
        var order = new NumberOrder(boxes, numbers, isThere);
        RankBody body = BodyBoxes.Copy(made);
        return EndsOf(body, plan, order) is { } ends ? new MovingFrame(body, boxes, scope, order, numbers, isThere, ends) : null;
    }

    /// <summary>Moves the body to the step that the scope has now; false when more than ends has to change, and then nothing has. Allocates nothing.</summary>
    public bool TryMove()
    {
        IReadOnlyList<MovingBox> boxes = _boxes.Boxes;
        for (int b = 0; b < boxes.Count; b++)
        {
            if (Evaluate(boxes[b], _scope, _numbers) != _isThere[b])
            {
                return false;
            }
        }
        if (!_order.Holds(_numbers))
        {
            return false;
        }
        IReadOnlyList<IMovingWatch> watches = _boxes.Watches;
        for (int w = 0; w < watches.Count; w++)
        {
            if (!watches[w].AreSame(_scope))
            {
                return false;
            }
        }
        foreach (End end in _ends)
        {
            end.Ends[end.Axis] = _numbers[end.Place];
        }
        return true;
    }

    private static bool Evaluate(MovingBox box, SymbolScope scope, long[] numbers)
    {
        Span<long> low = numbers.AsSpan(box.Offset, box.Rank);
        Span<long> high = numbers.AsSpan(box.Offset + box.Rank, box.Rank);
        if (box.TryEvaluate(scope, numbers, low, high))
        {
            return true;
        }
        low.Clear();
        high.Clear();
        return false;
    }

    // What moves of the body's boxes; null when some end is none of the known numbers.
    private static End[]? EndsOf(RankBody body, BodyPlan plan, NumberOrder order)
    {
        var ends = new List<End>();
        foreach (Box box in BodyBoxes.OfSteps(body).Concat(body.Buffers.Where(b => plan.Buffers[b.Number].Window.IsExact).Select(b => b.Window)))
        {
            for (int axis = 0; axis < box.Rank; axis++)
            {
                if (order.PlaceOf(axis, box.Low[axis]) is not { } low || order.PlaceOf(axis, box.High[axis]) is not { } high)
                {
                    return null;
                }
                Add(ends, MutableBox.Ends(box, isHigh: false), axis, low);
                Add(ends, MutableBox.Ends(box, isHigh: true), axis, high);
            }
        }
        return [.. ends];
    }

    private static void Add(List<End> ends, long[] of, int axis, int place)
    {
        if (place >= 0)
        {
            ends.Add(new End(of, axis, place));
        }
    }

    // An end of a box of the body, and where its number is found.
    private readonly record struct End(long[] Ends, int Axis, int Place);
}
