using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Planning;

/// <summary>A random kernel of one to three reads under random guards and loops, over a random small domain.</summary>
internal sealed class RandomKernel
{
    private readonly Random _random;
    private readonly List<Value> _scope = [];
    private readonly int _data;

    public RandomKernel(int seed)
    {
        _random = new Random(seed);
        int rank = _random.Next(1, 3);
        Maker = new KernelMaker(rank);
        _scope.AddRange(Maker.Indices);
        Extents = [];
        for (int o = 0; o < 2; o++)
        {
            long[] extents = [.. Enumerable.Range(0, _random.Next(1, 3)).Select(_ => (long)_random.Next(1, 9))];
            Maker.Operand(extents);
            Extents.Add(extents);
        }
        _data = Maker.Operand(ScalarType.I64, 64);
        Extents.Add([64]);
        Value parameter = Maker.Parameter(_random.Next(-2, 5));
        Parameters = new() { [parameter.Id] = (long)Maker.Scalars[0] };
        _scope.Add(parameter);
        Low = [.. Enumerable.Range(0, rank).Select(_ => (long)_random.Next(0, 3))];
        High = [.. Low.Select(l => l + _random.Next(1, 7))];
        Value sum = Maker.Body.Constant(ScalarType.F32, 0);
        for (int r = _random.Next(1, 4); r > 0; r--)
        {
            sum = Maker.Body.Binary(BinaryOp.Add, sum, Expression(Maker.Body, 2));
        }
        Kernel = Maker.Build(sum);
    }

    public KernelMaker Maker { get; }

    public Kernel Kernel { get; }

    public List<long[]> Extents { get; }

    public Dictionary<int, long> Parameters { get; }

    public long[] Low { get; }

    public long[] High { get; }

    public IterationDomain Domain => KernelMaker.Domain([.. Low.Zip(High).Select(b => ((LinearBound)b.First, (LinearBound)b.Second))]);

    public IEnumerable<long[]> Points()
    {
        if (Low.Length == 1)
        {
            for (long i = Low[0]; i < High[0]; i++)
            {
                yield return [i];
            }
            yield break;
        }
        for (long i = Low[0]; i < High[0]; i++)
        {
            for (long j = Low[1]; j < High[1]; j++)
            {
                yield return [i, j];
            }
        }
    }

    private Value Expression(BlockBuilder block, int depth)
    {
        switch (depth == 0 ? 9 : _random.Next(10))
        {
            case 0 or 1 or 2:
                return Maker.If(block, Condition(block, 2), b => Expression(b, depth - 1), _random.Next(2) == 0 ? null : b => Expression(b, depth - 1));
            case 3 or 4:
                Value from = _random.Next(2) == 0 ? block.Constant(_random.Next(0, 2)) : Integer(block);
                Value to = _random.Next(2) == 0 ? block.Constant(_random.Next(1, 5)) : Integer(block);
                return Maker.Sum(block, from, to, (b, k) =>
                {
                    _scope.Add(k);
                    Value term = Expression(b, depth - 1);
                    _scope.Remove(k);
                    return term;
                });
            default:
                return Read(block);
        }
    }

    private Value Read(BlockBuilder block)
    {
        int operand = _random.Next(2);
        BorderKind border = _random.Next(5) == 0 ? (BorderKind)_random.Next(1, 4) : BorderKind.None;
        AffineIndex[] indices = [.. Extents[operand].Select(_ => _random.Next(6) == 0 ? AffineIndex.Of(Derived(block)) + _random.Next(-1, 2) : Affine())];
        return Maker.Load(block, operand, border, [], true, indices);
    }

    private AffineIndex Affine()
    {
        AffineIndex sum = AffineIndex.Of(_random.Next(-1, 3));
        for (int n = _random.Next(1, 3); n > 0; n--)
        {
            sum += AffineIndex.Of(_scope[_random.Next(_scope.Count)]) * _random.Next(-1, 3);
        }
        return sum;
    }

    private Value Integer(BlockBuilder block) => block.Index(Affine());

    /// <summary>An integer that is not affine: bounded arithmetic, a choice, or data.</summary>
    private Value Derived(BlockBuilder block)
    {
        Value a = Integer(block);
        return _random.Next(6) switch
        {
            0 => block.Binary(BinaryOp.Min, a, Integer(block)),
            1 => block.Binary(BinaryOp.Max, a, block.Constant(_random.Next(0, 4))),
            2 => block.Binary(BinaryOp.Remainder, a, block.Constant(_random.Next(1, 6))),
            3 => block.Binary(BinaryOp.Divide, a, block.Constant(_random.Next(1, 4))),
            4 => block.Select(Condition(block, 1), a, Integer(block)),
            _ => Maker.Load(block, _data, BorderKind.Wrap, [], true, AffineIndex.Of(a)),
        };
    }

    private Value Condition(BlockBuilder block, int depth)
    {
        if (depth > 0 && _random.Next(3) == 0)
        {
            Value left = Condition(block, depth - 1);
            return _random.Next(3) switch
            {
                0 => block.Binary(BinaryOp.And, left, Condition(block, depth - 1)),
                1 => block.Binary(BinaryOp.Or, left, Condition(block, depth - 1)),
                _ => block.Unary(UnaryOp.Not, left),
            };
        }
        Value a = _random.Next(5) == 0 ? Derived(block) : Integer(block);
        return block.Compare((CompareOp)_random.Next(6), a, _random.Next(2) == 0 ? block.Constant(_random.Next(-1, 5)) : Integer(block));
    }
}
