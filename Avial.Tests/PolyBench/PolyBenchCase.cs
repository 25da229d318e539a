namespace Avial.Tests.PolyBench;

/// <summary>A kernel at one size.</summary>
internal sealed record PolyBenchCase(PolyBenchKernel Kernel, int[] Size)
{
    /// <summary>Every kernel at each of its sizes.</summary>
    public static IEnumerable<PolyBenchCase> All =>
    [
        .. ((PolyBenchKernel[])
        [
            TwoMM.Kernel, ThreeMM.Kernel, Add2D.Kernel, Atax.Kernel, Bicg.Kernel, Cholesky.Kernel, Doitgen.Kernel, FloydWarshall.Kernel, Gemm.Kernel, Heat3D.Kernel, Jacobi1D.Kernel,
            Jacobi2D.Kernel, Lu.Kernel, Mvt.Kernel, Nussinov.Kernel, Seidel2D.Kernel, Symm.Kernel, Syr2k.Kernel, Syrk.Kernel, Trisolv.Kernel, Trmm.Kernel,
        ]).SelectMany(kernel => kernel.Sizes.Select(size => new PolyBenchCase(kernel, size))),
    ];

    public override string ToString() => $"{Kernel.Name} {string.Join('x', Size)}";
}
