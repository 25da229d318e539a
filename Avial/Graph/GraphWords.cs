using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Words of the graph's text.</summary>
internal static class GraphWords
{
    public static ImmutableArray<(Type Operation, string Word)> Operations { get; } =
    [
        (typeof(SourceOperation), "source"),
        (typeof(SymbolOperation), "symbol"),
        (typeof(FillOperation), "fill"),
        (typeof(FileOperation), "file"),
        (typeof(MapOperation), "map"),
        (typeof(ReduceOperation), "reduce"),
        (typeof(ScanOperation), "scan"),
        (typeof(ScatterOperation), "scatter"),
        (typeof(SweepOperation), "sweep"),
        (typeof(ViewOperation), "view"),
        (typeof(ReshapeOperation), "reshape"),
        (typeof(LoopOperation), "loop"),
        (typeof(CallOperation), "call"),
    ];

    public static string Of(Operation operation) => Operations.First(r => r.Operation == operation.GetType()).Word;

    public static ImmutableArray<Target> Targets { get; } = [Avial.Targets.Auto, Avial.Targets.Cpu, Avial.Targets.Gpu];

    /// <summary>The kernels of an operation, a fold's included.</summary>
    public static IEnumerable<Kernel> Kernels(Operation operation) => operation switch
    {
        MapOperation map => map.Pieces.Select(p => p.Use.Kernel),
        ReduceOperation reduce => With(reduce.Use, reduce.Combiner),
        ScanOperation scan => With(scan.Use, scan.Combiner),
        ScatterOperation scatter => With(scatter.Use, scatter.Combiner),
        SweepOperation sweep => [sweep.Use.Kernel],
        _ => [],
    };

    private static IEnumerable<Kernel> With(KernelUse use, Combiner combiner) => combiner.Fold is { } fold ? [use.Kernel, fold] : [use.Kernel];
}
