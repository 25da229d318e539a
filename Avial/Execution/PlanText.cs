using System.Globalization;
using System.Text;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning;

namespace Avial.Execution;

/// <summary>A plan for people: a line or two per launch, at most 100 columns wide.</summary>
internal static class PlanText
{
    private const int Width = 100;
    private const int MostLaunches = 30; // a page of a terminal
    private const int MostFused = 8;
    private const int MostLines = 90;

    public static string Explain(Region recorded, Region optimised, SessionOptions options)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"Plan: {Count(recorded.Nodes.Length, "task")} in {Count(optimised.Nodes.Length, "launch")}, {options.Engine.ToString().ToLowerInvariant()} execution, {Count(options.Threads, "thread")}");
        foreach ((ArrayType type, int number) in optimised.Parameters.Select((p, n) => (p, n)))
        {
            if (number == 8)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  ... and {optimised.Parameters.Length - number} more inputs");
                break;
            }
            text.AppendLine(CultureInfo.InvariantCulture, $"  @{number}  in memory  {type}  {Throw.Bytes(type.Bytes)}");
        }
        Launches(optimised, "  ", text, [.. Enumerable.Range(0, optimised.Parameters.Length).Select(p => $"@{p}")]);
        text.Append(CultureInfo.InvariantCulture, $"  results: {string.Join(", ", optimised.Results.Select(r => Name(optimised, r, null)))}");
        return text.ToString();
    }

    private static void Launches(Region region, string indent, StringBuilder text, string[] parameterNames)
    {
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            if (n == MostLaunches || LinesOf(text) >= MostLines)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{indent}... and {region.Nodes.Length - n} more launches");
                return;
            }
            Launch(region, n, indent, text, parameterNames);
        }
    }

    private static void Launch(Region region, int number, string indent, StringBuilder text, string[] parameterNames)
    {
        GraphNode node = region.Nodes[number];
        string reads = string.Join(", ", node.Inputs.Distinct().Select(i => Name(region, i, parameterNames)));
        Line(text, $"{indent}%{number}  {Verb(node.Operation)} {node.Name}: {string.Join(", ", node.Operation.Outputs)}{(reads.Length == 0 ? "" : $"  reads {reads}")}  ({node.Span.Place})");
        string facts = Facts(region, node);
        if (facts.Length > 0)
        {
            Line(text, $"{indent}    {facts}");
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
            Launches(loop.Body, indent + "    ", text, names);
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

    private static string Verb(Operation operation) => operation switch
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
