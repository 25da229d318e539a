using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>What a program costs by the distributions of its slots, as a sum of units that each look at a few slots. Nothing is computed twice for the same distributions.</summary>
internal sealed class CostModel
{
    private readonly Dictionary<Distribution, int> _numbers = [];
    private readonly List<Distribution> _distributions = [];
    private readonly Dictionary<TermKey, PlanCost> _known = [];
    private readonly int[][] _unitsOf;
    private readonly int[]?[] _asked;

    public CostModel(Region region, DistributionSlots slots, MachineModel machine, int ranks)
    {
        Machine = machine.Ranks == ranks ? machine : machine with { Ranks = ranks };
        Slots = slots;
        Units = CostUnits.Of(region, slots, Machine, ranks);
        var unitsOf = new List<int>[slots.Slots.Count];
        for (int s = 0; s < unitsOf.Length; s++)
        {
            unitsOf[s] = [];
        }
        for (int u = 0; u < Units.Count; u++)
        {
            foreach (int slot in Units[u].Slots)
            {
                unitsOf[slot].Add(u);
            }
        }
        _unitsOf = [.. unitsOf.Select(u => u.ToArray())];
        _asked = new int[]?[Units.SelectMany(u => u.Terms).Select(t => t.Slots.Length).DefaultIfEmpty().Max() + 1];
    }

    public MachineModel Machine { get; }

    public DistributionSlots Slots { get; }

    public IReadOnlyList<CostUnit> Units { get; }

    /// <summary>How many times something was computed anew.</summary>
    public int Evaluations { get; private set; }

    /// <summary>How many times something was asked for.</summary>
    public long Questions { get; private set; }

    /// <summary>The units that look at a slot.</summary>
    public ReadOnlySpan<int> UnitsOf(int slot) => _unitsOf[slot];

    /// <summary>The number that stands for a distribution in assignments.</summary>
    public int NumberOf(Distribution distribution)
    {
        if (!_numbers.TryGetValue(distribution, out int number))
        {
            number = _distributions.Count;
            _numbers.Add(distribution, number);
            _distributions.Add(distribution);
        }
        return number;
    }

    public Distribution this[int number] => _distributions[number];

    /// <summary>The cost of everything when slot s has the distribution numbered assignment[s].</summary>
    public PlanCost Total(int[] assignment)
    {
        PlanCost total = default;
        foreach (CostUnit unit in Units)
        {
            total += Cost(unit, assignment);
        }
        return total;
    }

    /// <summary>The cost of some units.</summary>
    public PlanCost Cost(ReadOnlySpan<int> units, int[] assignment)
    {
        PlanCost total = default;
        foreach (int unit in units)
        {
            total += Cost(Units[unit], assignment);
        }
        return total;
    }

    /// <summary>The cost of one unit: messages that travel together count once.</summary>
    public PlanCost Cost(CostUnit unit, int[] assignment)
    {
        (double seconds, double bytes, double messages) = (0, 0, 0);
        foreach (CostTerm term in unit.Terms)
        {
            PlanCost cost = Cost(term, assignment);
            seconds += cost.Seconds;
            bytes += cost.Bytes;
            messages = Math.Max(messages, cost.Messages);
        }
        return unit.Factor * new PlanCost(seconds + Machine.ExchangeTime(messages, bytes), bytes, messages);
    }

    private PlanCost Cost(CostTerm term, int[] assignment)
    {
        Questions++;
        int[] numbers = NumbersOf(term, assignment);
        if (!_known.TryGetValue(new TermKey(term.Signature, numbers), out PlanCost cost))
        {
            Evaluations++;
            var chosen = new Distribution[numbers.Length];
            for (int s = 0; s < chosen.Length; s++)
            {
                chosen[s] = _distributions[numbers[s]];
            }
            cost = term.Evaluate(chosen);
            _known.Add(new TermKey(term.Signature, [.. numbers]), cost);
        }
        return cost;
    }

    // What is asked most often is known: it is asked for in memory that is used again.
    private int[] NumbersOf(CostTerm term, int[] assignment)
    {
        int[] numbers = _asked[term.Slots.Length] ??= new int[term.Slots.Length];
        for (int s = 0; s < numbers.Length; s++)
        {
            numbers[s] = assignment[term.Slots[s]];
        }
        return numbers;
    }

    private readonly struct TermKey(int signature, int[] numbers) : IEquatable<TermKey>
    {
        private readonly int _signature = signature;
        private readonly int[] _numbers = numbers;

        public bool Equals(TermKey other) => _signature == other._signature && _numbers.AsSpan().SequenceEqual(other._numbers);

        public override bool Equals(object? obj) => obj is TermKey other && Equals(other);

        public override int GetHashCode()
        {
            int hash = _signature;
            foreach (int number in _numbers)
            {
                hash = hash * 31 + number;
            }
            return hash;
        }
    }
}
