using Avial.Backends;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    /// <summary>
    /// When every rank has come to a scatter: their parts together are the domain, each point once; all see the target owned alike, so that each contribution goes to
    /// whoever owns its place; and where contributions are taken rank by rank, parts follow one another in the domain's order.
    /// </summary>
    private bool MeetInScatter()
    {
        if (!Array.TrueForAll(_states, s => !s.IsDone && s.IsReady && s.Body.Steps[s.Next] is ScatterStep { Exchange: not ScatterExchange.Alone }))
        {
            return false;
        }
        RankState first = _states[0];
        var step = (ScatterStep)first.Body.Steps[first.Next];
        if (_run.IsComplete && _states.Length != _run.Ranks)
        {
            Report(first, first.Next, PlanViolationKind.Combine, $"{_states.Length} of {_run.Ranks} ranks take part in {NameOf(step.Node)}");
        }
        bool isSame = true;
        foreach (RankState state in _states)
        {
            var other = (ScatterStep)state.Body.Steps[state.Next];
            if (other.Node != step.Node || other.Tag != step.Tag || other.Exchange != step.Exchange || !other.Target.Equals(step.Target))
            {
                Report(state, state.Next, PlanViolationKind.Combine,
                    $"{NameOf(other.Node)} ({other.Exchange}, owned {other.Target}) with tag {other.Tag} meets {NameOf(step.Node)} ({step.Exchange}, owned {step.Target}) with tag {step.Tag} of {first.Rank}");
                isSame = false;
            }
        }
        GraphNode node = _scope.Region.Nodes[step.Node];
        if (isSame && node.Operation is ScatterOperation scatter && _scope.DomainOf(node, scatter.Domain) is { } domain)
        {
            if (_run.IsComplete)
            {
                CheckParts(domain, s => ((ScatterStep)s).Part);
            }
            if (step.Exchange == ScatterExchange.Ordered && !SharedScatter.IsInAnyOrder(scatter))
            {
                CheckAscending();
            }
        }
        foreach (RankState state in _states)
        {
            var own = (ScatterStep)state.Body.Steps[state.Next];
            Touch(state, state.Next, own.Node, [.. own.Inputs, own.Output], [own.Part]);
            Pass(state);
        }
        return true;
    }

    // The last point of a part comes before the first one of the next.
    private void CheckAscending()
    {
        Box? before = null;
        foreach (RankState state in _states)
        {
            Box part = ((ScatterStep)state.Body.Steps[state.Next]).Part;
            if (part.IsEmpty)
            {
                continue;
            }
            if (before is { } lower && !IsBefore(lower, part))
            {
                Report(state, state.Next, PlanViolationKind.Combine, $"its part {part} is combined after {lower} of a lower rank, and does not come after it");
            }
            before = part;
        }
    }

    private static bool IsBefore(Box lower, Box higher)
    {
        for (int axis = 0; axis < lower.Rank; axis++)
        {
            long last = lower.High[axis] - 1;
            if (last != higher.Low[axis])
            {
                return last < higher.Low[axis];
            }
        }
        return false;
    }
}
