using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Interpreters;

/// <summary>
/// The meaning of a graph: evaluates a region node by node, each element by <see cref="KernelInterpreter"/>, in the canonical orders written out
/// plainly. The oracle that everything else is compared with.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>Traps: the lowest (task order, linear index in the task's domain box) is thrown as a <see cref="TrapException"/>. A map's pieces
/// count one after another. An empty Min, Max, ArgMin or ArgMax traps at element 0; a user's fold at the first element of what it combined.</item>
/// <item>Sum and Mean, Product and inner sums of Half accumulate in float, in scans too; Scatter combines in the target's own type.</item>
/// <item>Scan computes the lines through the demanded box up to its end; Scatter, Sweep, Loop and Call compute everything if anything is demanded.</item>
/// <item>What is computed of an operation with several outputs is the hull of what is demanded of each.</item>
/// <item>Memory outside the demanded box is zero.</item>
/// </list>
/// </remarks>
internal sealed partial class GraphInterpreter
{
    private readonly Func<FileOperation, ArrayType, Storage>? _load;
    private readonly IEvaluationObserver? _observer;
    private bool _hasReportedNaN;

    private GraphInterpreter(Func<FileOperation, ArrayType, Storage>? load, IEvaluationObserver? observer)
    {
        _load = load;
        _observer = observer;
    }

    /// <summary>Evaluates a region and returns its results. Parameters are only read, and may be returned.</summary>
    /// <param name="region">The graph, or a loop's body.</param>
    /// <param name="parameters">The region's parameters.</param>
    /// <param name="scalars">The region's table of captured numbers, as bits.</param>
    /// <param name="demand">What is needed of each value; null for everything.</param>
    /// <param name="load">Reads a file's array; needed when the region has a <see cref="FileOperation"/>.</param>
    /// <param name="observer">Is told of the first NaN and of traps.</param>
    public static Storage[] Run(
        Region region,
        ReadOnlySpan<Storage> parameters,
        ReadOnlySpan<ulong> scalars,
        RegionDemand? demand = null,
        Func<FileOperation, ArrayType, Storage>? load = null,
        IEvaluationObserver? observer = null)
    {
        var interpreter = new GraphInterpreter(load, observer);
        ArrayValue[] values = new ArrayValue[parameters.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = new ArrayValue(parameters[i]);
        }
        return [.. interpreter.RunRegion(region, values, scalars.ToArray(), demand).Select(v => v.Storage)];
    }

    private ArrayValue[] RunRegion(Region region, ArrayValue[] parameters, ulong[] scalars, RegionDemand? demand)
    {
        ArrayValue[]?[] values = new ArrayValue[]?[region.Nodes.Length];
        Failure? lowest = null;
        for (int number = 0; number < values.Length; number++)
        {
            GraphNode node = region.Nodes[number];
            bool isComputable = node.Inputs.All(input => input.IsParameter || values[input.Node] is not null);
            // A trap hides what depends on it and what was recorded later, but not an earlier task that comes later in this order.
            if (lowest is not null && (!isComputable || node.Order >= lowest.Order))
            {
                continue;
            }
            try
            {
                _observer?.NodeStarts();
                ulong[] captured = [.. node.Scalars.Select(position => scalars[position])];
                values[number] = RunNode(node, [.. node.Inputs.Select(ValueOf)], captured, demand?.Outputs[number], demand?.Bodies[number]);
                _observer?.NodeDone(region);
            }
            catch (TrapException exception)
            {
                exception.Node ??= node;
                if (node.Operation is not LoopOperation)
                {
                    _observer?.Trapped(node, exception.Trap);
                }
                // A loop counts as one task; the orders of its body are numbers of their own.
                lowest = Failure.Lower(lowest, new Failure(node.Order, node.Operation is LoopOperation ? 0 : exception.Trap.LinearIndex, exception));
            }
            catch (AvialException exception) when (exception.Id == Throw.LoopLimitId)
            {
                lowest = Failure.Lower(lowest, new Failure(node.Order, 0, exception));
            }
        }
        if (lowest is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(lowest.Exception);
        }
        return [.. region.Results.Select(ValueOf)];

        ArrayValue ValueOf(GraphValue value) => value.IsParameter ? parameters[value.Output] : values[value.Node]![value.Output];
    }

    private ArrayValue[] RunNode(GraphNode node, ArrayValue[] inputs, ulong[] scalars, ImmutableArray<Box?>? demand, RegionDemand? bodyDemand)
    {
        ImmutableArray<ArrayType> types = node.Operation.Outputs;
        Box[] demanded = [.. types.Select((type, output) =>
            demand is { } boxes ? boxes[output]?.Intersect(type.Box) ?? Nothing(type.Rank) : type.Box)];
        bool isNeeded = demand is not { } needed || needed.Any(box => box is { IsEmpty: false }) || node.Operation is CallOperation { IsEffect: true };
        if (!isNeeded)
        {
            return Allocate(node, demanded);
        }
        switch (node.Operation)
        {
            case SourceOperation:
                throw new InternalErrorException($"Source '{node.Name}' is not a parameter of the region.");
            case FileOperation file:
                return [new ArrayValue((_load ?? throw new InternalErrorException($"No loader was given for {file.Path}."))(file, types[0]))];
            case LoopOperation loop:
                return RunLoop(node, loop, inputs, scalars, bodyDemand);
        }

        var run = new NodeRun(node, inputs, Allocate(node, demanded), scalars);
        switch (node.Operation)
        {
            case FillOperation:
                RunFill(run);
                break;
            case MapOperation map:
                RunMap(run, map);
                break;
            case ReduceOperation reduce:
                RunReduce(run, reduce);
                break;
            case ScanOperation scan:
                RunScan(run, scan);
                break;
            case ScatterOperation scatter:
                RunScatter(run, scatter);
                break;
            case SweepOperation sweep:
                RunSweep(run, sweep);
                break;
            case ViewOperation view:
                RunView(run, view);
                break;
            case ReshapeOperation:
                RunReshape(run);
                break;
            case CallOperation call:
                RunCall(run, call);
                break;
            default:
                throw new InternalErrorException($"The interpreter does not know {node.Operation.GetType().Name}.");
        }
        ReportNaN(run);
        return run.Outputs;
    }

    private static unsafe ArrayValue[] Allocate(GraphNode node, Box[] computed)
    {
        ArrayValue[] outputs = new ArrayValue[computed.Length];
        for (int output = 0; output < outputs.Length; output++)
        {
            ArrayType type = node.Operation.Outputs[output];
            Storage storage = Allocator.Shared.Allocate(type, node.Name);
            for (int column = 0; column < storage.Columns; column++)
            {
                System.Runtime.InteropServices.NativeMemory.Clear(storage.Address(column), (nuint)(type.Count * type.Element.ColumnTypes[column].Size()));
            }
            GC.KeepAlive(storage);
            outputs[output] = new ArrayValue(storage, computed[output] == type.Box ? null : computed[output]);
        }
        return outputs;
    }

    private void ReportNaN(NodeRun run)
    {
        if (_observer is not null && !_hasReportedNaN && run.FirstNaN is var (linearIndex, column))
        {
            _hasReportedNaN = true;
            _observer.NaNProduced(run.Node, linearIndex, column);
        }
    }

    private static Box Nothing(int rank) => Box.OfExtents(new long[rank]);

    private sealed record Failure(int Order, long LinearIndex, Exception Exception)
    {
        public static Failure Lower(Failure? known, Failure found) =>
            known is null || (found.Order, found.LinearIndex).CompareTo((known.Order, known.LinearIndex)) < 0 ? found : known;
    }
}
