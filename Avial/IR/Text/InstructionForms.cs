using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Avial.IR.Text;

/// <summary>
/// The table of instructions: one row each, which printer, parser and verifier share. Instructions with indices or blocks are written in
/// <c>InstructionForms.Memory.cs</c> and <c>InstructionForms.Blocks.cs</c>.
/// </summary>
internal static partial class InstructionForms
{
    private static readonly ImmutableArray<InstructionForm> s_rows =
    [
        Constant(),
        Unary("neg", UnaryOp.Negate, TypeSet.Number),
        Unary("neg.checked", UnaryOp.NegateChecked, TypeSet.Integer, FormPlaces.Kernel),
        Unary("not", UnaryOp.Not, TypeSet.Bits),
        Binary("add", BinaryOp.Add, TypeSet.Number),
        Binary("sub", BinaryOp.Subtract, TypeSet.Number),
        Binary("mul", BinaryOp.Multiply, TypeSet.Number),
        Binary("div", BinaryOp.Divide, TypeSet.Number),
        Binary("rem", BinaryOp.Remainder, TypeSet.Number),
        Binary("add.checked", BinaryOp.AddChecked, TypeSet.Integer, FormPlaces.Kernel),
        Binary("sub.checked", BinaryOp.SubtractChecked, TypeSet.Integer, FormPlaces.Kernel),
        Binary("mul.checked", BinaryOp.MultiplyChecked, TypeSet.Integer, FormPlaces.Kernel),
        Binary("and", BinaryOp.And, TypeSet.Bits),
        Binary("or", BinaryOp.Or, TypeSet.Bits),
        Binary("xor", BinaryOp.Xor, TypeSet.Bits),
        Shift("shl", BinaryOp.ShiftLeft),
        Shift("shr", BinaryOp.ShiftRight),
        Binary("min", BinaryOp.Min, TypeSet.Number),
        Binary("max", BinaryOp.Max, TypeSet.Number),
        Compare("eq", CompareOp.Equal, TypeSet.Any),
        Compare("ne", CompareOp.NotEqual, TypeSet.Any),
        Compare("lt", CompareOp.Less, TypeSet.Number),
        Compare("le", CompareOp.LessOrEqual, TypeSet.Number),
        Compare("gt", CompareOp.Greater, TypeSet.Number),
        Compare("ge", CompareOp.GreaterOrEqual, TypeSet.Number),
        Convert("convert", ConvertMode.Unchecked, FormPlaces.Both),
        Convert("convert.checked", ConvertMode.Checked, FormPlaces.Kernel),
        InstructionForm.OfValues<SelectInstruction>("select", typeof(SelectInstruction), 3, i => i.Result.Type,
            (head, v) => new SelectInstruction(head.Result, v[0], v[1], v[2]), (c, i) =>
            {
                c.Type(i.Condition, ScalarType.Bool, "condition");
                c.Same(TypeSet.Any, i.Result, i.IfTrue, i.IfFalse);
            }),
        InstructionForm.OfValues<FmaInstruction>("fma", typeof(FmaInstruction), 3, i => i.Result.Type,
            (head, v) => new FmaInstruction(head.Result, v[0], v[1], v[2]), (c, i) => c.Same(TypeSet.Float, i.Result, i.A, i.B, i.C)),
        Math(),
        Random("random.uniform", RandomKind.Uniform, TypeSet.Float),
        Random("random.normal", RandomKind.Normal, TypeSet.Float),
        Random("random.bits", RandomKind.Bits, TypeSet.Unsigned),
        Overflow("overflow.add", BinaryOp.Add),
        Overflow("overflow.sub", BinaryOp.Subtract),
        Overflow("overflow.mul", BinaryOp.Multiply),
        ConvertFits(),
        Trap(),
        Extent(),
        Load(),
        If(),
        For(),
        InnerSum(),
        While(),
        BufferLoad(),
        BufferStore(),
        Accumulator(),
        Accumulate(),
        AccumulatorResult(),
        AccumulatorStore(),
        AccumulatorMerge(),
    ];

    private static readonly FrozenDictionary<string, InstructionForm> s_byMnemonic = s_rows.ToFrozenDictionary(r => r.Mnemonic);

    private static readonly FrozenDictionary<object, InstructionForm> s_byKey = s_rows.ToFrozenDictionary(r => r.Key);

    public static ImmutableArray<InstructionForm> All => s_rows;

    public static InstructionForm? Find(string mnemonic) => s_byMnemonic.GetValueOrDefault(mnemonic);

    public static InstructionForm Of(Instruction instruction) =>
        s_byKey.TryGetValue(KeyOf(instruction), out InstructionForm? form) ? form
        : throw new Diagnostics.InternalErrorException($"A {instruction.GetType().Name} of {KeyOf(instruction)} has no text form.");

    private static object KeyOf(Instruction instruction) => instruction switch
    {
        UnaryInstruction i => i.Op,
        BinaryInstruction i => i.Op,
        CompareInstruction i => i.Op,
        ConvertInstruction i => i.Mode,
        RandomInstruction i => i.Kind,
        OverflowInstruction i => (typeof(OverflowInstruction), i.Op),
        _ => instruction.GetType(),
    };

    private static InstructionForm Constant() => InstructionForm.Of<ConstantInstruction>("const", typeof(ConstantInstruction), FormPlaces.Both,
        i => i.Result.Type,
        (p, i) => p.Write($" {Literal.Print(i.Result.Type, i.Bits)}"),
        (p, head) => new ConstantInstruction(head.Result, Literal.Parse(p.Text, head.Type)),
        (c, i) => c.Require(Literal.IsCanonical(i.Result.Type, i.Bits), $"the bits are no {i.Result.Type.Text()}"));

    private static InstructionForm Unary(string mnemonic, UnaryOp op, TypeSet types, FormPlaces places = FormPlaces.Both) => InstructionForm.OfValues<UnaryInstruction>(mnemonic, op, 1,
        i => i.Result.Type, (head, v) => new UnaryInstruction(head.Result, op, v[0]), (c, i) => c.Same(types, i.Result, i.Operand), places);

    private static InstructionForm Binary(string mnemonic, BinaryOp op, TypeSet types, FormPlaces places = FormPlaces.Both) => InstructionForm.OfValues<BinaryInstruction>(mnemonic, op, 2,
        i => i.Result.Type, (head, v) => new BinaryInstruction(head.Result, op, v[0], v[1]), (c, i) => c.Same(types, i.Result, i.Left, i.Right), places);

    private static InstructionForm Shift(string mnemonic, BinaryOp op) => InstructionForm.OfValues<BinaryInstruction>(mnemonic, op, 2,
        i => i.Result.Type, (head, v) => new BinaryInstruction(head.Result, op, v[0], v[1]), (c, i) =>
        {
            c.Same(TypeSet.Integer, i.Result, i.Left);
            c.Type(i.Right, ScalarType.I32, "shift count");
        });

    /// <summary>The type behind the mnemonic is the operands'; the result is i1.</summary>
    private static InstructionForm Compare(string mnemonic, CompareOp op, TypeSet types) => InstructionForm.OfValues<CompareInstruction>(mnemonic, op, 2,
        i => i.Left.Type, (head, v) => new CompareInstruction(head.Single(ScalarType.Bool), op, v[0], v[1]), (c, i) =>
        {
            c.Type(i.Result, ScalarType.Bool, "result");
            c.Same(types, i.Left, i.Right);
        });

    /// <summary>The type behind the mnemonic is the one converted to.</summary>
    private static InstructionForm Convert(string mnemonic, ConvertMode mode, FormPlaces places) => InstructionForm.OfValues<ConvertInstruction>(mnemonic, mode, 1,
        i => i.Result.Type, (head, v) => new ConvertInstruction(head.Result, mode, v[0]),
        (c, i) => c.Require(TypeSet.Number.Contains(i.Result.Type) && TypeSet.Number.Contains(i.Operand.Type),
            $"no conversion from {i.Operand.Type.Text()} to {i.Result.Type.Text()}"), places);

    /// <summary>The type behind the mnemonic is the operands'; the result is i1.</summary>
    private static InstructionForm Overflow(string mnemonic, BinaryOp op) => InstructionForm.OfValues<OverflowInstruction>(mnemonic, (typeof(OverflowInstruction), op), 2,
        i => i.Left.Type, (head, v) => new OverflowInstruction(head.Single(ScalarType.Bool), op, v[0], v[1]), (c, i) =>
        {
            c.Type(i.Result, ScalarType.Bool, "result");
            c.Same(TypeSet.Integer, i.Left, i.Right);
        }, FormPlaces.Loops);

    /// <summary>The type behind the mnemonic is the one converted to; the result is i1.</summary>
    private static InstructionForm ConvertFits() => InstructionForm.OfValues<ConvertFitsInstruction>("fits", typeof(ConvertFitsInstruction), 1,
        i => i.To, (head, v) => new ConvertFitsInstruction(head.Single(ScalarType.Bool), v[0], head.Type), (c, i) =>
        {
            c.Type(i.Result, ScalarType.Bool, "result");
            c.Require(TypeSet.Number.Contains(i.Operand.Type) && i.To.IsInteger(), $"no question whether {i.Operand.Type.Text()} fits {i.To.Text()}");
        }, FormPlaces.Loops);

    private static InstructionForm Random(string mnemonic, RandomKind kind, TypeSet types) => InstructionForm.OfValues<RandomInstruction>(mnemonic, kind, 3,
        i => i.Result.Type, (head, v) => new RandomInstruction(head.Result, kind, v[0], v[1], v[2]), (c, i) =>
        {
            c.Same(types, i.Result);
            c.Type(i.Seed, ScalarType.I64, "seed");
            c.Type(i.Stream, ScalarType.I64, "stream");
            c.Type(i.Index, ScalarType.I64, "index");
        });

    /// <summary><c>math.f64 Math.Pow %1, %2</c>: the overload follows from the types of the arguments.</summary>
    private static InstructionForm Math() => InstructionForm.Of<MathInstruction>("math", typeof(MathInstruction), FormPlaces.Both,
        i => i.Function.Result,
        (p, i) => p.Write($" {i.Function.Name}").Values(i.Arguments),
        (p, head) =>
        {
            string name = p.Text.TakeIdentifier();
            ImmutableArray<Value> arguments = p.ValueList();
            ScalarType[] types = [.. arguments.Select(a => a.Type)];
            MathFunction function = MathFunctions.Find(name, types)
                ?? throw p.Text.Refuse($"there is no function {name}({string.Join(", ", types.Select(t => t.Text()))})");
            ImmutableArray<Value> results = [.. head.Results.Select((id, k) => new Value(id, k == 0 ? head.Type : ScalarType.Bool))];
            return new MathInstruction(results, function, arguments);
        },
        (c, i) =>
        {
            c.Types(i.Arguments, i.Function.Parameters, "arguments");
            bool hasFailed = c.Function is not null && i.Function.MayThrow;
            c.Types(i.Defined, hasFailed ? [i.Function.Result, ScalarType.Bool] : [i.Function.Result], "results");
        });

    private static readonly ImmutableArray<(TrapKind Kind, string Word)> s_traps =
    [
        (TrapKind.DivideByZero, "divide_by_zero"),
        (TrapKind.Overflow, "overflow"),
        (TrapKind.OutOfRange, "out_of_range"),
        (TrapKind.EmptyRange, "empty_range"),
        (TrapKind.LoopCap, "loop_cap"),
        (TrapKind.MathDomain, "math_domain"),
    ];

    public static string TrapWord(TrapKind kind) => s_traps.First(t => t.Kind == kind).Word;

    public static TrapKind TrapKindOf(TextScanner text)
    {
        string word = text.TakeIdentifier();
        foreach (var row in s_traps)
        {
            if (row.Word == word)
            {
                return row.Kind;
            }
        }
        throw text.Refuse($"'{word}' is no kind of trap");
    }

    /// <summary><c>trap %5 out_of_range at %0, %1 details %7, %8 site 2</c>.</summary>
    private static InstructionForm Trap() => InstructionForm.Of<TrapIfInstruction>("trap", typeof(TrapIfInstruction), FormPlaces.Both,
        _ => null,
        (p, i) =>
        {
            p.Write($" {i.Condition} {TrapWord(i.Kind)}");
            WriteList(p, " at", i.Operands);
            WriteList(p, " details", i.Details);
            p.Write(i.Site == -1 ? "" : $" site {i.Site}");
        },
        (p, head) =>
        {
            Value condition = p.Value();
            TrapKind kind = TrapKindOf(p.Text);
            ImmutableArray<Value> operands = p.Text.TryTake("at") ? p.ValueList() : [];
            ImmutableArray<Value> details = p.Text.TryTake("details") ? p.ValueList() : [];
            return new TrapIfInstruction(condition, kind, operands, details) { Site = p.Text.TryTake("site") ? (int)p.Text.TakeLong() : -1 };
        },
        (c, i) =>
        {
            c.Type(i.Condition, ScalarType.Bool, "condition");
            c.Require(c.Kernel is null || i.Operands.IsEmpty && i.Site == -1, "a kernel's trap names no index variables and no site");
            if (c.Function is { } function && c.Require(i.Site >= 0 && i.Site < function.TrapSites.Length, $"there is no trap site {i.Site}"))
            {
                c.Require(function.TrapSites[i.Site].Kind == i.Kind, $"trap site {i.Site} is of kind {TrapWord(function.TrapSites[i.Site].Kind)}");
            }
            c.Types(i.Operands, i.Operands.Select(_ => ScalarType.I64), "index variables");
            c.Types(i.Details, i.Details.Select(_ => ScalarType.I64), "details");
        });

    private static void WriteList(InstructionPrinter p, string word, ImmutableArray<Value> values)
    {
        if (!values.IsEmpty)
        {
            p.Write(word).Values(values);
        }
    }
}
