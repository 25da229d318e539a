using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;

namespace Avial.Backends.Interpreters;

/// <summary>Loops in the graph, and opaque code.</summary>
internal sealed partial class GraphInterpreter
{
    private ArrayValue[] RunLoop(GraphNode node, LoopOperation loop, ArrayValue[] inputs, ulong[] scalars, RegionDemand? bodyDemand)
    {
        ArrayValue[] state = inputs[..loop.Carried];
        ArrayValue[] captures = inputs[loop.Carried..];
        long limit = unchecked((long)scalars[0]);
        long step = 0;
        bool isDone = !loop.HasUntil && limit <= 0;
        while (!isDone)
        {
            if (loop.HasUntil && step >= limit)
            {
                throw Throw.LoopLimit(node.Name, limit, node.Span);
            }
            ArrayValue[] results = RunRegion(loop.Body, [.. state, ScalarOf(step), .. captures], scalars, bodyDemand);
            step++;
            state = results[..loop.Carried];
            bool isTested = step % loop.Every == 0 || step == limit;
            isDone = loop.HasUntil ? isTested && results[loop.Carried].Scalar() != 0 : step == limit;
            _observer?.StepDone(step, limit);
        }
        return [.. state, ScalarOf(step)];
    }

    private static void RunCall(NodeRun run, CallOperation call)
    {
        try
        {
            call.Body.Invoke([.. run.Inputs.Select(i => i.Storage)], [.. run.Outputs.Select(o => o.Storage)]);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or InternalErrorException))
        {
            throw Throw.CallFailed(run.Node.Name, exception, run.Node.Span);
        }
    }

    private static ArrayValue ScalarOf(long value)
    {
        var array = new ArrayValue(Allocator.Shared.Allocate(new ArrayType(ElementLayout.Of(typeof(long)), []), "step"));
        array.Write(0, [], unchecked((ulong)value));
        return array;
    }
}
