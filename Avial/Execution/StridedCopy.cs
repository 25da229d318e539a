using System.Runtime.CompilerServices;

namespace Avial.Execution;

/// <summary>Copies a box of elements between two places in memory, row by row or in one piece where the rows touch.</summary>
internal static unsafe class StridedCopy
{
    /// <param name="from">The first element.</param>
    /// <param name="fromSteps">The bytes between neighbours along each axis; along the last, those of an element.</param>
    /// <param name="to">Where it goes.</param>
    /// <param name="toSteps">The same for the target.</param>
    /// <param name="lengths">How many elements along each axis, at least one.</param>
    /// <param name="rank">How many axes.</param>
    /// <param name="size">The bytes of an element.</param>
    public static void Run(byte* from, long* fromSteps, byte* to, long* toSteps, long* lengths, int rank, int size)
    {
        long run = rank == 0 ? size : lengths[rank - 1] * size;
        int outer = rank - 1;
        while (outer > 0 && fromSteps[outer - 1] == run && toSteps[outer - 1] == run)
        {
            run *= lengths[--outer];
        }
        if (outer <= 0)
        {
            Buffer.MemoryCopy(from, to, run, run);
            return;
        }
        Nest(from, fromSteps, to, toSteps, lengths, outer, run);
    }

    private static void Nest(byte* from, long* fromSteps, byte* to, long* toSteps, long* lengths, int axes, long run)
    {
        if (axes == 1)
        {
            Rows(from, fromSteps[0], to, toSteps[0], lengths[0], run);
            return;
        }
        for (long i = 0; i < lengths[0]; i++)
        {
            Nest(from + i * fromSteps[0], fromSteps + 1, to + i * toSteps[0], toSteps + 1, lengths + 1, axes - 1, run);
        }
    }

    // A halo one element wide is a column: a call for each would cost more than the copy.
    private static void Rows(byte* from, long fromStep, byte* to, long toStep, long count, long run)
    {
        switch (run)
        {
            case sizeof(int):
                Elements<int>(from, fromStep, to, toStep, count);
                break;
            case sizeof(long):
                Elements<long>(from, fromStep, to, toStep, count);
                break;
            default:
                for (long i = 0; i < count; i++)
                {
                    Buffer.MemoryCopy(from + i * fromStep, to + i * toStep, run, run);
                }
                break;
        }
    }

    private static void Elements<T>(byte* from, long fromStep, byte* to, long toStep, long count) where T : unmanaged
    {
        for (long i = 0; i < count; i++)
        {
            Unsafe.WriteUnaligned(to + i * toStep, Unsafe.ReadUnaligned<T>(from + i * fromStep));
        }
    }
}
