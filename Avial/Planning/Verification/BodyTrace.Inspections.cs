using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    /// <summary>When every rank has come to an inspection, or to what is brought after one: they speak of the same.</summary>
    private bool MeetInInspection() => MeetIn<InspectStep>(SameAs, Inspect) || MeetIn<GatherStep>(SameAs, Gather);

    private bool MeetIn<T>(Func<T, T, bool> areSame, Action<RankState, T> act) where T : RankStep => Meet(new Meeting<T>
    {
        Kind = PlanViolationKind.Message,
        NameOf = _ => "it",
        Difference = (own, step, first) => areSame(step, own) ? null : $"it meets another one in step {first.Next} of {first.Rank}",
        Do = act,
    });

    private static bool SameAs(InspectStep a, InspectStep b) => a.Number == b.Number && a.Node == b.Node && a.Input == b.Input && a.Owner.Equals(b.Owner)
        && a.Lasting.Meets(b.Lasting) && a.Tag == b.Tag;

    private static bool SameAs(GatherStep a, GatherStep b) => a.Inspection == b.Inspection && a.Columns == b.Columns && a.Tag == b.Tag;

    private void Inspect(RankState state, InspectStep step)
    {
        Touch(state, state.Next, step.Node, [.. step.Inputs]);
        state.Inspections[step.Number] = (step, state.Steps.AccessOf(state.Next));
    }

    /// <summary>
    /// What is brought is not known place by place, but all that the inspected read needs of the value is there afterwards, as long as nothing else is written.
    /// </summary>
    private void Gather(RankState state, GatherStep step)
    {
        if (!state.Inspections.TryGetValue(step.Inspection, out (InspectStep Step, NodeAccess Access) made))
        {
            Report(state, state.Next, PlanViolationKind.Read, $"inspection {step.Inspection} has not been made");
            return;
        }
        InspectStep inspection = made.Step;
        GraphValue value = _scope.Region.Nodes[inspection.Node].Inputs[inspection.Input];
        if (!HasType(state, state.Next, step.From, value) | !HasType(state, state.Next, step.To, value))
        {
            return;
        }
        int number = _scope.NumberOf(value);
        Box window = state.Body.Buffers[step.To].Window;
        List<Box> written = [window];
        ulong columns = step.Columns & state.Steps.AllColumns(step.From);
        if (OwnOf(inspection.Owner, state.Rank) is { IsEmpty: false } own)
        {
            foreach ((Box box, ulong read) in made.Access.Inspected)
            {
                Read(state, state.Next, step.From, own.Intersect(box), columns & read, number, "what is brought to others");
            }
            written = step.From == step.To ? [.. window.Subtract(own)] : written;
        }
        bool isWritten = state.Contents[step.To] is not null;
        foreach (Box box in written.Where(b => !b.IsEmpty))
        {
            isWritten &= CanWrite(state, state.Next, step.To, box);
        }
        if (isWritten)
        {
            List<Held> there = _scope.Find(state.Contents[step.To]!, state.Body.Buffers[step.To].Type, number);
            state.Gather(step.To, new Gathered(inspection, columns, number), written, there);
        }
    }

    /// <summary>True when all that a launch reads through data has been brought after an inspection of the same reads over the same parts or larger ones.</summary>
    private static bool IsGathered(RankState state, PlaceRead read, int node, ImmutableArray<Box> parts)
    {
        if (state.Contents[read.Buffer] is not { } contents || !state.Body.Buffers[read.Buffer].Window.Contains(read.Box))
        {
            return false;
        }
        foreach (Gathered gathered in contents.Gathered)
        {
            InspectStep inspection = gathered.Inspection;
            if (inspection.Node == node && inspection.Input == read.ThroughData && gathered.Value == read.Value && (gathered.Columns & read.Columns) == read.Columns
                && inspection.Parts.Length == parts.Length && parts.Zip(inspection.Parts).All(p => p.First.IsEmpty || p.Second.Contains(p.First)))
            {
                return true;
            }
        }
        return false;
    }
}
