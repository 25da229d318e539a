using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>A symbol that a formula knows of, and the values it is made for.</summary>
internal readonly record struct SymbolLimits(int Symbol, long Least, long Most);

/// <summary>
/// What one access reads of an input while its kernel runs over a part of the domain: a box of places, as a formula of the part and of the node's symbols.
/// It grows with the part: what a part needs lies in what any larger part needs (on a periodic axis: modulo the extent). It is never too small; where
/// <see cref="IsExact"/> it is the smallest box.
/// </summary>
internal sealed class NeedFormula
{
    private readonly NeedDomain _domain;
    private readonly ImmutableArray<long> _extents;
    private readonly BorderKind _border;
    private readonly ImmutableArray<NeedCase> _cases;
    private readonly ImmutableArray<SymbolLimits> _limits;
    private readonly int _symbolCount;
    private uint _axes;

    internal NeedFormula(NeedDomain domain, int symbolCount, ImmutableArray<long> extents, BorderKind border, ImmutableArray<NeedCase> cases, ImmutableArray<SymbolLimits> limits)
    {
        _domain = domain;
        _symbolCount = symbolCount;
        _extents = extents;
        _border = border;
        _cases = cases;
        _limits = limits;
    }

    /// <summary>The rank of the box: that of the input.</summary>
    public int Rank => _extents.Length;

    /// <summary>The extents of the input.</summary>
    public ImmutableArray<long> Extents => _extents;

    /// <summary>True when nothing is read, whatever the part and the symbols are.</summary>
    public bool IsEmptyAlways => _cases.IsEmpty && (Beyond is null || Beyond.IsEmptyAlways);

    /// <summary>Per axis of the input, whether data decides where it is read; the box then holds every place that may be.</summary>
    public required ImmutableArray<bool> IsIndirect { get; init; }

    /// <summary>Per axis of the input, whether the border is periodic: the box may then begin below 0 or end beyond the extent, and stands for places modulo the extent.</summary>
    public required ImmutableArray<bool> IsWrapping { get; init; }

    /// <summary>Per axis of the input, how its index moves with the domain's index variables and with symbols.</summary>
    public required ImmutableArray<LinearPart> Linear { get; init; }

    /// <summary>True when the box is the smallest one for every part and all symbols within their limits (on a periodic axis: of unwrapped places).</summary>
    public required bool IsExact { get; init; }

    /// <summary>The loads with this formula, in program order: their columns, spans and indices.</summary>
    public required ImmutableArray<LoadSite> Sites { get; init; }

    /// <summary>The columns that are read, ascending.</summary>
    public ImmutableArray<int> Columns => field.IsDefault ? field = [.. Sites.Select(s => s.Access.Column).Distinct().Order()] : field;

    /// <summary>The expression that reads, the first one of <see cref="Sites"/>.</summary>
    public SourceSpan Span => Sites[0].Access.Span;

    /// <summary>What is read when symbols leave their limits: a formula that takes any value of them; null where limits are all that the types have.</summary>
    public NeedFormula? Beyond { get; init; }

    /// <summary>The numbers of the symbols that the formula knows of.</summary>
    public IEnumerable<int> Symbols => _limits.Select(l => l.Symbol);

    /// <summary>True when the box or the computed part of the domain may change with some symbol.</summary>
    public bool DependsOnSymbols => !_domain.IsConstant || Mentions(2 * _domain.Rank, 2 * _domain.Rank + _symbolCount);

    /// <summary>True when the box may change with the part's range on an axis of the domain.</summary>
    public bool DependsOnAxis(int axis)
    {
        // Asked for at each step of loops that move: found once, the highest bit saying so.
        if (_axes == 0)
        {
            uint axes = 1u << 31;
            for (int a = 0; a < _domain.Rank; a++)
            {
                axes |= Mentions(2 * a, 2 * a + 2) ? 1u << a : 0;
            }
            _axes = axes;
        }
        return (_axes >> axis & 1) != 0;
    }

    /// <summary>True when an axis of the input is needed whole (as far as is known), whatever the part is.</summary>
    public bool IsWhole(int axis) => _cases.Any(c => c.Axes[axis].IsWhole);

    /// <summary>
    /// The box that is read while the kernel runs over a part (∩ the domain); false when nothing is. <paramref name="symbols"/> has a value for each of
    /// <see cref="NodeNeeds.Symbols"/>.
    /// </summary>
    public bool TryEvaluate(Box part, ReadOnlySpan<long> symbols, Span<long> low, Span<long> high) =>
        TryHull(part.Low.AsSpan(), part.High.AsSpan(), symbols, symbols, low, high);

    /// <summary>The same for a part given by its ends.</summary>
    public bool TryEvaluate(ReadOnlySpan<long> partLow, ReadOnlySpan<long> partHigh, ReadOnlySpan<long> symbols, Span<long> low, Span<long> high) =>
        TryHull(partLow, partHigh, symbols, symbols, low, high);

    /// <summary>The box as a new object; null when nothing is read.</summary>
    public Box? Evaluate(Box part, ReadOnlySpan<long> symbols) => Hull(part, symbols, symbols);

    /// <summary>A box that holds all that is read while the symbols take values between two, both included; null when nothing is.</summary>
    public Box? Hull(Box part, ReadOnlySpan<long> symbolsLeast, ReadOnlySpan<long> symbolsMost)
    {
        var low = new long[Rank];
        var high = new long[Rank];
        return TryHull(part.Low.AsSpan(), part.High.AsSpan(), symbolsLeast, symbolsMost, low, high) ? new Box([.. low], [.. high]) : null;
    }

    /// <summary>
    /// A box that holds all that is read while the symbols take values between two, both included; false when nothing is. A run of places of a periodic axis that
    /// lies wholly outside the array is shifted inside, unless <paramref name="isUnwrapped"/>.
    /// </summary>
    public bool TryHull(
        ReadOnlySpan<long> partLow, ReadOnlySpan<long> partHigh, ReadOnlySpan<long> symbolsLeast, ReadOnlySpan<long> symbolsMost, Span<long> low, Span<long> high,
        bool isUnwrapped = false)
    {
        int ends = 2 * _domain.Rank;
        Span<long> least = stackalloc long[ends + _symbolCount];
        Span<long> most = stackalloc long[ends + _symbolCount];
        if (IsEmptyAlways || !_domain.TryClip(partLow, partHigh, symbolsLeast, symbolsMost, least[..ends]))
        {
            return false;
        }
        least[..ends].CopyTo(most);
        symbolsLeast[.._symbolCount].CopyTo(least[ends..]);
        symbolsMost[.._symbolCount].CopyTo(most[ends..]);
        bool isWithin = true;
        bool isBeyond = false;
        foreach (SymbolLimits limits in _limits)
        {
            ref long from = ref least[ends + limits.Symbol];
            ref long to = ref most[ends + limits.Symbol];
            isBeyond |= from < limits.Least || to > limits.Most;
            (from, to) = (Math.Max(from, limits.Least), Math.Min(to, limits.Most));
            isWithin &= from <= to;
        }
        bool isAny = isWithin && TryHullOfCases(least, most, low, high, isUnwrapped);
        return isBeyond ? TryHullBeyond(partLow, partHigh, symbolsLeast, symbolsMost, low, high, isUnwrapped, isAny) : isAny;
    }

    /// <summary>The same formula as that of more loads.</summary>
    internal NeedFormula WithSites(ImmutableArray<LoadSite> sites) => With(sites, Beyond);

    /// <summary>The same formula with another one for symbols that leave their limits.</summary>
    internal NeedFormula WithBeyond(NeedFormula beyond) => With(Sites, beyond);

    /// <summary>True when both give the same box for all values.</summary>
    internal bool IsSame(NeedFormula other) => _border == other._border && IsExact == other.IsExact && IsIndirect.AsSpan().SequenceEqual(other.IsIndirect.AsSpan())
        && Linear.AsSpan().SequenceEqual(other.Linear.AsSpan()) && _limits.AsSpan().SequenceEqual(other._limits.AsSpan())
        && _extents.AsSpan().SequenceEqual(other._extents.AsSpan())
        && _cases.Length == other._cases.Length && _cases.Zip(other._cases).All(c => c.First.IsSame(c.Second))
        && (Beyond is null ? other.Beyond is null : other.Beyond is not null && Beyond.IsSame(other.Beyond));

    private NeedFormula With(ImmutableArray<LoadSite> sites, NeedFormula? beyond) => new(_domain, _symbolCount, _extents, _border, _cases, _limits)
    {
        IsIndirect = IsIndirect,
        IsWrapping = IsWrapping,
        Linear = Linear,
        IsExact = IsExact,
        Sites = sites,
        Beyond = beyond,
    };

    /// <summary>Adds to a box, if there is one, what is read where symbols leave their limits.</summary>
    private bool TryHullBeyond(
        ReadOnlySpan<long> partLow, ReadOnlySpan<long> partHigh, ReadOnlySpan<long> symbolsLeast, ReadOnlySpan<long> symbolsMost, Span<long> low, Span<long> high,
        bool isUnwrapped, bool isAny)
    {
        Span<long> beyondLow = stackalloc long[Rank];
        Span<long> beyondHigh = stackalloc long[Rank];
        if (Beyond is null)
        {
            beyondLow.Clear();
            _extents.AsSpan().CopyTo(beyondHigh);
        }
        else if (!Beyond.TryHull(partLow, partHigh, symbolsLeast, symbolsMost, beyondLow, beyondHigh, isUnwrapped))
        {
            return isAny;
        }
        for (int axis = 0; axis < Rank; axis++)
        {
            (Int128 first, Int128 end) = isAny ? (Math.Min(low[axis], beyondLow[axis]), Math.Max(high[axis], beyondHigh[axis])) : (beyondLow[axis], beyondHigh[axis]);
            (low[axis], high[axis]) = _border == BorderKind.Wrap ? Wrapped(first, end, _extents[axis], isUnwrapped) : ((long)first, (long)end);
        }
        return true;
    }

    private bool TryHullOfCases(ReadOnlySpan<long> least, ReadOnlySpan<long> most, Span<long> low, Span<long> high, bool isUnwrapped)
    {
        Span<Int128> first = stackalloc Int128[Rank];
        Span<Int128> last = stackalloc Int128[Rank];
        Span<Int128> caseFirst = stackalloc Int128[Rank];
        Span<Int128> caseLast = stackalloc Int128[Rank];
        bool isAny = false;
        foreach (NeedCase one in _cases)
        {
            if (!one.CanRead(least, most) || !TryPlaces(one, least, most, caseFirst, caseLast))
            {
                continue;
            }
            for (int axis = 0; axis < Rank; axis++)
            {
                first[axis] = isAny ? Int128.Min(first[axis], caseFirst[axis]) : caseFirst[axis];
                last[axis] = isAny ? Int128.Max(last[axis], caseLast[axis]) : caseLast[axis];
            }
            isAny = true;
        }
        for (int axis = 0; isAny && axis < Rank; axis++)
        {
            (low[axis], high[axis]) = _border == BorderKind.Wrap ? Wrapped(first[axis], last[axis] + 1, _extents[axis], isUnwrapped)
                : ((long)first[axis], (long)last[axis] + 1);
        }
        return isAny;
    }

    private bool TryPlaces(NeedCase one, ReadOnlySpan<long> least, ReadOnlySpan<long> most, Span<Int128> first, Span<Int128> last)
    {
        for (int axis = 0; axis < Rank; axis++)
        {
            long extent = _extents[axis];
            (Int128 from, Int128 to) = one.Axes[axis].Evaluate(least, most, extent);
            if (from > to)
            {
                return false;
            }
            switch (_border)
            {
                case BorderKind.Clamp:
                    (from, to) = (Int128.Clamp(from, 0, extent - 1), Int128.Clamp(to, 0, extent - 1));
                    break;
                case BorderKind.None or BorderKind.Or:
                    (from, to) = (Int128.Max(from, 0), Int128.Min(to, extent - 1));
                    if (from > to)
                    {
                        return false;
                    }
                    break;
            }
            (first[axis], last[axis]) = (from, to);
        }
        return true;
    }

    /// <summary>
    /// A run of places modulo the extent: as it stands unless it lies wholly outside, so that a halo touches the part it belongs to; the whole axis when it goes round.
    /// </summary>
    internal static (long Low, long High) Wrapped(Int128 low, Int128 high, long extent, bool isUnwrapped = false)
    {
        if (high - low > extent)
        {
            return (0, extent);
        }
        if (isUnwrapped || (high > 0 && low < extent))
        {
            return ((long)low, (long)high);
        }
        var first = (long)(((low % extent) + extent) % extent);
        return (first, first + (long)(high - low));
    }

    private bool Mentions(int firstSlot, int endSlot) => Beyond is { } beyond && beyond.Mentions(firstSlot, endSlot) || _cases.Any(c => c.Axes.Any(a => a.Mentions(firstSlot, endSlot))
        || c.Conditions.Any(f => f.Terms.Any(t => t.Slot >= firstSlot && t.Slot < endSlot)));

    /// <summary><c>[(first0 - 1..=last0 - 1), whole]</c>, with the border where there is one.</summary>
    public override string ToString() => IsEmptyAlways ? "nothing"
        : string.Join(" or ", _cases.Select(c => c.Text(_domain.Rank))) + (_border == BorderKind.None ? "" : $" {_border.ToString().ToLowerInvariant()}");
}
