using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>One reader of a value: a task, or a place that wants the own parts of another distribution.</summary>
internal sealed class ValueReader
{
    private readonly Dictionary<Distribution, List<Need>> _needs = new(ReferenceEqualityComparer.Instance);
    private List<(InspectedRead Read, bool IsKept)>? _inspected;

    private ValueReader(DistributionSlot slot, BodyPlan? body, int node, ImmutableArray<int> inputs, SymbolScope scope)
    {
        (Slot, Body, Node, Inputs, Scope) = (slot, body, node, inputs, scope);
    }

    /// <summary>The slot that says who reads what.</summary>
    public DistributionSlot Slot { get; }

    /// <summary>The body of the task; null where own parts are wanted.</summary>
    public BodyPlan? Body { get; }

    public int Node { get; }

    /// <summary>The inputs of the task that are the value.</summary>
    public ImmutableArray<int> Inputs { get; }

    public SymbolScope Scope { get; }

    public static ValueReader Task(DistributionSlot slot, BodyPlan body, int node, ImmutableArray<int> inputs, SymbolScope scope) => new(slot, body, node, inputs, scope);

    public static ValueReader Own(DistributionSlot slot, SymbolScope scope) => new(slot, null, -1, [], scope);

    /// <summary>What an inspection could find of what it reads, when its slot and the value have these distributions; one for each input.</summary>
    public IEnumerable<InspectionChoice.Candidate> Inspectable(Distribution chosen, Distribution owner)
    {
        if (chosen.Kind != DistributionKind.Blocks || owner.Kind != DistributionKind.Blocks)
        {
            yield break;
        }
        foreach ((InspectedRead read, bool isKept) in _inspected ??= [.. FindInspected()])
        {
            yield return new InspectionChoice.Candidate(Body!.Region, Node, read, owner, chosen, Body.LoopNode is not null, isKept);
        }
    }

    /// <summary>True when places that data decides stay what they are; for what is the same of two readers.</summary>
    public bool HasKeptPlaces => (_inspected ??= [.. FindInspected()]).Any(i => i.IsKept);

    /// <summary>What it reads of the value when its slot has this distribution.</summary>
    public List<Need> Needs(Distribution chosen, ArrayType type)
    {
        if (!_needs.TryGetValue(chosen, out List<Need>? needs))
        {
            needs = [.. Find(chosen, type)];
            _needs.Add(chosen, needs);
        }
        return needs;
    }

    // Once a loop's captures are brought, they are there whole; so is what others are found through.
    private IEnumerable<(InspectedRead Read, bool IsKept)> FindInspected()
    {
        if (Body is null || Kernels.UsesOf(Body.Region.Nodes[Node].Operation).IsEmpty)
        {
            yield break;
        }
        GraphNode node = Body.Region.Nodes[Node];
        int carried = Body.LoopNode?.Operation is LoopOperation loop ? loop.Carried : -1;
        GraphValue value = node.Inputs[Inputs[0]];
        ImmutableArray<InspectedRead> reads = InspectedReads.Of(Body.Region, Node).Inputs;
        if (carried >= 0 && value.IsParameter && value.Output > carried || reads.Any(r => r.Through.Any(Inputs.Contains)))
        {
            yield break;
        }
        foreach (InspectedRead read in reads.Where(r => Inputs.Contains(r.Input)))
        {
            yield return (read, InspectionChoice.IsKept(node, read, carried));
        }
    }

    private List<Need> Find(Distribution chosen, ArrayType type)
    {
        if (Body is null)
        {
            return [new OwnNeed(chosen) { Reader = null }];
        }
        GraphNode node = Body.Region.Nodes[Node];
        if (node.Operation is ReshapeOperation && chosen.Kind == DistributionKind.Blocks)
        {
            return [new ReshapeNeed(chosen, node.Operation.Outputs[0].Extents, type.Extents) { Reader = node, Span = node.Span }];
        }
        if (node.Operation is CallOperation or ReshapeOperation)
        {
            Distribution whole = chosen.Kind == DistributionKind.Everywhere ? Distribution.Everywhere(type.Box, chosen.Ranks) : Distribution.OnOne(type.Box, chosen.Root, chosen.Ranks);
            return [new OwnNeed(whole) { Reader = node, Span = node.Span }];
        }
        var byInput = new List<Need>[node.Inputs.Length];
        ImmutableArray<Need> self = KernelNeeds.Add(new NodeParts(Body, Node, chosen), byInput);
        int[] starts = KernelNeeds.StartsFrom(node.Operation);
        var found = new List<Need>();
        foreach (int input in Inputs)
        {
            found.AddRange(byInput[input] ?? []);
            // What a shared scatter starts from is read where its target is.
            if (starts.Contains(input) && !(Slot.IsIteration && node.Operation is ScatterOperation))
            {
                found.Add(new OwnNeed(chosen) { Reader = node, Span = node.Span });
                found.AddRange(self);
            }
        }
        return found;
    }

    /// <summary>True when what is read moves with the step of its own loop.</summary>
    public bool IsMoving => Body is not null && !Kernels.UsesOf(Body.Region.Nodes[Node].Operation).IsEmpty
        && (!Body.PartsOf(Node).IsConstant || Body.NeedsOf(Node)!.Inputs.Any(i => Inputs.Contains(i.Input) && i.Accesses.Any(a => Body.IsMoving(Node, a))));
}
