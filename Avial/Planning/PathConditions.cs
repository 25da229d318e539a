using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// The conditions on the way to a load that its proof may use. A test of data that the read's indices do not depend on (a mask, a label)
/// says nothing about them and is left out, so that the numbers it compares with do not become part of the plan's identity.
/// </summary>
/// <param name="Tests">The tests that hold.</param>
/// <param name="Guard">The access's own affine conditions.</param>
/// <param name="Loops">The enclosing loops with their inductions.</param>
/// <param name="Parameters">Positions of the parameters that matter.</param>
internal sealed record PathConditions(
    ImmutableArray<(Value Test, bool Polarity)> Tests,
    ImmutableArray<AffineIndex> Guard,
    ImmutableArray<(Instruction Loop, Value Induction)> Loops,
    ImmutableArray<int> Parameters)
{
    public static PathConditions Of(KernelStructure structure, LoadSite site)
    {
        var closure = new ValueClosure(structure);
        foreach (AffineIndex index in site.Access.Indices)
        {
            closure.Add(index);
        }
        var loops = ImmutableArray.CreateBuilder<(Instruction, Value)>();
        var tests = new List<(Value Test, bool Polarity)>();
        foreach (PathStep step in site.Path)
        {
            if (step.Kind == PathKind.Arm)
            {
                tests.AddRange(structure.Conjuncts(step.Value, step.Polarity));
            }
            else if (step.Kind == PathKind.Loop)
            {
                loops.Add((step.Construct, step.Value));
                closure.AddBounds(step.Construct);
            }
        }

        var guards = site.Access.Guard.ToList();
        var relevantTests = ImmutableArray.CreateBuilder<(Value, bool)>();
        var relevantGuards = ImmutableArray.CreateBuilder<AffineIndex>();
        bool grown = true;
        while (grown)
        {
            int found = tests.RemoveAll(t => Take(t.Test, closure, structure, () => relevantTests.Add(t)));
            found += guards.RemoveAll(g => Take(g, closure, structure, () => relevantGuards.Add(g)));
            grown = found > 0;
        }
        return new(relevantTests.ToImmutable(), relevantGuards.ToImmutable(), loops.ToImmutable(), [.. closure.Parameters]);
    }

    private static bool Take(Value test, ValueClosure closure, KernelStructure structure, Action keep)
    {
        var own = new ValueClosure(structure);
        own.Add(test);
        if (!IsRelevant(own, closure))
        {
            return false;
        }
        closure.Add(test);
        keep();
        return true;
    }

    private static bool Take(AffineIndex guard, ValueClosure closure, KernelStructure structure, Action keep)
    {
        var own = new ValueClosure(structure);
        own.Add(guard);
        if (!IsRelevant(own, closure))
        {
            return false;
        }
        closure.Add(guard);
        keep();
        return true;
    }

    private static bool IsRelevant(ValueClosure own, ValueClosure closure) => own.Data.Count == 0 || own.Data.Overlaps(closure.Data);
}
