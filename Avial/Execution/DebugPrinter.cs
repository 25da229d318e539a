using Avial.Graph;

namespace Avial.Execution;

/// <summary>The <c>AVIAL_DEBUG</c> ladder, on standard error.</summary>
internal static class DebugPrinter
{
    private static DebugLadder Ladder => EnvironmentSettings.Debug;

    /// <summary>Level 1: what there is to run on.</summary>
    public static void Devices(SessionOptions options)
    {
        if (Ladder.Wants(1))
        {
            Console.Error.WriteLine($"Avial: {options.Engine} execution on {options.Threads} thread{(options.Threads == 1 ? "" : "s")} of {Environment.ProcessorCount} cores");
        }
    }

    /// <summary>Level 2: the plan.</summary>
    public static void Plan(Func<string> text)
    {
        if (Ladder.Wants(2))
        {
            Console.Error.WriteLine(text());
        }
    }

    /// <summary>Level 3: the time of each task.</summary>
    public static void Timings(Profile profile)
    {
        if (Ladder.Wants(3))
        {
            Console.Error.WriteLine(profile);
        }
    }

    /// <summary>Level 4: the graph after each pass, or the tasks that the filter names.</summary>
    public static void Form(string pass, Region region)
    {
        if (!Ladder.Wants(4))
        {
            return;
        }
        Console.Error.WriteLine($"-- after {pass}");
        foreach (GraphNode node in region.Nodes)
        {
            if (Ladder.Wants(4, node.Name))
            {
                Console.Error.WriteLine(node);
            }
        }
    }
}
