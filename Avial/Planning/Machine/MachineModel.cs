using Avial.Geometry;

namespace Avial.Planning.Machine;

/// <summary>
/// What communication and computation cost (the α-β-γ model): the constants by which the planner compares distributions. All ranks of a run must plan with the same
/// model; where it was measured, rank 0's counts.
/// </summary>
/// <remarks>The defaults are those of an ordinary machine of today and never depend on the one the program runs on.</remarks>
internal sealed partial record MachineModel
{
    /// <summary>The <see cref="Origin"/> of constants that a program or test states.</summary>
    public const string Declared = "declared";

    /// <summary>How many ranks run the program. Set alone, they are equally fast.</summary>
    public required int Ranks
    {
        get => Weights.Ranks;
        init => Weights = Weights.Ranks == value ? Weights : RankWeights.Equal(value);
    }

    /// <summary>How fast the ranks are; a rank of weight 2 computes and reads memory twice as fast as <see cref="SecondsPerOperation"/> and the rest say.</summary>
    public RankWeights Weights { get; init; } = RankWeights.Equal(1);

    /// <summary>α: seconds that a message takes however short it is.</summary>
    public double Latency { get; init; } = 1e-6;

    /// <summary>β: seconds that each byte of a message adds.</summary>
    public double SecondsPerByte { get; init; } = 0.2e-9;

    /// <summary>γ: seconds that one simple floating-point operation of compiled code takes on a rank of weight 1, all its threads working.</summary>
    public double SecondsPerOperation { get; init; } = 0.5e-9;

    /// <summary>Seconds that reading or writing a byte far out of cache takes on a rank of weight 1, all its threads working.</summary>
    public double SecondsPerByteOfMemory { get; init; } = 0.1e-9;

    /// <summary>Seconds that starting a task takes.</summary>
    public double SecondsPerLaunch { get; init; } = 1e-6;

    /// <summary>Bytes of arrays that a rank may hold; null: no limit.</summary>
    public long? MemoryPerRank { get; init; }

    /// <summary>Where the constants come from: <c>measured</c>, <c>machine file cluster.json</c>, <c>declared</c>.</summary>
    public string Origin { get; init; } = Declared;

    /// <summary>The way between ranks of one node, where the machine has several kinds; <see cref="Latency"/> and <see cref="SecondsPerByte"/> are those to plan with.</summary>
    public MachineLink? OnNode { get; init; }

    /// <summary>The way between ranks of different nodes, where there are several nodes.</summary>
    public MachineLink? BetweenNodes { get; init; }

    /// <summary>A machine on which messages and launches are free, so that whatever can be distributed is: for tests.</summary>
    public static MachineModel Ideal(int ranks) => new() { Ranks = ranks, Latency = 0, SecondsPerByte = 0, SecondsPerLaunch = 0, Origin = "ideal" };

    /// <summary>Seconds that one message of this many bytes takes.</summary>
    public double MessageTime(long bytes) => Latency + bytes * SecondsPerByte;

    /// <summary>Seconds that a rank's part of an exchange takes: its messages follow one another and have this many bytes together.</summary>
    public double ExchangeTime(double messages, double bytes) => messages * Latency + bytes * SecondsPerByte;

    /// <summary>
    /// Seconds that a rank of the given weight takes for this many points: starting, then computing or moving memory, whichever is longer. No points: nothing is
    /// started.
    /// </summary>
    public double ComputeTime(double points, double operationsPerPoint, double bytesPerPoint, long weight = 1)
    {
        if (points <= 0)
        {
            return 0;
        }
        double perPoint = Math.Max(operationsPerPoint * SecondsPerOperation, bytesPerPoint * SecondsPerByteOfMemory);
        return SecondsPerLaunch + points * perPoint / weight;
    }
}
