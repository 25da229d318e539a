using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Planning;

namespace Avial.Tests.Planning.Verification;

/// <summary>Computes parts of a node on windows, one element after another.</summary>
internal sealed class NodePlayer
{
    private readonly GraphNode _node;
    private readonly PlayArray?[] _inputs;
    private readonly ulong[] _scalars;

    private NodePlayer(GraphNode node, PlayArray?[] inputs, ulong[] scalars)
    {
        _node = node;
        _inputs = inputs;
        _scalars = scalars;
    }

    public static NodePlayer Of(PlanPlayer.Frame frame, int number, ImmutableArray<int> inputs)
    {
        GraphNode node = frame.Region.Nodes[number];
        return new NodePlayer(node, [.. inputs.Select(b => b < 0 ? null : frame[b])], [.. node.Scalars.Select(s => frame.Scalars[s])]);
    }

    public void Launch(PlayArray[] outputs, ImmutableArray<Box> parts, Band? within = null)
    {
        ImmutableArray<IterationDomain> domains = Avial.Passes.Kernels.DomainsOf(_node.Operation);
        for (int n = 0; n < parts.Length; n++)
        {
            PlanPlayer.Require(parts[n].Rank == domains[n].Rank && (!domains[n].IsConstant || domains[n].ToBox().Contains(parts[n])), "a part leaves the domain");
        }
        switch (_node.Operation)
        {
            case MapOperation map:
                for (int n = 0; n < parts.Length; n++)
                {
                    Map(map, map.Pieces[n].Use, outputs, parts[n]);
                }
                break;
            case SweepOperation sweep:
                for (var walk = new BoxWalk(parts[0], [.. sweep.Domain.Axes.Select(a => a.IsReversed)]); walk.Next();)
                {
                    if (within is not { } band || band.Meets(new Box([.. walk.Index], [.. walk.Index.ToArray().Select(i => i + 1)])))
                    {
                        outputs[0].SetElement(walk.Index, Run(sweep.Use, walk.Index, outputs[0]));
                    }
                }
                break;
            case ScanOperation scan:
                PlanPlayer.Require(parts[0].Low[scan.Axis] == 0 && parts[0].High[scan.Axis] == scan.Domain.ToBox().High[scan.Axis], "lines are not whole");
                Scan(outputs[0], parts[0], []);
                break;
            case ScatterOperation scatter:
                PlanPlayer.Require(parts[0] == scatter.Domain.ToBox(), "a scatter is in parts");
                Combine(Contributions(parts[0]), outputs[0], outputs[0].Type.Box);
                break;
            case ReduceOperation reduce:
                Reduce(reduce, outputs[0], parts[0]);
                break;
            default:
                throw new PlayFailure($"{_node.Operation} is not played");
        }
    }

    private void Map(MapOperation map, KernelUse use, PlayArray[] outputs, Box part)
    {
        // All reads come first: what is read must not depend on the order in which points are computed.
        var results = new List<(long[] Index, ulong[] Element)>();
        for (var walk = new BoxWalk(part); walk.Next();)
        {
            results.Add((walk.Index.ToArray(), Run(use, walk.Index)));
        }
        foreach ((long[] index, ulong[] element) in results)
        {
            long[] target = [.. index.Select((i, axis) => i - (map.Origin.IsDefaultOrEmpty ? 0 : map.Origin[axis]))];
            PlanPlayer.Require(Run(use, index).AsSpan().SequenceEqual(element), "a map reads what it writes");
            int column = 0;
            foreach (PlayArray output in outputs)
            {
                output.SetElement(target, element.AsSpan(column, output.Columns));
                column += output.Columns;
            }
        }
    }

    /// <summary>Scans lines that begin with these values, by the place of the line, and gives what they end with.</summary>
    public Dictionary<string, ulong[]> Scan(PlayArray output, Box part, Dictionary<string, ulong[]> begin)
    {
        var scan = (ScanOperation)_node.Operation;
        var end = new Dictionary<string, ulong[]>();
        PlanPlayer.Require(!scan.IsExclusive && scan.Domain.Axes.All(a => !a.IsReversed) && scan.Domain.Axes.All(a => a.Low == 0), "this scan is not played");
        var combine = new ElementCombiner(scan.Combiner, output.Type.Element.ColumnTypes);
        for (var walk = new BoxWalk(part); walk.Next();)
        {
            ulong[] element = Run(scan.Use, walk.Index);
            long[] before = walk.Index.ToArray();
            before[scan.Axis]--;
            string line = string.Join(',', before.Where((_, axis) => axis != scan.Axis));
            if (walk.Index[scan.Axis] > part.Low[scan.Axis])
            {
                combine.TryCombine(ElementAt(output, before), element, element, out _);
            }
            else if (begin.Count > 0)
            {
                PlanPlayer.Require(begin.ContainsKey(line), "a line has no beginning");
                combine.TryCombine(begin[line], element, element, out _);
            }
            output.SetElement(walk.Index, element);
            end[line] = element;
        }
        return end;
    }

    /// <summary>What a part of a scatter contributes, in the domain's order.</summary>
    public List<Contribution> Contributions(Box part)
    {
        var scatter = (ScatterOperation)_node.Operation;
        Box domain = scatter.Domain.ToBox();
        PlanPlayer.Require(part.Rank == domain.Rank && domain.Contains(part), "a part leaves the domain");
        var found = new List<Contribution>();
        for (var walk = new BoxWalk(part); walk.Next();)
        {
            ulong[] results = Run(scatter.Use, walk.Index);
            int axes = scatter.Outputs[0].Rank;
            found.Add(new Contribution(BoxWalk.Position(domain, walk.Index), [.. results.Take(axes).Select(r => (long)r)], results[axes..]));
        }
        return found;
    }

    /// <summary>Combines contributions in order with what a rank owns of the target; null is nothing.</summary>
    public void Combine(List<Contribution> contributions, PlayArray output, Box? own)
    {
        var scatter = (ScatterOperation)_node.Operation;
        var combine = new ElementCombiner(scatter.Combiner, output.Type.Element.ColumnTypes);
        foreach (Contribution contribution in contributions)
        {
            if (own is { } box && contribution.Target.Zip(box.Low, box.High).All(p => p.First >= p.Second && p.First < p.Third))
            {
                ulong[] element = ElementAt(output, contribution.Target);
                combine.TryCombine(element, contribution.Value, element, out _);
                output.SetElement(contribution.Target, element);
            }
        }
    }

    private void Reduce(ReduceOperation reduce, PlayArray output, Box part)
    {
        Box kept = part;
        foreach (int axis in reduce.Axes)
        {
            kept = kept.With(axis, 0, 1);
        }
        for (var walk = new BoxWalk(kept); walk.Next();)
        {
            Box line = part;
            for (int axis = 0; axis < part.Rank; axis++)
            {
                line = reduce.Axes.Contains(axis) ? line : line.With(axis, walk.Index[axis], walk.Index[axis] + 1);
            }
            long[] target = [.. walk.Index.ToArray().Where((_, axis) => !reduce.Axes.Contains(axis))];
            output.SetElement(target, Reduced([line]));
        }
    }

    public ulong[] Reduced(IEnumerable<Box> boxes) => Reduced([.. boxes.SelectMany(Values)]);

    /// <summary>The values of a reduction's kernel over a box.</summary>
    public List<ulong[]> Values(Box box)
    {
        var values = new List<ulong[]>();
        for (var walk = new BoxWalk(box); walk.Next();)
        {
            values.Add(Run(((ReduceOperation)_node.Operation).Use, walk.Index));
        }
        return values;
    }

    public ulong[] Reduced(List<ulong[]> values)
    {
        var reduce = (ReduceOperation)_node.Operation;
        ImmutableArray<ScalarType> types = reduce.Outputs[0].Element.ColumnTypes;
        bool isMean = reduce.Combiner.Kind == CombinerKind.Mean;
        var combine = new ElementCombiner(isMean ? new Combiner(CombinerKind.Sum) : reduce.Combiner, types);
        ulong[] result = combine.Identity();
        foreach (ulong[] value in values)
        {
            combine.TryCombine(result, value, result, out _);
        }
        if (isMean)
        {
            ScalarArithmetic.TryBinary(BinaryOp.Divide, types[0], result[0], ScalarBits.OfInteger(types[0], values.Count), out result[0], out _);
        }
        return result;
    }

    private static ulong[] ElementAt(PlayArray array, long[] index) => [.. Enumerable.Range(0, array.Columns).Select(column => array.Read(column, index))];

    private ulong[] Run(KernelUse use, ReadOnlySpan<long> index, PlayArray? self = null)
    {
        var operands = new Operands(this, use, self);
        ulong[] arguments = [.. use.Arguments.Select(a => a.Kind == ArgumentKind.Scalar ? _scalars[a.Position] : Input(a.Position).Read(a.Column, []))];
        ulong[] results = new ulong[use.Kernel.Body.Results.Length];
        PlanPlayer.Require(new KernelInterpreter(use.Kernel, operands).TryRun(index, arguments, results, out _), "the kernel traps");
        return results;
    }

    private PlayArray Input(int position) => _inputs[position] ?? throw new PlayFailure($"input {position} has no buffer");

    private sealed class Operands(NodePlayer player, KernelUse use, PlayArray? self) : IKernelOperands
    {
        public long Extent(int operand, int axis) => ArrayOf(operand).Type.Extents[axis];

        // No sample reads an array with and without wrapping.
        public ulong Read(int operand, int column, ReadOnlySpan<long> index) =>
            KernelStructure.Of(use.Kernel).Loads.Any(l => l.Access.Operand == operand && l.Access.Border == BorderKind.Wrap)
                ? ArrayOf(operand).ReadWrapped(column, index) : ArrayOf(operand).Read(column, index);

        private PlayArray ArrayOf(int operand) => operand == 0 && self is not null ? self : player.Input(use.Operands[operand]);
    }
}

/// <summary>One contribution to a scatter.</summary>
/// <param name="Source">The number of its point in the domain.</param>
/// <param name="Target">The element that it goes to.</param>
/// <param name="Value">The value.</param>
internal readonly record struct Contribution(long Source, long[] Target, ulong[] Value);
