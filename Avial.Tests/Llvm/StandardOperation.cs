using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Interpreters;
using Avial.Tests.Backends.Lowering;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Llvm;

/// <summary>An operation that every numerical program has, on arrays of some size.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Operation">The operation; it reads its inputs in order.</param>
/// <param name="Inputs">The types of its inputs.</param>
internal sealed record StandardOperation(string Name, Operation Operation, ImmutableArray<ArrayType> Inputs)
{
    private const string SaxpyKernel = """
        kernel rank 1 (%0) reads (a0: T[], a1: T[]) {
          %1 = const.T 3
          %2 = load.T a0[%0] proven
          %3 = load.T a1[%0] proven
          %4 = mul.T %1, %2
          %5 = add.T %4, %3
          return %5
        }
        """;

    private const string StencilKernel = """
        kernel rank 2 (%0, %1) reads (a0: T[,]) {
          %2 = load.T a0[%0 - 1, %1] proven
          %3 = load.T a0[%0 + 1, %1] proven
          %4 = load.T a0[%0, %1 - 1] proven
          %5 = load.T a0[%0, %1 + 1] proven
          %6 = add.T %2, %3
          %7 = add.T %4, %5
          %8 = add.T %6, %7
          return %8
        }
        """;

    private const string ElementKernel = """
        kernel rank 1 (%0) reads (a0: T[]) {
          %1 = load.T a0[%0] proven
          return %1
        }
        """;

    private const string RowsKernel = """
        kernel rank 2 (%0, %1) reads (a0: T[,]) {
          %2 = load.T a0[%0, %1] proven
          return %2
        }
        """;

    private const string DotKernel = """
        kernel rank 1 (%0) reads (a0: T[], a1: T[]) {
          %1 = load.T a0[%0] proven
          %2 = load.T a1[%0] proven
          %3 = mul.T %1, %2
          return %3
        }
        """;

    private const string ProductKernel = """
        kernel rank 2 (%0, %1) reads (a0: T[,], a1: T[,]) {
          %2 = const.i64 0
          %3 = extent a0 axis 1
          %7 = sum.T %2 .. %3 (%4) {
            %5 = load.T a0[%0, %4] proven
            %6 = load.T a1[%4, %1] proven
            yield %5, %6
          }
          return %7
        }
        """;

    /// <summary>All of them for a floating-point type and a size; some take n, some a few rows of n.</summary>
    public static IEnumerable<StandardOperation> All(ScalarType type, long n) =>
    [
        Map("saxpy", SaxpyKernel, type, [n], (0, n)),
        Map("stencil", StencilKernel, type, [4, n + 2], (1, 3), (1, n + 1)),
        Reduce("sum", ElementKernel, type, CombinerKind.Sum, [n]),
        Reduce("dot", DotKernel, type, CombinerKind.Sum, [n]),
        Reduce("max", ElementKernel, type, CombinerKind.Max, [n]),
        Reduce("mean", ElementKernel, type, CombinerKind.Mean, [n]),
        Reduce("argmin", ElementKernel, type, CombinerKind.ArgMin, [n]),
        Reduce("sums of rows", RowsKernel, type, CombinerKind.Sum, [3, n], [1]),
        Reduce("sums of columns", RowsKernel, type, CombinerKind.Sum, [3, n], [0]),
        Map("matrix product", ProductKernel, type, [n, n], (0, n), (0, n)),
    ];

    public static StandardOperation Of(string name, ScalarType type, long n) => All(type, n).Single(o => o.Name == name);

    /// <summary>The node of a region that has the inputs as parameters.</summary>
    public GraphNode Node => new(Operation, [.. Inputs.Select((_, i) => GraphValue.Parameter(i))], []) { Name = Name };

    /// <summary>Inputs of small numbers, so that nothing overflows.</summary>
    public Storage[] RandomInputs(Random random) => [.. Inputs.Select(type => LoweringCase.Store(type.Element, type.Extents,
        [[.. Enumerable.Range(0, (int)type.Count).Select(_ => type.Element.ColumnTypes[0] == ScalarType.F32 ? Bits(random.NextSingle() - 0.5f) : Bits(random.NextDouble() - 0.5))]]))];

    private static StandardOperation Map(string name, string kernel, ScalarType type, ImmutableArray<long> extents, params (long Low, long High)[] domain)
    {
        KernelUse use = UseOf(kernel, type);
        var output = new ArrayType(LoweringCase.LayoutOf([type]), [.. domain.Select(d => d.High - d.Low)]);
        var operation = new MapOperation([new MapPiece(Domain(domain), use)], [], [.. domain.Select(d => d.Low)]) { Outputs = [output] };
        return new StandardOperation(name, operation, InputsOf(use, type, extents));
    }

    private static StandardOperation Reduce(string name, string kernel, ScalarType type, CombinerKind kind, ImmutableArray<long> extents, ImmutableArray<int> axes = default)
    {
        KernelUse use = UseOf(kernel, type);
        axes = axes.IsDefault ? [.. Enumerable.Range(0, extents.Length)] : axes;
        ImmutableArray<ScalarType> columns = kind == CombinerKind.ArgMin ? [ScalarType.I64, type] : [type];
        var output = new ArrayType(LoweringCase.LayoutOf(columns), [.. Enumerable.Range(0, extents.Length).Except(axes).Select(a => extents[a])]);
        var operation = new ReduceOperation(Domain([.. extents.Select(e => (0L, e))]), use, axes, new Combiner(kind)) { Outputs = [output] };
        return new StandardOperation(name, operation, InputsOf(use, type, extents));
    }

    private static KernelUse UseOf(string kernel, ScalarType type) => Use(kernel.Replace("const.T 3", $"const.{type.Text()} 3").Replace(".T ", $".{type.Text()} ").Replace(": T[", $": {type.Text()}["));

    private static ImmutableArray<ArrayType> InputsOf(KernelUse use, ScalarType type, ImmutableArray<long> extents) =>
        [.. use.Operands.Select(_ => new ArrayType(LoweringCase.LayoutOf([type]), extents))];
}
