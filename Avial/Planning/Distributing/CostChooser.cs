using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>
/// Decides about the whole program together by what the machine's messages, bytes and operations cost; what does not gain stays on one rank. Costs the same on a few ranks and
/// on many.
/// </summary>
/// <param name="machine">The machine, asked for at the first program that has more than one rank. All ranks must have the same.</param>
internal sealed class CostChooser(Func<MachineModel> machine) : IDistributionChooser
{
    public CostChooser(MachineModel machine)
        : this(() => machine)
    {
    }

    public ITileChooser Tiles { get; } = new CostTiles(machine);

    public DistributionMap Choose(Region region, ReadOnlySpan<Distribution> sources, int ranks)
    {
        DistributionSlots slots = DistributionSlots.Of(region, sources, ranks);
        if (ranks == 1)
        {
            return slots.ToMap(slot => Distribution.Everywhere(slot.Space, 1));
        }
        var model = new CostModel(region, slots, machine(), ranks);
        int[] found = new CostSearch(model, ranks).Find();
        DistributionMap map = slots.ToMap(slot => model[found[slot.Number]]);
        return InspectionChoice.Decide(region, map, candidate => InspectionCost.Pays(candidate, model.Machine));
    }

    /// <summary>The same decisions with their reasons.</summary>
    public DistributionReport Report(Region region, ReadOnlySpan<Distribution> sources, int ranks)
    {
        DistributionSlots slots = DistributionSlots.Of(region, sources, ranks);
        var model = new CostModel(region, slots, machine(), ranks);
        var search = new CostSearch(model, ranks);
        int[] found = search.Find();
        return new DistributionReport(model.Total(found), model.Total(search.OnOneRank()), [.. search.Free.Select(slot => Explain(slot, model, search, found))]);
    }

    private static DistributionChoice Explain(DistributionSlot slot, CostModel model, CostSearch search, int[] found)
    {
        int[] assignment = [.. found];
        PlanCost cost = model.Cost(model.UnitsOf(slot.Number), assignment);
        Distribution? runnerUp = null;
        PlanCost least = default;
        foreach (int choice in search.Choices(slot, found))
        {
            if (choice == found[slot.Number])
            {
                continue;
            }
            assignment[slot.Number] = choice;
            PlanCost other = model.Cost(model.UnitsOf(slot.Number), assignment);
            if (runnerUp is null || other.IsBelow(least))
            {
                (runnerUp, least) = (model[choice], other);
            }
        }
        return new DistributionChoice(slot, model[found[slot.Number]], cost, runnerUp, least);
    }
}
