using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Tests.Backends.Managed;

/// <summary>Each instruction on each type: managed code against the loops interpreter on random and awkward values.</summary>
public sealed class ManagedInstructionTests
{
    private const int Count = 400;

    private static IEnumerable<string> Types => ScalarInputs.Types.Select(t => t.ToString());

    private static IEnumerable<string> Numbers => Types.Skip(1);

    private static IEnumerable<string> Integers => ScalarInputs.Types.Where(t => t.IsInteger()).Select(t => t.ToString());

    private static ScalarType Type(string name) => Enum.Parse<ScalarType>(name);

    [Test]
    public void Constants_AreTheirBits([ValueSource(nameof(Types))] string name)
    {
        ScalarType type = Type(name);
        var random = new Random(1);
        for (int i = 0; i < 30; i++)
        {
            ulong bits = ScalarInputs.Next(random, type);
            Check(type, [], (_, r) => new ConstantInstruction(r, bits), $"{type} 0x{bits:x}", 1);
        }
    }

    [Test]
    public void Unary_OfEachType([ValueSource(nameof(Types))] string name)
    {
        ScalarType type = Type(name);
        if (type != ScalarType.Bool)
        {
            Check(type, [type], (v, r) => new UnaryInstruction(r, UnaryOp.Negate, v[0]), "negate");
        }
        if (!type.IsFloat())
        {
            Check(type, [type], (v, r) => new UnaryInstruction(r, UnaryOp.Not, v[0]), "not");
        }
    }

    [Test]
    public void Binary_OfEachType([ValueSource(nameof(Types))] string name, [Values] bool isSecondConstant)
    {
        ScalarType type = Type(name);
        BinaryOp[] ops = type == ScalarType.Bool ? [BinaryOp.And, BinaryOp.Or, BinaryOp.Xor]
            : type.IsFloat() ? [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Divide, BinaryOp.Remainder, BinaryOp.Min, BinaryOp.Max]
            : [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.And, BinaryOp.Or, BinaryOp.Xor, BinaryOp.Min, BinaryOp.Max,
                BinaryOp.ShiftLeft, BinaryOp.ShiftRight];
        foreach (BinaryOp op in ops)
        {
            ScalarType right = op is BinaryOp.ShiftLeft or BinaryOp.ShiftRight ? ScalarType.I32 : type;
            CheckTwo(type, type, right, (a, b, r) => new BinaryInstruction(r, op, a, b), isSecondConstant, $"{op} {type}");
        }
    }

    [Test]
    public void Division_OfEachIntegerType([ValueSource(nameof(Integers))] string name, [Values] bool isRemainder)
    {
        ScalarType type = Type(name);
        // Lowering traps before it divides by 0 or -1; here divisors are odd and positive.
        Check(type, [type, type], (add, v, r) =>
        {
            Value mask = add(type, c => new ConstantInstruction(c, 63));
            Value one = add(type, c => new ConstantInstruction(c, 1));
            Value low = add(type, c => new BinaryInstruction(c, BinaryOp.And, v[1], mask));
            Value divisor = add(type, c => new BinaryInstruction(c, BinaryOp.Or, low, one));
            return new BinaryInstruction(r, isRemainder ? BinaryOp.Remainder : BinaryOp.Divide, v[0], divisor);
        }, "division");
    }

    [Test]
    public void Compare_OfEachType([ValueSource(nameof(Types))] string name, [Values] bool isSecondConstant)
    {
        ScalarType type = Type(name);
        foreach (CompareOp op in Enum.GetValues<CompareOp>())
        {
            CheckTwo(ScalarType.Bool, type, type, (a, b, r) => new CompareInstruction(r, op, a, b), isSecondConstant, $"{op} {type}");
        }
    }

    [Test]
    public void Convert_BetweenAllTypes([ValueSource(nameof(Numbers))] string from, [ValueSource(nameof(Numbers))] string to) =>
        Check(Type(to), [Type(from)], (v, r) => new ConvertInstruction(r, ConvertMode.Unchecked, v[0]), $"{from} to {to}");

    [Test]
    public void ConvertFits_BetweenAllTypes([ValueSource(nameof(Numbers))] string from, [ValueSource(nameof(Integers))] string to) =>
        Check(ScalarType.Bool, [Type(from)], (v, r) => new ConvertFitsInstruction(r, v[0], Type(to)), $"{from} to {to}");

    [Test]
    public void Overflow_OfEachIntegerType([ValueSource(nameof(Integers))] string name)
    {
        ScalarType type = Type(name);
        foreach (BinaryOp op in new[] { BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply })
        {
            Check(ScalarType.Bool, [type, type], (v, r) => new OverflowInstruction(r, op, v[0], v[1]), $"{op} {type}");
        }
    }

    [Test]
    public void Select_OfEachType([ValueSource(nameof(Types))] string name) =>
        Check(Type(name), [ScalarType.Bool, Type(name), Type(name)], (v, r) => new SelectInstruction(r, v[0], v[1], v[2]), "select");

    [TestCase("F16")]
    [TestCase("F32")]
    [TestCase("F64")]
    public void Fma_RoundsOnce(string name) =>
        Check(Type(name), [Type(name), Type(name), Type(name)], (v, r) => new FmaInstruction(r, v[0], v[1], v[2]), "fma");

    [Test]
    public void Random_OfEachKind()
    {
        ImmutableArray<ScalarType> index = [ScalarType.I64, ScalarType.I64, ScalarType.I64];
        foreach (ScalarType type in new[] { ScalarType.F16, ScalarType.F32, ScalarType.F64 })
        {
            Check(type, index, (v, r) => new RandomInstruction(r, RandomKind.Uniform, v[0], v[1], v[2]), "uniform");
            Check(type, index, (v, r) => new RandomInstruction(r, RandomKind.Normal, v[0], v[1], v[2]), "normal");
        }
        foreach (ScalarType type in new[] { ScalarType.U8, ScalarType.U16, ScalarType.U32, ScalarType.U64 })
        {
            Check(type, index, (v, r) => new RandomInstruction(r, RandomKind.Bits, v[0], v[1], v[2]), "bits");
        }
    }

    [Test]
    public void ScalarFunctions_AreDotNetsOwn()
    {
        foreach (MathFunction function in MathFunctions.All.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            // The result of a failed call means nothing: 'failed' alone is compared where it may fail.
            Check(function.MayThrow ? ScalarType.Bool : function.Result, function.Parameters, (add, v, r) =>
            {
                if (!function.MayThrow)
                {
                    return new MathInstruction([r], function, v);
                }
                add(function.Result, c => new MathInstruction([c, r], function, v));
                return null;
            }, function.ToString(), 60);
        }
    }

    [Test]
    public void ScalarFunctionsThatMayFail_GiveTheirResultWhenTheyDoNot()
    {
        foreach (MathFunction function in MathFunctions.All.Where(f => f.MayThrow))
        {
            Check(function.Result, function.Parameters, (add, v, r) =>
            {
                Value failed = new(r.Id + 1000, ScalarType.Bool);
                Value result = add(function.Result, c => new MathInstruction([c, failed], function, v));
                Value zero = add(function.Result, c => new ConstantInstruction(c, 0));
                return new SelectInstruction(r, failed, zero, result);
            }, function.ToString(), 60);
        }
    }

    [Test]
    public void RunningSums_StoreAndMerge([Values("F32", "F64")] string name)
    {
        ScalarType type = Type(name);
        Check(type, [type], (add, v, r) =>
        {
            Value start = add(ScalarType.I64, c => new ConstantInstruction(c, 0));
            Value one = add(ScalarType.I64, c => new ConstantInstruction(c, 1));
            Value two = add(type, c => new ConvertInstruction(c, ConvertMode.Unchecked, one));
            // Slot 0 holds the value and is stored; slot 1 holds 1 and takes it in.
            add(null, _ => new AccumulatorInstruction(0, AccumulatorKind.Binned, type));
            add(null, _ => new AccumulateInstruction(0, v[0]));
            add(null, _ => new AccumulatorStoreInstruction(0, 2, start));
            add(null, _ => new AccumulatorInstruction(1, AccumulatorKind.Binned, type));
            add(null, _ => new AccumulateInstruction(1, two));
            add(null, _ => new AccumulatorMergeInstruction(1, 2, start));
            return new AccumulatorResultInstruction(r, 1);
        }, "merge", locals: [new LocalBuffer("record", ScalarType.U8, AccumulatorStoreInstruction.RecordBytes)]);
    }

    private static void CheckTwo(
        ScalarType result, ScalarType left, ScalarType right, Func<Value, Value, Value, Instruction> make, bool isSecondConstant, string about)
    {
        if (!isSecondConstant)
        {
            Check(result, [left, right], (v, r) => make(v[0], v[1], r), about);
            return;
        }
        var random = new Random(3);
        for (int i = 0; i < 12; i++)
        {
            ulong bits = ScalarInputs.Next(random, right);
            Check(result, [left], (add, v, r) => make(v[0], add(right, c => new ConstantInstruction(c, bits)), r), $"{about}, constant 0x{bits:x}");
        }
    }

    private static void Check(
        ScalarType result, ImmutableArray<ScalarType> inputs, Func<ImmutableArray<Value>, Value, Instruction> make, string about, int count = Count) =>
        Check(result, inputs, (_, v, r) => make(v, r), about, count);

    // out[i] = instruction(in0[i], in1[i], …)
    private static void Check(
        ScalarType result, ImmutableArray<ScalarType> inputs,
        Func<Func<ScalarType?, Func<Value, Instruction>, Value>, ImmutableArray<Value>, Value, Instruction?> make, string about, int count = Count,
        ImmutableArray<LocalBuffer> locals = default)
    {
        var numbers = new ValueNumbers();
        Value low = numbers.New(ScalarType.I64);
        Value high = numbers.New(ScalarType.I64);
        Value index = numbers.New(ScalarType.I64);
        var body = new List<Instruction>();
        Value Add(ScalarType? type, Func<Value, Instruction> makeOne)
        {
            Value value = numbers.New(type ?? ScalarType.I64);
            body.Add(makeOne(value));
            return value;
        }
        ImmutableArray<Value> operands = [.. inputs.Select((type, i) => Add(type, r => new BufferLoadInstruction(r, i, index)))];
        Value defined = numbers.New(result);
        if (make(Add, operands, defined) is { } last)
        {
            body.Add(last);
        }
        body.Add(new BufferStoreInstruction(inputs.Length, index, defined));
        var function = new LoopsFunction("check", [.. inputs.Select((t, i) => new BufferParameter($"in{i}", t, false, true)), new("out", result, true, true)],
            [], [low], [high], new Block([], [new ForInstruction([], low, high, [], new Block([index], [.. body], []))], []))
        {
            Locals = locals.IsDefault ? [] : locals,
        };
        var random = new Random(7);
        byte[][] buffers = [.. function.Buffers.Select(b => ScalarInputs.Buffer(random, b.Type, count))];

        LoopsRun.AssertSame(function, buffers, [], [0], [count], about);
    }
}
