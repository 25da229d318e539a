namespace Avial.Benchmarks.Quick;

/// <summary>The same work on one thread and on more.</summary>
internal static class Threads
{
    public static Table Run()
    {
        int most = Environment.ProcessorCount;
        var table = new Table("threads", "Managed execution on more than one core", "Work", "1 thread", $"{most} threads", "Speed-up");
        foreach (Workload work in new[] { Workloads.OptionPrices(1 << 20), Workloads.MatrixProduct(256), Workloads.Stencil(2048), Workloads.Sum(1 << 22) })
        {
            double one = OnThreads(1, work.Avial), all = OnThreads(most, work.Avial);
            table.Add(work.Name, Table.Time(one), Table.Time(all), Table.Number(one / all, "0.00"));
        }
        return table;
    }

    private static double OnThreads(int threads, Action work)
    {
        using Session session = Session.Create(o => o with { Threads = threads });
        return Timing.Best(work)[0];
    }
}
