using Avial.Backends;
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

    /// <summary>Level 5: the loops that a task became, and what the code generator makes of them. Level 6: their machine code.</summary>
    public static void Source(GraphNode node, LoweredOperation lowered, ICodeGenerator generator)
    {
        if (!Ladder.Wants(5, node.Name))
        {
            return;
        }
        Console.Error.WriteLine($"-- loops of {node.Name} ({node.Span.Place}){(lowered.Note.Length == 0 ? "" : $": {lowered.Note}")}");
        foreach (LoweredStage stage in lowered.Stages.OfType<LoweredStage>())
        {
            Console.Error.WriteLine(stage.Function);
            Print(generator.SourceOf(stage.Function));
            if (Ladder.Wants(6, node.Name))
            {
                Print(generator.MachineCodeOf(stage.Function));
            }
        }
    }

    private static void Print(string text)
    {
        if (text.Length > 0)
        {
            Console.Error.WriteLine(text.TrimEnd());
        }
    }
}
