using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

/// <summary>Builds small kernels over f32 arrays for tests of analysis, and asks for their proofs.</summary>
internal sealed class KernelMaker
{
    private readonly ValueNumbers _numbers = new();
    private readonly List<KernelOperand> _operands = [];
    private readonly List<Value> _parameters = [];
    private readonly List<ulong> _scalars = [];
    private readonly List<KernelArgument> _arguments = [];
    private readonly List<SymbolRange> _symbols = [];
    private readonly List<ArrayType> _inputs = [];
    private readonly List<int> _operandInputs = [];

    public KernelMaker(int rank)
    {
        Indices = [.. Enumerable.Range(0, rank).Select(_ => _numbers.New(ScalarType.I64))];
        Body = new BlockBuilder(_numbers);
    }

    public ImmutableArray<Value> Indices { get; }

    public BlockBuilder Body { get; }

    public ValueNumbers Numbers => _numbers;

    public AffineIndex I => AffineIndex.Of(Indices[0]);

    public AffineIndex J => AffineIndex.Of(Indices[1]);

    public static AffineIndex At(Value atom) => AffineIndex.Of(atom);

    public static AffineIndex At(long constant) => AffineIndex.Of(constant);

    public int Operand(ScalarType type, params long[] extents)
    {
        _operands.Add(new KernelOperand(extents.Length, [type]));
        _operandInputs.Add(_inputs.Count);
        _inputs.Add(new ArrayType(ElementLayout.Of(type.ClrType()), [.. extents]));
        return _operands.Count - 1;
    }

    public int Operand(params long[] extents) => Operand(ScalarType.F32, extents);

    /// <summary>A captured number with a known value.</summary>
    public Value Parameter(long value, ScalarType type = ScalarType.I64)
    {
        _arguments.Add(new KernelArgument(ArgumentKind.Scalar, _scalars.Count));
        _scalars.Add((ulong)value);
        Value parameter = _numbers.New(type);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>A rank-0 input; with a range when it is a loop's step.</summary>
    public (Value Value, int Input) Symbol(long? min = null, long? max = null, bool isCertain = true)
    {
        int input = _inputs.Count;
        _inputs.Add(new ArrayType(ElementLayout.Of(typeof(long)), []));
        _arguments.Add(new KernelArgument(ArgumentKind.Input, input));
        if (min is { } low)
        {
            _symbols.Add(new SymbolRange(input, low, max!.Value, isCertain));
        }
        Value parameter = _numbers.New(ScalarType.I64);
        _parameters.Add(parameter);
        return (parameter, input);
    }

    public Value Load(BlockBuilder block, int operand, params ReadOnlySpan<AffineIndex> indices) => Load(block, operand, BorderKind.None, [], true, indices);

    public Value Load(BlockBuilder block, int operand, BorderKind border, ImmutableArray<AffineIndex> guard, bool isExact, params ReadOnlySpan<AffineIndex> indices)
    {
        ScalarType type = _operands[operand].Columns[0];
        Value? outside = border == BorderKind.Or ? block.Constant(type, 0) : null;
        Value result = _numbers.New(type);
        block.Add(new LoadInstruction(result, new Access(operand, 0, [.. indices], border, outside, guard, isExact, BoundsProof.Unknown, SourceSpan.None)));
        return result;
    }

    /// <summary><c>condition ? then : 0</c>, lazily.</summary>
    public Value If(BlockBuilder block, Value condition, Func<BlockBuilder, Value> then, Func<BlockBuilder, Value>? otherwise = null)
    {
        BlockBuilder thenBlock = block.Nested();
        Value thenValue = then(thenBlock);
        BlockBuilder elseBlock = block.Nested();
        Value elseValue = otherwise is null ? elseBlock.Constant(thenValue.Type, 0) : otherwise(elseBlock);
        Value result = _numbers.New(thenValue.Type);
        block.Add(new IfInstruction([result], condition, thenBlock.Finish([], thenValue), elseBlock.Finish([], elseValue)));
        return result;
    }

    /// <summary>The canonical inner sum of a term.</summary>
    public Value Sum(BlockBuilder block, Value from, Value to, Func<BlockBuilder, Value, Value> term)
    {
        BlockBuilder inner = block.Nested();
        Value k = _numbers.New(ScalarType.I64);
        Value value = term(inner, k);
        Value result = _numbers.New(value.Type);
        block.Add(new InnerSumInstruction(result, from, to, inner.Finish([k], value)));
        return result;
    }

    public Value Compare(BlockBuilder block, CompareOp op, AffineIndex a, AffineIndex b) => block.Compare(op, block.Index(a), block.Index(b));

    public Kernel Build(params ReadOnlySpan<Value> results) => new(Indices.Length, [.. _operands], Body.Finish([.. Indices, .. _parameters], [.. results]));

    public KernelUse Use(Kernel kernel) => new(kernel, [.. _operandInputs], [.. _arguments]);

    public ArrayType[] Inputs => [.. _inputs];

    public ulong[] Scalars => [.. _scalars];

    public SymbolRange[] Symbols => [.. _symbols];

    public static IterationDomain Domain(params (LinearBound Low, LinearBound High)[] axes) => new([.. axes.Select(a => new AxisRange(a.Low, a.High))]);

    public BoundsQuery Query(Kernel kernel, IterationDomain domain, string text = "") => new()
    {
        Use = Use(kernel),
        Domain = domain,
        Inputs = Inputs,
        Scalars = Scalars,
        Symbols = Symbols,
        Span = new SourceSpan("src/Program.cs", 12, text),
        TaskName = "blurred",
        InputName = input => input == 0 ? "terrain" : $"input{input}",
    };

    /// <summary>The proof of each load, in program order.</summary>
    public BoundsProof[] Prove(Kernel kernel, IterationDomain domain) =>
        [.. KernelStructure.Of(BoundsAnalysis.Prove(Query(kernel, domain))).Loads.Select(l => l.Access.Proof)];

    public BoundsProof[] Prove(Value result, params (LinearBound Low, LinearBound High)[] axes) => Prove(Build(result), Domain(axes));

    public string Refusal(Value result, string text, params (LinearBound Low, LinearBound High)[] axes)
    {
        Kernel kernel = Build(result);
        IterationDomain domain = Domain(axes);
        AvialException? caught = Assert.Throws<AvialException>(() => BoundsAnalysis.Prove(Query(kernel, domain, text)));
        return caught!.Message;
    }
}
