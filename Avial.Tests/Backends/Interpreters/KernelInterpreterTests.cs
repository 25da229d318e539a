using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Backends.Interpreters;

public sealed class KernelInterpreterTests
{
    [Test]
    public void Arithmetic_OfIndexAndParameter_IsEvaluated()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        Value scale = numbers.New(ScalarType.F64);
        Value result = body.Binary(BinaryOp.Multiply, body.Convert(i, ScalarType.F64), scale);

        (ulong[] results, _) = Run(new Kernel(1, [], body.Finish([i, scale], result)), [7], [ScalarBits.Of(0.5)]);

        Assert.That(ScalarBits.To<double>(results[0]), Is.EqualTo(3.5));
    }

    [TestCase("Wrap", -1, 4)]
    [TestCase("Wrap", 5, 0)]
    [TestCase("Wrap", -11, 4)]
    [TestCase("Wrap", 13, 3)]
    [TestCase("Clamp", -1, 0)]
    [TestCase("Clamp", 5, 4)]
    [TestCase("Clamp", 2, 2)]
    [TestCase("Or", -1, -7)]
    [TestCase("Or", 5, -7)]
    [TestCase("Or", 3, 3)]
    [TestCase("None", 0, 0)]
    [TestCase("None", 4, 4)]
    public void Load_AtAnIndex_FollowsItsBorder(string border, long index, long expected)
    {
        (ulong[] results, KernelTrap? trap) = Run(Read(Enum.Parse<BorderKind>(border)), [index], [], [[0, 1, 2, 3, 4]]);

        Assert.That(trap, Is.Null);
        Assert.That((long)results[0], Is.EqualTo(expected));
    }

    [TestCase("None", -1, 5)]
    [TestCase("None", 5, 5)]
    [TestCase("None", 0, 0)]
    [TestCase("Wrap", 3, 0)]
    [TestCase("Clamp", 3, 0)]
    public void Load_WithNothingThere_TrapsWithIndexAndExtent(string border, long index, int extent)
    {
        (_, KernelTrap? trap) = Run(Read(Enum.Parse<BorderKind>(border)), [index], [], [new long[extent]]);

        Assert.That(trap, Is.EqualTo(new KernelTrap(TrapKind.OutOfRange, new SourceSpan("a.cs", 3, "x[i]"), index, extent)));
    }

    [Test]
    public void Load_ThroughData_IsCheckedWhateverItsProofSays()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        Value at = Load(body, 0, AffineIndex.Of(i));
        Value value = Load(body, 1, AffineIndex.Of(at) * 2 + -1);
        var kernel = new Kernel(1, [Operand, Operand], body.Finish([i], value));

        (ulong[] results, _) = Run(kernel, [1], [], [[0, 2, 9], [10, 11, 12, 13]]);
        (_, KernelTrap? trap) = Run(kernel, [2], [], [[0, 2, 9], [10, 11, 12, 13]]);

        Assert.That(results[0], Is.EqualTo(13));
        Assert.That((trap!.Value.OffendingIndex, trap.Value.Extent), Is.EqualTo((17L, 4L)));
    }

    [Test]
    public void If_RunsOnlyTheChosenArm()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        BlockBuilder then = body.Nested();
        Value quotient = then.Binary(BinaryOp.Divide, then.Constant(12), i);
        BlockBuilder otherwise = body.Nested();
        Value zero = otherwise.Constant(-1);
        Value result = numbers.New(ScalarType.I64);
        body.Add(new IfInstruction([result], body.Compare(CompareOp.NotEqual, i, body.Constant(0)), then.Finish([], quotient), otherwise.Finish([], zero)));
        var kernel = new Kernel(1, [], body.Finish([i], result));

        Assert.That((long)Run(kernel, [0], []).Results[0], Is.EqualTo(-1));
        Assert.That((long)Run(kernel, [5], []).Results[0], Is.EqualTo(2));
    }

    [Test]
    public void Divide_ByZero_TrapsAtItsSpan()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        var span = new SourceSpan("a.cs", 9, "1 / i");
        Value result = body.Binary(BinaryOp.Divide, body.Constant(1), i, span);

        (_, KernelTrap? trap) = Run(new Kernel(1, [], body.Finish([i], result)), [0], []);

        Assert.That(trap, Is.EqualTo(new KernelTrap(TrapKind.DivideByZero, span)));
    }

    [TestCase(0, 0, 1)]
    [TestCase(1, 1, 1)]
    [TestCase(10, 55, 89)]
    public void For_WithTwoCarriedValues_SwapsThemAtOnce(long steps, long first, long second)
    {
        // (a, b) = (b, a + b): Fibonacci.
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value n = numbers.New(ScalarType.I64);
        BlockBuilder loop = body.Nested();
        (Value k, Value a, Value b) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        Value sum = loop.Binary(BinaryOp.Add, a, b);
        (Value lastA, Value lastB) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        body.Add(new ForInstruction([lastA, lastB], body.Constant(0), n, [body.Constant(0), body.Constant(1)], loop.Finish([k, a, b], b, sum)));
        var kernel = new Kernel(1, [], body.Finish([n], lastA, lastB));

        ulong[] results = Run(kernel, [steps], []).Results;

        Assert.That(((long)results[0], (long)results[1]), Is.EqualTo((first, second)));
    }

    [TestCase(5, 5L, null)]
    [TestCase(4, null, "LoopCap")]
    public void While_ThatNeedsFiveSteps_TrapsOnlyAboveItsCap(long cap, long? expected, string? trapKind)
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value n = numbers.New(ScalarType.I64);
        BlockBuilder condition = body.Nested();
        Value inCondition = numbers.New(ScalarType.I64);
        Value goesOn = condition.Compare(CompareOp.Less, inCondition, n);
        BlockBuilder step = body.Nested();
        Value inStep = numbers.New(ScalarType.I64);
        Value next = step.Binary(BinaryOp.Add, inStep, step.Constant(1));
        Value last = numbers.New(ScalarType.I64);
        body.Add(new WhileInstruction([last], [body.Constant(0)], condition.Finish([inCondition], goesOn), step.Finish([inStep], next), cap));

        (ulong[] results, KernelTrap? trap) = Run(new Kernel(1, [], body.Finish([n], last)), [5], []);

        Assert.That(trap is null ? (long)results[0] : (long?)null, Is.EqualTo(expected));
        Assert.That(trap?.Kind.ToString(), Is.EqualTo(trapKind));
    }

    [Test]
    public void InnerSum_OfFloats_IsInTheCanonicalOrder(
        [Values(0, 1, 255, 256, 257, 1000)] int from, [Values(0, 1, 63, 256, 1009, 16384, 40_000)] int length, [Values] bool isProduct)
    {
        var random = new Random(from * 31 + length);
        double[] a = [.. Enumerable.Range(0, from + length).Select(_ => random.NextDouble() - 0.5)];
        double[] b = [.. Enumerable.Range(0, from + length).Select(_ => isProduct ? random.NextDouble() : 1)];
        long[][] columns = [[.. a.Select(BitConverter.DoubleToInt64Bits)], [.. b.Select(BitConverter.DoubleToInt64Bits)]];
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value n = numbers.New(ScalarType.I64);
        BlockBuilder term = body.Nested();
        Value k = numbers.New(ScalarType.I64);
        Value x = Load(term, 0, AffineIndex.Of(k), ScalarType.F64);
        ImmutableArray<Value> terms = isProduct ? [x, Load(term, 1, AffineIndex.Of(k), ScalarType.F64)] : [x];
        Value sum = numbers.New(ScalarType.F64);
        body.Add(new InnerSumInstruction(sum, body.Constant(from), n, term.Finish([k], terms)));

        ulong result = Run(new Kernel(1, [Operand, Operand], body.Finish([n], sum)), [from + length], [], columns).Results[0];

        Assert.That(ScalarBits.To<double>(result), Is.EqualTo(InnerSum(from, from + length)));

        // At most three groups of 64 chunks of 256 here: (g0 + g1) + g2.
        double InnerSum(long lo, long hi)
        {
            List<double> groups = [];
            for (long g = lo >> 14; g << 14 < hi; g++)
            {
                double? group = null;
                for (long c = Math.Max(lo >> 8, g << 6); c << 8 < hi && c >> 6 == g; c++)
                {
                    double chunk = 0;
                    for (long i = Math.Max(lo, c << 8); i < Math.Min(hi, (c + 1) << 8); i++)
                    {
                        chunk = isProduct ? Math.FusedMultiplyAdd(a[i], b[i], chunk) : chunk + a[i];
                    }
                    group = group is null ? chunk : group + chunk;
                }
                if (group is not null)
                {
                    groups.Add(group.Value);
                }
            }
            return groups.Count == 0 ? 0 : groups.Skip(1).Aggregate(groups[0], (s, g) => s + g);
        }
    }

    [Test]
    public void Random_OfAnIndex_IsPhilox()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        (Value seed, Value stream) = (body.Constant(11), body.Constant(5));
        Value uniform = body.Pure(ScalarType.F64, r => new RandomInstruction(r, RandomKind.Uniform, seed, stream, i));
        Value normal = body.Pure(ScalarType.F32, r => new RandomInstruction(r, RandomKind.Normal, seed, stream, i));
        Value bits = body.Pure(ScalarType.U32, r => new RandomInstruction(r, RandomKind.Bits, seed, stream, i));

        ulong[] results = Run(new Kernel(1, [], body.Finish([i], uniform, normal, bits)), [42], []).Results;

        Assert.That(ScalarBits.To<double>(results[0]), Is.EqualTo(Philox.Uniform64(11, 5, 42)));
        Assert.That(ScalarBits.To<float>(results[1]), Is.EqualTo(Philox.Normal32(11, 5, 42)));
        Assert.That(results[2], Is.EqualTo(Philox.Bits32(11, 5, 42)));
    }

    [Test]
    public void TrapIf_WithDetails_HandsThemOn()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        body.Add(new TrapIfInstruction(body.Compare(CompareOp.Greater, i, body.Constant(3)), TrapKind.OutOfRange, [], [i, body.Constant(4)]));
        var kernel = new Kernel(1, [], body.Finish([i], i));

        Assert.That(Run(kernel, [3], []).Trap, Is.Null);
        Assert.That(Run(kernel, [9], []).Trap, Is.EqualTo(new KernelTrap(TrapKind.OutOfRange, SourceSpan.None, 9, 4)));
    }

    [Test]
    public void Extent_AndSelect_AreEvaluated()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        Value extent = body.Pure(ScalarType.I64, r => new ExtentInstruction(r, 0, 0));
        Value result = body.Select(body.Compare(CompareOp.Less, i, extent), extent, i);
        var kernel = new Kernel(1, [Operand], body.Finish([i], result));

        Assert.That(Run(kernel, [2], [], [new long[5]]).Results[0], Is.EqualTo(5));
        Assert.That(Run(kernel, [8], [], [new long[5]]).Results[0], Is.EqualTo(8));
    }

    [Test]
    public void NaN_ReadOrGiven_IsNoticed()
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        Value x = Load(body, 0, AffineIndex.Of(i), ScalarType.F64);
        var interpreter = new KernelInterpreter(
            new Kernel(1, [Operand], body.Finish([i], x)), new Arrays([[BitConverter.DoubleToInt64Bits(1), BitConverter.DoubleToInt64Bits(double.NaN)]]));

        interpreter.TryRun([1], [], new ulong[1], out _);
        bool second = interpreter.HasReadNaN;
        interpreter.TryRun([0], [], new ulong[1], out _);

        Assert.That((second, interpreter.HasReadNaN), Is.EqualTo((true, false)));
    }

    private static KernelOperand Operand => new(1, [ScalarType.I64]);

    private static Kernel Read(BorderKind border)
    {
        var numbers = new ValueNumbers();
        var body = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        Value? or = border == BorderKind.Or ? body.Constant(-7) : null;
        var access = new Access(0, 0, [AffineIndex.Of(i)], border, or, [], false, BoundsProof.Proven, new SourceSpan("a.cs", 3, "x[i]"));
        Value x = body.Pure(ScalarType.I64, r => new LoadInstruction(r, access));
        return new Kernel(1, [Operand], body.Finish([i], x));
    }

    private static Value Load(BlockBuilder body, int operand, AffineIndex index, ScalarType type = ScalarType.I64) => body.Pure(type,
        r => new LoadInstruction(r, new Access(operand, 0, [index], BorderKind.None, null, [], false, BoundsProof.Proven, SourceSpan.None)));

    private static (ulong[] Results, KernelTrap? Trap) Run(Kernel kernel, long[] index, ulong[] parameters, long[][]? arrays = null)
    {
        ulong[] results = new ulong[kernel.Body.Results.Length];
        bool isFine = new KernelInterpreter(kernel, new Arrays(arrays ?? [])).TryRun(index, parameters, results, out KernelTrap trap);
        return (results, isFine ? null : trap);
    }

    private sealed class Arrays(long[][] arrays) : IKernelOperands
    {
        public long Extent(int operand, int axis) => arrays[operand].Length;

        public ulong Read(int operand, int column, ReadOnlySpan<long> index) => (ulong)arrays[operand][index[0]];
    }
}
