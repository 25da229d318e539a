using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

public sealed partial class TaskBuilder
{
    /// <summary>Running combination along the domain: element i combines the values up to i (<paramref name="exclusive"/>: before i). A reversed domain runs from the high end.</summary>
    public Array1D<T> Scan<T>(Domain1D domain, Expression<Func<long, T>> value, Reduction<T> by, bool exclusive = false, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Scan(this, domain.Box, value, typeof(T), 0, exclusive, Recorder.CombinerOf(by), new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>
    /// An ordered, in-place recurrence: the points of the domain in lexicographic order, each axis in its direction; <c>self[p]</c> is the new value where p
    /// comes before, else the value of <paramref name="start"/>. Run as wavefronts where the dependences allow.
    /// </summary>
    public Array1D<T> Sweep<T>(Array1D<T> start, Domain1D domain, Expression<Func<Array1D<T>, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Sweep(this, Recorder.Whole(start), domain.Box, value, new SourceSpan(file, line, text)));

    /// <summary>Running combination along one axis: element i combines the values up to i (<paramref name="exclusive"/>: before i). A reversed domain runs from the high end.</summary>
    public Array2D<T> Scan<T>(Domain2D domain, Expression<Func<long, long, T>> value, Reduction<T> by, int axis, bool exclusive = false, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Scan(this, domain.Box, value, typeof(T), axis, exclusive, Recorder.CombinerOf(by), new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>
    /// An ordered, in-place recurrence: the points of the domain in lexicographic order, each axis in its direction; <c>self[p]</c> is the new value where p
    /// comes before, else the value of <paramref name="start"/>. Run as wavefronts where the dependences allow.
    /// </summary>
    public Array2D<T> Sweep<T>(Array2D<T> start, Domain2D domain, Expression<Func<Array2D<T>, long, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Sweep(this, Recorder.Whole(start), domain.Box, value, new SourceSpan(file, line, text)));

    /// <summary>Running combination along one axis: element i combines the values up to i (<paramref name="exclusive"/>: before i). A reversed domain runs from the high end.</summary>
    public Array3D<T> Scan<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, Reduction<T> by, int axis, bool exclusive = false, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Scan(this, domain.Box, value, typeof(T), axis, exclusive, Recorder.CombinerOf(by), new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>
    /// An ordered, in-place recurrence: the points of the domain in lexicographic order, each axis in its direction; <c>self[p]</c> is the new value where p
    /// comes before, else the value of <paramref name="start"/>. Run as wavefronts where the dependences allow.
    /// </summary>
    public Array3D<T> Sweep<T>(Array3D<T> start, Domain3D domain, Expression<Func<Array3D<T>, long, long, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Sweep(this, Recorder.Whole(start), domain.Box, value, new SourceSpan(file, line, text)));

    /// <summary>Running combination along one axis: element i combines the values up to i (<paramref name="exclusive"/>: before i). A reversed domain runs from the high end.</summary>
    public Array4D<T> Scan<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, Reduction<T> by, int axis, bool exclusive = false, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Scan(this, domain.Box, value, typeof(T), axis, exclusive, Recorder.CombinerOf(by), new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>
    /// An ordered, in-place recurrence: the points of the domain in lexicographic order, each axis in its direction; <c>self[p]</c> is the new value where p
    /// comes before, else the value of <paramref name="start"/>. Run as wavefronts where the dependences allow.
    /// </summary>
    public Array4D<T> Sweep<T>(Array4D<T> start, Domain4D domain, Expression<Func<Array4D<T>, long, long, long, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Sweep(this, Recorder.Whole(start), domain.Box, value, new SourceSpan(file, line, text)));
}
