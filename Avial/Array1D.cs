using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;

namespace Avial;

/// <summary>Makes 1-D arrays.</summary>
public static partial class Array1D
{
    /// <summary>An array of these elements, copied now. Also what <c>Array1D&lt;float&gt; y = [1f, 2f]</c> calls.</summary>
    public static Array1D<T> From<T>(ReadOnlySpan<T> copied) where T : unmanaged =>
        new(ArraySources.Copy(copied, [copied.Length], SourceSpan.None));

    /// <summary>An array of these elements, copied now.</summary>
    public static Array1D<T> From<T>(T[] copied) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(copied);
        return new(ArraySources.Copy<T>(copied, [copied.Length], SourceSpan.None));
    }

    /// <summary>
    /// An array that borrows the host array instead of copying it: its elements must not change until the array was used for the last time. Arrays of structs
    /// are copied (they are kept as structure of arrays).
    /// </summary>
    public static Array1D<T> Borrow<T>(T[] notCopied, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(notCopied);
        return new(ArraySources.Borrow<T>(notCopied, new SourceSpan(file, line, "")));
    }

    /// <summary>An array with one value everywhere. Lazy.</summary>
    public static Array1D<T> Fill<T>(Domain1D domain, T value, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(ArraySources.Fill(domain.Box, value, new SourceSpan(file, line, "")));

    /// <summary>An array whose element is a function of the index. Lazy.</summary>
    public static Array1D<T> FromIndex<T>(Domain1D domain, Expression<Func<long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new TaskBuilder(Targets.Auto).Run(domain, value, text, file, line);

    /// <summary>Uniform random numbers in [0, 1), of type float or double: element number n is a function of (seed, n) alone. Lazy.</summary>
    public static Array1D<T> Uniform<T>(Domain1D domain, long seed, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(ArraySources.Random(domain.Box, typeof(T), Avial.IR.RandomKind.Uniform, seed, new SourceSpan(file, line, "")));

    /// <summary>Standard normal random numbers, of type float or double: element number n is a function of (seed, n) alone. Lazy.</summary>
    public static Array1D<T> Normal<T>(Domain1D domain, long seed, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(ArraySources.Random(domain.Box, typeof(T), Avial.IR.RandomKind.Normal, seed, new SourceSpan(file, line, "")));

    /// <summary>
    /// An array in a NumPy file (<c>.npy</c>, versions 1 to 3, both orders, both byte orders). The header is read now, the elements when needed. Errors: AVL05xx for a
    /// damaged file, another element type or another number of dimensions.
    /// </summary>
    public static Array1D<T> Load<T>(string npyPath, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(ArraySources.Load(npyPath, typeof(T), 1, new SourceSpan(file, line, "")));
}
