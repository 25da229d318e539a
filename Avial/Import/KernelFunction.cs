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
internal sealed class KernelFunction<A, R> : KernelFunction
{
    private Func<A, R>? _compiled;

    public KernelFunction(Expression<Func<A, R>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public R Call(A a) => (_compiled ??= ((Expression<Func<A, R>>)Body).Compile())(a);
}

/// <summary>A function of two arguments.</summary>
internal sealed class KernelFunction<A, B, R> : KernelFunction
{
    private Func<A, B, R>? _compiled;

    public KernelFunction(Expression<Func<A, B, R>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public R Call(A a, B b) => (_compiled ??= ((Expression<Func<A, B, R>>)Body).Compile())(a, b);
}

/// <summary>A function of three arguments.</summary>
internal sealed class KernelFunction<A, B, C, R> : KernelFunction
{
    private Func<A, B, C, R>? _compiled;

    public KernelFunction(Expression<Func<A, B, C, R>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public R Call(A a, B b, C c) => (_compiled ??= ((Expression<Func<A, B, C, R>>)Body).Compile())(a, b, c);
}

/// <summary>A function of four arguments.</summary>
internal sealed class KernelFunction<A, B, C, D, R> : KernelFunction
{
    private Func<A, B, C, D, R>? _compiled;

    public KernelFunction(Expression<Func<A, B, C, D, R>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public R Call(A a, B b, C c, D d) => (_compiled ??= ((Expression<Func<A, B, C, D, R>>)Body).Compile())(a, b, c, d);
}

/// <summary>A function of five arguments.</summary>
internal sealed class KernelFunction<A, B, C, D, E, R> : KernelFunction
{
    private Func<A, B, C, D, E, R>? _compiled;

    public KernelFunction(Expression<Func<A, B, C, D, E, R>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public R Call(A a, B b, C c, D d, E e) => (_compiled ??= ((Expression<Func<A, B, C, D, E, R>>)Body).Compile())(a, b, c, d, e);
}

/// <summary>A function of six arguments.</summary>
internal sealed class KernelFunction<A, B, C, D, E, F, R> : KernelFunction
{
    private Func<A, B, C, D, E, F, R>? _compiled;

    public KernelFunction(Expression<Func<A, B, C, D, E, F, R>> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public R Call(A a, B b, C c, D d, E e, F f) => (_compiled ??= ((Expression<Func<A, B, C, D, E, F, R>>)Body).Compile())(a, b, c, d, e, f);
}
