using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

public sealed partial class TaskBuilder
{
    /// <summary>Existing code as a task: it reads no arrays and writes 1, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public TArrayR Call<TArrayR, TR>(Output<TArrayR, TR> r, Action<Span<TR>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TR : unmanaged where TArrayR : NdArray<TR>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [], [r.Type], (reads, writes) => body(writes.Span<TR>(0)), effect, new SourceSpan(file, line, text));
        return r.Wrap(new NodeOutput(call, 0));
    }

    /// <summary>Existing code as a task: it reads no arrays and writes 2, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS) Call<TArrayR, TR, TArrayS, TS>(Output<TArrayR, TR> r, Output<TArrayS, TS> s, Action<Span<TR>, Span<TS>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TR : unmanaged where TS : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [], [r.Type, s.Type], (reads, writes) => body(writes.Span<TR>(0), writes.Span<TS>(1)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)));
    }

    /// <summary>Existing code as a task: it reads no arrays and writes 3, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU) Call<TArrayR, TR, TArrayS, TS, TArrayU, TU>(Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Action<Span<TR>, Span<TS>, Span<TU>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TR : unmanaged where TS : unmanaged where TU : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [], [r.Type, s.Type, u.Type], (reads, writes) => body(writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)));
    }

    /// <summary>Existing code as a task: it reads no arrays and writes 4, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU, TArrayV) Call<TArrayR, TR, TArrayS, TS, TArrayU, TU, TArrayV, TV>(Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Output<TArrayV, TV> v, Action<Span<TR>, Span<TS>, Span<TU>, Span<TV>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TR : unmanaged where TS : unmanaged where TU : unmanaged where TV : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU> where TArrayV : NdArray<TV>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [], [r.Type, s.Type, u.Type, v.Type], (reads, writes) => body(writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2), writes.Span<TV>(3)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)), v.Wrap(new NodeOutput(call, 3)));
    }

    /// <summary>Existing code as a task: it reads 1 array and writes 1, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public TArrayR Call<TA, TArrayR, TR>(NdArray<TA> a, Output<TArrayR, TR> r, Action<ReadOnlySpan<TA>, Span<TR>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TR : unmanaged where TArrayR : NdArray<TR>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a)], [r.Type], (reads, writes) => body(reads.Span<TA>(0), writes.Span<TR>(0)), effect, new SourceSpan(file, line, text));
        return r.Wrap(new NodeOutput(call, 0));
    }

    /// <summary>Existing code as a task: it reads 1 array and writes 2, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS) Call<TA, TArrayR, TR, TArrayS, TS>(NdArray<TA> a, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Action<ReadOnlySpan<TA>, Span<TR>, Span<TS>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TR : unmanaged where TS : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a)], [r.Type, s.Type], (reads, writes) => body(reads.Span<TA>(0), writes.Span<TR>(0), writes.Span<TS>(1)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)));
    }

    /// <summary>Existing code as a task: it reads 1 array and writes 3, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU) Call<TA, TArrayR, TR, TArrayS, TS, TArrayU, TU>(NdArray<TA> a, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Action<ReadOnlySpan<TA>, Span<TR>, Span<TS>, Span<TU>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a)], [r.Type, s.Type, u.Type], (reads, writes) => body(reads.Span<TA>(0), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)));
    }

    /// <summary>Existing code as a task: it reads 1 array and writes 4, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU, TArrayV) Call<TA, TArrayR, TR, TArrayS, TS, TArrayU, TU, TArrayV, TV>(NdArray<TA> a, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Output<TArrayV, TV> v, Action<ReadOnlySpan<TA>, Span<TR>, Span<TS>, Span<TU>, Span<TV>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TV : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU> where TArrayV : NdArray<TV>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a)], [r.Type, s.Type, u.Type, v.Type], (reads, writes) => body(reads.Span<TA>(0), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2), writes.Span<TV>(3)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)), v.Wrap(new NodeOutput(call, 3)));
    }

    /// <summary>Existing code as a task: it reads 2 arrays and writes 1, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public TArrayR Call<TA, TB, TArrayR, TR>(NdArray<TA> a, NdArray<TB> b, Output<TArrayR, TR> r, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, Span<TR>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TR : unmanaged where TArrayR : NdArray<TR>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b)], [r.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), writes.Span<TR>(0)), effect, new SourceSpan(file, line, text));
        return r.Wrap(new NodeOutput(call, 0));
    }

    /// <summary>Existing code as a task: it reads 2 arrays and writes 2, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS) Call<TA, TB, TArrayR, TR, TArrayS, TS>(NdArray<TA> a, NdArray<TB> b, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, Span<TR>, Span<TS>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TR : unmanaged where TS : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b)], [r.Type, s.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), writes.Span<TR>(0), writes.Span<TS>(1)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)));
    }

    /// <summary>Existing code as a task: it reads 2 arrays and writes 3, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU) Call<TA, TB, TArrayR, TR, TArrayS, TS, TArrayU, TU>(NdArray<TA> a, NdArray<TB> b, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, Span<TR>, Span<TS>, Span<TU>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b)], [r.Type, s.Type, u.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)));
    }

    /// <summary>Existing code as a task: it reads 2 arrays and writes 4, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU, TArrayV) Call<TA, TB, TArrayR, TR, TArrayS, TS, TArrayU, TU, TArrayV, TV>(NdArray<TA> a, NdArray<TB> b, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Output<TArrayV, TV> v, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, Span<TR>, Span<TS>, Span<TU>, Span<TV>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TV : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU> where TArrayV : NdArray<TV>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b)], [r.Type, s.Type, u.Type, v.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2), writes.Span<TV>(3)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)), v.Wrap(new NodeOutput(call, 3)));
    }

    /// <summary>Existing code as a task: it reads 3 arrays and writes 1, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public TArrayR Call<TA, TB, TC, TArrayR, TR>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, Output<TArrayR, TR> r, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, Span<TR>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TR : unmanaged where TArrayR : NdArray<TR>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c)], [r.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), writes.Span<TR>(0)), effect, new SourceSpan(file, line, text));
        return r.Wrap(new NodeOutput(call, 0));
    }

    /// <summary>Existing code as a task: it reads 3 arrays and writes 2, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS) Call<TA, TB, TC, TArrayR, TR, TArrayS, TS>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, Span<TR>, Span<TS>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TR : unmanaged where TS : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c)], [r.Type, s.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), writes.Span<TR>(0), writes.Span<TS>(1)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)));
    }

    /// <summary>Existing code as a task: it reads 3 arrays and writes 3, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU) Call<TA, TB, TC, TArrayR, TR, TArrayS, TS, TArrayU, TU>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, Span<TR>, Span<TS>, Span<TU>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c)], [r.Type, s.Type, u.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)));
    }

    /// <summary>Existing code as a task: it reads 3 arrays and writes 4, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU, TArrayV) Call<TA, TB, TC, TArrayR, TR, TArrayS, TS, TArrayU, TU, TArrayV, TV>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Output<TArrayV, TV> v, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, Span<TR>, Span<TS>, Span<TU>, Span<TV>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TV : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU> where TArrayV : NdArray<TV>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c)], [r.Type, s.Type, u.Type, v.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2), writes.Span<TV>(3)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)), v.Wrap(new NodeOutput(call, 3)));
    }

    /// <summary>Existing code as a task: it reads 4 arrays and writes 1, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public TArrayR Call<TA, TB, TC, TD, TArrayR, TR>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, NdArray<TD> d, Output<TArrayR, TR> r, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, ReadOnlySpan<TD>, Span<TR>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TD : unmanaged where TR : unmanaged where TArrayR : NdArray<TR>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c), Recorder.Whole(d)], [r.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), reads.Span<TD>(3), writes.Span<TR>(0)), effect, new SourceSpan(file, line, text));
        return r.Wrap(new NodeOutput(call, 0));
    }

    /// <summary>Existing code as a task: it reads 4 arrays and writes 2, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS) Call<TA, TB, TC, TD, TArrayR, TR, TArrayS, TS>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, NdArray<TD> d, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, ReadOnlySpan<TD>, Span<TR>, Span<TS>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TD : unmanaged where TR : unmanaged where TS : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c), Recorder.Whole(d)], [r.Type, s.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), reads.Span<TD>(3), writes.Span<TR>(0), writes.Span<TS>(1)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)));
    }

    /// <summary>Existing code as a task: it reads 4 arrays and writes 3, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU) Call<TA, TB, TC, TD, TArrayR, TR, TArrayS, TS, TArrayU, TU>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, NdArray<TD> d, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, ReadOnlySpan<TD>, Span<TR>, Span<TS>, Span<TU>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TD : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c), Recorder.Whole(d)], [r.Type, s.Type, u.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), reads.Span<TD>(3), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)));
    }

    /// <summary>Existing code as a task: it reads 4 arrays and writes 4, whole, row-major and zero at first. It runs once, and only when a result is needed or it is an effect.</summary>
    public (TArrayR, TArrayS, TArrayU, TArrayV) Call<TA, TB, TC, TD, TArrayR, TR, TArrayS, TS, TArrayU, TU, TArrayV, TV>(NdArray<TA> a, NdArray<TB> b, NdArray<TC> c, NdArray<TD> d, Output<TArrayR, TR> r, Output<TArrayS, TS> s, Output<TArrayU, TU> u, Output<TArrayV, TV> v, Action<ReadOnlySpan<TA>, ReadOnlySpan<TB>, ReadOnlySpan<TC>, ReadOnlySpan<TD>, Span<TR>, Span<TS>, Span<TU>, Span<TV>> body, bool effect = false, [CallerArgumentExpression(nameof(body))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TA : unmanaged where TB : unmanaged where TC : unmanaged where TD : unmanaged where TR : unmanaged where TS : unmanaged where TU : unmanaged where TV : unmanaged where TArrayR : NdArray<TR> where TArrayS : NdArray<TS> where TArrayU : NdArray<TU> where TArrayV : NdArray<TV>
    {
        ArgumentNullException.ThrowIfNull(body);
        Node call = Recorder.Call(this, [Recorder.Whole(a), Recorder.Whole(b), Recorder.Whole(c), Recorder.Whole(d)], [r.Type, s.Type, u.Type, v.Type], (reads, writes) => body(reads.Span<TA>(0), reads.Span<TB>(1), reads.Span<TC>(2), reads.Span<TD>(3), writes.Span<TR>(0), writes.Span<TS>(1), writes.Span<TU>(2), writes.Span<TV>(3)), effect, new SourceSpan(file, line, text));
        return (r.Wrap(new NodeOutput(call, 0)), s.Wrap(new NodeOutput(call, 1)), u.Wrap(new NodeOutput(call, 2)), v.Wrap(new NodeOutput(call, 3)));
    }
}
