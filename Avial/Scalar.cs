using System.Diagnostics;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;
using Avial.Import;

namespace Avial;

/// <summary>
/// A lazy number (or unmanaged struct): the result of <c>Reduce</c> over a whole domain, of <c>Run(() => ...)</c>, or a constant. In a body it is the number
/// itself; on the host, converting it to <typeparamref name="T"/> or reading <see cref="Value"/> evaluates it.
/// </summary>
/// <typeparam name="T">A primitive or an unmanaged struct of primitives.</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
public readonly struct Scalar<T> : IComputedHandle, IScalarHandle, IEquatable<Scalar<T>> where T : unmanaged
{
    private readonly NodeOutput _output;

    internal Scalar(NodeOutput output) => _output = output;

    private NodeOutput Output => _output.Node is null ? throw Throw.DefaultScalar(typeof(T)) : _output;

    NodeOutput IComputedHandle.Output => Output;

    NodeOutput IScalarHandle.Output => Output;

    /// <summary>The task that produces it.</summary>
    public TaskNode Producer => new(Output.Node);

    /// <summary>The value: evaluates on the host; in a body it is the scalar itself.</summary>
    public T Value => StorageAccess.Read<T>(Evaluation.Whole(Output), 0);

    /// <summary>The value: evaluates on the host; in a body it is the scalar itself.</summary>
    public static implicit operator T(Scalar<T> scalar) => scalar.Value;

    /// <summary>Evaluates on another thread and gives the value.</summary>
    public ValueTaskAwaiter<T> GetAwaiter() => ValueAsync(Output).GetAwaiter();

    /// <summary>True when both are the same output of the same task; compares no values.</summary>
    public bool Equals(Scalar<T> other) => _output == other._output;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Scalar<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _output.GetHashCode();

    /// <summary>The name, the type and, once evaluated, the value; never evaluates.</summary>
    public override string ToString()
    {
        if (_output.Node is null)
        {
            return $"Scalar<{typeof(T).Name}> (none)";
        }
        return Output.Node.ValueOf(Output.Index) is { IsReleased: false, Whole: { } storage } ? $"{Output.Node.Name} = {StorageAccess.Read<T>(storage, 0)}"
            : $"{Output.Node.Name}: {Output.Type} (not evaluated)";
    }

    IComputed IComputedHandle.Rebind(NodeOutput output) => new Scalar<T>(output);

    private static async ValueTask<T> ValueAsync(NodeOutput output) =>
        StorageAccess.Read<T>(await Evaluation.WholeAsync(output).ConfigureAwait(false), 0);
}

/// <summary>Makes scalars.</summary>
public static class Scalar
{
    /// <summary>A scalar of a known value; evaluating it costs nothing.</summary>
    public static Scalar<T> Of<T>(T value) where T : unmanaged =>
        new(ArraySources.Copy<T>([value], [], new SourceSpan("", 0, "")));
}
