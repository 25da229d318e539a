using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Tests.IR;

/// <summary>Small kernels built by hand, by name.</summary>
internal static class KernelSamples
{
    private static readonly KernelOperand s_vector = new(1, [ScalarType.F32]);
    private static readonly KernelOperand s_matrix = new(2, [ScalarType.F32]);

    public static IEnumerable<(string Name, Kernel Kernel)> All =>
    [
        ("saxpy", Saxpy()),
        ("stencil", Stencil()),
        ("guarded", Guarded()),
        ("wrap", Wrap()),
        ("borders", Borders()),
        ("inner-product", InnerProduct()),
        ("fold", Fold()),
        ("while", While()),
        ("struct-columns", StructColumns()),
        ("math", MathCalls()),
        ("constants", Constants()),
        ("traps", Traps()),
        ("gather", Gather()),
        ("combiner", MaxCombiner()),
    ];

    public static Access Read(int operand, ImmutableArray<AffineIndex> indices, int column = 0) =>
        new(operand, column, indices, BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None);

    public static Value Load(BlockBuilder b, ScalarType type, Access access) => b.Pure(type, r => new LoadInstruction(r, access));

    /// <summary>s * x[i] + y[i].</summary>
    public static Kernel Saxpy()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value s = numbers.New(ScalarType.F32);
        var b = new BlockBuilder(numbers);
        Value x = Load(b, ScalarType.F32, Read(0, [AffineIndex.Of(i)]));
        Value y = Load(b, ScalarType.F32, Read(1, [AffineIndex.Of(i)]));
        Value sum = b.Binary(BinaryOp.Add, b.Binary(BinaryOp.Multiply, s, x), y, new SourceSpan("Saxpy.cs", 7, "s * x[i] + y[i]"));
        return new Kernel(1, [s_vector, s_vector], b.Finish([i, s], sum));
    }

    /// <summary>A quarter of the four neighbours' sum.</summary>
    public static Kernel Stencil()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value j = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        AffineIndex row = AffineIndex.Of(i);
        AffineIndex column = AffineIndex.Of(j);
        Value At(AffineIndex r, AffineIndex c) => Load(b, ScalarType.F32, Read(0, [r, c]));
        Value sum = b.Binary(BinaryOp.Add, At(row + -1, column), At(row + 1, column));
        sum = b.Binary(BinaryOp.Add, sum, At(row, column + -1));
        sum = b.Binary(BinaryOp.Add, sum, At(row, column + 1));
        Value quarter = b.Constant(ScalarType.F32, BitConverter.SingleToUInt32Bits(0.25f));
        return new Kernel(2, [s_matrix], b.Finish([i, j], b.Binary(BinaryOp.Multiply, quarter, sum)));
    }

    /// <summary>i > 0 ? x[i - 1] : 0.</summary>
    public static Kernel Guarded()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value isInside = b.Compare(CompareOp.Greater, i, b.Constant(0));
        BlockBuilder then = b.Nested();
        AffineIndex before = AffineIndex.Of(i) + -1;
        Value read = Load(then, ScalarType.F32, Read(0, [before]) with { Guard = [before], Span = new SourceSpan("Guard.cs", 3, "x[i - 1]") });
        BlockBuilder otherwise = b.Nested();
        Value zero = otherwise.Constant(ScalarType.F32, 0);
        Value result = numbers.New(ScalarType.F32);
        b.Add(new IfInstruction([result], isInside, then.Finish([], read), otherwise.Finish([], zero)) { Span = new SourceSpan("Guard.cs", 3, "i > 0 ? …") });
        return new Kernel(1, [s_vector], b.Finish([i], result));
    }

    public static Kernel Wrap()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value left = Load(b, ScalarType.F32, Read(0, [AffineIndex.Of(i) + -1]) with { Border = BorderKind.Wrap });
        Value right = Load(b, ScalarType.F32, Read(0, [AffineIndex.Of(i) + 1]) with { Border = BorderKind.Wrap });
        return new Kernel(1, [s_vector], b.Finish([i], b.Binary(BinaryOp.Subtract, right, left)));
    }

    public static Kernel Borders()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value j = numbers.New(ScalarType.I64);
        Value outside = numbers.New(ScalarType.F32);
        var b = new BlockBuilder(numbers);
        ImmutableArray<AffineIndex> place = [AffineIndex.Of(i) * 2 + AffineIndex.Of(j) * -3, AffineIndex.Of(j) + 7];
        Value clamped = Load(b, ScalarType.F32, Read(0, place) with { Border = BorderKind.Clamp, Proof = BoundsProof.Unknown });
        Value padded = Load(b, ScalarType.F32, Read(0, place) with { Border = BorderKind.Or, OrValue = outside, Proof = BoundsProof.Unknown });
        Value constant = Load(b, ScalarType.F32, Read(0, [AffineIndex.Zero, AffineIndex.Of(-5)]) with { Border = BorderKind.Clamp });
        return new Kernel(2, [s_matrix], b.Finish([i, j, outside], clamped, padded, constant));
    }

    /// <summary>Sum over k of a[i, k] * b[k, j].</summary>
    public static Kernel InnerProduct()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value j = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value from = b.Constant(0);
        Value to = b.Pure(ScalarType.I64, r => new ExtentInstruction(r, 0, 1));
        BlockBuilder body = b.Nested();
        Value k = numbers.New(ScalarType.I64);
        Value left = Load(body, ScalarType.F32, Read(0, [AffineIndex.Of(i), AffineIndex.Of(k)]));
        Value right = Load(body, ScalarType.F32, Read(1, [AffineIndex.Of(k), AffineIndex.Of(j)]) with { Proof = BoundsProof.CheckRange });
        Value sum = numbers.New(ScalarType.F32);
        b.Add(new InnerSumInstruction(sum, from, to, body.Finish([k], left, right)) { Span = new SourceSpan("Product.cs", 9, "Sum(0, n, k => a[i, k] * b[k, j])") });
        return new Kernel(2, [s_matrix, s_matrix], b.Finish([i, j], sum));
    }

    /// <summary>A fold with two carried values.</summary>
    public static Kernel Fold()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value n = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value zero = b.Constant(0);
        Value seed = b.Constant(ScalarType.F32, BitConverter.SingleToUInt32Bits(1f));
        BlockBuilder body = b.Nested();
        Value k = numbers.New(ScalarType.I64);
        Value value = numbers.New(ScalarType.F32);
        Value count = numbers.New(ScalarType.I64);
        Value x = Load(body, ScalarType.F32, Read(0, [AffineIndex.Of(i) + AffineIndex.Of(k)]) with { GuardIsExact = false, Proof = BoundsProof.CheckRange });
        Value next = body.Binary(BinaryOp.Max, value, x);
        Value counted = body.Binary(BinaryOp.Add, count, body.Constant(1));
        ImmutableArray<Value> results = [numbers.New(ScalarType.F32), numbers.New(ScalarType.I64)];
        b.Add(new ForInstruction(results, zero, n, [seed, zero], body.Finish([k, value, count], next, counted)));
        return new Kernel(1, [s_vector], b.Finish([i, n], results));
    }

    /// <summary>Halve while above one.</summary>
    public static Kernel While()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value one = b.Constant(1);
        BlockBuilder condition = b.Nested();
        Value tested = numbers.New(ScalarType.I64);
        Value goesOn = condition.Compare(CompareOp.Greater, tested, one);
        BlockBuilder body = b.Nested();
        Value value = numbers.New(ScalarType.I64);
        Value half = body.Binary(BinaryOp.ShiftRight, value, body.Constant(ScalarType.I32, 1));
        Value result = numbers.New(ScalarType.I64);
        b.Add(new WhileInstruction([result], [i], condition.Finish([tested], goesOn), body.Finish([value], half), 64));
        return new Kernel(1, [], b.Finish([i], result));
    }

    /// <summary>Momentum flux of {H: f32, Hu: f32}: two columns in, two out.</summary>
    public static Kernel StructColumns()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value h = Load(b, ScalarType.F32, Read(0, [AffineIndex.Of(i)], column: 0));
        Value momentum = Load(b, ScalarType.F32, Read(0, [AffineIndex.Of(i)], column: 1));
        Value flux = b.Binary(BinaryOp.Divide, b.Binary(BinaryOp.Multiply, momentum, momentum), h);
        return new Kernel(1, [new KernelOperand(1, [ScalarType.F32, ScalarType.F32])], b.Finish([i], momentum, flux));
    }

    public static Kernel MathCalls()
    {
        var numbers = new ValueNumbers();
        Value x = numbers.New(ScalarType.F64);
        Value n = numbers.New(ScalarType.I32);
        Value seed = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value Call(string name, params ImmutableArray<Value> arguments)
        {
            MathFunction function = MathFunctions.Find(name, [.. arguments.Select(a => a.Type)])!;
            return b.Pure(function.Result, r => new MathInstruction([r], function, arguments));
        }
        Value power = Call("Math.Pow", Call("Math.Sin", x), x);
        Value rounded = Call("Math.Round", power, n);
        Value away = Call("Math.Round.MidpointRounding", power, n);
        Value size = Call("Math.Abs", n);
        Value random = b.Pure(ScalarType.F64, r => new RandomInstruction(r, RandomKind.Normal, seed, seed, seed));
        Value product = b.Fma(rounded, away, random);
        return new Kernel(0, [], b.Finish([x, n, seed], product, size));
    }

    public static Kernel Constants()
    {
        var b = new BlockBuilder(new ValueNumbers());
        ImmutableArray<Value> values =
        [
            b.Constant(true),
            b.Constant(long.MinValue),
            b.Constant(ScalarType.I8, unchecked((ulong)-128L)),
            b.Constant(ScalarType.U64, ulong.MaxValue),
            b.Constant(ScalarType.U8, 255),
            b.Constant(ScalarType.F16, BitConverter.HalfToUInt16Bits((Half)0.1f)),
            b.Constant(ScalarType.F32, BitConverter.SingleToUInt32Bits(0.1f)),
            b.Constant(ScalarType.F32, BitConverter.SingleToUInt32Bits(-0f)),
            b.Constant(ScalarType.F32, BitConverter.SingleToUInt32Bits(float.Epsilon)),
            b.Constant(ScalarType.F64, BitConverter.DoubleToUInt64Bits(double.MaxValue)),
            b.Constant(ScalarType.F64, BitConverter.DoubleToUInt64Bits(double.NegativeInfinity)),
            b.Constant(ScalarType.F64, 0x7ff8_0000_0000_0000),
            b.Constant(ScalarType.F32, 0xffc0_0001),
        ];
        return new Kernel(0, [], b.Finish([], values));
    }

    /// <summary>A checked quotient, its divisor tested by hand.</summary>
    public static Kernel Traps()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value n = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value isZero = b.Compare(CompareOp.Equal, n, b.Constant(0));
        b.Add(new TrapIfInstruction(isZero, TrapKind.OutOfRange, [], [i, n]) { Span = new SourceSpan("Trap.cs", 2, "i / n") });
        Value quotient = b.Binary(BinaryOp.Divide, i, n);
        Value small = b.Convert(quotient, ScalarType.I32, ConvertMode.Checked);
        Value doubled = b.Binary(BinaryOp.AddChecked, small, small);
        return new Kernel(1, [], b.Finish([i, n], b.Select(isZero, small, doubled)));
    }

    /// <summary>x[col[i] + 1].</summary>
    public static Kernel Gather()
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value column = Load(b, ScalarType.I32, Read(0, [AffineIndex.Of(i)]));
        Value index = b.Convert(column, ScalarType.I64);
        Value x = Load(b, ScalarType.F32, Read(1, [AffineIndex.Of(index) + 1]) with { Proof = BoundsProof.CheckElement });
        return new Kernel(1, [new KernelOperand(1, [ScalarType.I32]), s_vector], b.Finish([i], x));
    }

    public static Kernel MaxCombiner()
    {
        var numbers = new ValueNumbers();
        Value a = numbers.New(ScalarType.F64);
        Value c = numbers.New(ScalarType.F64);
        var b = new BlockBuilder(numbers);
        return new Kernel(0, [], b.Finish([a, c], b.Binary(BinaryOp.Max, a, c)));
    }
}
