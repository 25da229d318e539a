using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

/// <summary>A reduction of a random kernel, with its inputs.</summary>
internal sealed record RandomReduction(ReduceOperation Operation, Storage[] Inputs, ImmutableArray<ulong> Scalars, string About)
{
    /// <summary>Over all axes, or over some of them at random.</summary>
    public static RandomReduction Next(int seed, Random random, CombinerKind[] kinds, bool isTotal = false, bool isPartial = false)
    {
        Box domain = RandomDomains.Next(random, isPartial ? random.Next(2, 4) : random.Next(12) == 0 ? 0 : -1);
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(random, kinds);
        GeneratedKernel generated = RandomCombiners.KernelOf(seed, domain, types, random.Next(3) == 0 ? 3 : 10);
        ImmutableArray<int> axes = [.. Enumerable.Range(0, domain.Rank).Where(_ => random.Next(2) == 0)];
        if (isPartial)
        {
            axes = axes.IsEmpty || axes.Length == domain.Rank ? [random.Next(domain.Rank)] : axes;
        }
        else if (axes.IsEmpty || random.Next(2) == 0 || isTotal)
        {
            axes = [.. Enumerable.Range(0, domain.Rank)];
        }
        bool isExtreme = combiner.Kind is CombinerKind.ArgMin or CombinerKind.ArgMax;
        ImmutableArray<ScalarType> columns = isExtreme ? [.. axes.Select(_ => ScalarType.I64), types[0]] : types;
        ImmutableArray<long> extents = [.. Enumerable.Range(0, domain.Rank).Except(axes).Select(domain.Length)];
        var reduce = new ReduceOperation(RandomDomains.Of(domain), LoweringCase.Use(generated.Kernel), axes, combiner)
        {
            Outputs = [new ArrayType(LoweringCase.LayoutOf(columns), extents)],
        };
        return new(reduce, [.. LoweringCase.Operands(generated)], generated.Scalars, $"{combiner} over axes {string.Join(",", axes)}, {generated}");
    }
}
