using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>The compiled code of a region's nodes and of the bodies of its loops; all ranks share it.</summary>
internal sealed class CompiledNodes
{
    private readonly NodeCode[] _nodes;

    private CompiledNodes(Region region, NodeCode[] nodes)
    {
        Region = region;
        _nodes = nodes;
    }

    public Region Region { get; }

    /// <summary>True when some task could stop the run.</summary>
    public bool CanTrap { get; private init; }

    /// <summary>The code of a node.</summary>
    public NodeCode this[int node] => _nodes[node];

    public int Count => _nodes.Length;

    /// <param name="region">The region.</param>
    /// <param name="generator">What compiles.</param>
    /// <param name="plan">The plan that says what is read in place; null when nothing is.</param>
    public static CompiledNodes Compile(Region region, ICodeGenerator generator, BodyPlan? plan = null)
    {
        NodeCode[] nodes = [.. region.Nodes.Select((node, n) => Compile(node, n, generator, plan))];
        return new CompiledNodes(region, nodes) { CanTrap = nodes.Any(n => n.Body?.CanTrap ?? n.CanTrap) };
    }

    private static NodeCode Compile(GraphNode node, int number, ICodeGenerator generator, BodyPlan? plan)
    {
        int[]? readInPlace = plan?.ReadInPlace.GetValueOrDefault(number);
        BodyPlan? inner = plan?.Loops.GetValueOrDefault(number);
        ImmutableArray<InspectedRead> inspected = plan?.Inspected.GetValueOrDefault(number) ?? [];
        ImmutableArray<IterationDomain> domains = Kernels.DomainsOf(node.Operation);
        return new NodeCode
        {
            Node = node,
            Operation = node.Operation is MapOperation or FillOperation or ReduceOperation or ScanOperation or ScatterOperation or SweepOperation
                ? CompileStages(node, generator, plan?.ReadInPlace.GetValueOrDefault(number), plan?.Slants.GetValueOrDefault(number) ?? default) : null,
            Body = node.Operation is LoopOperation loop ? Compile(loop.Body, generator, plan?.Loops.GetValueOrDefault(number)) : null,
            Domains = domains,
            ConstantDomains = domains.All(d => d.IsConstant) ? [.. domains.Select(d => d.ToBox())] : null,
            CanTrap = MayTrap(node.Operation),
            Inspectors = inspected.IsDefault ? [] : [.. inspected.Select(read => (read, CompiledOperation.Compile(InspectLowering.Lower(node, read), generator)))],
        };
    }

    private static CompiledOperation CompileStages(GraphNode node, ICodeGenerator generator, int[]? readInPlace, ImmutableArray<int> slant)
    {
        LoweredOperation lowered = OperationLowering.Lower(node, readInPlace is null ? default : new InPlaceInputs([.. readInPlace]), slant, generator.Choices);
        DebugPrinter.Source(node, lowered, generator);
        return CompiledOperation.Compile(lowered, generator);
    }

    private static bool MayTrap(Operation operation) => operation switch
    {
        ScatterOperation => true,
        ReduceOperation { Combiner.Kind: CombinerKind.Min or CombinerKind.Max or CombinerKind.ArgMin or CombinerKind.ArgMax } => true,
        _ => Kernels.UsesOf(operation).Any(u => Kernels.CanTrap(u.Kernel))
            || operation is ReduceOperation { Combiner.Fold: { } fold } && Kernels.CanTrap(fold),
    };
}

/// <summary>What is compiled of one node.</summary>
internal sealed class NodeCode
{
    public required GraphNode Node { get; init; }

    /// <summary>The compiled stages; null for loops, calls, files and reshapes.</summary>
    public required CompiledOperation? Operation { get; init; }

    /// <summary>The body of a loop.</summary>
    public required CompiledNodes? Body { get; init; }

    /// <summary>The domains of the operation.</summary>
    public required ImmutableArray<IterationDomain> Domains { get; init; }

    /// <summary>The domains as boxes; null when a bound depends on a rank-0 input.</summary>
    public required Box[]? ConstantDomains { get; init; }

    /// <summary>True when some element could stop the run.</summary>
    public required bool CanTrap { get; init; }

    /// <summary>What finds the places of inputs that data decides.</summary>
    public ImmutableArray<(InspectedRead Read, CompiledOperation Code)> Inspectors { get; init; } = [];

    /// <summary>What finds the places of an input.</summary>
    public (InspectedRead Read, CompiledOperation Code) InspectorOf(int input) => Inspectors.Single(i => i.Read.Input == input);

    /// <summary>True when running it may end in an exception that depends on the part of it that a rank runs.</summary>
    public bool CanFail => CanTrap || Node.Operation is CallOperation or FileOperation || ConstantDomains is null;
}
