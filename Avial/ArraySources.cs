using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;

namespace Avial;

/// <summary>Makes the nodes of arrays that come from outside: host memory, a constant, random numbers, files.</summary>
internal static class ArraySources
{
    private static readonly ConcurrentDictionary<(RandomKind, ScalarType, int), KernelUse> s_random = [];

    public static NodeOutput Copy<T>(ReadOnlySpan<T> elements, ReadOnlySpan<long> extents, SourceSpan span) where T : unmanaged
    {
        var type = new ArrayType(ElementLayout.Of(typeof(T)), [.. extents]);
        if (type.Count != elements.Length)
        {
            throw Throw.WrongElementCount(elements.Length, type, span);
        }
        Storage storage = Allocator.Shared.Allocate(type, "From");
        StorageAccess.CopyIn(elements, storage, 0);
        return OfStorage(storage, span);
    }

    public static NodeOutput Borrow<T>(Array array, SourceSpan span) where T : unmanaged
    {
        ImmutableArray<long> extents = ExtentsOf(array);
        ElementLayout layout = ElementLayout.Of(typeof(T));
        if (!layout.IsPrimitive || array.LongLength == 0)
        {
            return Copy(Span<T>(array), extents.AsSpan(), span);
        }
        var type = new ArrayType(layout, extents);
        return OfStorage(new Storage(type, [new PinnedColumn(array, type.Bytes)]), span);
    }

    /// <summary>A host array captured in a body: copied when recorded.</summary>
    public static NodeOutput FromHost(Array array, SourceSpan span)
    {
        var copy = (Func<Array, SourceSpan, NodeOutput>)Delegate.CreateDelegate(typeof(Func<Array, SourceSpan, NodeOutput>),
            typeof(ArraySources).GetMethod(nameof(CopyHost), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(array.GetType().GetElementType()!));
        return copy(array, span);
    }

    public static NodeOutput OfStorage(Storage storage, SourceSpan span)
    {
        var node = new Node(OperationTable.Intern(new SourceOperation { Outputs = [storage.Type] }), [], [], span);
        node.Materialise(0, new PlacedArray(storage));
        return new NodeOutput(node, 0);
    }

    public static NodeOutput Fill<T>(IndexBox box, T value, SourceSpan span) where T : unmanaged
    {
        var type = new ArrayType(ElementLayout.Of(typeof(T)), [.. Extents(box, span)]);
        var operation = new FillOperation { Outputs = [type] };
        return new NodeOutput(new Node(OperationTable.Intern(operation), [], StorageAccess.Bits(value), span), 0);
    }

    public static NodeOutput Random(IndexBox box, Type element, RandomKind kind, long seed, SourceSpan span)
    {
        ElementLayout layout = ElementLayout.Of(element);
        if (!layout.IsPrimitive || layout.Columns[0].Type is not (ScalarType.F32 or ScalarType.F64))
        {
            throw Throw.WrongRandomType(element, span);
        }
        var type = new ArrayType(layout, [.. Extents(box, span)]);
        KernelUse use = s_random.GetOrAdd((kind, layout.Columns[0].Type, type.Rank), key => RandomUse(key.Item1, key.Item2, key.Item3));
        ulong[] scalars = [(ulong)seed, .. type.Extents.Skip(1).Select(e => (ulong)e)];
        var operation = new MapOperation([new MapPiece(Elementwise.DomainOf(type), use)], [], [.. new long[type.Rank]]) { Outputs = [type] };
        return new NodeOutput(new Node(OperationTable.Intern(operation), [], scalars, span), 0);
    }

    public static NodeOutput Load(string path, Type element, int rank, SourceSpan span)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArrayType type = ArrayFiles.TypeOf(path, ElementLayout.Of(element), rank, span);
        return new NodeOutput(new Node(new FileOperation(Path.GetFullPath(path)) { Outputs = [type] }, [], [], span), 0);
    }

    /// <summary>The extents of a whole-array domain, which starts at 0 and is known now.</summary>
    public static long[] Extents(IndexBox box, SourceSpan span = default)
    {
        if (!box.IsConstant)
        {
            throw Throw.SymbolicExtent(box.ToString(), span);
        }
        if (!box.StartsAtZero)
        {
            throw Throw.DomainNotFromZero(box.ToString(), span);
        }
        return [.. box.Lengths(span)];
    }

    /// <summary>The elements of a host array of any rank, row-major.</summary>
    public static ReadOnlySpan<T> Span<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(array)), array.Length);

    private static NodeOutput CopyHost<T>(Array array, SourceSpan span) where T : unmanaged => Copy(Span<T>(array), ExtentsOf(array).AsSpan(), span);

    private static ImmutableArray<long> ExtentsOf(Array array) => [.. Enumerable.Range(0, array.Rank).Select(array.GetLongLength)];

    /// <summary>Random number of the element's row-major position; the extents but the first are parameters.</summary>
    private static KernelUse RandomUse(RandomKind kind, ScalarType type, int rank)
    {
        var numbers = new ValueNumbers();
        Value[] indices = [.. Enumerable.Range(0, rank).Select(_ => numbers.New(ScalarType.I64))];
        Value[] parameters = [.. Enumerable.Range(0, rank).Select(_ => numbers.New(ScalarType.I64))];
        var builder = new BlockBuilder(numbers);
        Value position = indices[0];
        for (int axis = 1; axis < rank; axis++)
        {
            position = builder.Binary(BinaryOp.Add, builder.Binary(BinaryOp.Multiply, position, parameters[axis]), indices[axis]);
        }
        Value stream = builder.Constant(0);
        Value result = builder.Pure(type, r => new RandomInstruction(r, kind, parameters[0], stream, position));
        var kernel = new Kernel(rank, [], builder.Finish([.. indices, .. parameters], [result]));
        return new KernelUse(kernel, [], [.. parameters.Select((_, k) => new KernelArgument(ArgumentKind.Scalar, k))]);
    }
}
