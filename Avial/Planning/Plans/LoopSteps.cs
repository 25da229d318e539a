namespace Avial.Planning.Plans;

/// <summary>Which steps of a loop are looked at to know what all of them cost.</summary>
internal static class LoopSteps
{
    private const int Most = 32;

    /// <summary>The first step of a loop whose steps are alike; else all of them, or <paramref name="most"/>, evenly spread, the first and the last among them.</summary>
    public static long[] Samples(LoopBodies bodies, long? count, int most = Most)
    {
        if (!bodies.IsMoving || count is null or 1)
        {
            return [0];
        }
        long last = Math.Max(0, count.Value - 1);
        int samples = (int)Math.Min(most, last + 1);
        return [.. Enumerable.Range(0, samples).Select(i => (long)((Int128)last * i / Math.Max(1, samples - 1)))];
    }
}
