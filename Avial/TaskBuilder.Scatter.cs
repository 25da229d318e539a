using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

public sealed partial class TaskBuilder
{
    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array1D<T> Scatter<T>(Domain1D domain, Array1D<T> into, Expression<Func<long, long>> at, Expression<Func<long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array2D<T> Scatter<T>(Domain1D domain, Array2D<T> into, Expression<Func<long, (long, long)>> at, Expression<Func<long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array3D<T> Scatter<T>(Domain1D domain, Array3D<T> into, Expression<Func<long, (long, long, long)>> at, Expression<Func<long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array1D<T> Scatter<T>(Domain2D domain, Array1D<T> into, Expression<Func<long, long, long>> at, Expression<Func<long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array2D<T> Scatter<T>(Domain2D domain, Array2D<T> into, Expression<Func<long, long, (long, long)>> at, Expression<Func<long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array3D<T> Scatter<T>(Domain2D domain, Array3D<T> into, Expression<Func<long, long, (long, long, long)>> at, Expression<Func<long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array1D<T> Scatter<T>(Domain3D domain, Array1D<T> into, Expression<Func<long, long, long, long>> at, Expression<Func<long, long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array2D<T> Scatter<T>(Domain3D domain, Array2D<T> into, Expression<Func<long, long, long, (long, long)>> at, Expression<Func<long, long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>
    /// <paramref name="into"/> with every contribution combined into the element named by <paramref name="at"/>, in ascending source index. A target outside is an error
    /// that names the index.
    /// </summary>
    public Array3D<T> Scatter<T>(Domain3D domain, Array3D<T> into, Expression<Func<long, long, long, (long, long, long)>> at, Expression<Func<long, long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Scatter(this, domain.Box, Recorder.Whole(into), at, value, Recorder.CombinerOf(by), new SourceSpan(file, line, text)));
}
