using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Avial.Geometry;

internal sealed partial class Distribution
{
    private const string RootPrefix = "on rank ";
    private const string BlocksPrefix = "blocks ";
    private const string SnapWord = " snapped to ";
    private const string WeightWord = " weighted ";

    /// <summary><c>everywhere</c>, <c>on rank 0</c>, <c>blocks 4×2 snapped to 64×1 weighted 4×1, 4×2</c>; one snap stands for all axes that are cut.</summary>
    public override string ToString()
    {
        if (Kind == DistributionKind.Everywhere)
        {
            return "everywhere";
        }
        if (Kind == DistributionKind.OnOne)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{RootPrefix}{Root.Value}");
        }
        long[] cuts = [.. Axes.Where(a => a.Parts > 1).Select(a => a.Snap).Distinct()];
        string snaps = cuts.Length switch
        {
            0 => "",
            1 => cuts[0] == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $"{SnapWord}{cuts[0]}"),
            _ => SnapWord + string.Join('×', Axes.Select(a => a.Snap)),
        };
        return $"{BlocksPrefix}{string.Join('×', Grid)}{snaps}{(Weights is null ? "" : $"{WeightWord}{Weights}")}";
    }

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static Distribution Parse(string text, Box space, int ranks) =>
        TryParse(text, space, ranks, out Distribution? distribution) ? distribution
        : throw new FormatException($"'{text}' is no distribution of {space} over {ranks} ranks, such as 'everywhere', 'on rank 0' or 'blocks 2×2'.");

    /// <summary>Reads what <see cref="ToString"/> writes; false for anything else, and for what does not fit the space or the ranks.</summary>
    public static bool TryParse(string text, Box space, int ranks, [NotNullWhen(true)] out Distribution? distribution)
    {
        distribution = null;
        if (text == "everywhere")
        {
            distribution = Everywhere(space, ranks);
        }
        else if (text.StartsWith(RootPrefix, StringComparison.Ordinal))
        {
            if (TryNumbers(text[RootPrefix.Length..], out long[] root) && root.Length == 1 && root[0] < ranks)
            {
                distribution = OnOne(space, new RankId((int)root[0]), ranks);
            }
        }
        else if (text.StartsWith(BlocksPrefix, StringComparison.Ordinal))
        {
            distribution = ParseBlocks(text[BlocksPrefix.Length..], space, ranks);
        }
        return distribution is not null;
    }

    private static Distribution? ParseBlocks(string text, Box space, int ranks)
    {
        (text, string? weightText) = SplitAt(text, WeightWord);
        (text, string? snapText) = SplitAt(text, SnapWord);
        RankWeights? weights = null;
        long[] grid = [];
        long[] snaps = [1];
        if (text.Length > 0 && !TryNumbers(text, out grid)
            || snapText is not null && !TryNumbers(snapText, out snaps)
            || weightText is not null && !RankWeights.TryParse(weightText, out weights))
        {
            return null;
        }
        if (snaps.Length == 1)
        {
            snaps = [.. grid.Select(_ => snaps[0])];
        }
        Int128 cells = 1;
        foreach (long parts in grid)
        {
            cells = Int128.Min(long.MaxValue, cells * parts);
        }
        bool fits = grid.Length == space.Rank && snaps.Length == grid.Length && cells <= ranks && cells > 0
            && snaps.All(s => s > 0) && (weights is null || weights.Ranks == ranks);
        return fits ? Blocks(space, [.. grid.Select(g => (int)g)], ranks, snaps, weights) : null;
    }

    private static (string Before, string? After) SplitAt(string text, string word)
    {
        int at = text.IndexOf(word, StringComparison.Ordinal);
        return at < 0 ? (text, null) : (text[..at], text[(at + word.Length)..]);
    }

    private static bool TryNumbers(string text, out long[] numbers)
    {
        string[] parts = text.Split('×');
        numbers = new long[parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return false;
            }
        }
        return true;
    }
}
