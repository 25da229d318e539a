using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Interpreters;

/// <summary>One node of a region while it is interpreted: its inputs, its outputs, and how its traps are raised.</summary>
internal sealed class NodeRun
{
    public NodeRun(GraphNode node, ArrayValue[] inputs, ArrayValue[] outputs, ulong[] scalars)
    {
        Node = node;
        Inputs = inputs;
        Outputs = outputs;
        Scalars = scalars;
    }

    public GraphNode Node { get; }

    public ArrayValue[] Inputs { get; }

    public ArrayValue[] Outputs { get; }

    /// <summary>The node's captured numbers.</summary>
    public ulong[] Scalars { get; }

    /// <summary>True when an element was NaN though nothing it was computed from was; the first one is kept.</summary>
    public (long LinearIndex, int Column)? FirstNaN { get; private set; }

    /// <summary>A domain's box, given the scalars among the inputs.</summary>
    public Box BoxOf(IterationDomain domain)
    {
        Box box = domain.ToBox(IntegerOf);
        return new Box(box.Low, [.. box.High.Zip(box.Low, Math.Max)]);
    }

    /// <summary>The value of a rank-0 i64 input.</summary>
    public long IntegerOf(int input) => unchecked((long)Inputs[input].Scalar());

    /// <summary>The values of a kernel's scalar parameters.</summary>
    public ulong[] ArgumentsOf(KernelUse use) =>
        [.. use.Arguments.Select(a => a.Kind == ArgumentKind.Scalar ? Scalars[a.Position] : Inputs[a.Position].Scalar(a.Column))];

    /// <summary>An interpreter of a kernel on this node's inputs; <paramref name="self"/>, if given, takes the place of operand 0.</summary>
    public KernelInterpreter InterpreterOf(KernelUse use, ArrayValue? self = null)
    {
        ArrayValue[] operands = [.. use.Operands.Select((input, i) => i == 0 && self is not null ? self : Inputs[input])];
        return new KernelInterpreter(use.Kernel, new ArrayOperands(operands));
    }

    public void NoteNaN(long linearIndex, int column) => FirstNaN ??= (linearIndex, column);

    /// <summary>The exception of a trap at an element.</summary>
    public TrapException At(long linearIndex, KernelTrap trap)
    {
        SourceSpan span = trap.Span == SourceSpan.None || trap.Span == default ? Node.Span : trap.Span;
        return new TrapException(new Trap(Node.Order, linearIndex, new TrapSite(-1, trap.Kind, span, Node.Name), trap.OffendingIndex, trap.Extent));
    }

    private sealed class ArrayOperands(ArrayValue[] arrays) : IKernelOperands
    {
        public long Extent(int operand, int axis) => arrays[operand].Extent(axis);

        public ulong Read(int operand, int column, ReadOnlySpan<long> index) => arrays[operand].Read(column, index);
    }
}
