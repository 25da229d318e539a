using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Passes;

/// <summary>
/// Rebuilds a node with what its kernels read through views and from fused producers put in place of the reads:
/// <code>
/// p = map i { x[i] * 2 }                 q = map i { x[i - 1] * 2 + x[i + 1] * 2 }
/// q = map i { p[i - 1] + p[i + 1] }  →
/// </code>
/// A read of a view becomes a read of what it shows at the mapped place; a read of a producer becomes its body at the access's map.
/// </summary>
internal sealed class FusedNode
{
    private readonly Region _region;
    private readonly IReadOnlyList<GraphNode> _nodes;
    private readonly Func<GraphValue, bool> _isFused;
    private readonly GraphNode _node;
    private readonly List<GraphValue> _inputs;
    private readonly List<int> _scalars;
    private readonly List<GraphNode> _fused = [];

    private FusedNode(Region region, IReadOnlyList<GraphNode> nodes, GraphNode node, Func<GraphValue, bool> isFused)
    {
        _region = region;
        _nodes = nodes;
        _node = node;
        _isFused = isFused;
        _inputs = [.. node.Inputs];
        _scalars = [.. node.Scalars];
    }

    /// <summary>The node with every read of a value for which <paramref name="isFused"/> holds (a view, fill or map) replaced.</summary>
    /// <param name="region">The region, for types.</param>
    /// <param name="nodes">Its nodes, those before this one already rebuilt.</param>
    /// <param name="node">The reader.</param>
    /// <param name="isFused">Which values are put in place of their reads.</param>
    public static GraphNode Build(Region region, IReadOnlyList<GraphNode> nodes, GraphNode node, Func<GraphValue, bool> isFused)
    {
        ImmutableArray<KernelUse> uses = Kernels.UsesOf(node.Operation);
        if (!uses.Any(u => u.Operands.Where((_, k) => !IsSelf(node.Operation, k)).Any(p => isFused(node.Inputs[p]))))
        {
            return node;
        }
        var builder = new FusedNode(region, nodes, node, isFused);
        ImmutableArray<KernelUse> rebuilt = [.. uses.Select(use => builder.Rebuild(use))];
        return InputPositions.Compact(node with
        {
            Operation = Kernels.WithUses(node.Operation, rebuilt),
            Inputs = [.. builder._inputs],
            Scalars = [.. builder._scalars],
            Fused = [.. node.Fused, .. builder._fused],
        });
    }

    /// <summary>Operand 0 of a sweep is the array being computed, not the one it starts from.</summary>
    public static bool IsSelf(Operation operation, int operand) => operation is SweepOperation && operand == 0;

    private KernelUse Rebuild(KernelUse use) => new UseBuilder(this, use).Build();

    private int InputPosition(GraphValue value)
    {
        int position = _inputs.IndexOf(value);
        if (position < 0)
        {
            position = _inputs.Count;
            _inputs.Add(value);
        }
        return position;
    }

    private int ScalarPosition(int tablePosition)
    {
        int position = _scalars.IndexOf(tablePosition);
        if (position < 0)
        {
            position = _scalars.Count;
            _scalars.Add(tablePosition);
        }
        return position;
    }

    /// <summary>Builds one kernel use: the target of all copying.</summary>
    private sealed class UseBuilder(FusedNode owner, KernelUse use)
    {
        private readonly List<(KernelOperand Operand, int Position)> _operands = [];
        private readonly List<(Value Value, KernelArgument Argument)> _parameters = [];
        private readonly Dictionary<BlockBuilder, List<(GraphValue Producer, ImmutableArray<AffineIndex> At, ImmutableArray<Value> Results)>> _inlined = [];
        private readonly ValueNumbers _numbers = new();

        public FusedNode Owner => owner;

        public KernelUse Build()
        {
            var top = new BlockBuilder(_numbers);
            ImmutableArray<Value> indices = [.. Enumerable.Range(0, use.Kernel.Rank).Select(_ => _numbers.New(ScalarType.I64))];
            if (IsSelf(owner._node.Operation, 0))
            {
                _operands.Add((use.Kernel.Operands[0], use.Operands[0]));
            }
            var frame = new Frame(this, use, p => owner._node.Inputs[p], s => owner._node.Scalars[s], isRoot: true);
            ImmutableArray<Value> results = frame.Copy([.. indices.Select(AffineIndex.Of)], top, [], true);
            var kernel = new Kernel(use.Kernel.Rank, [.. _operands.Select(o => o.Operand)], top.Finish([.. indices, .. _parameters.Select(p => p.Value)], results));
            return new KernelUse(kernel, [.. _operands.Select(o => o.Position)], [.. _parameters.Select(p => p.Argument)]);
        }

        public Value Parameter(ScalarType type, KernelArgument argument)
        {
            foreach ((Value known, KernelArgument of) in _parameters)
            {
                if (of == argument && known.Type == type)
                {
                    return known;
                }
            }
            Value value = _numbers.New(type);
            _parameters.Add((value, argument));
            return value;
        }

        /// <summary>The operand number of an input; a sweep's own array keeps number 0 to itself.</summary>
        public int Operand(KernelOperand operand, GraphValue value)
        {
            int position = owner.InputPosition(value);
            int first = IsSelf(owner._node.Operation, 0) ? 1 : 0;
            int known = _operands.FindIndex(first, o => o.Position == position);
            if (known >= 0)
            {
                return known;
            }
            _operands.Add((operand, position));
            return _operands.Count - 1;
        }

        /// <summary>The results of a producer at a place, computed once per place in scope.</summary>
        public ImmutableArray<Value> Inline(GraphValue value, ImmutableArray<AffineIndex> at, BlockBuilder into, ImmutableArray<AffineIndex> guard, bool guardIsExact)
        {
            var key = new GraphValue(value.Node, 0);
            for (BlockBuilder? builder = into; builder is not null; builder = builder.Parent)
            {
                if (_inlined.TryGetValue(builder, out var known) && known.Find(k => k.Producer == key && k.At.AsSpan().SequenceEqual(at.AsSpan())) is { Results.IsDefault: false } found)
                {
                    return found.Results;
                }
            }
            GraphNode producer = owner._nodes[value.Node];
            ImmutableArray<Value> results = producer.Operation is FillOperation fill
                ? [.. fill.Outputs[0].Element.ColumnTypes.Select((type, column) => Parameter(type, new KernelArgument(ArgumentKind.Scalar, owner.ScalarPosition(producer.Scalars[column]))))]
                : InlineMap(producer, (MapOperation)producer.Operation, at, into, guard, guardIsExact);
            if (!owner._fused.Exists(f => ReferenceEquals(f, producer)))
            {
                owner._fused.AddRange(producer.Fused);
                owner._fused.Add(producer);
            }
            if (!_inlined.TryGetValue(into, out var list))
            {
                _inlined[into] = list = [];
            }
            list.Add((key, at, results));
            return results;
        }

        private ImmutableArray<Value> InlineMap(GraphNode producer, MapOperation map, ImmutableArray<AffineIndex> at, BlockBuilder into, ImmutableArray<AffineIndex> guard, bool guardIsExact)
        {
            var frame = new Frame(this, map.Pieces[0].Use, p => producer.Inputs[p], s => producer.Scalars[s], isRoot: false);
            return frame.Copy([.. at.Select((index, axis) => index + map.Origin[axis])], into, guard, guardIsExact);
        }

        public bool IsFused(GraphValue value) => owner._isFused(value);

        public GraphNode NodeOf(GraphValue value) => owner._nodes[value.Node];

        public ArrayType TypeOf(GraphValue value) => owner._region.TypeOf(value);
    }

    /// <summary>One copy of a kernel into the target: the consumer itself, or a producer at one place.</summary>
    private sealed class Frame(UseBuilder target, KernelUse use, Func<int, GraphValue> inputOf, Func<int, int> tableOf, bool isRoot) : KernelCopier
    {
        private ImmutableArray<AffineIndex> _guard = [];
        private bool _guardIsExact = true;

        public ImmutableArray<Value> Copy(ImmutableArray<AffineIndex> indices, BlockBuilder into, ImmutableArray<AffineIndex> guard, bool guardIsExact)
        {
            _guard = guard;
            _guardIsExact = guardIsExact;
            Kernel kernel = use.Kernel;
            for (int axis = 0; axis < kernel.Rank; axis++)
            {
                Bind(kernel.Indices[axis], indices[axis]);
            }
            for (int p = 0; p < kernel.Parameters.Length; p++)
            {
                KernelArgument argument = use.Arguments[p];
                int position = argument.Kind == ArgumentKind.Input ? target.Owner.InputPosition(inputOf(argument.Position)) : target.Owner.ScalarPosition(tableOf(argument.Position));
                Bind(kernel.Parameters[p], target.Parameter(kernel.Parameters[p].Type, argument with { Position = position }));
            }
            CopyInstructions(kernel.Body, into);
            return [.. kernel.Body.Results.Select(r => Map(r, into))];
        }

        protected override Value Load(LoadInstruction load, BlockBuilder at)
        {
            Access access = load.Access;
            GraphValue value = inputOf(use.Operands[access.Operand]);
            ImmutableArray<AffineIndex> indices = [.. access.Indices.Select(Map)];
            ImmutableArray<AffineIndex> guard = [.. access.Guard.Select(Map), .. _guard];
            bool isExact = access.GuardIsExact && _guardIsExact;
            Value? orValue = access.OrValue is { } or ? Map(or, at) : null;
            bool isSelf = isRoot && IsSelf(target.Owner._node.Operation, access.Operand);
            if (!isSelf && access.Border == BorderKind.None)
            {
                if (access.Proof != BoundsProof.Proven && target.IsFused(value))
                {
                    CheckInside(indices, target.TypeOf(value), load, at);
                    access = access with { Proof = BoundsProof.Proven };
                }
                while (target.IsFused(value) && target.NodeOf(value).Operation is ViewOperation view)
                {
                    indices = Through(view, target.NodeOf(value), indices);
                    value = target.NodeOf(value).Inputs[0];
                }
                if (target.IsFused(value))
                {
                    int firstColumn = target.NodeOf(value).Operation.Outputs.Take(value.Output).Sum(o => o.Element.Columns.Length);
                    return target.Inline(value, indices, at, guard, isExact)[firstColumn + access.Column];
                }
            }
            int operand = isSelf ? 0 : target.Operand(OperandOf(value), value);
            return at.Pure(load.Result.Type, r => new LoadInstruction(r,
                access with { Operand = operand, Indices = indices, OrValue = orValue, Guard = guard, GuardIsExact = isExact })
            { Span = load.Span });
        }

        protected override Value Extent(ExtentInstruction extent, BlockBuilder at)
        {
            GraphValue value = inputOf(use.Operands[extent.Operand]);
            if (target.IsFused(value) && !(isRoot && IsSelf(target.Owner._node.Operation, extent.Operand)))
            {
                return at.Constant(target.TypeOf(value).Extents[extent.Axis]);
            }
            int operand = isRoot && IsSelf(target.Owner._node.Operation, extent.Operand) ? 0 : target.Operand(OperandOf(value), value);
            return at.Pure(ScalarType.I64, r => new ExtentInstruction(r, operand, extent.Axis));
        }

        /// <summary>The check that a read makes of an array that is no longer there; what it shows or is computed from may be larger.</summary>
        private static void CheckInside(ImmutableArray<AffineIndex> indices, ArrayType type, LoadInstruction load, BlockBuilder at)
        {
            SourceSpan span = load.Access.Span;
            for (int axis = 0; axis < indices.Length; axis++)
            {
                Value index = at.Index(indices[axis]);
                Value extent = at.Constant(type.Extents[axis]);
                Value isOutside = at.Binary(BinaryOp.Or, at.Compare(CompareOp.Less, index, at.Constant(0)), at.Compare(CompareOp.GreaterOrEqual, index, extent));
                at.Add(new TrapIfInstruction(isOutside, TrapKind.OutOfRange, [], [index, extent]) { Span = span });
            }
        }

        private KernelOperand OperandOf(GraphValue value)
        {
            ArrayType type = target.TypeOf(value);
            return type.Element.Operand[type.Rank];
        }

        /// <summary>The place in what a view shows.</summary>
        private ImmutableArray<AffineIndex> Through(ViewOperation view, GraphNode node, ImmutableArray<AffineIndex> indices)
        {
            var mapped = ImmutableArray.CreateBuilder<AffineIndex>(view.Maps.Length);
            for (int axis = 0; axis < view.Maps.Length; axis++)
            {
                AffineIndex index = view.Maps[axis].Substitute(atom => indices[atom.Id]) + view.Offsets[axis].Constant;
                foreach (BoundTerm term in view.Offsets[axis].Terms)
                {
                    int position = target.Owner.InputPosition(node.Inputs[term.Input]);
                    Value symbol = target.Parameter(ScalarType.I64, new KernelArgument(ArgumentKind.Input, position));
                    index += AffineIndex.Of(symbol) * term.Coefficient;
                }
                mapped.Add(index);
            }
            return mapped.MoveToImmutable();
        }
    }
}
