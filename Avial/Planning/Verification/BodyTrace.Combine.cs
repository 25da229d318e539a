using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    /// <summary>When every rank has come to a combination: their parts together are the domain, each point once.</summary>
    private bool MeetInCombine()
    {
        if (!Array.TrueForAll(_states, s => !s.IsDone && s.IsReady && s.Body.Steps[s.Next] is CombineStep))
        {
            return false;
        }
        RankState first = _states[0];
        var step = (CombineStep)first.Body.Steps[first.Next];
        if (_run.IsComplete && _states.Length != _run.Ranks)
        {
            Report(first, first.Next, PlanViolationKind.Combine, $"{_states.Length} of {_run.Ranks} ranks take part in {NameOf(step.Node)}");
        }
        bool isSame = true;
        foreach (RankState state in _states)
        {
            var other = (CombineStep)state.Body.Steps[state.Next];
            if (other.Node != step.Node || other.Tag != step.Tag)
            {
                Report(state, state.Next, PlanViolationKind.Combine, $"{NameOf(other.Node)} with tag {other.Tag} meets {NameOf(step.Node)} with tag {step.Tag} of {first.Rank}");
                isSame = false;
            }
        }
        if (isSame && _run.IsComplete && _scope.Region.Nodes[step.Node].Operation is ReduceOperation reduce
            && _scope.DomainOf(_scope.Region.Nodes[step.Node], reduce.Domain) is { } domain)
        {
            CheckParts(domain, step => ((CombineStep)step).Part);
        }
        foreach (RankState state in _states)
        {
            var own = (CombineStep)state.Body.Steps[state.Next];
            Touch(state, state.Next, own.Node, [.. own.Inputs, own.Output], [own.Part]);
            Pass(state);
        }
        return true;
    }

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

    /// <summary>A step that all ranks came to has ended.</summary>
    private void Pass(RankState state)
    {
        state.HasEnded[state.Next] = true;
        state.Next++;
        if (_counts)
        {
            _run.Steps++;
        }
    }
}
