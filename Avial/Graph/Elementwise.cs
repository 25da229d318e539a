using System.Collections.Concurrent;
using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Whole-array arithmetic: <c>a + b</c>, <c>2f * a</c>, <c>-a</c>, <c>a.Cast&lt;double&gt;()</c>, built straight as kernels.</summary>
internal static class Elementwise
{
    private enum Shape
    {
        ArrayArray,
        ArrayScalar,
        ScalarArray,
    }

    private static readonly ConcurrentDictionary<(BinaryOp, ScalarType, int, Shape, bool), KernelUse> s_binary = [];
    private static readonly ConcurrentDictionary<(ScalarType, ScalarType, int), KernelUse> s_casts = [];
    private static readonly ConcurrentDictionary<(ScalarType, int), KernelUse> s_negations = [];

    public static NodeOutput Binary<T>(BinaryOp op, NdArray<T> left, NdArray<T> right) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        NodeOutput a = left.Whole;
        NodeOutput b = right.Whole;
        if (!a.Type.Equals(b.Type))
        {
            throw Throw.ShapesDiffer(a.Type, a.Node.Name, b.Type, b.Node.Name);
        }
        bool isSame = a == b;
        return Map(BinaryUse(op, a.Type, Shape.ArrayArray, isSame), a.Type, isSame ? [a] : [a, b], []);
    }

    public static NodeOutput Binary<T>(BinaryOp op, NdArray<T> left, T right) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(left);
        NodeOutput a = left.Whole;
        return Map(BinaryUse(op, a.Type, Shape.ArrayScalar, false), a.Type, [a], StorageAccess.Bits(right));
    }

    public static NodeOutput Binary<T>(BinaryOp op, T left, NdArray<T> right) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(right);
        NodeOutput b = right.Whole;
        return Map(BinaryUse(op, b.Type, Shape.ScalarArray, false), b.Type, [b], StorageAccess.Bits(left));
    }

    public static NodeOutput Negate<T>(NdArray<T> operand) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(operand);
        NodeOutput a = operand.Whole;
        ScalarType type = Arithmetic(a.Type);
        KernelUse use = s_negations.GetOrAdd((type, a.Type.Rank), key => Build(key.Item2, [key.Item1], [], (b, x, _) => Narrow(b, b.Unary(UnaryOp.Negate, Widen(b, x[0])), key.Item1)));
        return Map(use, a.Type, [a], []);
    }

    public static NodeOutput Cast(NodeOutput array, Type to)
    {
        ElementLayout layout = ElementLayout.Of(to);
        if (!array.Type.Element.IsPrimitive || !layout.IsPrimitive || array.Type.Element.Columns[0].Type == ScalarType.Bool != (layout.Columns[0].Type == ScalarType.Bool))
        {
            throw Throw.WrongCast(array.Type.Element, layout, array.Node.Span);
        }
        ScalarType from = array.Type.Element.Columns[0].Type;
        KernelUse use = s_casts.GetOrAdd((from, layout.Columns[0].Type, array.Type.Rank), key => Build(key.Item3, [key.Item1], [], (b, x, _) => b.Convert(x[0], key.Item2)));
        return Map(use, new ArrayType(layout, array.Type.Extents), [array], []);
    }

    /// <summary>The elements themselves combined.</summary>
    public static NodeOutput Reduce(NodeOutput array, Combiner combiner)
    {
        CombinerRules.Check(combiner, array.Type.Element, array.Node.Span);
        if (combiner.Kind is CombinerKind.ArgMin or CombinerKind.ArgMax)
        {
            throw Throw.WrongReduction(combiner.ToString(), array.Type.Element.Columns[0].Type, array.Node.Span);
        }
        KernelUse use = CopyKernels.Shifted(array.Type.Element, [.. new long[array.Type.Rank]]);
        var operation = new ReduceOperation(DomainOf(array.Type), use, [.. Enumerable.Range(0, array.Type.Rank)], combiner) { Outputs = [new ArrayType(array.Type.Element, [])] };
        return new NodeOutput(new Node(OperationTable.Intern(operation), [array], [], array.Node.Span), 0);
    }

    public static IterationDomain DomainOf(ArrayType type) => new([.. type.Extents.Select(e => new AxisRange(0, e))]);

    private static NodeOutput Map(KernelUse use, ArrayType type, NodeOutput[] inputs, ulong[] scalars)
    {
        var operation = new MapOperation([new MapPiece(DomainOf(type), use)], [], [.. new long[type.Rank]]) { Outputs = [type] };
        return new NodeOutput(new Node(OperationTable.Intern(operation), inputs, scalars, inputs[0].Node.Span), 0);
    }

    private static KernelUse BinaryUse(BinaryOp op, ArrayType array, Shape shape, bool isSame)
    {
        ScalarType type = Arithmetic(array);
        return s_binary.GetOrAdd((op, type, array.Rank, shape, isSame), key => shape switch
        {
            Shape.ArrayArray => Build(key.Item3, isSame ? [type] : [type, type], [], (b, x, _) => Combine(b, op, x[0], x[isSame ? 0 : 1], type)),
            Shape.ArrayScalar => Build(key.Item3, [type], [type], (b, x, s) => Combine(b, op, x[0], s[0], type)),
            _ => Build(key.Item3, [type], [type], (b, x, s) => Combine(b, op, s[0], x[0], type)),
        });
    }

    private static Value Combine(BlockBuilder b, BinaryOp op, Value left, Value right, ScalarType type) =>
        Narrow(b, b.Binary(op, Widen(b, left), Widen(b, right)), type);

    /// <summary>C# computes small integers in int, and the result is converted back.</summary>
    private static Value Widen(BlockBuilder b, Value value) =>
        value.Type is ScalarType.I8 or ScalarType.I16 or ScalarType.U8 or ScalarType.U16 ? b.Convert(value, ScalarType.I32) : value;

    private static Value Narrow(BlockBuilder b, Value value, ScalarType type) => b.Convert(value, type);

    private static ScalarType Arithmetic(ArrayType type) =>
        type.Element.IsPrimitive && type.Element.Columns[0].Type != ScalarType.Bool ? type.Element.Columns[0].Type : throw Throw.NotArithmetic(type);

    private static KernelUse Build(int rank, ImmutableArray<ScalarType> operands, ImmutableArray<ScalarType> parameters, Func<BlockBuilder, Value[], Value[], Value> body)
    {
        var numbers = new ValueNumbers();
        Value[] indices = [.. Enumerable.Range(0, rank).Select(_ => numbers.New(ScalarType.I64))];
        Value[] scalars = [.. parameters.Select(numbers.New)];
        var builder = new BlockBuilder(numbers);
        ImmutableArray<AffineIndex> place = [.. indices.Select(AffineIndex.Of)];
        Value[] loads = [.. operands.Select((type, k) => builder.Pure(type, r => new LoadInstruction(r,
            new Access(k, 0, place, BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None))))];
        Value result = body(builder, loads, scalars);
        var kernel = new Kernel(rank, [.. operands.Select(t => new KernelOperand(rank, [t]))], builder.Finish([.. indices, .. scalars], [result]));
        return new KernelUse(kernel, [.. Enumerable.Range(0, operands.Length)], [.. parameters.Select((_, k) => new KernelArgument(ArgumentKind.Scalar, k))]);
    }
}
