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

/// <summary>A function of one delegate type.</summary>
internal sealed class KernelFunction<TDelegate> : KernelFunction
    where TDelegate : Delegate
{
    private TDelegate? _compiled;

    public KernelFunction(Expression<TDelegate> body)
        : base(body)
    {
    }

    /// <summary>The host form, compiled at the first call.</summary>
    public TDelegate Compiled => _compiled ??= ((Expression<TDelegate>)Body).Compile();
}
