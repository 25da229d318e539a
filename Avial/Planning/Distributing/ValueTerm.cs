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
    // More senders than this are not told apart, but counted box by box.
    private const int FewOwners = 64;

    private readonly ArrayType _type;
    private readonly ValueReader[] _readers;
    private readonly int[] _readerSlots;
    private readonly MachineModel _machine;

    public ValueTerm(int[] slots, int signature, ArrayType type, ValueReader[] readers, MachineModel machine)
        : base(slots, signature)
    {
        (_type, _readers, _machine) = (type, readers, machine);
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
        var sample = new SortedSet<int>();
        var needs = new List<(Need Need, SymbolScope Scope)>();
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
                (double points, double count) = ReceivedBy(new RankId(rank), owner, needs, shared);
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

    private (double Points, double Messages) ReceivedBy(RankId rank, Distribution owner, List<(Need Need, SymbolScope Scope)> needs, SharedCost shared)
    {
        BoxList held = shared.HeldBy(rank);
        if (owner.TryOwn(rank, out Box own))
        {
            held.Add(own);
        }
        else
        {
            own = Box.Nothing(_type.Rank);
        }
        if (_type.Rank == 0)
        {
            bool isSent = !owner.Owns(rank) && !shared.IsFor(rank) && needs.Exists(n => n.Need.Of(rank, n.Scope, isExact: true) is not null);
            return isSent ? (1, 1) : (0, 0);
        }
        double points = 0;
        double counted = 0;
        var owners = new HashSet<int>();
        foreach ((Need need, SymbolScope scope) in needs)
        {
            if (need.Of(rank, scope, isExact: true) is not { IsEmpty: false } box)
            {
                continue;
            }
            if (!own.IsEmpty && own.Contains(box))
            {
                continue;
            }
            foreach (PeriodicPiece place in PeriodicPiece.Of(box, _type.Extents.AsSpan()))
            {
                foreach (Box missing in held.Missing(place.Canonical))
                {
                    points += missing.Volume;
                    Owners from = owner.OwnersOf(missing);
                    if (from.Count > FewOwners)
                    {
                        counted = Math.Max(counted, from.Count);
                        continue;
                    }
                    foreach (RankId peer in from)
                    {
                        owners.Add(peer.Value);
                    }
                }
                held.Add(place.Canonical);
            }
        }
        return (points, Math.Max(counted, owners.Count));
    }
}
