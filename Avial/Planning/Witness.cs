using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>A point at which an access is certainly executed outside its array: values of indices and inductions by id, symbols by input.</summary>
internal sealed record Witness(IReadOnlyDictionary<int, long> Values, IReadOnlyDictionary<int, long> Symbols)
{
    /// <summary>
    /// Looks for a point of the system and runs the path to the access at it. With <paramref name="axis"/> the index on that axis must leave the
    /// array there. Null when none was found: the violation, if any, is not certain.
    /// </summary>
    public static Witness? TryFind(AccessModel model, AffineSystem system, int axis = -1)
    {
        Access access = model.Site.Access;
        IndexFacts facts = model.Facts;
        if (!access.GuardIsExact && !access.Guard.IsEmpty || model.Site.Path.Any(s => s.Kind == PathKind.While))
        {
            return null;
        }
        AffineSystem certain = system;
        foreach ((int input, int variable) in facts.Symbols)
        {
            if (facts.Environment.SymbolOf(input) is not { } symbol)
            {
                return null;
            }
            if (!symbol.IsCertain)
            {
                certain = certain.With(AffineForm.Of(symbol.Min) - AffineForm.OfVariable(variable));
            }
        }
        if (!certain.TryFindPoint(out Dictionary<int, long> point))
        {
            return null;
        }
        var symbols = facts.Symbols.ToDictionary(s => s.Key, s => point.TryGetValue(s.Value, out long v) ? v : facts.Environment.SymbolOf(s.Key)!.Value.Min);
        var values = new Dictionary<int, long>();
        Kernel kernel = facts.Structure.Kernel;
        for (int a = 0; a < kernel.Rank; a++)
        {
            values[kernel.Indices[a].Id] = point.TryGetValue(a, out long v) ? v : facts.Environment.Domain.Axes[a].Low.Evaluate(i => symbols[i]);
        }
        foreach ((_, Value induction) in model.Path.Loops)
        {
            AffineForm form = facts.FactOf(induction).Form;
            long? value = form.IsConstant ? (long)form.Constant : point.TryGetValue(form.Terms[0].Variable, out long v) ? v : null;
            if (value is not { } known)
            {
                return null;
            }
            values[induction.Id] = known;
        }
        var witness = new Witness(values, symbols);
        return witness.IsExecuted(model, out PointEvaluator evaluator)
            && (axis < 0 || evaluator.Evaluate(access.Indices[axis]) is { } index && (index < 0 || index >= model.Extents[axis]) && witness.Reach(index))
            ? witness : null;
    }

    /// <summary>The offending index.</summary>
    public long Index { get; private set; }

    private bool Reach(long index)
    {
        Index = index;
        return true;
    }

    private bool IsExecuted(AccessModel model, out PointEvaluator evaluator)
    {
        IndexFacts facts = model.Facts;
        evaluator = new PointEvaluator(facts.Structure, facts.Environment, Values, s => Symbols.TryGetValue(s, out long v) ? v : facts.Environment.SymbolOf(s)!.Value.Min);
        Kernel kernel = facts.Structure.Kernel;
        for (int a = 0; a < kernel.Rank; a++)
        {
            long at = Values[kernel.Indices[a].Id];
            Graph.AxisRange range = facts.Environment.Domain.Axes[a];
            if (at < range.Low.Evaluate(i => Symbols[i]) || at >= range.High.Evaluate(i => Symbols[i]))
            {
                return false;
            }
        }
        foreach (PathStep step in model.Site.Path)
        {
            if (step.Kind == PathKind.Loop)
            {
                (Value from, Value to) = IndexFacts.BoundsOf(step.Construct);
                if (!(evaluator.Evaluate(from) <= Values[step.Value.Id] && Values[step.Value.Id] < evaluator.Evaluate(to)))
                {
                    return false;
                }
                continue;
            }
            foreach ((Value test, bool polarity) in facts.Structure.Conjuncts(step.Value, step.Polarity))
            {
                if (!model.Path.Tests.Contains((test, polarity)) || evaluator.Evaluate(test) != (polarity ? 1 : 0))
                {
                    return false;
                }
            }
        }
        foreach (AffineIndex guard in model.Site.Access.Guard)
        {
            if (!(evaluator.EvaluateExactly(guard) >= 0))
            {
                return false;
            }
        }
        return true;
    }
}
