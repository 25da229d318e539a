using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Tests.Generators;

/// <summary>
/// Random valid kernels from a seed: all types and operations, ifs, loops, inner sums, reads with every border. Reads without a border stay inside
/// for the kernel's domain (unless it may trap), by intervals that are kept for index variables, loop variables and clamped data.
/// </summary>
internal sealed partial class KernelGenerator
{
    private readonly Random _random;
    private readonly KernelGeneratorOptions _options;
    private readonly ValueNumbers _numbers = new();
    private readonly ImmutableArray<KernelOperand> _operands;
    private readonly ImmutableArray<ImmutableArray<long>> _extents;

    private KernelGenerator(int seed, KernelGeneratorOptions options)
    {
        _random = new Random(seed);
        _options = options;
        if (options.Operands is { } given)
        {
            _operands = [.. given.Select(o => o.Operand)];
            _extents = [.. given.Select(o => o.Extents)];
            return;
        }
        int count = options.HasLoads ? _random.Next(1, 4) : 0;
        _operands = [.. Enumerable.Range(0, count).Select(_ => new KernelOperand(_random.Next(1, 4), Many(1, 3, AnyType)))];
        _extents = [.. _operands.Select(o => Many(o.Rank, o.Rank, () => Extent(o.Rank)))];
    }

    /// <summary>The kernel of a seed.</summary>
    public static GeneratedKernel Generate(int seed, KernelGeneratorOptions? options = null) =>
        new KernelGenerator(seed, options ?? new KernelGeneratorOptions()).Generate(seed);

    private GeneratedKernel Generate(int seed)
    {
        int rank = _options.Domain?.Rank ?? (_options.Rank >= 0 ? _options.Rank : _random.Next(4));
        ImmutableArray<long> low = _options.Domain?.Low ?? Many(rank, rank, () => _random.NextInt64(4));
        ImmutableArray<long> high = _options.Domain?.High ?? [.. low.Select(l => l + _random.NextInt64(1, rank == 1 ? 40 : 7))];
        ImmutableArray<Value> indices = Many(rank, rank, () => _numbers.New(ScalarType.I64));
        ImmutableArray<Value> scalars = _options.Parameters is { } types ? [.. types.Select(_numbers.New)] : Many(0, 3, () => _numbers.New(AnyType()));

        var body = new Scope(new BlockBuilder(_numbers));
        for (int axis = 0; axis < rank; axis++)
        {
            body.Add(indices[axis]);
            body.Bound(indices[axis], low[axis], Math.Max(low[axis], high[axis] - 1), isAffine: true);
        }
        foreach (Value scalar in scalars)
        {
            body.Add(scalar);
        }
        for (int operand = 0; operand < _operands.Length && _options.ReadsAll; operand++)
        {
            body.Add(_random.Next(2) == 0 && LoadHere(body, operand) is { } value ? value : Load(body, operand));
        }
        Fill(body, _options.Size, depth: 0);
        if (_options.ResultTypes is { } resultTypes)
        {
            ImmutableArray<Value> targets = [.. _options.Targets.Select(extent => Target(body, extent))];
            Block given = body.Builder.Finish([.. indices, .. scalars], [.. targets, .. resultTypes.Select(t => Operand(body, t))]);
            return new GeneratedKernel(seed, new Kernel(rank, _operands, given), new Box(low, high), _extents, [], []);
        }
        int results = _options.Results > 0 ? _options.Results : _random.Next(1, 4);
        Block block = body.Builder.Finish([.. indices, .. scalars], Many(results, results, () => Operand(body, AnyType())));
        return new GeneratedKernel(seed, new Kernel(rank, _operands, block), new Box(low, high), _extents,
            [.. _operands.Select((o, k) => Columns(o, _extents[k]))], [.. scalars.Select(s => RandomBits.Of(s.Type, _random))]);
    }

    private Value Target(Scope scope, long extent) =>
        TrapsHere() && _random.Next(4) == 0 ? Operand(scope, ScalarType.I64) : Clamped(scope, 0, extent - 1);

    private long Extent(int rank)
    {
        if (_options.Domain is { Rank: > 0 } domain && (rank == 1 || _random.Next(2) == 0))
        {
            return Enumerable.Range(0, domain.Rank).Select(domain.Length).OrderByDescending(l => l).ElementAt(_random.Next(domain.Rank)) + _random.Next(1, 6);
        }
        return _random.NextInt64(1, rank == 1 ? 40 : 9);
    }

    private ImmutableArray<ImmutableArray<ulong>> Columns(KernelOperand operand, ImmutableArray<long> extents)
    {
        long count = extents.Aggregate(1L, (product, extent) => product * extent);
        return [.. operand.Columns.Select(type => Many((int)count, (int)count, () => RandomBits.Of(type, _random)))];
    }

    /// <summary>Adds about this many instructions to a block.</summary>
    private void Fill(Scope scope, int size, int depth)
    {
        for (int i = 0; i < size; i++)
        {
            scope.Add(Step(scope, depth));
        }
    }

    private Value Step(Scope scope, int depth) => _random.Next(20) switch
    {
        0 when _options.HasIfs && depth < 3 => If(scope, depth),
        1 when _options.HasLoops && depth < 2 => For(scope, depth),
        2 when _options.HasLoops && depth < 2 => While(scope, depth),
        3 when _options.HasInnerSums && depth < 2 => InnerSum(scope, depth),
        >= 4 and <= 8 when _options.HasLoads && _operands.Length > 0 => Load(scope),
        9 or 10 when _options.HasMath => Call(scope),
        11 when _options.HasRandom => Draw(scope),
        12 when _options.HasIfs && depth < 3 && scope.Affine.Length > 0 => GuardedIf(scope, depth),
        13 when _options.MayTrap && _random.Next(6) == 0 => Trap(scope),
        _ => Scalar(scope),
    };

    private ScalarType AnyType() => _options.Types[_random.Next(_options.Types.Length)];

    /// <summary>One of the types, of those that fit; of all that fit where none of the options does.</summary>
    private ScalarType TypeWhere(Func<ScalarType, bool> fits)
    {
        ScalarType[] types = [.. _options.Types.Where(fits)];
        return Any(types.Length > 0 ? types : [.. Enum.GetValues<ScalarType>().Where(fits)]);
    }

    private T Any<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private ImmutableArray<T> Many<T>(int least, int most, Func<T> make) =>
        [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => make())];

    /// <summary>A value of a type: most often one at hand, of the last ones rather than the first, else a constant or a conversion.</summary>
    private Value Operand(Scope scope, ScalarType type)
    {
        ImmutableArray<Value> known = scope.Of(type);
        if (known.Length > 0 && _random.Next(8) != 0)
        {
            return known[Math.Max(_random.Next(known.Length), _random.Next(known.Length))];
        }
        ImmutableArray<Value> numbers = [.. scope.All.Where(v => v.Type != ScalarType.Bool)];
        return type != ScalarType.Bool && numbers.Length > 0 && _random.Next(2) == 0
            ? scope.Builder.Convert(Any(numbers), type)
            : scope.Builder.Constant(type, RandomBits.Of(type, _random));
    }
}
