using Avial.Graph;
using Avial.IR;
using Avial.Planning;
using Avial.Planning.Verification;

namespace Avial.Tests.Programs;

/// <summary>The kinds of tasks that a program uses, in words: each operation by what it may be told, and how kernels read.</summary>
internal static class ProgramKinds
{
    /// <summary>All that generated programs have to use.</summary>
    public static IEnumerable<string> All =>
    [
        "map of one output", "map of several outputs", "map of one piece", "map of several pieces", "map over a base", "map over several bases", "map that moves with the step", "map that begins elsewhere",
        "reduce of all axes", "reduce of one axis of several", "reduce of several axes of more",
        .. ReduceKinds.Select(k => $"reduce by {k}"), .. ScanKinds.Select(k => $"scan by {k}"), .. ScanKinds.Append(CombinerKind.Last).Select(k => $"scatter by {k}"),
        "scan inclusive", "scan exclusive", "scan from the high end", "scan along the first axis of several", "scan along the last axis of several",
        "scatter from several axes", "scatter into several axes",
        "sweep of one axis forward", "sweep of one axis backward", "sweep of several axes forward", "sweep of several axes backward", "sweep of several axes both ways",
        "call", "call with an effect", "fill", "reshape",
        "loop", "loop in a loop", "loop until", "loop until, tested now and then", "loop that carries several",
        "view of a part", "view transposed", "view with a stride", "view reversed", "view that repeats", "view of fewer axes", "view that moves with the step",
        .. Enum.GetValues<BorderKind>().Select(b => $"read with border {b}"), "read of a struct", "read through data", "read under a condition", "random numbers", "inner sum", "for", "while",
    ];

    private static readonly CombinerKind[] s_folded = [CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min, CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Fold];

    private static CombinerKind[] ScanKinds => s_folded;

    private static CombinerKind[] ReduceKinds => [.. s_folded, CombinerKind.Mean, CombinerKind.ArgMin, CombinerKind.ArgMax];

    /// <summary>The kinds in a region and the loops in it.</summary>
    public static IEnumerable<string> Of(Region region, int depth = 0)
    {
        foreach (GraphNode node in region.Nodes)
        {
            foreach (string kind in Of(node.Operation, depth).Concat(Passes(node.Operation).SelectMany(Of)))
            {
                yield return kind;
            }
        }
    }

    private static IEnumerable<KernelUse> Passes(Operation operation) => Avial.Passes.Kernels.UsesOf(operation);

    private static IEnumerable<string> Of(Operation operation, int depth) => operation switch
    {
        MapOperation map =>
        [
            map.Outputs.Length == 1 ? "map of one output" : "map of several outputs", map.Pieces.Length == 1 ? "map of one piece" : "map of several pieces",
            .. If(map.Bases.Length > 0, "map over a base"), .. If(map.Bases.Length > 1, "map over several bases"),
            .. If(map.Pieces.Any(p => !p.Domain.IsConstant), "map that moves with the step"), .. If(map.Origin.Any(o => o != 0), "map that begins elsewhere"),
        ],
        ReduceOperation reduce =>
        [
            $"reduce by {reduce.Combiner.Kind}", .. If(reduce.Axes.Length == reduce.Domain.Rank, "reduce of all axes"),
            .. If(reduce.Axes.Length == 1 && reduce.Domain.Rank > 1, "reduce of one axis of several"), .. If(reduce.Axes.Length > 1 && reduce.Domain.Rank > reduce.Axes.Length, "reduce of several axes of more"),
        ],
        ScanOperation scan =>
        [
            $"scan by {scan.Combiner.Kind}", scan.IsExclusive ? "scan exclusive" : "scan inclusive", .. If(scan.Domain.Axes[scan.Axis].IsReversed, "scan from the high end"),
            .. If(scan.Domain.Rank > 1 && scan.Axis == 0, "scan along the first axis of several"), .. If(scan.Domain.Rank > 1 && scan.Axis == scan.Domain.Rank - 1, "scan along the last axis of several"),
        ],
        ScatterOperation scatter =>
        [
            $"scatter by {scatter.Combiner.Kind}", .. If(scatter.Domain.Rank > 1, "scatter from several axes"), .. If(scatter.Outputs[0].Rank > 1, "scatter into several axes"),
        ],
        SweepOperation { Domain.Rank: > 0 } sweep =>
        [
            $"sweep of {(sweep.Domain.Rank == 1 ? "one axis" : "several axes")} {(sweep.Domain.Axes.All(a => a.IsReversed) ? "backward" : sweep.Domain.Axes.Any(a => a.IsReversed) ? "both ways" : "forward")}",
        ],
        CallOperation call => [call.IsEffect ? "call with an effect" : "call"],
        FillOperation => ["fill"],
        ReshapeOperation => ["reshape"],
        LoopOperation loop =>
        [
            "loop", .. If(depth > 0, "loop in a loop"), .. If(loop.HasUntil, "loop until"), .. If(loop.Every > 1, "loop until, tested now and then"), .. If(loop.Carried > 1, "loop that carries several"),
            .. Of(loop.Body, depth + 1),
        ],
        ViewOperation view => Of(view),
        _ => [],
    };

    private static IEnumerable<string> Of(ViewOperation view)
    {
        AffineTerm[] terms = [.. view.Maps.SelectMany(m => m.Terms)];
        int[] axes = [.. terms.Select(t => t.Atom.Id)];
        return
        [
            .. If(view.Maps.Any(m => m.Constant > 0) || view.Offsets.Any(o => o.Constant > 0), "view of a part"), .. If(!axes.SequenceEqual(axes.Order()), "view transposed"),
            .. If(terms.Any(t => Math.Abs(t.Coefficient) > 1), "view with a stride"), .. If(terms.Any(t => t.Coefficient < 0), "view reversed"),
            .. If(axes.Distinct().Count() < view.Outputs[0].Rank, "view that repeats"), .. If(view.Outputs[0].Rank < view.Maps.Length, "view of fewer axes"),
            .. If(view.Offsets.Any(o => !o.IsConstant), "view that moves with the step"),
        ];
    }

    private static IEnumerable<string> Of(KernelUse use)
    {
        KernelStructure structure = KernelStructure.Of(use.Kernel);
        foreach (LoadSite site in structure.Loads)
        {
            yield return $"read with border {site.Access.Border}";
            foreach (string kind in (string[])[
                .. If(use.Kernel.Operands[site.Access.Operand].Columns.Length > 1, "read of a struct"), .. If(PlaceSources.IsThroughData(structure, site.Access), "read through data"),
                .. If(site.Path.Any(p => p.Kind == PathKind.Arm), "read under a condition")])
            {
                yield return kind;
            }
        }
        foreach (Instruction instruction in InstructionsOf(use.Kernel.Body))
        {
            switch (instruction)
            {
                case RandomInstruction:
                    yield return "random numbers";
                    break;
                case InnerSumInstruction:
                    yield return "inner sum";
                    break;
                case ForInstruction:
                    yield return "for";
                    break;
                case WhileInstruction:
                    yield return "while";
                    break;
            }
        }
    }

    private static IEnumerable<Instruction> InstructionsOf(Block block) => block.Instructions.SelectMany(i => i.Blocks().SelectMany(InstructionsOf).Prepend(i));

    private static IEnumerable<string> If(bool holds, string kind) => holds ? [kind] : [];
}
