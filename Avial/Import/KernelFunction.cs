using System.Linq.Expressions;

namespace Avial.Import;

/// <summary>The target of every delegate made by <c>KernelMath.Function</c>: it keeps the lambda for the importer and compiles it when the host calls it.</summary>
internal abstract class KernelFunction
{
    protected KernelFunction(LambdaExpression body) => Body = body;

    public LambdaExpression Body { get; }

    /// <summary>The lambda behind a delegate, or null when it was not made by <c>Function</c>.</summary>
    public static LambdaExpression? BodyOf(Delegate function) => (function.Target as KernelFunction)?.Body;
}

/// <summary>A function of one argument.</summary>
internal sealed class KernelFunction<T1, TResult> : KernelFunction
{
    private Func<T1, TResult>? _compiled;

    public KernelFunction(Expression<Func<T1, TResult>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TResult Call(T1 a) => (_compiled ??= ((Expression<Func<T1, TResult>>)Body).Compile())(a);
}

/// <summary>A function of two arguments.</summary>
internal sealed class KernelFunction<T1, T2, TResult> : KernelFunction
{
    private Func<T1, T2, TResult>? _compiled;

    public KernelFunction(Expression<Func<T1, T2, TResult>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TResult Call(T1 a, T2 b) => (_compiled ??= ((Expression<Func<T1, T2, TResult>>)Body).Compile())(a, b);
}

/// <summary>A function of three arguments.</summary>
internal sealed class KernelFunction<T1, T2, T3, TResult> : KernelFunction
{
    private Func<T1, T2, T3, TResult>? _compiled;

    public KernelFunction(Expression<Func<T1, T2, T3, TResult>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TResult Call(T1 a, T2 b, T3 c) => (_compiled ??= ((Expression<Func<T1, T2, T3, TResult>>)Body).Compile())(a, b, c);
}

/// <summary>A function of four arguments.</summary>
internal sealed class KernelFunction<T1, T2, T3, T4, TResult> : KernelFunction
{
    private Func<T1, T2, T3, T4, TResult>? _compiled;

    public KernelFunction(Expression<Func<T1, T2, T3, T4, TResult>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TResult Call(T1 a, T2 b, T3 c, T4 d) => (_compiled ??= ((Expression<Func<T1, T2, T3, T4, TResult>>)Body).Compile())(a, b, c, d);
}

/// <summary>A function of five arguments.</summary>
internal sealed class KernelFunction<T1, T2, T3, T4, T5, TResult> : KernelFunction
{
    private Func<T1, T2, T3, T4, T5, TResult>? _compiled;

    public KernelFunction(Expression<Func<T1, T2, T3, T4, T5, TResult>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TResult Call(T1 a, T2 b, T3 c, T4 d, T5 e) => (_compiled ??= ((Expression<Func<T1, T2, T3, T4, T5, TResult>>)Body).Compile())(a, b, c, d, e);
}

/// <summary>A function of six arguments.</summary>
internal sealed class KernelFunction<T1, T2, T3, T4, T5, T6, TResult> : KernelFunction
{
    private Func<T1, T2, T3, T4, T5, T6, TResult>? _compiled;

    public KernelFunction(Expression<Func<T1, T2, T3, T4, T5, T6, TResult>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TResult Call(T1 a, T2 b, T3 c, T4 d, T5 e, T6 f) => (_compiled ??= ((Expression<Func<T1, T2, T3, T4, T5, T6, TResult>>)Body).Compile())(a, b, c, d, e, f);
}
