using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Avial.Diagnostics;
using Avial.Files;
using Avial.Geometry;

namespace Avial.Planning.Machine;

/// <summary>Some nodes of a cluster that are alike.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="RanksPerNode">How many ranks run on each.</param>
/// <param name="Speed">How fast one of these ranks is, in thousandths of what the file calls speed 1.</param>
/// <param name="MemoryPerRank">Bytes of arrays that each of these ranks may hold; null: no limit.</param>
internal readonly record struct MachineNodes(int Count, int RanksPerNode, long Speed, long? MemoryPerRank)
{
    public long Ranks => (long)Count * RanksPerNode;
}

/// <summary>A machine that a JSON file declares, for planning for a machine that is not this one.</summary>
internal sealed record MachineFile(string Path, ImmutableArray<MachineNodes> Nodes, MachineModel Constants)
{
    /// <summary>Speeds are counted in this part of 1.</summary>
    public const int SpeedUnits = 1000;

    /// <summary>How many ranks it has.</summary>
    public long Ranks => Nodes.Sum(n => n.Ranks);

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="AvialException">It cannot be read, is no JSON, or has mistakes: all of them are named.</exception>
    public static MachineFile Load(string path)
    {
        byte[] text = Read(path);
        if (text.AsSpan().StartsWith("\uFEFF"u8))
        {
            text = text[3..];
        }
        if (text.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            throw Throw.EmptyMachineFile(path);
        }
        LocatedJson root;
        try
        {
            root = LocatedJson.Parse(text);
        }
        catch (JsonException exception)
        {
            throw Throw.DamagedMachineFile(path, exception);
        }
        catch (InvalidOperationException exception)
        {
            // The bytes of a name or text are not UTF-8.
            throw Throw.DamagedMachineFile(path, exception);
        }
        return new MachineFileReader(path).Read(root);
    }

    /// <summary>The model for a run on this many ranks.</summary>
    /// <exception cref="AvialException">The file has more or fewer.</exception>
    public MachineModel Model(int ranks)
    {
        if (Ranks != ranks)
        {
            throw Throw.WrongRanksOfMachine(Path, Ranks, ranks);
        }
        long unit = Nodes.Aggregate(0L, (divisor, nodes) => GreatestDivisor(divisor, nodes.Speed));
        var weights = RankWeights.Of([.. Nodes.Select(n => new WeightRun((int)n.Ranks, n.Speed / unit))]);
        double speedOfWeight1 = unit / (double)SpeedUnits;
        MachineLink link = LinkToPlanWith();
        return Constants with
        {
            Ranks = ranks,
            Weights = weights,
            Latency = link.Latency,
            SecondsPerByte = link.SecondsPerByte,
            SecondsPerOperation = Constants.SecondsPerOperation / speedOfWeight1,
            SecondsPerByteOfMemory = Constants.SecondsPerByteOfMemory / speedOfWeight1,
            MemoryPerRank = Nodes.Min(n => n.MemoryPerRank),
            Origin = $"machine file {System.IO.Path.GetFileName(Path)}",
        };
    }

    // Messages are taken to go the worse way, as soon as some rank has to.
    private MachineLink LinkToPlanWith()
    {
        var onNode = (MachineLink)Constants.OnNode!;
        var between = (MachineLink)Constants.BetweenNodes!;
        bool hasOneNode = Nodes.Sum(n => (long)n.Count) == 1;
        bool hasOneRankPerNode = Nodes.All(n => n.RanksPerNode == 1);
        return hasOneNode ? onNode : hasOneRankPerNode ? between
            : new MachineLink(Math.Max(onNode.Latency, between.Latency), Math.Max(onNode.SecondsPerByte, between.SecondsPerByte));
    }

    private static long GreatestDivisor(long a, long b) => b == 0 ? a : GreatestDivisor(b, a % b);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever keeps a file from being read is told to the user.")]
    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception)
        {
            throw Throw.UnreadableMachineFile(path, exception);
        }
    }
}
