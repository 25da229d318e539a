using Avial.Geometry;

namespace Avial.Tests.Backends.Windows;

/// <summary>Disjoint boxes that make up a domain, as ranks may have them.</summary>
internal static class RandomParts
{
    /// <summary>A few parts, some of them empty, cut along some axes only.</summary>
    public static Box[] Of(Box domain, Random random, IEnumerable<int> axes, long snap = 1, int snapAxis = -1)
    {
        int[] cuttable = [.. axes];
        List<Box> parts = [domain];
        for (int cut = random.Next(1, 6); cut > 0 && cuttable.Length > 0; cut--)
        {
            int at = random.Next(parts.Count);
            int axis = cuttable[random.Next(cuttable.Length)];
            Box part = parts[at];
            if (part.IsEmpty)
            {
                continue;
            }
            long place = random.NextInt64(part.Low[axis], part.High[axis] + 1);
            if (axis == snapAxis)
            {
                place = Math.Max(part.Low[axis], (long)Math.Floor((double)place / snap) * snap);
            }
            parts[at] = part.With(axis, part.Low[axis], place);
            parts.Add(part.With(axis, place, part.High[axis]));
        }
        return [.. parts];
    }
}
