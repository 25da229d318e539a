using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>One access as forms over the variables of its kernel's facts, with the system that holds wherever it is executed.</summary>
internal sealed class AccessModel
{
    private readonly IndexFacts _facts;
    private AffineSystem? _system;

    public AccessModel(IndexFacts facts, LoadSite site)
    {
        _facts = facts;
        Site = site;
        Indices = [.. site.Access.Indices.Select(facts.FactOf)];
    }

    public LoadSite Site { get; }

    public IndexFacts Facts => _facts;

    /// <summary>The index per axis; null where its factors are too large to reason with.</summary>
    public ImmutableArray<IndexFact?> Indices { get; }

    public ImmutableArray<long> Extents => _facts.Environment.Extents[Site.Access.Operand];

    public PathConditions Path => field ??= PathConditions.Of(_facts.Structure, Site);

    /// <summary>The conditions under which the access is executed, as far as they are affine.</summary>
    public AffineSystem System => _system ??= Build();

    /// <summary>True when nothing but the box of the domain limits where the access is executed.</summary>
    public bool IsUnconditional => Site.Path.IsEmpty && Site.Access.Guard.IsEmpty && _facts.Environment.Domain.IsConstant;

    /// <summary>
    /// True when the path is described exactly: every test around the access is affine and known, and no index goes through data.
    /// </summary>
    public bool IsPathAffine
    {
        get
        {
            foreach (PathStep step in Site.Path)
            {
                if (step.Kind == PathKind.While)
                {
                    return false;
                }
                if (step.Kind == PathKind.Arm)
                {
                    foreach ((Value test, bool polarity) in _facts.Structure.Conjuncts(step.Value, step.Polarity))
                    {
                        var tests = new TestSet();
                        _facts.AddTest(test, polarity, tests);
                        if (!Path.Tests.Contains((test, polarity)) || tests.Disequalities.Count > 0 || tests.Inequalities.Count == 0 && _facts.Structure[test].Kind != DefinitionKind.Parameter)
                        {
                            return false;
                        }
                    }
                }
            }
            return Site.Access.GuardIsExact || Site.Access.Guard.IsEmpty;
        }
    }

    private AffineSystem Build()
    {
        var tests = new TestSet();
        foreach ((Value test, bool polarity) in Path.Tests)
        {
            _facts.AddTest(test, polarity, tests);
        }
        foreach (AffineIndex guard in Path.Guard)
        {
            _facts.AddGuard(guard, tests);
        }
        var forms = Indices.Where(i => i is not null).Select(i => i!.Value.Form).ToList();
        foreach ((_, Value induction) in Path.Loops)
        {
            forms.Add(_facts.FactOf(induction).Form);
        }
        return _facts.SystemUnder(tests, forms.ToArray());
    }
}
