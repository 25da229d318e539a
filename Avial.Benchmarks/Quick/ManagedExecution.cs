namespace Avial.Benchmarks.Quick;

/// <summary>Managed execution on one thread beside plain C# loops. Avial's time includes recording, planning and the memory of the result.</summary>
internal static class ManagedExecution
{
    public static Table Run()
    {
        var table = new Table("managed", "Managed execution on one core beside plain C# loops", "Work", "Avial", "Plain C#", "Ratio", "Memory traffic of Avial and of copying");
        double copyRate = Machine.CopyRate();
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        foreach (Workload work in new[]
        {
            Workloads.Saxpy(1 << 22), Workloads.Stencil(2048), Workloads.Sum(1 << 22), Workloads.MatrixProduct(64), Workloads.MatrixProduct(128),
            Workloads.MatrixProduct(256), Workloads.OptionPrices(1 << 18),
        })
        {
            double[] best = Timing.Best(work.Avial, work.Plain);
            table.Compare(work.Name, best[0], best[1], Machine.Share(work.Bytes, best[0], copyRate));
        }
        return table;
    }
}
