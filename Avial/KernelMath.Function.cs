using System.Linq.Expressions;
using Avial.Import;

namespace Avial;

// Functions of the user's own.
public static partial class KernelMath
{
    /// <summary>
    /// A function of one argument that bodies and other functions may call: its expression is part of every body that calls it. On the host it is compiled at
    /// its first call. Keep it in a <c>static readonly</c> field or a variable; it may capture numbers and arrays, as bodies do.
    /// </summary>
    public static Func<T1, TResult> Function<T1, TResult>(Expression<Func<T1, TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<T1, TResult>(body).Call;
    }

    /// <summary>A function of two arguments that bodies and other functions may call.</summary>
    public static Func<T1, T2, TResult> Function<T1, T2, TResult>(Expression<Func<T1, T2, TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<T1, T2, TResult>(body).Call;
    }

    /// <summary>A function of three arguments that bodies and other functions may call.</summary>
    public static Func<T1, T2, T3, TResult> Function<T1, T2, T3, TResult>(Expression<Func<T1, T2, T3, TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<T1, T2, T3, TResult>(body).Call;
    }

    /// <summary>A function of four arguments that bodies and other functions may call.</summary>
    public static Func<T1, T2, T3, T4, TResult> Function<T1, T2, T3, T4, TResult>(Expression<Func<T1, T2, T3, T4, TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<T1, T2, T3, T4, TResult>(body).Call;
    }

    /// <summary>A function of five arguments that bodies and other functions may call.</summary>
    public static Func<T1, T2, T3, T4, T5, TResult> Function<T1, T2, T3, T4, T5, TResult>(Expression<Func<T1, T2, T3, T4, T5, TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<T1, T2, T3, T4, T5, TResult>(body).Call;
    }

    /// <summary>A function of six arguments that bodies and other functions may call.</summary>
    public static Func<T1, T2, T3, T4, T5, T6, TResult> Function<T1, T2, T3, T4, T5, T6, TResult>(Expression<Func<T1, T2, T3, T4, T5, T6, TResult>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<T1, T2, T3, T4, T5, T6, TResult>(body).Call;
    }
}
