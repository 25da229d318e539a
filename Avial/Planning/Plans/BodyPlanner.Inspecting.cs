using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>
/// Inputs that are read where data decides: the places are found when the plan runs, before the values are brought. What the body around brings once for all steps is
/// brought whole.
/// </summary>
internal sealed partial class BodyPlanner
{
    private List<InspectedRead> InspectedOf(int n, GraphNode node)
    {
        if (_body.Map.Inspected.IsDefault || _body.Map.Inspected[n] == 0 || _body.NeedsOf(n) is null || _body.PartsOf(n).Owner.Kind != DistributionKind.Blocks)
        {
            return [];
        }
        List<InspectedRead> wanted = [.. InspectedReads.Of(Region, n).Inputs.Where(read => _body.Map.IsInspected(n, read.Input) && MayInspect(ValueOf(node.Inputs[read.Input])))];
        // What others are found through has to be there before.
        HashSet<GraphValue> through = [.. wanted.SelectMany(read => read.Through).Select(input => node.Inputs[input])];
        wanted.RemoveAll(read => through.Contains(node.Inputs[read.Input]));
        if (wanted.Count > 0)
        {
            _body.Inspected.Add(n, [.. wanted]);
        }
        return wanted;
    }

    /// <summary>Notes, for explanations, why other reads that data decides are not inspected.</summary>
    private void SayWhyWhole(int n, GraphNode node, List<Need>[] needs, List<InspectedRead> inspected)
    {
        for (int input = 0; input < needs.Length; input++)
        {
            PlannedValue value = ValueOf(node.Inputs[input]);
            if (needs[input] is null || value.Owner.Kind != DistributionKind.Blocks)
            {
                continue;
            }
            foreach (AccessNeed need in needs[input].OfType<AccessNeed>().Where(need => !need.IsInspected && InspectedRead.IsOf(need.Formula)))
            {
                need.Whole = need.Parts.Owner.Kind != DistributionKind.Blocks ? WholeReason.None
                    : IsCapture(value) ? WholeReason.Once
                    : !InspectedReads.Of(Region, n).Inputs.Any(read => read.Input == input) ? WholeReason.Itself
                    : inspected.Exists(read => read.Through.Contains(input)) ? WholeReason.Decides
                    : WholeReason.Cheaper;
            }
        }
    }

    private bool MayInspect(PlannedValue value) => value.Owner.Kind == DistributionKind.Blocks && !IsCapture(value);

    private void EmitInspected(int n, NodeBinding binding)
    {
        foreach ((InspectedRead read, PlannedValue value, ImmutableArray<Need> needs) in binding.Inspected)
        {
            int number = _numbers.NextInspection();
            ImmutableArray<int> inputs = [.. binding.Inputs.Select((buffer, input) => read.Operands.Contains(input) ? buffer : -1)];
            _body.Steps.Add(new PlannedInspect(number, n, read.Input, inputs, value.Owner, Lasting.Of(_body, n, read.Operands), _numbers.NextTag()));
            _body.Steps.Add(new PlannedGather(number, value.Value, value.Primary, binding.Inputs[read.Input], needs, _numbers.NextTag()));
        }
    }
}
