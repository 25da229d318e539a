using System.Collections.Immutable;
using Avial.Backends.Cpu;
using Avial.IR;
using Avial.Tests.Backends;

namespace Avial.Tests.Llvm;

/// <summary>Functions larger than anybody writes compile and give the interpreter's bits.</summary>
public sealed class LargeFunctionTests
{
    private const int Elements = 37;

    [TestCase(ScalarType.F64)]
    [TestCase(ScalarType.I32)]
    public void TenThousandOperations_InOneBody_Compile(ScalarType type)
    {
        var random = new Random(5);
        Check(2, type, (b, reads) =>
        {
            var known = new List<Value>(reads);
            BinaryOp[] operations = [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Max];
            for (int i = 0; i < 10_000; i++)
            {
                // Of the last few, so that all of it is needed.
                known.Add(b.Binary(operations[random.Next(operations.Length)], known[^1], known[Math.Max(0, known.Count - random.Next(1, 30))]));
            }
            return known[^1];
        });
    }

    [Test]
    public void HundredReads_InOneBody_Compile() =>
        Check(100, ScalarType.F32, (b, reads) => reads.Aggregate((sum, x) => b.Binary(BinaryOp.Add, b.Binary(BinaryOp.Multiply, sum, sum), x)));

    [Test]
    public void DeepNesting_OfBranches_Compiles() => Check(2, ScalarType.F64, (b, reads) => Branches(b, reads[0], reads[1], 300));

    [Test]
    public void DeepNesting_OfLoops_Compiles() => Check(2, ScalarType.F64, (b, reads) => Loops(b, reads[0], reads[1], 40));

    // x < y ? (deeper) : y, each level another x.
    private static Value Branches(BlockBuilder b, Value x, Value y, int depth)
    {
        Value moved = b.Binary(BinaryOp.Add, x, y);
        if (depth == 0)
        {
            return moved;
        }
        Value result = b.Numbers.New(x.Type);
        BlockBuilder then = b.Nested();
        Value inner = Branches(then, moved, y, depth - 1);
        BlockBuilder other = b.Nested();
        b.Add(new IfInstruction([result], b.Compare(CompareOp.Less, moved, y), then.Finish([], inner), other.Finish([], moved)));
        return result;
    }

    // for (k = 0; k < 1; k++) x = (deeper) + y
    private static Value Loops(BlockBuilder b, Value x, Value y, int depth)
    {
        if (depth == 0)
        {
            return b.Binary(BinaryOp.Multiply, x, y);
        }
        Value result = b.Numbers.New(x.Type);
        Value k = b.Numbers.New(ScalarType.I64);
        Value carried = b.Numbers.New(x.Type);
        BlockBuilder body = b.Nested();
        Value next = body.Binary(BinaryOp.Add, Loops(body, carried, y, depth - 1), y);
        b.Add(new ForInstruction([result], b.Constant(0), b.Constant(1), [x], body.Finish([k, carried], next)));
        return result;
    }

    // out[i] = body(in0[i], in1[i], …)
    private static void Check(int reads, ScalarType type, Func<BlockBuilder, ImmutableArray<Value>, Value> body)
    {
        CodeGenerators.RequireLlvm();
        var numbers = new ValueNumbers();
        Value low = numbers.New(ScalarType.I64);
        Value high = numbers.New(ScalarType.I64);
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        BlockBuilder elements = b.Nested();
        ImmutableArray<Value> values = [.. Enumerable.Range(0, reads).Select(r => elements.Pure(type, v => new BufferLoadInstruction(v, r, i)))];
        elements.Add(new BufferStoreInstruction(reads, i, body(elements, values)));
        b.Add(new ForInstruction([], low, high, [], elements.Finish([i])) { Kind = LoopKind.Simd });
        var function = new LoopsFunction("large", [.. Enumerable.Range(0, reads).Select(r => new BufferParameter($"in{r}", type, false, true)), new BufferParameter("out", type, true, true)],
            [], [low], [high], b.Finish([]));
        var random = new Random(reads);
        byte[][] buffers = [.. Enumerable.Range(0, reads + 1).Select(_ => ScalarInputs.Buffer(random, type, Elements))];

        LoopsRun.AssertSame(function, buffers, [], [0], [Elements], $"{reads} reads of {type}", CpuCodeGenerator.Shared);
    }
}
