namespace Avial.Tests.PolyBench;

/// <summary>A kernel of PolyBench/C 4.2 in the language and as plain loops, both on PolyBench's initial values.</summary>
/// <param name="Name">PolyBench's name.</param>
/// <param name="Sizes">PolyBench's smallest size, odd ones, and a larger one; the numbers are in the order that PolyBench lists them.</param>
/// <param name="Avial">Runs the program in the current session; the live results, row-major.</param>
/// <param name="Plain">Runs the loops.</param>
internal sealed record PolyBenchKernel(string Name, int[][] Sizes, Func<int[], double[]> Avial, Func<int[], double[]> Plain)
{
    /// <summary>From this many terms on an inner <c>Sum</c> is no longer one ascending loop.</summary>
    public const int Chunk = 256;

    /// <summary>The unit in the last place of 1.</summary>
    public const double Epsilon = 1.0 / (1L << 52);

    /// <summary>How far an element may be from the loop's, relative to it; 0: the same bits.</summary>
    public Func<int[], double> Tolerance { get; init; } = _ => 0;

    /// <summary>Why the tolerance is what it is.</summary>
    public string Why { get; init; } = "the operations and their order are those of the loops";

    /// <summary>The tolerance of inner sums of so many terms, none of them negative: each addition rounds once on either side.</summary>
    public static double OfSums(int terms) => terms <= Chunk ? 0 : terms * Epsilon;

    public override string ToString() => Name;
}
