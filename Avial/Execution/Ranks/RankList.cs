namespace Avial.Execution.Ranks;

/// <summary>Ranks as messages name them: <c>rank 2</c>, <c>ranks 0..3, 7</c>.</summary>
internal static class RankList
{
    private const int MostRuns = 6;

    /// <param name="ranks">Ascending.</param>
    public static string Text(IReadOnlyList<int> ranks)
    {
        var runs = new List<string>();
        for (int i = 0; i < ranks.Count;)
        {
            int last = i;
            while (last + 1 < ranks.Count && ranks[last + 1] == ranks[last] + 1)
            {
                last++;
            }
            if (runs.Count == MostRuns)
            {
                runs.Add($"and {ranks.Count - i} more");
                break;
            }
            if (last - i < 2)
            {
                last = i;
            }
            runs.Add(last == i ? $"{ranks[i]}" : $"{ranks[i]}..{ranks[last]}");
            i = last + 1;
        }
        return $"{(ranks.Count == 1 ? "rank" : "ranks")} {string.Join(", ", runs)}".Replace(", and", " and", StringComparison.Ordinal);
    }

    /// <summary>The same as the start of a sentence.</summary>
    public static string Capitalised(IReadOnlyList<int> ranks) => $"R{Text(ranks)[1..]}";
}
