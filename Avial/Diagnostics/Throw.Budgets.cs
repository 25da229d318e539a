using Avial.Geometry;

namespace Avial.Diagnostics;

/// <content>AVL075x: plans that are refused, and dry runs.</content>
internal static partial class Throw
{
    private const string MemoryBudgetId = "AVL0751";
    private const int MostArrays = 8;

    public static AvialException MemoryBudgetExceeded(RankId rank, int ranks, long needed, long limit, IReadOnlyList<(string Name, Box Window, long Bytes)> arrays)
    {
        IEnumerable<string> lines = arrays.Take(MostArrays).Select(a => $"'{a.Name}' {a.Window}: {Bytes(a.Bytes)}");
        long rest = arrays.Skip(MostArrays).Sum(a => a.Bytes);
        string more = arrays.Count > MostArrays ? $"\n  and {arrays.Count - MostArrays} smaller ones: {Bytes(rest)}" : "";
        return new(MemoryBudgetId,
            $"The plan needs {Bytes(needed)} of arrays at a time on rank {rank.Value} of {ranks}, and a rank may hold {Bytes(limit)}. These are then in memory:\n  {string.Join("\n  ", lines)}{more}\n"
            + "Use more ranks, smaller arrays or element types, Dispose what is no longer needed, or raise MemoryPerRank (AVIAL_MEMORY_PER_RANK). Nothing was computed.", SourceSpan.None);
    }

    public static AvialException NoValuesInDryRun(string name, int ranks) => new("AVL0752",
        $"'{name}' was planned for {ranks} rank{(ranks == 1 ? "" : "s")} in a dry run, and has no values. The dry run ends here. "
        + "To have more of the program planned, evaluate with Compute.Evaluate and read nothing; to run it, leave out DryRunRanks (AVIAL_DRY_RUN_RANKS).", SourceSpan.None);

    public static AvialException InvalidDryRunRanks(string found, int most) => new("AVL0753",
        $"AVIAL_DRY_RUN_RANKS is '{found}'; it must be a number of ranks from 1 to {most}. Correct it, or unset it to run programs.", SourceSpan.None);

    public static AvialException WrongDryRunRanks(int ranks, int most) => new("AVL0754",
        $"A dry run cannot be for {ranks} ranks; give DryRunRanks 1 to {most}, or null to run.", SourceSpan.None);
}
