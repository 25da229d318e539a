using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// The loops of a reduction. With every axis reduced, the box is the domain and each part gives a partial result. With axes kept, the box is
/// the kept axes, and each of its points reduces the whole of the other axes. Rows run along the last reduced axis: leaves lie there.
/// </summary>
internal sealed class ReductionSpace
{
    private readonly FunctionBuilder _function;
    private readonly int _rank;

    public ReductionSpace(GraphNode node, ReduceOperation operation, string suffix = "")
    {
        _rank = operation.Domain.Rank;
        Kept = [.. Enumerable.Range(0, _rank).Except(operation.Axes)];
        Reduced = [.. Enumerable.Range(0, _rank).Intersect(operation.Axes)];
        _function = new FunctionBuilder(node, suffix, IsTotal ? _rank : Kept.Length);
    }

    public FunctionBuilder Function => _function;

    public ImmutableArray<int> Kept { get; }

    public ImmutableArray<int> Reduced { get; }

    /// <summary>True when the result is a scalar.</summary>
    public bool IsTotal => Kept.IsEmpty;

    public StageBox Box => IsTotal ? new DomainBox(0) : new AxesBox(0, Kept);

    public Value Low(int axis) => _function.Scalar(new ScalarBinding(ScalarSource.DomainLow, 0, axis));

    public Value High(int axis) => _function.Scalar(new ScalarBinding(ScalarSource.DomainHigh, 0, axis));

    /// <summary>The first element of the domain, where traps of the whole are reported.</summary>
    public ImmutableArray<Value> Corner => [.. Enumerable.Range(0, _rank).Select(Low)];

    /// <summary>The first element of what one result combines, where a fold's traps are reported.</summary>
    public ImmutableArray<Value> FirstElement(ImmutableArray<Value> kept) =>
        [.. Enumerable.Range(0, _rank).Select(axis => Kept.Contains(axis) ? kept[Kept.IndexOf(axis)] : Low(axis))];

    /// <summary>The number of elements that one result combines.</summary>
    public Value Count => Reduced.Select(axis => _function.Scalar(new ScalarBinding(ScalarSource.DomainLeaves, 0, axis)))
        .Aggregate(_function.Constant(1), _function.Multiply);

    /// <summary>Loops over the kept axes; the body emits one result. Without kept axes it is emitted once.</summary>
    public void ForEachResult(Action<ImmutableArray<Value>> body) => ForEachResult([], body);

    private void ForEachResult(ImmutableArray<Value> outer, Action<ImmutableArray<Value>> body)
    {
        if (outer.Length == Kept.Length)
        {
            body(outer);
            return;
        }
        int axis = outer.Length;
        _function.For(_function.BoxLow[axis], _function.BoxHigh[axis], index => ForEachResult(outer.Add(index), body), LoopKind.Threads, isOverBox: true);
    }

    /// <summary>Loops over the rows of what one result combines, with carried values.</summary>
    public Value[] ForEachRow(ImmutableArray<Value> kept, Value[] seeds, Func<DomainRow, Value[], Value[]> body)
    {
        var index = new Value[_rank];
        for (int i = 0; i < kept.Length; i++)
        {
            index[Kept[i]] = kept[i];
        }
        return Nest(0, index, seeds, body);
    }

    private Value[] Nest(int position, Value[] index, Value[] carried, Func<DomainRow, Value[], Value[]> body)
    {
        if (Reduced.IsEmpty)
        {
            return body(new DomainRow(index, -1, _function.Constant(0), _function.Constant(1), true), carried);
        }
        int axis = Reduced[position];
        Value low = IsTotal ? _function.BoxLow[axis] : Low(axis);
        Value high = IsTotal ? _function.BoxHigh[axis] : High(axis);
        if (position == Reduced.Length - 1)
        {
            return body(new DomainRow(index, axis, low, high, IsTotal), carried);
        }
        return _function.For(low, high, carried, (i, inner) =>
        {
            index[axis] = i;
            return Nest(position + 1, index, inner, body);
        }, isOverBox: IsTotal);
    }
}
