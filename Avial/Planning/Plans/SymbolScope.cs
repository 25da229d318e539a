using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>The numbers that formulas of one body may use: its table of captured numbers, and the step of its loop and of the loops around it.</summary>
/// <param name="Scalars">The body's table of captured numbers; empty when only formulas without them are evaluated.</param>
/// <param name="Step">The step of the loop whose body this is; null for the whole program, or when it is not known.</param>
/// <param name="Outer">The scope of the body around.</param>
internal sealed record SymbolScope(ulong[] Scalars, long? Step, SymbolScope? Outer)
{
    private Dictionary<GraphNode, SymbolScope>? _inside;

    /// <summary>The step. A loop whose boxes move in place counts it up, in a scope of its own.</summary>
    public long? Step { get; set; } = Step;

    /// <summary>The scope of a loop's body.</summary>
    public SymbolScope Inside(GraphNode loop, long? step) =>
        new(Scalars.Length == 0 ? [] : [.. loop.Scalars.Select(s => Scalars[s])], step, this);

    /// <summary>The scope of a loop's body at any step, made once; for the one thread that a scope is moved by.</summary>
    public SymbolScope InsideAnyStep(GraphNode loop)
    {
        _inside ??= new(ReferenceEqualityComparer.Instance);
        if (!_inside.TryGetValue(loop, out SymbolScope? scope))
        {
            _inside.Add(loop, scope = Inside(loop, null));
        }
        return scope;
    }

    /// <summary>The step of the loop so many levels out (0: this body's own).</summary>
    public long? StepAt(int depth)
    {
        SymbolScope? scope = this;
        for (; depth > 0 && scope is not null; depth--)
        {
            scope = scope.Outer;
        }
        return scope?.Step;
    }
}
