using Avial.IR;

namespace Avial.Planning.Verification;

/// <summary>What decides where a kernel reads: the loads and parameters that the places of some loads, and the paths to them, come from.</summary>
internal sealed class PlaceSources
{
    private readonly KernelStructure _structure;
    private readonly HashSet<int> _seen = [];

    private PlaceSources(KernelStructure structure) => _structure = structure;

    public HashSet<LoadInstruction> Loads { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Positions in the kernel's parameters.</summary>
    public SortedSet<int> Parameters { get; } = [];

    public static PlaceSources Of(KernelStructure structure, IEnumerable<LoadSite> sites)
    {
        var sources = new PlaceSources(structure);
        foreach (LoadSite site in sites)
        {
            sources.Follow(site.Access);
            foreach (PathStep step in site.Path)
            {
                sources.FollowPath(step);
            }
        }
        return sources;
    }

    /// <summary>What decides the first results of a kernel.</summary>
    public static PlaceSources OfResults(KernelStructure structure, Kernel kernel, int count)
    {
        var sources = new PlaceSources(structure);
        sources.FollowAll(kernel.Body.Results[..count]);
        return sources;
    }

    /// <summary>True when data decides where an access reads.</summary>
    public static bool IsThroughData(KernelStructure structure, Access access)
    {
        var closure = new ValueClosure(structure);
        foreach (AffineIndex index in access.Indices)
        {
            closure.Add(index);
        }
        return closure.Data.Count > 0;
    }

    private void Follow(Access access)
    {
        foreach (AffineTerm term in access.Indices.SelectMany(i => i.Terms))
        {
            Follow(term.Atom);
        }
    }

    private void FollowPath(PathStep step)
    {
        if (step.Kind == PathKind.Arm)
        {
            Follow(step.Value);
        }
        else if (step.Kind == PathKind.While)
        {
            Follow(((WhileInstruction)step.Construct).Condition.Results[0]);
        }
        else
        {
            FollowBounds(step.Construct);
        }
    }

    private void FollowBounds(Instruction loop)
    {
        (Value from, Value to) = IndexFacts.BoundsOf(loop);
        Follow(from);
        Follow(to);
    }

    private void Follow(Value value)
    {
        if (!_seen.Add(value.Id))
        {
            return;
        }
        Definition definition = _structure[value];
        switch (definition.Kind)
        {
            case DefinitionKind.Parameter:
                Parameters.Add(definition.Number);
                break;
            case DefinitionKind.Induction:
                FollowBounds(definition.Instruction!);
                break;
            case DefinitionKind.Carried or DefinitionKind.Result:
                FollowResult(definition.Instruction!, definition.Number);
                break;
        }
    }

    private void FollowResult(Instruction instruction, int number)
    {
        switch (instruction)
        {
            case LoadInstruction load:
                Loads.Add(load);
                Follow(load.Access);
                break;
            case IfInstruction choice:
                Follow(choice.Then.Results[number]);
                Follow(choice.Else.Results[number]);
                break;
            case ForInstruction loop:
                FollowBounds(loop);
                Follow(loop.Seeds[number]);
                Follow(loop.Body.Results[number]);
                return;
            case InnerSumInstruction sum:
                FollowBounds(sum);
                FollowAll(sum.Body.Results);
                break;
            case WhileInstruction loop:
                Follow(loop.Condition.Results[0]);
                Follow(loop.Seeds[number]);
                Follow(loop.Body.Results[number]);
                return;
        }
        FollowAll(instruction is LoadInstruction { Access.OrValue: { } outside } ? [outside] : instruction is LoadInstruction ? [] : instruction.Operands());
    }

    private void FollowAll(IEnumerable<Value> values)
    {
        foreach (Value value in values)
        {
            Follow(value);
        }
    }
}
