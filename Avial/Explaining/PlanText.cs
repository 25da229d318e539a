using System.Globalization;
using System.Text;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning;
using Avial.Planning.Machine;

namespace Avial.Explaining;

/// <summary>A plan for people: a line or two per launch, at most 100 columns wide.</summary>
internal static class PlanText
{
    private const int Width = 100;
    private const int MostLaunches = 30; // a page of a terminal
    private const int MostFused = 8;
    private const int MostLines = 90;

    /// <summary>The whole program, as it was planned.</summary>
    public static string Explain(Region recorded, ProgramPlan plan, ulong[] scalars, SessionOptions options) =>
        Explain(recorded, plan.Region, options, RanksOf(plan, scalars, options));

    /// <summary>One value: the task that computes it, with what it reads and who reads it.</summary>
    public static string Explain(GraphValue value, ProgramPlan plan, ulong[] scalars, SessionOptions options)
    {
        Region region = plan.Region;
        RankText? ranks = RanksOf(plan, scalars, options);
        string[] parameterNames = ParameterNames(region);
        var text = new StringBuilder();
        if (value.IsParameter)
        {
            Source(region, value.Output, ranks, text);
        }
        else
        {
            Launch(region, value.Node, "", text, parameterNames, ranks);
        }
        string[] readers = [.. Enumerable.Range(0, region.Nodes.Length).Where(n => region.Nodes[n].Inputs.Any(i => i.Node == value.Node && (!value.IsParameter || i == value)))
            .Select(n => $"%{n} {region.Nodes[n].Name}")];
        Line(text, $"  read by: {(readers.Length == 0 ? "no task" : string.Join(", ", readers))}");
        return text.ToString().TrimEnd();
    }

    private static RankText? RanksOf(ProgramPlan plan, ulong[] scalars, SessionOptions options) => plan.Body.Ranks == 1 ? null
        : RankText.Of(plan.Body, PlanTraffic.Of(plan.Body, scalars), MachineChoice.For(options, plan.Body.Ranks), plan.Report);

    private static string Explain(Region recorded, Region optimised, SessionOptions options, RankText? ranks)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Plan: {Count(recorded.Nodes.Length, "task")} in {Count(optimised.Nodes.Length, "launch")}, {(options.Engine == Engine.Llvm ? "LLVM" : options.Engine.ToString().ToLowerInvariant())} execution, {Count(options.Threads, "thread")}{(ranks is null ? "" : $", {options.Ranks} ranks")}");
        foreach (string line in ranks?.Heading() ?? [])
        {
            Line(text, $"  {line}");
        }
        for (int number = 0; number < optimised.Parameters.Length; number++)
        {
            if (number == 8)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  ... and {optimised.Parameters.Length - number} more inputs");
                break;
            }
            Source(optimised, number, ranks, text);
        }
        Launches(optimised, "  ", text, ParameterNames(optimised), ranks);
        text.Append(CultureInfo.InvariantCulture, $"  results: {string.Join(", ", optimised.Results.Select(r => Name(optimised, r, null)))}");
        return text.ToString();
    }

    private static string[] ParameterNames(Region region) => [.. Enumerable.Range(0, region.Parameters.Length).Select(p => $"@{p}")];

    private static void Source(Region region, int number, RankText? ranks, StringBuilder text) =>
        Line(text, $"  @{number}  in memory  {region.Parameters[number]}  {Throw.Bytes(region.Parameters[number].Bytes)}{(ranks is null ? "" : $"  {ranks.Source(number)}")}");

    private static void Launches(Region region, string indent, StringBuilder text, string[] parameterNames, RankText? ranks)
    {
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            if (n == MostLaunches || LinesOf(text) >= MostLines)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{indent}... and {region.Nodes.Length - n} more launches");
                return;
            }
            Launch(region, n, indent, text, parameterNames, ranks);
        }
        foreach (string line in ranks?.Exchanges(region.Nodes.Length, v => Name(region, v, parameterNames)) ?? [])
        {
            Line(text, $"{indent}{line}");
        }
    }

    private static void Launch(Region region, int number, string indent, StringBuilder text, string[] parameterNames, RankText? ranks)
    {
        GraphNode node = region.Nodes[number];
        string reads = string.Join(", ", node.Inputs.Distinct().Select(i => Name(region, i, parameterNames)));
        Line(text, $"{indent}%{number}  {Verb(node.Operation)} {node.Name}: {string.Join(", ", node.Operation.Outputs)}{(reads.Length == 0 ? "" : $"  reads {reads}")}  ({node.Span.Place})");
        string facts = Facts(region, node);
        if (facts.Length > 0)
        {
            Line(text, $"{indent}    {facts}");
        }
        foreach (string line in ranks is null ? [] : ranks.Distributions(number).Concat(ranks.Exchanges(number, v => Name(region, v, parameterNames))))
        {
            Line(text, $"{indent}    {line}");
        }
        if (node.Span.Text.Length > 0)
        {
            Line(text, $"{indent}    {OneLine(node.Span.Text)}");
        }
        foreach (GraphNode fused in node.Fused.Take(MostFused))
        {
            Line(text, $"{indent}    + {fused.Name} ({fused.Span.Place}) {OneLine(fused.Span.Text)}");
        }
        if (node.Fused.Length > MostFused)
        {
            Line(text, $"{indent}    + {Count(node.Fused.Length - MostFused, "more task")} fused into it");
        }
        if (node.Operation is LoopOperation loop)
        {
            string[] names = [.. Enumerable.Range(0, loop.Carried).Select(k => $"state{k}"), "t", .. node.Inputs.Skip(loop.Carried).Select(i => Name(region, i, parameterNames))];
            Launches(loop.Body, indent + "    ", text, names, ranks?.Inside(number));
        }
    }

    private static string Facts(Region region, GraphNode node)
    {
        var kernels = Kernels.UsesOf(node.Operation);
        if (kernels.IsEmpty)
        {
            return node.Operation is LoopOperation { HasUntil: true } loop ? $"until its condition holds, tested every {Count(loop.Every, "step")}" : "";
        }
        long bytes = node.Operation.Outputs.Sum(o => o.Bytes) + node.Inputs.Distinct().Sum(i => region.TypeOf(i).Bytes);
        string domain = string.Join(" + ", Kernels.DomainsOf(node.Operation).Select(d => d.IsConstant ? Shape(d.ToBox()) : d.ToString()));
        KernelWork work = KernelWork.Of(new BoundsQuery
        {
            Use = kernels[0],
            Domain = Kernels.DomainsOf(node.Operation).First(),
            Inputs = (ArrayType[])[.. node.Inputs.Select(region.TypeOf)],
        });
        return $"{(domain.Length == 0 ? "scalar" : domain)} on {node.Target}, {Throw.Bytes(bytes)}; a point: {work}";
    }

    private static string Shape(Box box) => string.Join("×", Enumerable.Range(0, box.Rank).Select(box.Length));

    public static string Verb(Operation operation) => operation switch
    {
        MapOperation => "run",
        ReduceOperation reduce => $"reduce {reduce.Combiner}",
        ScanOperation scan => $"scan {scan.Combiner}",
        ScatterOperation scatter => $"scatter {scatter.Combiner}",
        SweepOperation => "sweep",
        LoopOperation => "repeat",
        CallOperation => "call",
        FillOperation => "fill",
        FileOperation => "load",
        ReshapeOperation => "reshape",
        ViewOperation => "view",
        _ => "task",
    };

    private static string Name(Region region, GraphValue value, string[]? parameterNames)
    {
        if (value.IsParameter)
        {
            return parameterNames?[value.Output] ?? value.ToString();
        }
        return region.Nodes[value.Node].Operation.Outputs.Length > 1 ? $"%{value.Node}.{value.Output}" : $"%{value.Node}";
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : noun.EndsWith("ch", StringComparison.Ordinal) ? "es" : "s")}";

    private static int LinesOf(StringBuilder text)
    {
        int lines = 0;
        foreach (ReadOnlyMemory<char> chunk in text.GetChunks())
        {
            lines += chunk.Span.Count('\n');
        }
        return lines;
    }

    private static void Line(StringBuilder text, string line) => text.AppendLine(line.Length <= Width ? line : line[..(Width - 3)] + "...");
}
