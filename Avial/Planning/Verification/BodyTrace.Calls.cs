using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    private readonly Dictionary<int, int> _calls = [];

    /// <summary>A call: whole arrays, in memory that holds nothing else.</summary>
    private void Call(RankState state, int step, CallStep call)
    {
        GraphNode node = _scope.Region.Nodes[call.Node];
        _calls[call.Node] = _calls.GetValueOrDefault(call.Node) + 1;
        for (int input = 0; input < call.Inputs.Length; input++)
        {
            if (IsWhole(state, step, call.Node, call.Inputs[input], node.Inputs[input]))
            {
                Read(state, step, call.Inputs[input], state.Body.Buffers[call.Inputs[input]].Window, state.Steps.AllColumns(call.Inputs[input]),
                    _scope.NumberOf(node.Inputs[input]), NameOf(call.Node));
            }
        }
        for (int output = 0; output < call.Outputs.Length; output++)
        {
            var value = new GraphValue(call.Node, output);
            int buffer = call.Outputs[output];
            if (!IsWhole(state, step, call.Node, buffer, value))
            {
                continue;
            }
            foreach (int other in call.Inputs.Concat(call.Outputs.Take(output)))
            {
                if (other >= 0 && state.Steps.ShareMemory(other, buffer))
                {
                    Report(state, step, PlanViolationKind.Race, $"{NameOf(call.Node)} writes b{buffer} and uses b{other}, which share memory");
                }
            }
            Write(state, step, buffer, state.Body.Buffers[buffer].Window, Piece.AllColumns, _scope.NumberOf(value));
        }
    }

    private bool IsWhole(RankState state, int step, int node, int buffer, GraphValue value)
    {
        if (buffer < 0)
        {
            Report(state, step, PlanViolationKind.Form, $"{NameOf(node)} uses {value}, which has no buffer");
            return false;
        }
        if (!HasType(state, step, buffer, value))
        {
            return false;
        }
        // Of an array without elements there is nothing to hold.
        Box whole = _scope.Region.TypeOf(value).Box;
        if (state.Body.Buffers[buffer].Window != whole && !(whole.IsEmpty && state.Body.Buffers[buffer].Window.IsEmpty))
        {
            Report(state, step, PlanViolationKind.Form, $"{NameOf(node)} needs all of {value}; the window of b{buffer} is {state.Body.Buffers[buffer].Window}");
            return false;
        }
        return true;
    }

    /// <summary>A call runs once, on one rank; one with an effect does run.</summary>
    private void ReportCalls()
    {
        for (int node = 0; node < _scope.Region.Nodes.Length; node++)
        {
            Operation operation = _scope.Region.Nodes[node].Operation;
            int count = _calls.GetValueOrDefault(node);
            if (operation is CallOperation && count > 1)
            {
                _run.Report(_states[0].Rank, _scope, -1, PlanViolationKind.Effect, $"the call {NameOf(node)} runs {count} times");
            }
            bool runs = operation is LoopOperation
                ? Array.Exists(_states, s => s.Body.Steps.Any(x => x is LoopStep loop && loop.Node == node))
                : count > 0;
            if (_run.IsComplete && !runs && Passes.RegionEdit.HasEffect(operation))
            {
                _run.Report(_states[0].Rank, _scope, -1, PlanViolationKind.Effect, $"{NameOf(node)} has an effect and runs nowhere");
            }
        }
    }
}
