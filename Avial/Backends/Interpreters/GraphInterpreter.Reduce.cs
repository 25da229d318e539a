using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>Reductions, in the canonical order of their combiner.</summary>
internal sealed partial class GraphInterpreter
{
    private const int LeafLength = 64;

    private static void RunReduce(NodeRun run, ReduceOperation reduce)
    {
        ArrayValue output = run.Outputs[0];
        Box domain = run.BoxOf(reduce.Domain);
        int[] kept = [.. Enumerable.Range(0, domain.Rank).Except(reduce.Axes)];
        int[] reduced = [.. Enumerable.Range(0, domain.Rank).Intersect(reduce.Axes)];
        Box computed = ComputedBox(output);
        Box box = domain;
        for (int i = 0; i < kept.Length; i++)
        {
            // The output starts at 0 on every axis.
            long low = domain.Low[kept[i]];
            box = box.With(kept[i], low + computed.Low[i], Math.Min(domain.High[kept[i]], low + computed.High[i]));
        }

        ElementList elements = ElementList.Of(run, reduce.Use, domain, box, AccumulatedTypes(reduce.Use.Kernel, reduce.Combiner));
        Box group = Pick(domain, reduced);
        long[] place = new long[domain.Rank];
        long[] target = new long[kept.Length];
        for (var walk = new BoxWalk(Pick(box, kept)); walk.Next();)
        {
            for (int i = 0; i < kept.Length; i++)
            {
                place[kept[i]] = walk.Index[i];
                target[i] = walk.Index[i] - domain.Low[kept[i]];
            }
            var line = new Group(elements, group, reduced, place);
            ulong[] result = Reduced(run, reduce, line, BoxWalk.Position(domain, line.First()));
            for (int column = 0; column < result.Length; column++)
            {
                ScalarType type = output.Type.Element.ColumnTypes[column];
                if (!elements.HasNaN && ScalarBits.IsNaN(type, result[column]))
                {
                    run.NoteNaN(BoxWalk.Position(output.Type.Box, target), column);
                }
            }
            output.Write(target, result);
        }
    }

    /// <summary>The columns in which a combiner works: Half's Sum, Mean and Product accumulate in float.</summary>
    private static ImmutableArray<ScalarType> AccumulatedTypes(Kernel kernel, Combiner combiner) =>
        combiner.Kind is CombinerKind.Sum or CombinerKind.Mean or CombinerKind.Product
            ? [.. kernel.ResultTypes.Select(t => t == ScalarType.F16 ? ScalarType.F32 : t)]
            : kernel.ResultTypes;

    private static ulong[] Reduced(NodeRun run, ReduceOperation reduce, Group group, long firstLinear)
    {
        ImmutableArray<ScalarType> types = group.Elements.Types;
        ScalarType result = run.Outputs[0].Type.Element.ColumnTypes[0];
        switch (reduce.Combiner.Kind)
        {
            case CombinerKind.Sum when types[0].IsFloat():
                return [Convert(types[0], result, BinnedSum(group))];
            case CombinerKind.Mean:
                ulong count = ScalarBits.OfInteger(types[0], group.Box.Count);
                ScalarArithmetic.TryBinary(BinaryOp.Divide, types[0], BinnedSum(group), count, out ulong mean, out _);
                return [Convert(types[0], result, mean)];
            case CombinerKind.Product when types[0].IsFloat():
            case CombinerKind.Fold:
                ulong[] folded = Folded(run, reduce.Combiner, group, firstLinear);
                return reduce.Combiner.Kind == CombinerKind.Fold ? folded : [Convert(types[0], result, folded[0])];
            case CombinerKind.Min or CombinerKind.Max or CombinerKind.ArgMin or CombinerKind.ArgMax when group.Box.IsEmpty:
                throw run.At(0, new KernelTrap(TrapKind.EmptyRange, SourceSpan.None));
            case CombinerKind.ArgMin or CombinerKind.ArgMax:
                return Extreme(group, reduce.Combiner.Kind == CombinerKind.ArgMin ? CompareOp.Less : CompareOp.Greater);
            default:
                return InOrder(reduce.Combiner, group);
        }
    }

    /// <summary>Integers, logic, Min and Max: any order gives the same.</summary>
    private static ulong[] InOrder(Combiner combiner, Group group)
    {
        var combine = new ElementCombiner(combiner, group.Elements.Types);
        ulong[] result = combine.Identity();
        for (var walk = new BoxWalk(group.Box); walk.Next();)
        {
            combine.TryCombine(result, group[walk.Index], result, out _);
        }
        return result;
    }

    /// <summary>Rule 2: leaves of the last reduced axis, their sums in a reproducible accumulator.</summary>
    private static ulong BinnedSum(Group group)
    {
        RowSum32 sum32 = default;
        RowSum64 sum64 = default;
        sum32.Begin();
        sum64.Begin();
        long[] row = [];
        for (var walk = new BoxWalk(group.Box); walk.Next();)
        {
            ReadOnlySpan<long> index = walk.Index;
            if (index.Length > 0 && !index[..^1].SequenceEqual(row))
            {
                sum32.EndRow();
                sum64.EndRow();
                row = index[..^1].ToArray();
            }
            long last = index.Length == 0 ? 0 : index[^1];
            if (group.Elements.Types[0] == ScalarType.F32)
            {
                sum32.Add(last, ScalarBits.To<float>(group[index][0]));
            }
            else
            {
                sum64.Add(last, ScalarBits.To<double>(group[index][0]));
            }
        }
        return group.Elements.Types[0] == ScalarType.F32 ? ScalarBits.Of(sum32.End().Result()) : ScalarBits.Of(sum64.End().Result());
    }

    /// <summary>Float products and users' folds: leaves of the last reduced axis from their first element on, then the tree over leaf numbers.</summary>
    private static ulong[] Folded(NodeRun run, Combiner combiner, Group group, long firstLinear)
    {
        var combine = new ElementCombiner(combiner, group.Elements.Types);
        if (group.Box.IsEmpty)
        {
            return combine.Identity();
        }
        List<ulong[]> leaves = [];
        for (var walk = new BoxWalk(group.Box); walk.Next();)
        {
            ReadOnlySpan<long> index = walk.Index;
            bool isFirstOfLeaf = index.Length == 0 || index[^1] == group.Box.Low[^1] || index[^1] % LeafLength == 0;
            if (isFirstOfLeaf)
            {
                leaves.Add(group[index].ToArray());
                continue;
            }
            Combine(leaves[^1], group[index], leaves[^1]);
        }
        return DyadicTree.Combine(leaves, (left, right) =>
        {
            ulong[] both = new ulong[left.Length];
            Combine(left, right, both);
            return both;
        });

        void Combine(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
        {
            if (!combine.TryCombine(left, right, result, out KernelTrap trap))
            {
                throw run.At(firstLinear, trap);
            }
        }
    }

    /// <summary>ArgMin and ArgMax: the index along each reduced axis, then the value; ties: the lowest index; the first NaN wins.</summary>
    private static ulong[] Extreme(Group group, CompareOp better)
    {
        ScalarType type = group.Elements.Types[0];
        ulong[]? best = null;
        for (var walk = new BoxWalk(group.Box); walk.Next();)
        {
            ulong value = group[walk.Index][0];
            bool isBetter = best is null
                || (!ScalarBits.IsNaN(type, best[^1]) && (ScalarBits.IsNaN(type, value) || ScalarArithmetic.Compare(better, type, value, best[^1])));
            if (isBetter)
            {
                best = [.. walk.Index.ToArray().Select(i => unchecked((ulong)i)), value];
            }
        }
        return best!;
    }

    private static ulong Convert(ScalarType from, ScalarType to, ulong bits)
    {
        if (from == to)
        {
            return bits;
        }
        ScalarArithmetic.TryConvert(ConvertMode.Unchecked, from, to, bits, out ulong result, out _);
        return result;
    }

    private static Box Pick(Box box, int[] axes) => new([.. axes.Select(a => box.Low[a])], [.. axes.Select(a => box.High[a])]);

    /// <summary>The elements that one result combines: the reduced axes run over <paramref name="Box"/>, the kept ones stay.</summary>
    private sealed record Group(ElementList Elements, Box Box, int[] Axes, long[] Place)
    {
        public Span<ulong> this[ReadOnlySpan<long> index]
        {
            get
            {
                for (int i = 0; i < Axes.Length; i++)
                {
                    Place[Axes[i]] = index[i];
                }
                return Elements[Place];
            }
        }

        public long[] First()
        {
            for (int i = 0; i < Axes.Length; i++)
            {
                Place[Axes[i]] = Box.Low[i];
            }
            return Place;
        }
    }
}
