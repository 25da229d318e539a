using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

public sealed partial class TaskBuilder
{
    /// <summary>All values of the body over the domain combined to one.</summary>
    public Scalar<T> Reduce<T>(Domain1D domain, Expression<Func<long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [0], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The index and value of the smallest or largest value of the body.</summary>
    public Scalar<Found1D<T>> Reduce<T>(Domain1D domain, Expression<Func<long, T>> value, ArgReduction by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found1D<T>), [0], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>All values of the body over the domain combined to one.</summary>
    public Scalar<T> Reduce<T>(Domain2D domain, Expression<Func<long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [0, 1], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The index and value of the smallest or largest value of the body.</summary>
    public Scalar<Found2D<T>> Reduce<T>(Domain2D domain, Expression<Func<long, long, T>> value, ArgReduction by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found2D<T>), [0, 1], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The values combined along one axis, which goes; the others stay, in order.</summary>
    public Array1D<T> Reduce<T>(Domain2D domain, Expression<Func<long, long, T>> value, Reduction<T> by, int axis, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [axis], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>The index along one axis, and the value, of the smallest or largest value along it.</summary>
    public Array1D<Found1D<T>> Reduce<T>(Domain2D domain, Expression<Func<long, long, T>> value, ArgReduction by, int axis, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found1D<T>), [axis], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>All values of the body over the domain combined to one.</summary>
    public Scalar<T> Reduce<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [0, 1, 2], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The index and value of the smallest or largest value of the body.</summary>
    public Scalar<Found3D<T>> Reduce<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, ArgReduction by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found3D<T>), [0, 1, 2], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The values combined along one axis, which goes; the others stay, in order.</summary>
    public Array2D<T> Reduce<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, Reduction<T> by, int axis, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [axis], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>The index along one axis, and the value, of the smallest or largest value along it.</summary>
    public Array2D<Found1D<T>> Reduce<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, ArgReduction by, int axis, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found1D<T>), [axis], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>The values combined along two axes, which go; the others stay, in order.</summary>
    public Array1D<T> Reduce<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, Reduction<T> by, (int First, int Second) axes, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [axes.First, axes.Second], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>All values of the body over the domain combined to one.</summary>
    public Scalar<T> Reduce<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, Reduction<T> by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [0, 1, 2, 3], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The index and value of the smallest or largest value of the body.</summary>
    public Scalar<Found4D<T>> Reduce<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, ArgReduction by, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found4D<T>), [0, 1, 2, 3], Recorder.CombinerOf(by), new SourceSpan(file, line, text)).Whole);

    /// <summary>The values combined along one axis, which goes; the others stay, in order.</summary>
    public Array3D<T> Reduce<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, Reduction<T> by, int axis, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [axis], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>The index along one axis, and the value, of the smallest or largest value along it.</summary>
    public Array3D<Found1D<T>> Reduce<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, ArgReduction by, int axis, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Find(this, domain.Box, value, typeof(T), typeof(Found1D<T>), [axis], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>The values combined along two axes, which go; the others stay, in order.</summary>
    public Array2D<T> Reduce<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, Reduction<T> by, (int First, int Second) axes, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [axes.First, axes.Second], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));

    /// <summary>The values combined along three axes, which go; the other stays.</summary>
    public Array1D<T> Reduce<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, Reduction<T> by, (int First, int Second, int Third) axes, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Reduce(this, domain.Box, value, typeof(T), [axes.First, axes.Second, axes.Third], Recorder.CombinerOf(by), new SourceSpan(file, line, text)));
}
