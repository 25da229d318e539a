using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning.Distributing;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>
/// Plans one region: binds every input of every node to a buffer that will hold what is read (the value's own buffer with a halo, or another one), decides what is written in
/// place, then emits steps with the exchanges in front of the first node that needs them, and the lifetimes of buffers.
/// </summary>
internal sealed partial class BodyPlanner
{
    private readonly BodyPlan _body;
    private readonly PlanNumbers _numbers;
    private readonly ITileChooser _tiles;
    private readonly PlannedValue[] _parameters;
    private readonly PlannedValue[][] _outputs;
    private readonly NodeBinding[] _bindings;

    private BodyPlanner(BodyPlan body, PlanNumbers numbers, ITileChooser tiles)
    {
        _body = body;
        _numbers = numbers;
        _tiles = tiles;
        _parameters = [.. body.Region.Parameters.Select((type, p) => new PlannedValue(GraphValue.Parameter(p), type, body.Map.Parameters[p]))];
        _outputs = [.. body.Region.Nodes.Select((node, n) => (PlannedValue[])[.. node.Operation.Outputs.Select((type, o) => new PlannedValue(new GraphValue(n, o), type, body.Map.Outputs[n][o]))])];
        _bindings = new NodeBinding[body.Region.Nodes.Length];
    }

    private Region Region => _body.Region;

    /// <summary>
    /// Plans the whole program. <paramref name="requested"/>: for each result a distribution that it must end with, or null. <paramref name="tiles"/>: in how many tiles sweeps run;
    /// null: in one.
    /// </summary>
    public static BodyPlan PlanProgram(Region region, DistributionMap map, int ranks, ImmutableArray<Distribution?> requested, ITileChooser? tiles = null)
    {
        var planner = new BodyPlanner(new BodyPlan(region, map, ranks), new PlanNumbers(), tiles ?? FixedTiles.One);
        planner.Plan(r => requested.IsDefaultOrEmpty ? null : requested[r]);
        return planner._body;
    }

    private static BodyPlan PlanLoopBody(BodyPlan outer, GraphNode node, LoopOperation loop, DistributionMap map, PlanNumbers numbers, ITileChooser tiles)
    {
        var planner = new BodyPlanner(new BodyPlan(loop.Body, map, outer.Ranks, outer, node), numbers, tiles);
        planner.Plan(r => r < loop.Carried ? map.Parameters[r] : null);
        return planner._body;
    }

    private void Plan(Func<int, Distribution?> requested)
    {
        GiveParameters();
        FindLastUses();
        for (int n = 0; n < Region.Nodes.Length; n++)
        {
            _bindings[n] = Bind(n);
        }
        BindResults(requested);
        Emit();
        NoteCaptures();
        AddLifetimes();
    }

    private void GiveParameters()
    {
        int carried = _body.LoopNode?.Operation is LoopOperation loop ? loop.Carried : 0;
        _body.Parameters = new int[_parameters.Length];
        for (int p = 0; p < _parameters.Length; p++)
        {
            PlannedValue value = _parameters[p];
            value.Memory = value;
            value.Primary = NewBuffer(NameOf(value), value.Type, BufferOrigin.Given).Number;
            value.IsMine = p < carried;
            if (p <= carried || _body.Outer is null || value.Owner.Kind != DistributionKind.Everywhere)
            {
                Window(value.Primary).Own(value.Owner);
            }
            _body.Parameters[p] = value.Primary;
        }
    }

    /// <summary>Finds for each value the last node that reads it; memory lives as long as anything that shows it.</summary>
    private void FindLastUses()
    {
        for (int n = 0; n < Region.Nodes.Length; n++)
        {
            GraphNode node = Region.Nodes[n];
            foreach (PlannedValue output in _outputs[n])
            {
                output.Memory = output;
                output.LastUse = n;
            }
            if (node.Operation is ReshapeOperation && !IsReshapedFlat(n))
            {
                _outputs[n][0].Memory = ValueOf(node.Inputs[0]).Memory;
            }
            foreach (GraphValue input in node.Inputs)
            {
                ValueOf(input).Memory.LastUse = n;
            }
        }
        foreach (GraphValue result in Region.Results)
        {
            ValueOf(result).Memory.LastUse = int.MaxValue;
        }
    }

    private PlannedValue ValueOf(GraphValue value) => value.IsParameter ? _parameters[value.Output] : _outputs[value.Node][value.Output];

    private string NameOf(PlannedValue value) => value.Value.IsParameter ? $"parameter {value.Value.Output}" : Region.Nodes[value.Value.Node].Name;

    private PlannedBuffer NewBuffer(string name, ArrayType type, BufferOrigin origin = BufferOrigin.Step, bool isExact = false)
    {
        var buffer = new PlannedBuffer(_body.Buffers.Count, name, type, origin, new WindowRule { IsExact = isExact });
        _body.Buffers.Add(buffer);
        return buffer;
    }

    private WindowRule Window(int buffer) => _body.Buffers[buffer].Window;

    /// <summary>The buffer that inputs are read from and outputs written to.</summary>
    private sealed class NodeBinding
    {
        public required int[] Inputs { get; init; }

        public int[] Outputs { get; init; } = [];

        /// <summary>For each output the buffer of what it starts from, which is copied outside the parts; -1 for none, or when written in place.</summary>
        public int[] CopiedFrom { get; init; } = [];

        /// <summary>Own parts copied, before the node, into buffers it takes over.</summary>
        public List<PlannedCopy> Copies { get; } = [];

        /// <summary>The body of a loop and what it imports.</summary>
        public BodyPlan? Body { get; init; }

        public List<(int Inner, int Outer)> Imports { get; } = [];

        /// <summary>The values, and the buffers for them, that must have been brought.</summary>
        public List<(PlannedValue Value, int Buffer)> Brought { get; } = [];

        /// <summary>The inputs whose places are found when the plan runs, with the value and where it is brought.</summary>
        public List<(InspectedRead Read, PlannedValue Value, ImmutableArray<Need> Needs)> Inspected { get; } = [];

        /// <summary>A reshape of slabs: the flat arrays between its input and its output.</summary>
        public FlatReshape? Flat { get; set; }

        /// <summary>A sweep over several ranks: the transfer of what its own array needs.</summary>
        public ImmutableArray<Need> SelfNeeds { get; set; } = [];
    }
}

/// <summary>Numbers that are unique in a whole plan.</summary>
internal sealed class PlanNumbers
{
    private int _tags;
    private int _inspections;

    public int NextTag() => _tags++;

    public int NextInspection() => _inspections++;
}
