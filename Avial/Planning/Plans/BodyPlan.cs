using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>A buffer of a loop's body that is one of the body around: of a captured value, brought there before the loop.</summary>
/// <param name="Parameter">The region's parameter.</param>
/// <param name="Buffer">The inner buffer.</param>
/// <param name="IsOwn">True for the buffer of the own parts; false for one with what was brought.</param>
/// <param name="Needs">What is read of it inside.</param>
internal sealed record CaptureUse(int Parameter, int Buffer, bool IsOwn, ImmutableArray<Need> Needs);

/// <summary>The plan of one region for every rank: buffers and steps by formula. Its size does not depend on the number of ranks.</summary>
internal sealed class BodyPlan
{
    private readonly NodeNeeds?[] _needs;
    private readonly NodeParts?[] _parts;
    private readonly int[] _stepDepths;

    public BodyPlan(Region region, DistributionMap map, int ranks, BodyPlan? outer = null, GraphNode? loopNode = null)
    {
        Region = region;
        Map = map;
        Ranks = ranks;
        Outer = outer;
        LoopNode = loopNode;
        _needs = new NodeNeeds?[region.Nodes.Length];
        _parts = new NodeParts?[region.Nodes.Length];
        _stepDepths = new int[region.Parameters.Length];
        for (int p = 0; p < _stepDepths.Length; p++)
        {
            _stepDepths[p] = StepDepthOf(p);
        }
    }

    public Region Region { get; }

    public DistributionMap Map { get; }

    public int Ranks { get; }

    public BodyPlan? Outer { get; }

    /// <summary>The loop node, in the region around, whose body this is.</summary>
    public GraphNode? LoopNode { get; }

    public List<PlannedBuffer> Buffers { get; } = [];

    public List<PlannedStep> Steps { get; set; } = [];

    /// <summary>The buffer of each parameter's own parts.</summary>
    public int[] Parameters { get; set; } = [];

    public int[] Results { get; set; } = [];

    public Distribution[] ResultOwners { get; set; } = [];

    /// <summary>By node: for each input the output that is written over it while it is read, or -1.</summary>
    public Dictionary<int, int[]> ReadInPlace { get; } = [];

    /// <summary>By node: the normal of the slanted bands in which ranks compute their parts of a sweep.</summary>
    public Dictionary<int, ImmutableArray<int>?> Slants { get; } = [];

    /// <summary>By node: the inputs whose places are found when the plan runs.</summary>
    public Dictionary<int, ImmutableArray<InspectedRead>> Inspected { get; } = [];

    /// <summary>By node: the plan of a loop's body.</summary>
    public Dictionary<int, BodyPlan> Loops { get; } = [];

    /// <summary>The buffers that come from the body around.</summary>
    public List<CaptureUse> Captures { get; } = [];

    /// <summary>True when boxes change with the step.</summary>
    public bool IsMovingWithStep { get; set; }

    public NodeNeeds? NeedsOf(int node) => _needs[node] ??= Passes.Kernels.UsesOf(Region.Nodes[node].Operation).IsEmpty ? null : NodeNeeds.Of(Region, node);

    public NodeParts PartsOf(int node) => _parts[node] ??= new NodeParts(this, node);

    /// <summary>True when what a formula gives changes from step to step of a loop.</summary>
    public bool IsMoving(int node, NeedFormula formula)
    {
        if (!PartsOf(node).IsConstant)
        {
            return true;
        }
        if (!formula.DependsOnSymbols)
        {
            return false;
        }
        GraphNode reader = Region.Nodes[node];
        return NeedsOf(node)!.Symbols.Any(s => s.Kind == ArgumentKind.Input && IsStep(reader.Inputs[s.Position]));
    }

    /// <summary>The number of a node's symbol when the plan is made concrete; null when only the run knows it.</summary>
    public long? ValueOf(int node, int symbol, SymbolScope scope)
    {
        NodeNeeds needs = NeedsOf(node)!;
        NeedSymbol source = needs.Symbols[symbol];
        GraphNode reader = Region.Nodes[node];
        return source.Kind == ArgumentKind.Scalar
            ? (scope.Scalars.Length == 0 ? null : needs.ValueOf(symbol, scope.Scalars[reader.Scalars[source.Position]]))
            : StepValue(reader.Inputs[source.Position], scope);
    }

    /// <summary>The step that a value stands for, when it is one and it is known.</summary>
    public long? StepValue(GraphValue value, SymbolScope scope) => IsStep(value) ? scope.StepAt(_stepDepths[value.Output]) : null;

    public bool IsStep(GraphValue value) => value.IsParameter && _stepDepths[value.Output] >= 0;

    private int StepDepthOf(int parameter)
    {
        if (LoopNode?.Operation is not LoopOperation loop)
        {
            return -1;
        }
        if (parameter == loop.Carried)
        {
            return 0;
        }
        if (parameter < loop.Carried)
        {
            return -1;
        }
        GraphValue outside = LoopNode.Inputs[parameter - 1];
        return outside.IsParameter && Outer!._stepDepths[outside.Output] is >= 0 and int depth ? depth + 1 : -1;
    }
}
