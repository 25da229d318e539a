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
    private bool MeetInScatter() => Meet(new Meeting<ScatterStep>
    {
        Kind = PlanViolationKind.Combine,
        NameOf = step => NameOf(step.Node),
        IsJoint = step => step.Exchange != ScatterExchange.Alone,
        Difference = (own, step, first) => own.Node == step.Node && own.Tag == step.Tag && own.Exchange == step.Exchange && own.Target.Equals(step.Target) && own.Lasting.Meets(step.Lasting) ? null
            : $"{NameOf(own.Node)} ({own.Exchange}, owned {own.Target}) with tag {own.Tag} meets {NameOf(step.Node)} ({step.Exchange}, owned {step.Target}) with tag {step.Tag} of {first.Rank}",
        Check = step =>
        {
            GraphNode node = _scope.Region.Nodes[step.Node];
            if (node.Operation is not ScatterOperation scatter || _scope.DomainOf(node, scatter.Domain) is not { } domain)
            {
                return;
            }
            if (_run.IsComplete)
            {
                CheckParts(domain, s => ((ScatterStep)s).Part);
            }
            if (step.Exchange == ScatterExchange.Ordered && !SharedScatter.IsInAnyOrder(scatter))
            {
                CheckAscending();
            }
        },
        Do = (state, own) => Touch(state, state.Next, own.Node, [.. own.Inputs, own.Output], [own.Part]),
    });

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
