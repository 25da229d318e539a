using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>What is known of an integer value: its range, and its form over the variables of an <see cref="IndexFacts"/>.</summary>
internal readonly record struct IndexFact(Interval Range, AffineForm Form);

/// <summary>
/// Facts about the integer values of one kernel in one environment, computed when asked for. Values are mathematical integers: arithmetic that
/// could wrap gives a value of which only the type's range is known.
/// </summary>
internal sealed partial class IndexFacts
{
    /// <summary>Atoms with larger factors are not reasoned with.</summary>
    private const long MaxCoefficient = 1L << 48;

    private readonly KernelStructure _structure;
    private readonly IndexEnvironment _environment;
    private readonly Dictionary<int, IndexFact> _facts = [];
    private readonly List<Variable> _variables = [];
    private readonly Dictionary<int, int> _symbols = [];
    private readonly IndexCases? _cases;

    /// <summary>Facts in an environment; with <paramref name="cases"/>, values that are one of two forms are taken as that set says.</summary>
    public IndexFacts(KernelStructure structure, IndexEnvironment environment, IndexCases? cases = null)
    {
        _structure = structure;
        _environment = environment;
        _cases = cases;
        // Variables 0 … rank-1 are the indices, so that witnesses prefer low indices.
        for (int axis = 0; axis < structure.Kernel.Rank; axis++)
        {
            _variables.Add(new Variable(Interval.Long, []));
        }
        for (int axis = 0; axis < structure.Kernel.Rank; axis++)
        {
            DefineIndex(axis);
        }
    }

    public KernelStructure Structure => _structure;

    public IndexEnvironment Environment => _environment;

    /// <summary>The variable that stands for each symbol (by input position).</summary>
    public IReadOnlyDictionary<int, int> Symbols => _symbols;

    /// <summary>From and To of a For or InnerSum.</summary>
    public static (Value From, Value To) BoundsOf(Instruction loop) => loop switch
    {
        ForInstruction l => (l.From, l.To),
        InnerSumInstruction s => (s.From, s.To),
        _ => throw new Diagnostics.InternalErrorException("Not a loop."),
    };

    /// <summary>True when the domain holds no index for any value of its symbols.</summary>
    public bool IsDomainEmpty
    {
        get
        {
            for (int axis = 0; axis < _structure.Kernel.Rank; axis++)
            {
                if (_variables[axis].Range.IsEmpty)
                {
                    return true;
                }
            }
            return !_environment.Domain.IsConstant && SystemFor([]).IsInfeasible();
        }
    }

    public IndexFact FactOf(Value value)
    {
        if (!_facts.TryGetValue(value.Id, out IndexFact fact))
        {
            fact = Compute(value);
            _facts[value.Id] = fact;
        }
        return fact;
    }

    /// <summary>The fact about an index sum, or null when its factors are too large to reason with.</summary>
    public IndexFact? FactOf(AffineIndex index)
    {
        Interval range = Interval.Of(index.Constant);
        AffineForm form = AffineForm.Of(index.Constant);
        foreach (AffineTerm term in index.Terms)
        {
            if (term.Coefficient is > MaxCoefficient or < -MaxCoefficient)
            {
                return null;
            }
            IndexFact atom = FactOf(term.Atom);
            range += atom.Range * Interval.Of(term.Coefficient);
            form += atom.Form * term.Coefficient;
        }
        return form.IsModerate ? new(range, form) : null;
    }

    /// <summary>
    /// The conditions on every variable that the given forms depend on: ranges, definitions, symbolic domain bounds.
    /// </summary>
    public AffineSystem SystemFor(ReadOnlySpan<AffineForm> forms)
    {
        var system = new AffineSystem();
        var pending = new Stack<int>();
        var seen = new HashSet<int>();
        void Reach(AffineForm form)
        {
            foreach (FormTerm term in form.Terms)
            {
                if (seen.Add(term.Variable))
                {
                    pending.Push(term.Variable);
                }
            }
        }
        foreach (AffineForm form in forms)
        {
            Reach(form);
        }
        for (int axis = 0; axis < _environment.Domain.Rank; axis++)
        {
            // Symbolic bounds say something of the symbol: where the domain is empty nothing is executed.
            if (!_environment.Domain.Axes[axis].IsConstant && seen.Add(axis))
            {
                pending.Push(axis);
            }
        }
        while (pending.TryPop(out int number))
        {
            Variable variable = _variables[number];
            AffineForm self = AffineForm.OfVariable(number);
            if (Int128.Abs(variable.Range.Min) < AffineForm.Limit)
            {
                system.Require(self - variable.Range.Min);
            }
            if (Int128.Abs(variable.Range.Max) < AffineForm.Limit)
            {
                system.Require(-self + variable.Range.Max);
            }
            foreach (AffineForm condition in variable.Definition)
            {
                system.Require(condition);
                Reach(condition);
            }
        }
        return system;
    }

    /// <summary>True when every variable a system speaks of is an index, an induction or a step: its points are exactly what is executed.</summary>
    public bool IsExact(AffineSystem system) => system.Conditions.All(c => c.Terms.All(t => _variables[t.Variable].IsExact));

    /// <summary>The range of a form when each variable takes every value of its own range.</summary>
    public Interval RangeOf(AffineForm form)
    {
        Interval range = Interval.Of(form.Constant);
        foreach (FormTerm term in form.Terms)
        {
            range += _variables[term.Variable].Range * Interval.Of(term.Coefficient);
        }
        return range;
    }

    /// <summary>The form of a bound of a domain over the step variables; null when its factors are too large to reason with.</summary>
    public AffineForm? FormOf(LinearBound bound) => Bound(bound).Form;

    private void DefineIndex(int axis)
    {
        AxisRange bounds = _environment.Domain.Axes[axis];
        (AffineForm? low, Interval lowRange) = Bound(bounds.Low);
        (AffineForm? high, Interval highRange) = Bound(bounds.High);
        Interval range = new(lowRange.Min, highRange.Max - 1);
        if (_environment.Part is { } part)
        {
            range = range.Intersect(new(part.Low[axis], part.High[axis] - 1));
        }
        AffineForm self = AffineForm.OfVariable(axis);
        var definition = new List<AffineForm>();
        if (!bounds.Low.IsConstant && low is not null)
        {
            definition.Add(self - low);
        }
        if (!bounds.High.IsConstant && high is not null)
        {
            definition.Add(high - self - 1);
        }
        _variables[axis] = new Variable(range, definition, true);
        _facts[_structure.Kernel.Indices[axis].Id] = new(range.IsEmpty ? Interval.Of(range.Min) : range, self);
    }

    private (AffineForm? Form, Interval Range) Bound(LinearBound bound)
    {
        AffineForm form = AffineForm.Of(bound.Constant);
        Interval range = Interval.Of(bound.Constant);
        foreach (BoundTerm term in bound.Terms)
        {
            if (term.Coefficient is > MaxCoefficient or < -MaxCoefficient)
            {
                return (null, Interval.Long);
            }
            int symbol = SymbolVariable(term.Input);
            form += AffineForm.OfVariable(symbol) * term.Coefficient;
            range += _variables[symbol].Range * Interval.Of(term.Coefficient);
        }
        return (form, range.Intersect(Interval.Long));
    }

    private int SymbolVariable(int input)
    {
        if (!_symbols.TryGetValue(input, out int variable))
        {
            SymbolRange? known = _environment.SymbolOf(input);
            variable = _variables.Count;
            _variables.Add(new Variable(known is { } k ? new(k.Min, k.Max) : Interval.Long, [], known is { IsCertain: true }));
            _symbols[input] = variable;
        }
        return variable;
    }

    /// <summary>A value of which only a range is known.</summary>
    private IndexFact Opaque(Interval range, bool isExact = false)
    {
        if (range.IsPoint)
        {
            return new(range, AffineForm.Of(range.Min));
        }
        int variable = _variables.Count;
        _variables.Add(new Variable(range, [], isExact));
        return new(range, AffineForm.OfVariable(variable));
    }

    /// <summary>The same with conditions on the value: each is made from the value's own form.</summary>
    private IndexFact Opaque(Interval range, Func<AffineForm, AffineForm[]> define)
    {
        IndexFact fact = Opaque(range);
        if (fact.Form.Terms is [var term])
        {
            _variables[term.Variable].Definition.AddRange(define(fact.Form).Where(f => f.IsModerate));
        }
        return fact;
    }

    /// <summary>A value that equals a form where conditions hold, and exists only there.</summary>
    private IndexFact Defined(IndexFact fact, IEnumerable<AffineForm> conditions)
    {
        AffineForm self = AffineForm.OfVariable(_variables.Count);
        _variables.Add(new Variable(fact.Range, [.. conditions.Append(self - fact.Form).Append(fact.Form - self).Where(f => f.IsModerate)], IsExact: true));
        return new(fact.Range, self);
    }

    private sealed record Variable(Interval Range, List<AffineForm> Definition, bool IsExact = false);
}
