namespace Avial.Benchmarks.Quick;

/// <summary>Short benchmarks of our own: <c>--quick [group ...] [--write]</c> prints a table a group and can keep it in <c>results/</c>.</summary>
internal static class QuickBenchmarks
{
    private static readonly (string Name, Func<Table> Run)[] s_groups =
    [
        ("recording", Recording.Run),
        ("evaluation", Evaluation.Run),
        ("managed", ManagedExecution.Run),
        ("compiled", CompiledExecution.Run),
        ("threads", Threads.Run),
        ("flood", Flood.Run),
        ("memory", Memory.Run),
        ("machine", MachineConstants.Run),
        ("ranks", Ranks.Run),
        ("planning", PlanningTime.Run),
    ];

    /// <summary>Runs the named groups, or all.</summary>
    public static int Run(string[] arguments)
    {
        bool isWriting = arguments.Contains("--write");
        string[] wanted = [.. arguments.Where(a => a != "--write")];
        string[] unknown = [.. wanted.Where(w => !s_groups.Any(g => g.Name == w))];
        if (unknown.Length > 0)
        {
            Console.Error.WriteLine($"There is no group {string.Join(", ", unknown)}; there are {string.Join(", ", s_groups.Select(g => g.Name))}.");
            return 1;
        }
        foreach ((string name, Func<Table> run) in s_groups.Where(g => wanted.Length == 0 || wanted.Contains(g.Name)))
        {
            Table table = run();
            Console.WriteLine(table);
            if (isWriting)
            {
                table.Write(ResultsFolder());
            }
        }
        return 0;
    }

    private static string ResultsFolder()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Avial.sln")))
            {
                return Path.Combine(folder, "Avial.Benchmarks", "results");
            }
        }
        return "results";
    }
}
