using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Backends.Lowering;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

/// <summary>One operation with its inputs: lowered, run in random parts, and compared with the interpreter of graphs.</summary>
internal sealed unsafe class LoweringCase
{
    private static readonly Type[] s_tuples =
        [typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>)];

    private readonly GraphNode _node;
    private readonly Storage[] _inputs;
    private readonly ulong[] _scalars;

    /// <param name="operation">The operation; its inputs are numbered as <paramref name="inputs"/>, its scalars are the kernel's.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="scalars">The captured numbers.</param>
    public LoweringCase(Operation operation, IEnumerable<Storage> inputs, ImmutableArray<ulong> scalars)
    {
        _inputs = [.. inputs];
        _scalars = [.. scalars];
        _node = new GraphNode(operation, [.. _inputs.Select((_, i) => GraphValue.Parameter(i))], [.. Enumerable.Range(0, _scalars.Length)]) { Name = "task" };
    }

    /// <summary>The operands of a random kernel as inputs.</summary>
    public static IEnumerable<Storage> Operands(GeneratedKernel generated) =>
        generated.Kernel.Operands.Select((operand, k) => Store(LayoutOf(operand.Columns), generated.Extents[k], generated.Columns[k]));

    /// <summary>A random kernel with operand k at input k and captured parameters.</summary>
    public static KernelUse Use(Kernel kernel) => new(
        kernel, [.. Enumerable.Range(0, kernel.Operands.Length)],
        [.. Enumerable.Range(0, kernel.Parameters.Length).Select(i => new KernelArgument(ArgumentKind.Scalar, i))]);

    /// <summary>A rank-0 i64 input, for bounds that are known only at run time.</summary>
    public static Storage Number(long value) => Store(LayoutOf([ScalarType.I64]), [], [[(ulong)value]]);

    /// <summary>An element type with these columns.</summary>
    public static ElementLayout LayoutOf(ImmutableArray<ScalarType> columns) => ElementLayout.Of(columns.Length == 1
        ? columns[0].ClrType()
        : s_tuples[columns.Length - 1].MakeGenericType([.. columns.Select(c => c.ClrType())]));

    public static Storage Store(ElementLayout layout, ImmutableArray<long> extents, ImmutableArray<ImmutableArray<ulong>> columns)
    {
        Storage storage = Allocator.Shared.Allocate(new ArrayType(layout, extents), "input");
        for (int column = 0; column < columns.Length; column++)
        {
            ScalarType type = layout.ColumnTypes[column];
            for (int i = 0; i < columns[column].Length; i++)
            {
                ScalarBits.Store(storage.Address(column) + i * type.Size(), type, columns[column][i]);
            }
        }
        return storage;
    }

    public static Storage RandomArray(Random random, ElementLayout layout, ImmutableArray<long> extents)
    {
        long count = extents.Aggregate(1L, (product, extent) => product * extent);
        return Store(layout, extents, [.. layout.ColumnTypes.Select(type =>
            Enumerable.Range(0, (int)count).Select(_ => RandomBits.Of(type, random)).ToImmutableArray())]);
    }

    /// <summary>The loops.</summary>
    public LoweredOperation Lower() => OperationLowering.Lower(_node);

    /// <summary>Asserts the interpreter's bits and traps, in loops interpreted and compiled.</summary>
    public void AssertAgrees(Random random, string about)
    {
        LoweredOperation lowered = Lower();
        (Storage[] expected, Stop? stop) = Expected();
        foreach (ICodeGenerator generator in CodeGenerators.All)
        {
            string where = $"{generator.Name}: {about}";
            (Storage[] actual, Stop? actualStop) = StageRunner.Run(generator, _node, lowered, _inputs, _scalars, random);
            Assert.That(actualStop, Is.EqualTo(stop), where);
            for (int output = 0; stop is null && output < expected.Length; output++)
            {
                AssertSame(expected[output], actual[output], $"output {output}, {where}");
            }
        }
    }

    private (Storage[] Outputs, Stop? Stop) Expected()
    {
        var region = new Region([.. _inputs.Select(i => i.Type)], [_node],
            [.. Enumerable.Range(0, _node.Operation.Outputs.Length).Select(output => new GraphValue(0, output))]);
        try
        {
            return (GraphInterpreter.Run(region, _inputs, _scalars), null);
        }
        catch (TrapException exception)
        {
            Trap trap = exception.Trap;
            bool isRange = trap.Site.Kind == TrapKind.OutOfRange;
            return ([], new Stop(trap.Site.Kind, trap.LinearIndex, isRange ? trap.OffendingIndex : 0, isRange ? trap.Extent : 0));
        }
    }

    private static void AssertSame(Storage expected, Storage actual, string about)
    {
        for (int column = 0; column < expected.Columns; column++)
        {
            ScalarType type = expected.Type.Element.ColumnTypes[column];
            for (long i = 0; i < expected.Type.Count; i++)
            {
                ulong wanted = ScalarBits.Load(expected.Address(column) + i * type.Size(), type);
                ulong found = ScalarBits.Load(actual.Address(column) + i * type.Size(), type);
                if (!ScalarBits.AreSame(type, wanted, found))
                {
                    Assert.Fail($"element {i}, column {column}: expected {ScalarBits.Text(type, wanted)} (0x{wanted:x}), found {ScalarBits.Text(type, found)} (0x{found:x}); {about}");
                }
            }
        }
        GC.KeepAlive(expected);
        GC.KeepAlive(actual);
    }
}
