using System.Collections.Immutable;
using Avial.Graph;

namespace Avial.Passes;

/// <summary>Which input and captured-number positions an operation refers to, and the same operation with other positions.</summary>
internal static class InputPositions
{
    /// <summary>Inputs read other than through kernel operands: bases, starts, symbols of domains, rank-0 arguments, whole inputs.</summary>
    public static IEnumerable<int> Whole(Operation operation, int inputCount)
    {
        IEnumerable<int> arguments = Kernels.UsesOf(operation).SelectMany(u => u.Arguments).Where(a => a.Kind == ArgumentKind.Input).Select(a => a.Position);
        return operation switch
        {
            MapOperation map => map.Bases.Concat(map.Pieces.SelectMany(p => Symbols(p.Domain))).Concat(arguments),
            ReduceOperation reduce => Symbols(reduce.Domain).Concat(arguments),
            ScanOperation scan => Symbols(scan.Domain).Concat(arguments),
            ScatterOperation scatter => Symbols(scatter.Domain).Concat(arguments).Append(scatter.Into),
            SweepOperation sweep => Symbols(sweep.Domain).Concat(arguments).Append(sweep.Start),
            _ => Enumerable.Range(0, inputCount),
        };
    }

    /// <summary>Drops inputs and captured numbers that nothing refers to.</summary>
    public static GraphNode Compact(GraphNode node)
    {
        if (node.Operation is not (MapOperation or ReduceOperation or ScanOperation or ScatterOperation or SweepOperation))
        {
            return node;
        }
        var inputs = new SortedSet<int>(Whole(node.Operation, node.Inputs.Length));
        var scalars = new SortedSet<int>();
        foreach (KernelUse use in Kernels.UsesOf(node.Operation))
        {
            inputs.UnionWith(use.Operands);
            scalars.UnionWith(use.Arguments.Where(a => a.Kind == ArgumentKind.Scalar).Select(a => a.Position));
        }
        if (inputs.Count == node.Inputs.Length && scalars.Count == node.Scalars.Length)
        {
            return node;
        }
        int[] keptInputs = [.. inputs];
        int[] keptScalars = [.. scalars];
        return node with
        {
            Operation = Renumber(node.Operation, p => Array.BinarySearch(keptInputs, p), s => Array.BinarySearch(keptScalars, s)),
            Inputs = [.. keptInputs.Select(p => node.Inputs[p])],
            Scalars = [.. keptScalars.Select(s => node.Scalars[s])],
        };
    }

    private static Operation Renumber(Operation operation, Func<int, int> input, Func<int, int> scalar) => operation switch
    {
        MapOperation map => map with
        {
            Pieces = [.. map.Pieces.Select(p => new MapPiece(p.Domain.Renumber(input), Renumber(p.Use, input, scalar)))],
            Bases = [.. map.Bases.Select(input)],
        },
        ReduceOperation reduce => reduce with { Domain = reduce.Domain.Renumber(input), Use = Renumber(reduce.Use, input, scalar) },
        ScanOperation scan => scan with { Domain = scan.Domain.Renumber(input), Use = Renumber(scan.Use, input, scalar) },
        ScatterOperation scatter => scatter with { Domain = scatter.Domain.Renumber(input), Use = Renumber(scatter.Use, input, scalar), Into = input(scatter.Into) },
        SweepOperation sweep => sweep with { Domain = sweep.Domain.Renumber(input), Use = Renumber(sweep.Use, input, scalar), Start = input(sweep.Start) },
        _ => operation,
    };

    private static KernelUse Renumber(KernelUse use, Func<int, int> input, Func<int, int> scalar) => new(use.Kernel, [.. use.Operands.Select(input)],
        [.. use.Arguments.Select(a => a with { Position = a.Kind == ArgumentKind.Input ? input(a.Position) : scalar(a.Position) })]);

    private static IEnumerable<int> Symbols(IterationDomain domain) =>
        domain.Axes.SelectMany(a => a.Low.Terms.Concat(a.High.Terms)).Select(t => t.Input);
}
