using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>The elements that one access reads while its kernel runs over a box.</summary>
/// <param name="Operand">The operand.</param>
/// <param name="Column">The column.</param>
/// <param name="Box">A box that holds every element read; null when nothing is.</param>
/// <param name="IsExact">True when the box is the smallest.</param>
internal readonly record struct Footprint(int Operand, int Column, Box? Box, bool IsExact);

/// <summary>What a kernel reads while it runs over a box of its domain, access by access.</summary>
internal sealed class Footprints
{
    private static readonly Footprints s_none = new([]);

    // The last answer of each kernel: long chains of one task ask the same again and again.
    private static readonly ConditionalWeakTable<Kernel, Known> s_known = [];

    private Footprints(ImmutableArray<Footprint> accesses) => Accesses = accesses;

    /// <summary>One for each access, in program order.</summary>
    public ImmutableArray<Footprint> Accesses { get; }

    /// <summary>The footprints over a part of the query's domain; null is all of it.</summary>
    public static Footprints Of(in BoundsQuery query, Box? part = null)
    {
        KernelStructure structure = KernelStructure.Of(query.Use.Kernel);
        if (structure.Loads.IsEmpty)
        {
            return s_none;
        }
        Known known = s_known.GetValue(query.Use.Kernel, static k => new Known(ShapeParameters.Of(k)));
        int parts = part is { } p ? 2 * p.Rank : 0;
        Span<long> key = stackalloc long[AnalysisKey.LengthOf(query, known.Shape) + parts + 1];
        AnalysisKey.Write(query, known.Shape, key);
        for (int n = 0; n < parts; n++)
        {
            key[^(n + 2)] = (n & 1) == 0 ? part!.Value.Low[n / 2] : part!.Value.High[n / 2];
        }
        key[^1] = part?.Rank ?? -1;
        if (known.Last is { } last && key.SequenceEqual(last.Key))
        {
            return last.Footprints;
        }
        Footprints found = Find(structure, query, part);
        known.Last = new Entry(key.ToArray(), found);
        return found;
    }

    private static Footprints Find(KernelStructure structure, in BoundsQuery query, Box? part)
    {
        var facts = new IndexFacts(structure, IndexEnvironment.Of(query) with { Part = part });
        if (facts.IsDomainEmpty)
        {
            return new([.. structure.Loads.Select(l => new Footprint(l.Access.Operand, l.Access.Column, null, true))]);
        }
        return new([.. structure.Loads.Select(l => OfAccess(new AccessModel(facts, l)))]);
    }

    /// <summary>The smallest box known to hold all that is read of an operand; null when nothing is.</summary>
    public Box? OfOperand(int operand) => Hull(Accesses.Where(a => a.Operand == operand));

    /// <summary>The same for one column.</summary>
    public Box? OfColumn(int operand, int column) => Hull(Accesses.Where(a => a.Operand == operand && a.Column == column));

    /// <summary>True when every access of the operand is exact.</summary>
    public bool IsExact(int operand) => Accesses.Where(a => a.Operand == operand).All(a => a.IsExact);

    /// <summary>What is read of an operand as boxes that may overlap, none inside another.</summary>
    public ImmutableArray<Box> Union(int operand)
    {
        var boxes = new List<Box>();
        foreach (Footprint access in Accesses)
        {
            if (access.Operand == operand && access.Box is { } box && !boxes.Exists(b => b.Contains(box)))
            {
                boxes.RemoveAll(b => box.Contains(b));
                boxes.Add(box);
            }
        }
        return [.. boxes];
    }

    private static Box? Hull(IEnumerable<Footprint> footprints)
    {
        Box? hull = null;
        foreach (Footprint footprint in footprints)
        {
            if (footprint.Box is { } box)
            {
                hull = hull?.Hull(box) ?? box;
            }
        }
        return hull;
    }

    /// <summary>What one access reads, as far as a model of it says.</summary>
    public static Footprint OfAccess(AccessModel model)
    {
        Access access = model.Site.Access;
        if (!model.IsUnconditional && model.System.IsInfeasible())
        {
            return new(access.Operand, access.Column, null, true);
        }
        int rank = access.Indices.Length;
        var low = ImmutableArray.CreateBuilder<long>(rank);
        var high = ImmutableArray.CreateBuilder<long>(rank);
        // Without a border, and with Or, only places inside the array are read: a read outside traps, or gives the value.
        AffineSystem? inside = access.Border is BorderKind.None or BorderKind.Or ? Inside(model) : null;
        if (inside is not null && inside.IsInfeasible())
        {
            return new(access.Operand, access.Column, null, true);
        }
        bool isExact = true;
        for (int axis = 0; axis < rank; axis++)
        {
            (long from, long to, bool exact) = OnAxis(model, inside, axis);
            if (to <= from)
            {
                return new(access.Operand, access.Column, null, exact);
            }
            low.Add(from);
            high.Add(to);
            isExact &= exact;
        }
        return new(access.Operand, access.Column, new Box(low.MoveToImmutable(), high.MoveToImmutable()), isExact);
    }

    /// <summary>The conditions of the access and those of being inside; null when it always is.</summary>
    public static AffineSystem? Inside(AccessModel model)
    {
        if (model.Indices.Select((index, axis) => index is { } i && i.Range.Min >= 0 && i.Range.Max < model.Extents[axis]).All(b => b))
        {
            return null;
        }
        AffineSystem system = model.System;
        for (int axis = 0; axis < model.Indices.Length; axis++)
        {
            if (model.Indices[axis] is { } index && CannotWrapInside(index.Range))
            {
                system = system.With(index.Form, -index.Form + (model.Extents[axis] - 1));
            }
        }
        return system;
    }

    /// <summary>An index beyond 64 bits is reduced modulo 2^64; up to here what lies outside stays outside.</summary>
    public static bool CannotWrapInside(Interval range) => range.Min >= -(Int128.One << 63) - (Int128.One << 62) && range.Max < Int128.One << 64;

    private static (long Low, long High, bool IsExact) OnAxis(AccessModel model, AffineSystem? inside, int axis)
    {
        long extent = model.Extents[axis];
        if (extent == 0)
        {
            return (0, 0, true);
        }
        if (model.Indices[axis] is not { } index)
        {
            return (0, extent, false);
        }
        switch (model.Site.Access.Border)
        {
            case BorderKind.Wrap or BorderKind.Clamp when !Interval.Long.Contains(index.Range):
                return (0, extent, false);
            case BorderKind.Clamp:
                (Interval clamped, bool isClampExact) = RangeOf(model, null, index);
                return ((long)Int128.Clamp(clamped.Min, 0, extent - 1), (long)Int128.Clamp(clamped.Max, 0, extent - 1) + 1, isClampExact);
            case BorderKind.Wrap:
                return Wrapped(model, index, extent);
            default:
                if (!CannotWrapInside(index.Range))
                {
                    return (0, extent, false);
                }
                (Interval range, bool isExact) = RangeOf(model, inside, index);
                Interval cut = range.Intersect(new(0, extent - 1));
                return cut.IsEmpty ? (0, 0, isExact) : ((long)cut.Min, (long)cut.Max + 1, isExact && cut == range);
        }
    }

    private static (long Low, long High, bool IsExact) Wrapped(AccessModel model, IndexFact index, long extent)
    {
        if (extent == 0)
        {
            return (0, 0, true);
        }
        (Interval range, bool isExact) = RangeOf(model, null, index);
        Int128 turn = Floor.Divide(range.Min, extent);
        if (turn == Floor.Divide(range.Max, extent))
        {
            return ((long)(range.Min - turn * extent), (long)(range.Max - turn * extent) + 1, isExact);
        }
        // A run of consecutive indices that crosses an end reads both ends.
        bool isRun = isExact && index.Form.Terms is [var term] && Int128.Abs(term.Coefficient) == 1;
        return (0, extent, isRun);
    }

    /// <summary>The values of an index wherever the access is executed, and where more is known, <paramref name="inside"/>.</summary>
    public static (Interval Range, bool IsExact) RangeOf(AccessModel model, AffineSystem? inside, IndexFact index)
    {
        if (inside is null && model.IsUnconditional && index.Form.Terms.All(t => t.Variable < model.Facts.Structure.Kernel.Rank))
        {
            return (model.Facts.RangeOf(index.Form), true);
        }
        AffineSystem system = inside ?? model.System;
        FormRange range = system.Range(index.Form);
        return (new Interval(range.Min ?? index.Range.Min, range.Max ?? index.Range.Max).Intersect(index.Range).Intersect(model.Facts.RangeOf(index.Form)),
            range.IsExact && model.IsPathAffine && model.Facts.IsExact(system));
    }

    private sealed class Known(ImmutableArray<int> shape)
    {
        public ImmutableArray<int> Shape { get; } = shape;

        public Entry? Last { get; set; }
    }

    private sealed record Entry(long[] Key, Footprints Footprints);
}
