using Avial.Graph;

namespace Avial;

/// <summary>A recorded task, for looking at: its name, where it was written, what it reads and gives. Walking it evaluates nothing.</summary>
public sealed class TaskNode : IEquatable<TaskNode>
{
    private readonly Node _node;

    internal TaskNode(Node node) => _node = node;

    /// <summary>The name given by <c>Named</c>, else the variable a later body reads it by, else <c>Run@File.cs:12</c>.</summary>
    public string Name => _node.Name;

    /// <summary>The source file of the recording call.</summary>
    public string File => _node.Span.File;

    /// <summary>The line of the recording call.</summary>
    public int Line => _node.Span.Line;

    /// <summary>The text of the lambda, as written.</summary>
    public string Text => _node.Span.Text;

    /// <summary>The requested kind of device.</summary>
    public Target Target => _node.Target;

    /// <summary>What it does: Run, Reduce, Scan, Scatter, Sweep, Repeat, Call, View, Reshape, From, Fill, Load.</summary>
    public string Kind => _node.Kind;

    /// <summary>The tasks it reads. Empty for sources, and once the task is evaluated (it then no longer needs them).</summary>
    public IReadOnlyList<TaskNode> Inputs => [.. _node.Inputs.Select(i => new TaskNode(i.Node))];

    /// <summary>The type and shape of each result, as text: <c>f32[4096×4096]</c>.</summary>
    public IReadOnlyList<string> Outputs => [.. _node.Operation.Outputs.Select(o => o.ToString())];

    /// <summary>True once its results are in memory.</summary>
    public bool IsEvaluated => Enumerable.Range(0, _node.Operation.Outputs.Length).All(_node.IsMaterialised);

    /// <inheritdoc/>
    public bool Equals(TaskNode? other) => other is not null && ReferenceEquals(_node, other._node);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TaskNode);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_node);

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}: {string.Join(", ", Outputs)}";
}
