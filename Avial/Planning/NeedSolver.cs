using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// Finds needs as formulas: the conditions under which an access is executed, with the part's ends and the symbols as parameters, are projected onto the
/// place on each axis (<see cref="Elimination"/>); what is left are bounds of the place over the parameters.
/// </summary>
internal sealed class NeedSolver
{
    private const int MaxDecisions = 3;
    private const int Place = (1 << 24) - 1;
    private const int FirstSlot = 1 << 24;

    // Larger factors are not worth reasoning with; up to here products with any index stay within 128 bits.
    private static readonly Int128 s_largest = Int128.One << 50;

    private readonly KernelStructure _structure;
    private readonly NeedDomain _domain;
    private readonly IndexEnvironment _environment;
    private readonly ImmutableArray<SymbolRange> _symbols;
    private readonly SlotRanges _ranges;

    /// <summary>Prepares the needs of a kernel. <paramref name="isBeyond"/>: nothing is taken for granted of symbols that may leave their limits.</summary>
    public NeedSolver(KernelUse use, NeedDomain domain, Box? within, ImmutableArray<ArrayType> inputs, SymbolTable symbols, bool isBeyond = false)
    {
        _structure = KernelStructure.Of(use.Kernel);
        _domain = domain;
        _symbols = symbols.Ranges;
        _environment = new IndexEnvironment(
            domain.Domain,
            [.. use.Operands.Select(input => inputs[input].Extents)],
            [.. use.Arguments.Select(argument => symbols.NumberOf(argument)).Select(n => new ParameterFact(null, isBeyond && n >= 0 && symbols.IsLimited(n) ? -1 : n))],
            _symbols)
        { Part = within };
        _ranges = new SlotRanges(new IndexFacts(_structure, _environment), _symbols);
    }

    /// <summary>The need of one load.</summary>
    public NeedFormula Solve(LoadSite site)
    {
        Access access = site.Access;
        ImmutableArray<long> extents = _environment.Extents[access.Operand];
        var cases = new List<NeedCase>();
        bool isExact = true;
        var choices = new IndexCases(_structure);
        var plain = new AccessModel(new IndexFacts(_structure, _environment, choices), site);
        if (!extents.Contains(0))
        {
            Solve(plain, choices, cases, ref isExact);
        }
        return new NeedFormula(_domain, _symbols.Length, extents, access.Border, [.. cases], Limits(plain))
        {
            IsExact = isExact,
            IsIndirect = [.. access.Indices.Select(IsData)],
            IsWrapping = [.. access.Indices.Select(_ => access.Border == BorderKind.Wrap)],
            Linear = [.. plain.Indices.Select(i => LinearOf(plain.Facts, i))],
            Sites = [site],
        };
    }

    /// <summary>Adds the cases of an access: while a value is open, those of both its forms.</summary>
    private void Solve(AccessModel model, IndexCases choices, List<NeedCase> cases, ref bool isExact)
    {
        AffineSystem system = model.System;
        if (choices.Open >= 0 && choices.Count < MaxDecisions)
        {
            foreach (IndexCases decided in (IndexCases[])[choices.With(true), choices.With(false)])
            {
                Solve(new AccessModel(new IndexFacts(_structure, _environment, decided), model.Site), decided, cases, ref isExact);
            }
            return;
        }
        AffineSystem? inside = model.Site.Access.Border is BorderKind.None or BorderKind.Or ? Footprints.Inside(model) : null;
        if (model.Facts.IsDomainEmpty || (inside ?? system).IsInfeasible())
        {
            return;
        }
        isExact &= !(inside ?? system).IsPartial && model.IsPathAffine && model.Facts.IsExact(inside ?? system);
        if (CaseOf(model, inside ?? system, ref isExact) is { } one && !cases.Exists(c => c.IsSame(one)))
        {
            cases.Add(one);
        }
    }

    /// <summary>The bounds of all axes under the given conditions; null when they contradict each other.</summary>
    private NeedCase? CaseOf(AccessModel model, AffineSystem system, ref bool isExact)
    {
        var axes = ImmutableArray.CreateBuilder<NeedAxis>();
        var conditions = new List<SlotForm>();
        if (model.Indices.IsEmpty && Project(model, system, AffineForm.Of(0), conditions, ref isExact) is null)
        {
            return null;
        }
        foreach (IndexFact? index in model.Indices)
        {
            if (index is not { } known || !StaysInPlace(model.Site.Access.Border, known.Range))
            {
                isExact = false;
                axes.Add(NeedAxis.Whole);
                continue;
            }
            if (Project(model, system, known.Form, conditions, ref isExact) is not { } axis)
            {
                return null;
            }
            bool isOpen = axis.Lower.IsEmpty || axis.Upper.IsEmpty;
            isExact &= !isOpen;
            axes.Add(isOpen && model.Site.Access.Border == BorderKind.Wrap ? NeedAxis.Whole : axis);
        }
        return new NeedCase(axes.ToImmutable(), [.. conditions.Distinct()]);
    }

    /// <summary>True when 64-bit arithmetic cannot bring an index from outside to a place inside.</summary>
    private static bool StaysInPlace(BorderKind border, Interval range) =>
        border is BorderKind.Wrap or BorderKind.Clamp ? Interval.Long.Contains(range) : Footprints.CannotWrapInside(range);

    /// <summary>
    /// The bounds of a form's values; null when the conditions contradict each other. Where projecting is too large, conditions of the path and of being inside are
    /// left out, then all but ranges.
    /// </summary>
    private NeedAxis? Project(AccessModel model, AffineSystem system, AffineForm index, List<SlotForm> conditions, ref bool isExact)
    {
        AffineForm form = Renamed(model.Facts, index);
        bool isPlain = model.IsUnconditional && ReferenceEquals(system, model.System) && form.Terms.All(t => t.Variable < _domain.Rank || t.Variable >= FirstSlot);
        if (isPlain && Corners(model.Facts, form) is { } corners)
        {
            return corners;
        }
        AffineForm moving = AffineForm.Of(form.Terms.Where(t => t.Variable < Place), 0);
        Int128 scale = Int128.Max(1, moving.Terms.Aggregate(Int128.Zero, (g, t) => Elimination.Gcd(g, Int128.Abs(t.Coefficient))));
        // Common factors stay outside, so that the bounds are those of multiples; what does not move then is added outside too.
        AffineForm inner = scale == 1 ? form : AffineForm.Of(moving.Terms.Select(t => t with { Coefficient = t.Coefficient / scale }), 0);
        if (SlotFormOf(scale == 1 ? AffineForm.Of(0) : form - moving) is not { } offset || scale > s_largest)
        {
            isExact = false;
            return NeedAxis.Whole;
        }
        var place = AffineForm.OfVariable(Place);
        AffineForm difference = place - inner;
        Elimination elimination = Eliminated(model.Facts, system, difference);
        if (elimination.IsTooLarge)
        {
            isExact = false;
            elimination = Eliminated(model.Facts, model.Facts.SystemFor([index, .. InductionsOf(model)]), difference);
        }
        if (elimination.IsContradiction)
        {
            return null;
        }
        if (elimination.IsTooLarge)
        {
            return Corners(model.Facts, form) ?? NeedAxis.Whole;
        }
        isExact &= elimination.IsExact;
        var lower = new List<NeedBound>();
        var upper = new List<NeedBound>();
        foreach (AffineForm row in elimination.Conditions)
        {
            Int128 coefficient = row.Coefficient(Place);
            if (SlotFormOf(row - place * coefficient) is not { } rest || Int128.Abs(coefficient) > s_largest)
            {
                isExact = false;
            }
            else if (coefficient == 0)
            {
                if (_ranges.LeastOf(rest) < 0)
                {
                    conditions.Add(rest);
                }
            }
            else
            {
                (coefficient > 0 ? lower : upper).Add(new NeedBound(rest, (long)Int128.Abs(coefficient)));
            }
        }
        return new NeedAxis(_ranges.Strongest(lower), _ranges.Strongest(upper), (long)scale, offset);
    }

    /// <summary>
    /// The values of a form when index variables take every value of the part and others every value of their range: its ends are taken at corners. Null when a
    /// range is too large.
    /// </summary>
    private NeedAxis? Corners(IndexFacts facts, AffineForm form)
    {
        return SlotFormOf(-End(facts, form, false)) is { } low && SlotFormOf(End(facts, form, true)) is { } high
            ? new NeedAxis([new NeedBound(low, 1)], [new NeedBound(high, 1)], 1, new SlotForm([], 0)) : null;
    }

    private AffineForm End(IndexFacts facts, AffineForm form, bool isHighest)
    {
        AffineForm end = AffineForm.Of(form.Constant);
        foreach (FormTerm term in form.Terms)
        {
            bool takesLast = term.Coefficient > 0 == isHighest;
            if (term.Variable >= FirstSlot)
            {
                end += AffineForm.Of([term], 0);
            }
            else if (term.Variable < _domain.Rank)
            {
                end += AffineForm.OfVariable(FirstSlot + 2 * term.Variable + (takesLast ? 1 : 0)) * term.Coefficient;
            }
            else
            {
                Interval range = facts.RangeOf(AffineForm.OfVariable(term.Variable));
                end += AffineForm.Of(term.Coefficient) * (takesLast ? range.Max : range.Min);
            }
        }
        return end;
    }

    private static IEnumerable<AffineForm> InductionsOf(AccessModel model) => model.Path.Loops.Select(l => model.Facts.FactOf(l.Induction).Form);

    /// <summary>Eliminates all but the place and the parameters.</summary>
    private Elimination Eliminated(IndexFacts facts, AffineSystem system, AffineForm difference)
    {
        var rows = new List<AffineForm> { difference, -difference };
        rows.AddRange(system.Conditions.Where(c => !IsImplied(facts, c)).Select(c => Renamed(facts, c)));
        foreach (int axis in rows.SelectMany(r => r.Terms).Select(t => t.Variable).Where(v => v < _domain.Rank).Distinct().ToList())
        {
            var index = AffineForm.OfVariable(axis);
            rows.Add(index - AffineForm.OfVariable(FirstSlot + 2 * axis));
            rows.Add(AffineForm.OfVariable(FirstSlot + 2 * axis + 1) - index);
        }
        var elimination = new Elimination(rows, FirstSlot);
        elimination.EliminateAllBut(Place);
        return elimination;
    }

    /// <summary>True when the part and the limits of symbols say as much: the ranges of index variables and symbols.</summary>
    private bool IsImplied(IndexFacts facts, AffineForm condition) =>
        condition.Terms.All(t => t.Variable < _domain.Rank || facts.Symbols.Values.Contains(t.Variable)) && facts.RangeOf(condition).Min >= 0;

    /// <summary>The form with its symbols as slots.</summary>
    private AffineForm Renamed(IndexFacts facts, AffineForm form)
    {
        if (facts.Symbols.Count == 0)
        {
            return form;
        }
        return AffineForm.Of(form.Terms.Select(t => facts.Symbols.Where(s => s.Value == t.Variable).Select(s => (int?)s.Key).FirstOrDefault() is { } symbol
            ? t with { Variable = FirstSlot + 2 * _domain.Rank + symbol } : t), form.Constant);
    }

    /// <summary>A form over slots alone; null when its numbers are too large.</summary>
    private static SlotForm? SlotFormOf(AffineForm form)
    {
        bool isModerate = Int128.Abs(form.Constant) <= long.MaxValue && form.Terms.All(t => Int128.Abs(t.Coefficient) <= s_largest);
        return isModerate ? new SlotForm([.. form.Terms.Select(t => new SlotTerm(t.Variable - FirstSlot, (long)t.Coefficient))], (long)form.Constant) : null;
    }

    private LinearPart LinearOf(IndexFacts facts, IndexFact? index)
    {
        if (index is not { } known)
        {
            return new LinearPart([], true);
        }
        var terms = ImmutableArray.CreateBuilder<LinearTerm>();
        bool isSpread = false;
        foreach (FormTerm term in Renamed(facts, known.Form).Terms)
        {
            bool isSymbol = term.Variable >= FirstSlot;
            if (isSymbol || term.Variable < _domain.Rank)
            {
                terms.Add(new LinearTerm(isSymbol, isSymbol ? term.Variable - FirstSlot - 2 * _domain.Rank : term.Variable, (long)term.Coefficient));
            }
            else
            {
                isSpread = true;
            }
        }
        return new LinearPart(terms.ToImmutable(), isSpread);
    }

    private bool IsData(AffineIndex index)
    {
        var closure = new ValueClosure(_structure);
        closure.Add(index);
        return closure.Data.Count > 0;
    }

    /// <summary>The symbols that the path and the domain speak of.</summary>
    private ImmutableArray<SymbolLimits> Limits(AccessModel model)
    {
        var used = new SortedSet<int>(model.Path.Parameters.Select(p => _environment.Parameters[p].Symbol).Where(s => s >= 0));
        used.UnionWith(_domain.Domain.Axes.SelectMany(a => a.Low.Terms.Concat(a.High.Terms)).Select(t => t.Input));
        return [.. used.Select(s => new SymbolLimits(s, _symbols[s].Min, _symbols[s].Max))];
    }
}
