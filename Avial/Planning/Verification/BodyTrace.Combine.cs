using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    /// <summary>When every rank has come to a combination: their parts together are the domain, each point once.</summary>
    private bool MeetInCombine() => Meet(new Meeting<CombineStep>
    {
        Kind = PlanViolationKind.Combine,
        NameOf = step => NameOf(step.Node),
        Difference = (own, step, first) => own.Node == step.Node && own.Tag == step.Tag ? null
            : $"{NameOf(own.Node)} with tag {own.Tag} meets {NameOf(step.Node)} with tag {step.Tag} of {first.Rank}",
        Check = step =>
        {
            GraphNode node = _scope.Region.Nodes[step.Node];
            if (_run.IsComplete && node.Operation is ReduceOperation reduce && _scope.DomainOf(node, reduce.Domain) is { } domain)
            {
                CheckParts(domain, s => ((CombineStep)s).Part);
            }
        },
        Do = (state, own) => Touch(state, state.Next, own.Node, [.. own.Inputs, own.Output], [own.Part]),
    });

    /// <summary>All parts together are the domain, each point once.</summary>
    private void CheckParts(Box domain, Func<RankStep, Box> partOf)
    {
        List<Box> open = domain.IsEmpty ? [] : [domain];
        foreach (RankState state in _states)
        {
            Box part = partOf(state.Body.Steps[state.Next]);
            if (part.IsEmpty || part.Rank != domain.Rank)
            {
                continue;
            }
            // What a part takes must still be open: otherwise some point counts twice.
            long taken = open.Sum(b => b.Intersect(part) is { IsEmpty: false } both ? both.Count : 0);
            if (taken != part.Count)
            {
                Report(state, state.Next, PlanViolationKind.Combine, $"of its part {part} some points are another rank's too");
            }
            open = [.. open.SelectMany(b => b.Subtract(part))];
        }
        if (open.Count > 0)
        {
            Report(_states[0], _states[0].Next, PlanViolationKind.Combine, $"no rank has {open[0]} of the domain {domain}");
        }
    }
}
