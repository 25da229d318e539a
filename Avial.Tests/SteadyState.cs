namespace Avial.Tests;

/// <summary>What code allocates again and again. The runtime allocates a little of its own the first time that a thread waits or that a type is used,
/// at a moment that depends on the other threads: so the least of several windows counts.</summary>
internal static class SteadyState
{
    /// <summary>How many times <see cref="AllocatedBy"/> runs the work.</summary>
    public const int Windows = 4;

    /// <summary>Bytes that the current thread allocates in the quietest of several runs of <paramref name="work"/>.</summary>
    public static long AllocatedBy(Action work)
    {
        long least = long.MaxValue;
        for (int i = 0; i < Windows; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return least;
    }
}
