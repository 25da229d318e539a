using System.Collections.Immutable;
using System.Numerics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Inspecting;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>What the readers of a value have to be sent: the bytes and messages of the busiest of a few ranks.</summary>
internal sealed class ValueTerm : CostTerm
{
    private readonly ArrayType _type;
    private readonly ValueReader[] _readers;
    private readonly int[] _readerSlots;
    private readonly MachineModel _machine;
    private readonly Receiving _receiving;

    public ValueTerm(int[] slots, int signature, ArrayType type, ValueReader[] readers, MachineModel machine, Receiving receiving)
        : base(slots, signature)
    {
        (_type, _readers, _machine, _receiving) = (type, readers, machine, receiving);
        _readerSlots = [.. readers.Select(r => Array.IndexOf(slots, r.Slot.Number))];
    }

    /// <summary>How many rounds a message needs to reach so many ranks, or one to come from them, through a tree.</summary>
    public static int Levels(long ranks) => ranks <= 1 ? 0 : BitOperations.Log2((ulong)(ranks - 1)) + 1;

    public override PlanCost Evaluate(ReadOnlySpan<Distribution> chosen)
    {
        Distribution owner = chosen[0];
        if (owner.Kind == DistributionKind.Everywhere)
        {
            return default;
        }
        _receiving.Clear();
        List<int> sample = _receiving.Sample;
        List<(Need Need, SymbolScope Scope)> needs = _receiving.Needs;
        var shared = new SharedCost(_type, owner);
        long receivers = 1;
        ulong columns = 0;
        PlanCost gathered = default;
        RankSample.Add(owner, sample);
        for (int r = 0; r < _readers.Length; r++)
        {
            Distribution reader = chosen[_readerSlots[r]];
            RankSample.Add(reader, sample);
            PlanCost found = Gathered(_readers[r], reader, owner);
            gathered += found;
            foreach (Need need in _readers[r].Needs(reader, _type))
            {
                if (found != default && need is AccessNeed access && InspectedRead.IsOf(access.Formula))
                {
                    continue;
                }
                columns |= need.Columns;
                if (!shared.TryAdd(need, _readers[r].Scope))
                {
                    needs.Add((need, _readers[r].Scope));
                    receivers = Math.Max(receivers, need.Consumer.Kind == DistributionKind.Everywhere ? need.Consumer.Ranks : need.Consumer.Cells);
                }
            }
        }
        double bytesEach = ColumnMask.SizeOf(columns, _type.Element);
        (double bytes, double messages) = (0, 0);
        if (needs.Count > 0)
        {
            foreach (int rank in sample)
            {
                (double points, double count) = _receiving.By(new RankId(rank), _type, owner, shared);
                (bytes, messages) = (Math.Max(bytes, points * bytesEach), Math.Max(messages, count));
            }
        }
        if (owner.Kind == DistributionKind.OnOne && messages > 0)
        {
            // The one that has it sends each reader its part.
            double sent = Math.Max(1, receivers - 1);
            (bytes, messages) = (bytes * sent, sent);
        }
        return new PlanCost(0, bytes + shared.Points * bytesEach, messages + shared.Messages) + gathered;
    }

    /// <summary>What it costs to find and bring what a reader reads at places that data decides, where that pays; else nothing, as all of it is brought.</summary>
    private PlanCost Gathered(ValueReader reader, Distribution chosen, Distribution owner)
    {
        PlanCost all = default;
        foreach (InspectionChoice.Candidate candidate in reader.Inspectable(chosen, owner))
        {
            if (!InspectionCost.Pays(candidate, _machine))
            {
                return default;
            }
            all += InspectionCost.Of(candidate, _machine).Gathered;
        }
        return all;
    }
}
