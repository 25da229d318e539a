using System.Diagnostics;
using Avial.Planning.Machine;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>What the planner takes this machine to cost, beside other ways to measure the same.</summary>
internal static class MachineConstants
{
    public static Table Run()
    {
        var table = new Table("machine", "Measured constants of the machine", "Constant", "Planner", "Measured otherwise", "Ratio", "How");
        long start = Stopwatch.GetTimestamp();
        Planning.Machine.MachineConstants constants = MachineMeasurement.Measure();
        double measuring = Stopwatch.GetElapsedTime(start).TotalSeconds;

        table.Add("measuring", Table.Time(measuring), Table.Time(0.05), Table.Number(measuring / 0.05, "0.00"), "the aim");
        Add("message", constants.Latency, HandOver(), "a semaphore to another thread and one back, half of it");
        Add("byte of memory", constants.PerByteOfMemory, 1 / Machine.CopyRate(), "copying 64 MiB on one core");
        Add("operation", constants.PerOperation, Stencil(), "a 5-point stencil by Avial on one core, 4 operations a point, in cache");
        return table;

        void Add(string name, double planner, double otherwise, string how) =>
            table.Add(name, Nanoseconds(planner), Nanoseconds(otherwise), Table.Number(planner / otherwise, "0.00"), how);
    }

    private static string Nanoseconds(double seconds) => Table.Number(seconds * 1e9, "0.000") + " ns";

    private static double HandOver()
    {
        using var there = new SemaphoreSlim(0);
        using var back = new SemaphoreSlim(0);
        bool isOver = false;
        var other = new Thread(() =>
        {
            for (there.Wait(); !Volatile.Read(ref isOver); there.Wait())
            {
                back.Release();
            }
        });
        other.Start();
        double trip = Timing.Best(() =>
        {
            there.Release();
            back.Wait();
        })[0];
        Volatile.Write(ref isOver, true);
        there.Release();
        other.Join();
        return trip / 2;
    }

    private static double Stencil()
    {
        const int n = 256;
        using Session session = Session.Create(o => o with { Threads = 1 });
        using Array2D<double> x = Array2D.From<double>(new double[n * n], (n, n));
        const int steps = 100;
        double run = Timing.Best(() =>
        {
            using Array2D<double> end = Task.Repeat(steps, x, s => Task.On(Cpu)
                .Run(s.Interior(1), (i, j) => 0.25 * (s[i - 1, j] + s[i + 1, j] + s[i, j - 1] + s[i, j + 1])).Over(s));
            Compute.Evaluate(end);
        })[0];
        return run / (4.0 * steps * n * n);
    }
}
