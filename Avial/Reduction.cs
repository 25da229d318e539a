using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.Import;
using Avial.IR;

namespace Avial;

/// <summary>
/// How values are combined by <c>Reduce</c>, <c>Scan</c> and <c>Scatter</c>. The standard ones are here; a user's own associative combination is made by
/// <see cref="Of{T}"/>.
/// </summary>
public class Reduction
{
    private Reduction(CombinerKind kind) => Kind = kind;

    internal CombinerKind Kind { get; }

    /// <summary>
    /// The sum, in the type of the values (refused for integers narrower than int). Floating point: the reproducible order of the
    /// library, the same bits for any number of threads and ranks. Of nothing: 0.
    /// </summary>
    public static Reduction Sum { get; } = new(CombinerKind.Sum);

    /// <summary>The product, in a fixed tree order. Of nothing: 1.</summary>
    public static Reduction Product { get; } = new(CombinerKind.Product);

    /// <summary>The smallest value as <c>Math.Min</c> (NaN wins, -0 is below +0). Of nothing: an error.</summary>
    public static Reduction Min { get; } = new(CombinerKind.Min);

    /// <summary>The largest value as <c>Math.Max</c> (NaN wins). Of nothing: an error.</summary>
    public static Reduction Max { get; } = new(CombinerKind.Max);

    /// <summary>True when any value is; of nothing: false.</summary>
    public static Reduction Any { get; } = new(CombinerKind.Any);

    /// <summary>True when all values are; of nothing: true.</summary>
    public static Reduction All { get; } = new(CombinerKind.All);

    /// <summary>The sum divided by the count; of floating-point values only. Of nothing: NaN.</summary>
    public static Reduction Mean { get; } = new(CombinerKind.Mean);

    /// <summary>For <c>Scatter</c>: the contribution with the highest source index stays.</summary>
    public static Reduction Last { get; } = new(CombinerKind.Last);

    /// <summary>The index and value of the smallest element; ties: the lowest index; a NaN: the first one. Of nothing: an error.</summary>
    public static ArgReduction ArgMin { get; } = new(CombinerKind.ArgMin);

    /// <summary>The index and value of the largest element; ties: the lowest index; a NaN: the first one. Of nothing: an error.</summary>
    public static ArgReduction ArgMax { get; } = new(CombinerKind.ArgMax);

    /// <summary>A combination of the user's own. It must be associative; the order is a fixed tree that depends on the domain only.</summary>
    /// <param name="identity">The neutral element: what nothing combines to.</param>
    /// <param name="combine">Combines two values, the left one from lower indices.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public static Reduction<T> Of<T>(T identity, Expression<Func<T, T, T>> combine, [CallerArgumentExpression(nameof(combine))] string text = "",
        [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(combine);
        Kernel kernel = LambdaImporter.ImportCombiner(combine, new SourceSpan(file, line, text));
        return new Reduction<T>(new Combiner(CombinerKind.Fold, kernel, [.. Execution.StorageAccess.Bits(identity)]));
    }
}

/// <summary>A combination of values of one type.</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public sealed class Reduction<T> where T : unmanaged
{
    private static readonly Dictionary<CombinerKind, Reduction<T>> s_standard =
        Enum.GetValues<CombinerKind>().ToDictionary(kind => kind, kind => new Reduction<T>(new Combiner(kind)));

    internal Reduction(Combiner combiner) => Combiner = combiner;

    internal Combiner Combiner { get; }

    /// <summary>A standard reduction for this type.</summary>
    public static implicit operator Reduction<T>(Reduction standard)
    {
        ArgumentNullException.ThrowIfNull(standard);
        return s_standard[standard.Kind];
    }
}

/// <summary><see cref="Reduction.ArgMin"/> or <see cref="Reduction.ArgMax"/>.</summary>
public sealed class ArgReduction
{
    internal ArgReduction(CombinerKind kind) => Combiner = new Combiner(kind);

    internal Combiner Combiner { get; }
}

/// <summary>An element found in one dimension: its index and value.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="I">Its index.</param>
/// <param name="Value">Its value.</param>
public readonly record struct Found1D<T>(long I, T Value) where T : unmanaged;

/// <summary>An element found in two dimensions: its indices and value.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="I">Its index along the first axis.</param>
/// <param name="J">Its index along the second axis.</param>
/// <param name="Value">Its value.</param>
public readonly record struct Found2D<T>(long I, long J, T Value) where T : unmanaged;

/// <summary>An element found in three dimensions: its indices and value.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="I">Its index along the first axis.</param>
/// <param name="J">Its index along the second axis.</param>
/// <param name="K">Its index along the third axis.</param>
/// <param name="Value">Its value.</param>
public readonly record struct Found3D<T>(long I, long J, long K, T Value) where T : unmanaged;

/// <summary>An element found in four dimensions: its indices and value.</summary>
/// <typeparam name="T">The element type.</typeparam>
/// <param name="I">Its index along the first axis.</param>
/// <param name="J">Its index along the second axis.</param>
/// <param name="K">Its index along the third axis.</param>
/// <param name="L">Its index along the fourth axis.</param>
/// <param name="Value">Its value.</param>
public readonly record struct Found4D<T>(long I, long J, long K, long L, T Value) where T : unmanaged;
