namespace Avial.Diagnostics;

/// <summary>Which known name a mistyped one may have meant.</summary>
internal static class NearestName
{
    /// <summary>The known name that fewest insertions, deletions and replacements of letters lead to; null where that takes more than a third of it.</summary>
    public static string? To(string found, IReadOnlyList<string> known)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string name in known)
        {
            int edits = Edits(found.ToUpperInvariant(), name.ToUpperInvariant());
            if (edits < fewest && edits <= Math.Max(1, name.Length / 3))
            {
                (nearest, fewest) = (name, edits);
            }
        }
        return nearest;
    }

    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 0; i < from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < to.Length; j++)
            {
                int replaced = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, 1 + Math.Min(diagonal, row[j]));
            }
        }
        return row[^1];
    }
}
