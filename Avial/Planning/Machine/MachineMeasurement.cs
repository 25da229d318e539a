using System.Diagnostics;
using System.Runtime.CompilerServices;
using Avial.Execution;

namespace Avial.Planning.Machine;

/// <summary>Measures this machine in some 50 ms where it is idle: the shortest of several tries of each kind, as anything else that runs only makes them longer.</summary>
internal static class MachineMeasurement
{
    private const int ElementsInCache = 1024;
    private const int OperationsPerElement = 6;
    private const int BytesOutOfCache = 32 << 20;

    // So many draw what a memory gives; more would only take longer to start.
    private const int MostCoresAtMemory = 8;
    private static readonly TimeSpan s_forEach = TimeSpan.FromMilliseconds(4);

    /// <summary>The constants, each brought to what machines can do.</summary>
    public static MachineConstants Measure()
    {
        int cores = Environment.ProcessorCount;
        double perOperation = PerOperation();
        using var pool = new WorkerPool(Math.Min(cores, MostCoresAtMemory));
        (double alone, double shared) = PerByteOfMemory(pool);
        double perLaunch = PerLaunch(pool);
        MachineLink link = PingPong.Measure(s_forEach);
        return new MachineConstants(link.Latency, link.SecondsPerByte, perOperation, alone, shared, perLaunch).Plausible(cores);
    }

    // A smoothing step within the first-level cache, not vectorised: additions and products that wait for little.
    private static double PerOperation()
    {
        var from = new double[ElementsInCache];
        var to = new double[ElementsInCache];
        Array.Fill(from, 1.0);
        return Shortest(() => Smooth(from, to)) / ((ElementsInCache - 2) * OperationsPerElement);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Smooth(double[] from, double[] to)
    {
        for (int i = 1; i < from.Length - 1; i++)
        {
            to[i] = 0.25 * from[i - 1] + 0.5 * from[i] + 0.25 * from[i + 1] + 0.125;
        }
    }

    private static (double Alone, double Shared) PerByteOfMemory(WorkerPool pool)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(BytesOutOfCache);
        Array.Fill(bytes, (byte)1);
        int threads = pool.Threads;
        var halves = new CopyHalves(bytes, threads);
        double alone = Shortest(halves.RunAll) / BytesOutOfCache;
        double shared = threads == 1 ? alone : Shortest(() => pool.Run(threads, halves)) / BytesOutOfCache;
        return (alone, shared);
    }

    private static double PerLaunch(WorkerPool pool)
    {
        var nothing = new Nothing();
        return Shortest(() => pool.Run(pool.Threads, nothing));
    }

    private static double Shortest(Action action)
    {
        double shortest = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        for (int round = 0; round < 2 || Stopwatch.GetElapsedTime(begin) < s_forEach; round++)
        {
            long start = Stopwatch.GetTimestamp();
            action();
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return shortest;
    }

    // Copies the first half of an array to the second, a stretch a thread.
    private sealed class CopyHalves(byte[] bytes, int threads) : ParallelWork
    {
        public override void RunPart(int part)
        {
            int half = bytes.Length / 2;
            int begin = (int)((long)half * part / threads);
            int end = (int)((long)half * (part + 1) / threads);
            bytes.AsSpan(begin, end - begin).CopyTo(bytes.AsSpan(half + begin));
        }

        public void RunAll()
        {
            for (int part = 0; part < threads; part++)
            {
                RunPart(part);
            }
        }
    }

    private sealed class Nothing : ParallelWork
    {
        public override void RunPart(int part)
        {
        }
    }
}
