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
    public static Func<A, R> Function<A, R>(Expression<Func<A, R>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<A, R>(body).Call;
    }

    /// <summary>A function of two arguments that bodies and other functions may call.</summary>
    public static Func<A, B, R> Function<A, B, R>(Expression<Func<A, B, R>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<A, B, R>(body).Call;
    }

    /// <summary>A function of three arguments that bodies and other functions may call.</summary>
    public static Func<A, B, C, R> Function<A, B, C, R>(Expression<Func<A, B, C, R>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<A, B, C, R>(body).Call;
    }

    /// <summary>A function of four arguments that bodies and other functions may call.</summary>
    public static Func<A, B, C, D, R> Function<A, B, C, D, R>(Expression<Func<A, B, C, D, R>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<A, B, C, D, R>(body).Call;
    }

    /// <summary>A function of five arguments that bodies and other functions may call.</summary>
    public static Func<A, B, C, D, E, R> Function<A, B, C, D, E, R>(Expression<Func<A, B, C, D, E, R>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<A, B, C, D, E, R>(body).Call;
    }

    /// <summary>A function of six arguments that bodies and other functions may call.</summary>
    public static Func<A, B, C, D, E, F, R> Function<A, B, C, D, E, F, R>(Expression<Func<A, B, C, D, E, F, R>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return new KernelFunction<A, B, C, D, E, F, R>(body).Call;
    }
}
