using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Avial.Geometry;

/// <summary>Some ranks in a row that are equally fast.</summary>
internal readonly record struct WeightRun(int Count, long Weight)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}×{Weight}");
}

/// <summary>The relative speeds of ranks, as runs of equal ones: <c>32×1, 32×2</c>. Neighbouring runs always differ.</summary>
internal sealed class RankWeights : IEquatable<RankWeights>
{
    // Where each run begins, in ranks and in weight, and the sums at the end.
    private readonly int[] _firstRank;
    private readonly long[] _before;

    private RankWeights(ImmutableArray<WeightRun> runs)
    {
        Runs = runs;
        _firstRank = new int[runs.Length + 1];
        _before = new long[runs.Length + 1];
        for (int run = 0; run < runs.Length; run++)
        {
            _firstRank[run + 1] = checked(_firstRank[run] + runs[run].Count);
            _before[run + 1] = checked(_before[run] + runs[run].Count * runs[run].Weight);
        }
    }

    public ImmutableArray<WeightRun> Runs { get; }

    public int Ranks => _firstRank[^1];

    public long TotalWeight => _before[^1];

    /// <summary>The different weights there are, in the order of their first ranks.</summary>
    public ImmutableArray<long> Classes => [.. Runs.Select(r => r.Weight).Distinct()];

    public bool IsEqual => Runs.Length <= 1;

    public static RankWeights Equal(int ranks) => Of([new WeightRun(ranks, 1)]);

    /// <summary>Runs of no ranks are dropped, neighbours of one weight joined.</summary>
    public static RankWeights Of(ReadOnlySpan<WeightRun> runs)
    {
        var joined = ImmutableArray.CreateBuilder<WeightRun>(runs.Length);
        foreach (WeightRun run in runs)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(run.Count);
            ArgumentOutOfRangeException.ThrowIfNegative(run.Weight);
            if (joined.Count > 0 && joined[^1].Weight == run.Weight)
            {
                joined[^1] = run with { Count = checked(joined[^1].Count + run.Count) };
            }
            else if (run.Count > 0)
            {
                joined.Add(run);
            }
        }
        return new RankWeights(joined.ToImmutable());
    }

    /// <summary>One weight per rank.</summary>
    public static RankWeights OfEach(ReadOnlySpan<long> weights)
    {
        var runs = new WeightRun[weights.Length];
        for (int rank = 0; rank < weights.Length; rank++)
        {
            runs[rank] = new WeightRun(1, weights[rank]);
        }
        return Of(runs);
    }

    public long this[int rank] => Runs[RunOf(rank)].Weight;

    /// <summary>The sum of the weights of the ranks before this one; of all, when it is the number of ranks.</summary>
    public long Cumulative(int rank)
    {
        if (rank == Ranks)
        {
            return TotalWeight;
        }
        int run = RunOf(rank);
        return _before[run] + (rank - _firstRank[run]) * Runs[run].Weight;
    }

    /// <summary>The last rank that has at most this much weight before it.</summary>
    public int LastWithin(long cumulative)
    {
        int low = 0;
        int high = Runs.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _before[middle] <= cumulative ? (middle, high) : (low, middle - 1);
        }
        long weight = Runs[low].Weight;
        long within = weight == 0 ? long.MaxValue : (cumulative - _before[low]) / weight;
        return _firstRank[low] + (int)Math.Min(within, Runs[low].Count - 1);
    }

    /// <summary>The number of the run that a rank lies in.</summary>
    public int RunOf(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rank, (uint)Ranks, nameof(rank));
        int found = Array.BinarySearch(_firstRank, rank);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The first rank of a run.</summary>
    public int FirstOf(int run) => _firstRank[run];

    /// <summary>
    /// The sums of the weights over all ranks of a row-major grid that share their coordinate on one axis. How many of the first n ranks have
    /// a coordinate changes at two coordinates only, so that each run adds two changes, and this costs the runs, not the ranks.
    /// </summary>
    public RankWeights Marginal(ReadOnlySpan<int> grid, int axis)
    {
        long inner = 1;
        long cells = 1;
        for (int a = 0; a < grid.Length; a++)
        {
            inner *= a > axis ? grid[a] : 1;
            cells *= grid[a];
        }
        var changes = new SortedDictionary<int, Int128> { [0] = 0, [grid[axis]] = 0 };
        for (int run = 0; run < Runs.Length; run++)
        {
            // Up to its end a run weighs this much more than what follows.
            Int128 more = (Int128)Runs[run].Weight - (run + 1 < Runs.Length ? Runs[run + 1].Weight : 0);
            (long turns, long rest) = Math.DivRem(Math.Min(_firstRank[run + 1], cells), inner * grid[axis]);
            (long place, rest) = Math.DivRem(rest, inner);
            changes[0] += more * (turns + 1) * inner;
            changes[(int)place] = changes.GetValueOrDefault((int)place) + more * (rest - inner);
            changes[(int)place + 1] = changes.GetValueOrDefault((int)place + 1) - more * rest;
        }
        var runs = new List<WeightRun>(changes.Count);
        Int128 weight = 0;
        int begin = 0;
        foreach ((int end, Int128 change) in changes)
        {
            if (end > begin)
            {
                runs.Add(new WeightRun(end - begin, checked((long)weight)));
                begin = end;
            }
            weight += change;
        }
        return Of([.. runs]);
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out RankWeights? weights)
    {
        weights = null;
        var runs = new List<WeightRun>();
        foreach (string part in text.Split(", "))
        {
            string[] numbers = part.Split('×');
            if (numbers.Length != 2
                || !int.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out int count)
                || !long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out long weight))
            {
                return false;
            }
            runs.Add(new WeightRun(count, weight));
        }
        weights = Of([.. runs]);
        return true;
    }

    public bool Equals(RankWeights? other) => other is not null && Runs.AsSpan().SequenceEqual(other.Runs.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as RankWeights);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (WeightRun run in Runs)
        {
            hash.Add(run);
        }
        return hash.ToHashCode();
    }

    public override string ToString() => string.Join(", ", Runs);
}
