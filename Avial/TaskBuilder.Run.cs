using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

public sealed partial class TaskBuilder
{
    /// <summary>A new array with one element per index of the domain, each the value of the body there.</summary>
    /// <param name="domain">The indices; a domain that does not start at 0 needs <c>.Over(base)</c>, <c>.Or(v)</c> or <c>.Rebase()</c>.</param>
    /// <param name="value">The body: a pure function of the index.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Array1D<T> Run<T>(Domain1D domain, Expression<Func<long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [value], [typeof(T)], new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>Two new arrays from one pass over the domain.</summary>
    public (Array1D<T>, Array1D<TSecond>) Run<T, TSecond>(Domain1D domain, Expression<Func<long, T>> first, Expression<Func<long, TSecond>> second, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second], [typeof(T), typeof(TSecond)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)));
    }

    /// <summary>Three new arrays from one pass over the domain.</summary>
    public (Array1D<T>, Array1D<TSecond>, Array1D<TThird>) Run<T, TSecond, TThird>(Domain1D domain, Expression<Func<long, T>> first, Expression<Func<long, TSecond>> second, Expression<Func<long, TThird>> third, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged where TThird : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second, third], [typeof(T), typeof(TSecond), typeof(TThird)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)), new(piece.Output(2)));
    }

    /// <summary>A new array with one element per index of the domain, each the value of the body there.</summary>
    /// <param name="domain">The indices; a domain that does not start at 0 needs <c>.Over(base)</c>, <c>.Or(v)</c> or <c>.Rebase()</c>.</param>
    /// <param name="value">The body: a pure function of the index.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Array2D<T> Run<T>(Domain2D domain, Expression<Func<long, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [value], [typeof(T)], new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>Two new arrays from one pass over the domain.</summary>
    public (Array2D<T>, Array2D<TSecond>) Run<T, TSecond>(Domain2D domain, Expression<Func<long, long, T>> first, Expression<Func<long, long, TSecond>> second, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second], [typeof(T), typeof(TSecond)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)));
    }

    /// <summary>Three new arrays from one pass over the domain.</summary>
    public (Array2D<T>, Array2D<TSecond>, Array2D<TThird>) Run<T, TSecond, TThird>(Domain2D domain, Expression<Func<long, long, T>> first, Expression<Func<long, long, TSecond>> second, Expression<Func<long, long, TThird>> third, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged where TThird : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second, third], [typeof(T), typeof(TSecond), typeof(TThird)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)), new(piece.Output(2)));
    }

    /// <summary>A new array with one element per index of the domain, each the value of the body there.</summary>
    /// <param name="domain">The indices; a domain that does not start at 0 needs <c>.Over(base)</c>, <c>.Or(v)</c> or <c>.Rebase()</c>.</param>
    /// <param name="value">The body: a pure function of the index.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Array3D<T> Run<T>(Domain3D domain, Expression<Func<long, long, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [value], [typeof(T)], new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>Two new arrays from one pass over the domain.</summary>
    public (Array3D<T>, Array3D<TSecond>) Run<T, TSecond>(Domain3D domain, Expression<Func<long, long, long, T>> first, Expression<Func<long, long, long, TSecond>> second, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second], [typeof(T), typeof(TSecond)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)));
    }

    /// <summary>Three new arrays from one pass over the domain.</summary>
    public (Array3D<T>, Array3D<TSecond>, Array3D<TThird>) Run<T, TSecond, TThird>(Domain3D domain, Expression<Func<long, long, long, T>> first, Expression<Func<long, long, long, TSecond>> second, Expression<Func<long, long, long, TThird>> third, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged where TThird : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second, third], [typeof(T), typeof(TSecond), typeof(TThird)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)), new(piece.Output(2)));
    }

    /// <summary>A new array with one element per index of the domain, each the value of the body there.</summary>
    /// <param name="domain">The indices; a domain that does not start at 0 needs <c>.Over(base)</c>, <c>.Or(v)</c> or <c>.Rebase()</c>.</param>
    /// <param name="value">The body: a pure function of the index.</param>
    /// <param name="text">Filled in by the compiler.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public Array4D<T> Run<T>(Domain4D domain, Expression<Func<long, long, long, long, T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [value], [typeof(T)], new SourceSpan(file, line, text));
        return new(piece);
    }

    /// <summary>Two new arrays from one pass over the domain.</summary>
    public (Array4D<T>, Array4D<TSecond>) Run<T, TSecond>(Domain4D domain, Expression<Func<long, long, long, long, T>> first, Expression<Func<long, long, long, long, TSecond>> second, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second], [typeof(T), typeof(TSecond)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)));
    }

    /// <summary>Three new arrays from one pass over the domain.</summary>
    public (Array4D<T>, Array4D<TSecond>, Array4D<TThird>) Run<T, TSecond, TThird>(Domain4D domain, Expression<Func<long, long, long, long, T>> first, Expression<Func<long, long, long, long, TSecond>> second, Expression<Func<long, long, long, long, TThird>> third, [CallerArgumentExpression(nameof(first))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged where TSecond : unmanaged where TThird : unmanaged
    {
        PendingPiece piece = Recorder.Run(this, domain.Box, [first, second, third], [typeof(T), typeof(TSecond), typeof(TThird)], new SourceSpan(file, line, text));
        return (new(piece), new(piece.Output(1)), new(piece.Output(2)));
    }
}
