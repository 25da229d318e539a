using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Tests.Backends;

/// <summary>
/// Random loops functions over a two-dimensional box: expressions of all types, loops with carried values, branches, while loops, traps, local
/// memory and running sums. Buffers 0…11 are read, 12…23 written, one per scalar type.
/// </summary>
internal sealed class RandomLoops(Random random)
{
    public const int Columns = 24;
    private const int Pad = 4;
    private static readonly MathFunction[] s_functions =
    [
        Function(typeof(Math), "Sin", false, typeof(double)), Function(typeof(MathF), "Sqrt", false, typeof(float)),
        Function(typeof(MathF), "Pow", false, typeof(float), typeof(float)), Function(typeof(Math), "Abs", true, typeof(int)),
        Function(typeof(Math), "Sign", true, typeof(double)), Function(typeof(Math), "Abs", true, typeof(sbyte)),
        Function(typeof(Math), "Clamp", true, typeof(long), typeof(long), typeof(long)),
    ];

    private readonly ScalarType[] _palette = [.. Enumerable.Range(0, 2).Select(_ => ScalarInputs.Types[random.Next(ScalarInputs.Types.Length)])];
    private readonly ValueNumbers _numbers = new();
    private readonly List<TrapSite> _sites = [];
    private List<Instruction> _block = [];
    private List<Value> _scope = [];
    private Value _row;
    private Value _column;
    private Value _rowLength;
    private int _accumulators;

    private static MathFunction Function(Type type, string name, bool mayThrow, params Type[] parameters)
    {
        var method = type.GetMethod(name, parameters)!;
        return new MathFunction($"{type.Name}.{name}", method, [.. parameters.Select(p => ScalarTypes.Of(p)!.Value)], ScalarTypes.Of(method.ReturnType)!.Value, mayThrow);
    }

    /// <summary>How many elements each buffer needs for a box that ends at (rows, columns).</summary>
    public static int Elements(int rows, int columns) => rows * columns + 2 * Pad;

    public LoopsFunction Next()
    {
        var buffers = ScalarInputs.Types.Select(t => new BufferParameter($"in_{t.Text()}", t, false, true))
            .Concat(ScalarInputs.Types.Select(t => new BufferParameter($"out_{t.Text()}", t, true, true)));
        Value[] scalars = [.. ScalarInputs.Types.Select(_numbers.New)];
        _rowLength = _numbers.New(ScalarType.I64);
        Value[] low = [_numbers.New(ScalarType.I64), _numbers.New(ScalarType.I64)];
        Value[] high = [_numbers.New(ScalarType.I64), _numbers.New(ScalarType.I64)];
        _scope.AddRange(scalars);
        _row = _numbers.New(ScalarType.I64);
        _column = _numbers.New(ScalarType.I64);

        Block body = Nested([], () =>
        {
            Block rowBody = Nested([_row], () =>
            {
                Statements(random.Next(3), 2);
                Block columnBody = Nested([_column], () =>
                {
                    Statements(random.Next(4, 14), 2);
                    for (int i = random.Next(1, 5); i > 0; i--)
                    {
                        Store();
                    }
                });
                _block.Add(new ForInstruction([], low[1], high[1], [], columnBody) { Kind = LoopKind.Serial });
            });
            _block.Add(new ForInstruction([], low[0], high[0], [], rowBody) { Kind = LoopKind.Threads });
        });
        return new LoopsFunction("random", [.. buffers], [.. scalars, _rowLength], [.. low], [.. high], body)
        {
            TrapSites = [.. _sites],
            Locals = [new LocalBuffer("local", ScalarType.F32, 8)],
        };
    }

    private Block Nested(ImmutableArray<Value> parameters, Action fill, Func<ImmutableArray<Value>>? results = null)
    {
        (List<Instruction> block, List<Value> scope) = (_block, _scope);
        (_block, _scope) = ([], [.. scope, .. parameters]);
        fill();
        ImmutableArray<Value> defined = results is null ? [] : results();
        var nested = new Block(parameters, [.. _block], defined);
        (_block, _scope) = (block, scope);
        return nested;
    }

    private void Statements(int count, int depth)
    {
        for (int i = 0; i < count; i++)
        {
            switch (random.Next(depth > 0 ? 22 : 16))
            {
                case 16 or 17:
                    If(depth - 1);
                    break;
                case 18 or 19:
                    For(depth - 1);
                    break;
                case 20:
                    While(depth - 1);
                    break;
                case 21:
                    Sum();
                    break;
                case 15:
                    Trap();
                    break;
                case 14:
                    Local();
                    break;
                case 13:
                    Store();
                    break;
                default:
                    Expression();
                    break;
            }
        }
    }

    // Mostly a few types a program, so that values meet and accesses collide.
    private ScalarType AnyType() => random.Next(8) == 0 ? ScalarInputs.Types[random.Next(ScalarInputs.Types.Length)] : _palette[random.Next(_palette.Length)];

    private Value OneOf(Value[] values) => values[random.Next(values.Length)];

    private Value Add(ScalarType type, Func<Value, Instruction> make)
    {
        Value result = _numbers.New(type);
        _block.Add(make(result));
        _scope.Add(result);
        return result;
    }

    private Value Constant(ScalarType type) => Add(type, r => new ConstantInstruction(r, ScalarInputs.Next(random, type)));

    private Value Constant(ScalarType type, long value) => Add(type, r => new ConstantInstruction(r, (ulong)value));

    private Value Any(ScalarType type)
    {
        Value[] known = [.. _scope.Where(v => v.Type == type)];
        return known.Length > 0 && random.Next(6) > 0 ? known[random.Next(known.Length)] : random.Next(3) == 0 ? Constant(type) : Load(type);
    }

    private Value Index()
    {
        Value start = Add(ScalarType.I64, r => new BinaryInstruction(r, BinaryOp.Multiply, _row, _rowLength));
        Value offset = _scope.Contains(_column) ? Add(ScalarType.I64, r => new BinaryInstruction(r, BinaryOp.Add, start, _column)) : start;
        int shift = random.Next(2) == 0 ? 0 : random.Next(-Pad, Pad + 1);
        return Add(ScalarType.I64, r => new BinaryInstruction(r, BinaryOp.Add, offset, Constant(ScalarType.I64, Pad + shift)));
    }

    // Outputs are read back too: a later store must not overtake.
    private Value Load(ScalarType type) => Add(type, r => new BufferLoadInstruction(r, (int)type + (random.Next(2) == 0 ? 12 : 0), Index()));

    private void Store()
    {
        ScalarType type = AnyType();
        _block.Add(new BufferStoreInstruction(12 + (int)type, Index(), Any(type)));
    }

    private void Local()
    {
        Value at = Add(ScalarType.I64, r => new BinaryInstruction(r, BinaryOp.And, Any(ScalarType.I64), Constant(ScalarType.I64, 7)));
        _block.Add(new BufferStoreInstruction(24, at, Any(ScalarType.F32)));
        Add(ScalarType.F32, r => new BufferLoadInstruction(r, 24, at));
    }

    private void Trap()
    {
        Value condition = Add(ScalarType.Bool, r => new CompareInstruction(r, CompareOp.Equal, Any(ScalarType.I16), Constant(ScalarType.I16, 17)));
        _sites.Add(new TrapSite(_sites.Count, TrapKind.OutOfRange, default, ""));
        Value detail = Any(ScalarType.I64);
        _block.Add(new TrapIfInstruction(condition, TrapKind.OutOfRange, [_row], [detail, _rowLength]) { Site = _sites.Count - 1 });
    }

    private void Expression()
    {
        ScalarType type = AnyType();
        switch (random.Next(10))
        {
            case 0:
                Add(ScalarType.Bool, r => new CompareInstruction(r, (CompareOp)random.Next(type == ScalarType.Bool ? 2 : 6), Any(type), Any(type)));
                break;
            case 1 when type != ScalarType.Bool:
                ScalarType from = ScalarInputs.Types[random.Next(1, ScalarInputs.Types.Length)];
                Add(type, r => new ConvertInstruction(r, ConvertMode.Unchecked, Any(from)));
                break;
            case 2:
                Add(type, r => new SelectInstruction(r, Any(ScalarType.Bool), Any(type), Any(type)));
                break;
            case 3 when type.IsFloat():
                Add(type, r => new FmaInstruction(r, Any(type), Any(type), Any(type)));
                break;
            case 4:
                Call();
                break;
            case 5 when type.IsInteger():
                Add(ScalarType.Bool, r => new OverflowInstruction(r, (BinaryOp)random.Next(3), Any(type), Any(type)));
                break;
            case 6 when type.IsInteger():
                ScalarType source = ScalarInputs.Types[random.Next(1, ScalarInputs.Types.Length)];
                Add(ScalarType.Bool, r => new ConvertFitsInstruction(r, Any(source), type));
                break;
            case 7:
                Unary(type);
                break;
            default:
                Binary(type);
                break;
        }
    }

    private void Unary(ScalarType type)
    {
        UnaryOp op = type == ScalarType.Bool ? UnaryOp.Not : type.IsFloat() ? UnaryOp.Negate : (UnaryOp)(random.Next(2) * 2);
        Add(type, r => new UnaryInstruction(r, op, Any(type)));
    }

    private void Binary(ScalarType type)
    {
        BinaryOp[] ops = type == ScalarType.Bool ? [BinaryOp.And, BinaryOp.Or, BinaryOp.Xor]
            : type.IsFloat() ? [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Divide, BinaryOp.Remainder, BinaryOp.Min, BinaryOp.Max]
            : [BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Divide, BinaryOp.Remainder, BinaryOp.And, BinaryOp.Or, BinaryOp.Xor,
                BinaryOp.ShiftLeft, BinaryOp.ShiftRight, BinaryOp.Min, BinaryOp.Max];
        BinaryOp op = ops[random.Next(ops.Length)];
        Value left = Any(type);
        Value right = op is BinaryOp.ShiftLeft or BinaryOp.ShiftRight ? Any(ScalarType.I32) : Any(type);
        if (type.IsInteger() && op is BinaryOp.Divide or BinaryOp.Remainder && !type.IsFloat())
        {
            Value small = Add(type, r => new BinaryInstruction(r, BinaryOp.And, right, Constant(type, 7)));
            right = Add(type, r => new BinaryInstruction(r, BinaryOp.Or, small, Constant(type, 1)));
        }
        Add(type, r => new BinaryInstruction(r, op, left, right));
    }

    private void Call()
    {
        if (random.Next(3) == 0)
        {
            ScalarType type = random.Next(2) == 0 ? ScalarType.F32 : ScalarType.F64;
            Add(type, r => new RandomInstruction(r, (RandomKind)random.Next(2), Any(ScalarType.I64), Any(ScalarType.I64), Any(ScalarType.I64)));
            return;
        }
        MathFunction function = s_functions[random.Next(s_functions.Length)];
        Value[] arguments = [.. function.Parameters.Select(Any)];
        Value result = _numbers.New(function.Result);
        if (!function.MayThrow)
        {
            _block.Add(new MathInstruction([result], function, [.. arguments]));
            _scope.Add(result);
            return;
        }
        Value failed = _numbers.New(ScalarType.Bool);
        _block.Add(new MathInstruction([result, failed], function, [.. arguments]));
        _scope.Add(failed);
        // The result of a failed call means nothing.
        Value instead = Any(function.Result);
        Add(function.Result, r => new SelectInstruction(r, failed, instead, result));
    }

    private void If(int depth)
    {
        ScalarType[] types = [.. Enumerable.Range(0, random.Next(3)).Select(_ => AnyType())];
        Value condition = Any(ScalarType.Bool);
        Block then = Nested([], () => Statements(random.Next(4), depth), () => [.. types.Select(Any)]);
        Block otherwise = Nested([], () => Statements(random.Next(4), depth), () => [.. types.Select(Any)]);
        Value[] defined = [.. types.Select(_numbers.New)];
        _block.Add(new IfInstruction([.. defined], condition, then, otherwise));
        _scope.AddRange(defined);
    }

    private void For(int depth)
    {
        ScalarType[] types = [.. Enumerable.Range(0, random.Next(5)).Select(_ => AnyType())];
        long lowest = random.Next(-3, 3);
        Value from = Constant(ScalarType.I64, lowest);
        Value to = Constant(ScalarType.I64, lowest + random.Next(0, 5));
        Value[] seeds = [.. types.Select(Any)];
        Value k = _numbers.New(ScalarType.I64);
        Value[] carried = [.. types.Select(_numbers.New)];
        // Results that are each other's parameters make a parallel assignment.
        Block body = Nested([k, .. carried], () => Statements(random.Next(5), depth),
            () => [.. types.Select(t => random.Next(3) > 0 ? OneOf([.. carried.Where(c => c.Type == t)]) : Any(t))]);
        Value[] defined = [.. types.Select(_numbers.New)];
        _block.Add(new ForInstruction([.. defined], from, to, [.. seeds], body)
        {
            Kind = random.Next(2) == 0 ? LoopKind.Unroll : LoopKind.Serial,
            Step = random.Next(1, 3),
        });
        _scope.AddRange(defined);
        if (defined.Length > 0)
        {
            Value last = OneOf(defined);
            _block.Add(new BufferStoreInstruction(12 + (int)last.Type, Index(), last));
        }
    }

    // while (n > 0 && condition) { …; n-- }
    private void While(int depth)
    {
        ScalarType[] types = [ScalarType.I64, .. Enumerable.Range(0, random.Next(3)).Select(_ => AnyType())];
        Value[] seeds = [Constant(ScalarType.I64, random.Next(4)), .. types[1..].Select(Any)];
        Value[] tested = [.. types.Select(_numbers.New)];
        Block condition = Nested([.. tested], () => Expression(), () =>
        {
            Value zero = Constant(ScalarType.I64, 0);
            Value left = Add(ScalarType.Bool, r => new CompareInstruction(r, CompareOp.Greater, tested[0], zero));
            return [random.Next(2) == 0 ? left : Add(ScalarType.Bool, r => new BinaryInstruction(r, BinaryOp.And, left, Any(ScalarType.Bool)))];
        });
        Value[] carried = [.. types.Select(_numbers.New)];
        Block body = Nested([.. carried], () => Statements(random.Next(4), depth), () =>
        {
            Value one = Constant(ScalarType.I64, 1);
            Value next = Add(ScalarType.I64, r => new BinaryInstruction(r, BinaryOp.Subtract, carried[0], one));
            return [next, .. types[1..].Select(Any)];
        });
        Value[] defined = [.. types.Select(_numbers.New)];
        _block.Add(new WhileInstruction([.. defined], [.. seeds], condition, body, long.MaxValue));
        _scope.AddRange(defined);
    }

    private void Sum()
    {
        int slot = _accumulators++;
        ScalarType type = random.Next(2) == 0 ? ScalarType.F32 : ScalarType.F64;
        _block.Add(new AccumulatorInstruction(slot, AccumulatorKind.Binned, type));
        Value zero = Constant(ScalarType.I64, 0);
        Value count = Constant(ScalarType.I64, random.Next(4));
        Value k = _numbers.New(ScalarType.I64);
        Block body = Nested([k], () => _block.Add(new AccumulateInstruction(slot, Any(type))));
        _block.Add(new ForInstruction([], zero, count, [], body));
        Add(type, r => new AccumulatorResultInstruction(r, slot));
    }
}
