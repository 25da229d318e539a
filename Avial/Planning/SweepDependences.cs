using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

internal enum DependenceKind : byte
{
    /// <summary>Reads the new value of a point that precedes.</summary>
    Flow,
    /// <summary>Reads the old value of a point that follows.</summary>
    Anti,
}

/// <summary>
/// A dependence of a sweep between two points, from the earlier to the later: per axis, in the direction of the sweep, the least and the
/// greatest distance (null: unbounded). Lexicographically positive.
/// </summary>
internal sealed record Dependence(DependenceKind Kind, ImmutableArray<(long? Min, long? Max)> Distance, SourceSpan Span)
{
    /// <summary><c>flow (1, -1)</c>, <c>anti (0, 1..7)</c>.</summary>
    public override string ToString() => $"{(Kind == DependenceKind.Flow ? "flow" : "anti")} ({string.Join(", ", Distance.Select(Text))})";

    private static string Text((long? Min, long? Max) range) =>
        range.Min is { } min && min == range.Max ? $"{min}" : $"{range.Min?.ToString() ?? "-∞"}..{range.Max?.ToString() ?? "∞"}";
}

/// <summary>
/// The dependences of a sweep and a schedule: points with equal θ·p (p counted in the direction of each axis) are independent, and every
/// dependence goes to a greater θ·p. Without dependences θ is zero: all points are independent.
/// </summary>
/// <param name="Dependences">All dependences; empty when some could not be analysed.</param>
/// <param name="Theta">The schedule, or null: the sweep runs in order.</param>
/// <param name="Reason">Why there is no schedule.</param>
internal sealed record SweepDependences(ImmutableArray<Dependence> Dependences, ImmutableArray<int>? Theta, string? Reason)
{
    private const int MaxWeight = 4;

    /// <summary>Analyses a sweep; operand 0 of the kernel is the swept array.</summary>
    public static SweepDependences Of(in BoundsQuery query)
    {
        KernelStructure structure = KernelStructure.Of(query.Use.Kernel);
        var facts = new IndexFacts(structure, IndexEnvironment.Of(query));
        var found = ImmutableArray.CreateBuilder<Dependence>();
        if (facts.IsDomainEmpty)
        {
            return Scheduled([], structure.Kernel.Rank);
        }
        foreach (LoadSite site in structure.Loads.Where(l => l.Access.Operand == 0))
        {
            if (Add(new AccessModel(facts, site), query.Domain, found) is { } reason)
            {
                return new([], null, reason);
            }
        }
        return Scheduled([.. found.DistinctBy(d => d.ToString())], structure.Kernel.Rank);
    }

    private static SweepDependences Scheduled(ImmutableArray<Dependence> dependences, int rank)
    {
        ImmutableArray<int>? best = null;
        for (int code = 0; code < (int)Math.Pow(MaxWeight + 1, rank); code++)
        {
            var theta = new int[rank];
            for (int axis = rank - 1, rest = code; axis >= 0; axis--, rest /= MaxWeight + 1)
            {
                theta[axis] = rest % (MaxWeight + 1);
            }
            if ((best is null || theta.Sum() < best.Value.Sum()) && dependences.All(d => IsCarried(d, theta)))
            {
                best = [.. theta];
            }
        }
        return new(dependences, best, best is null ? $"no schedule with weights up to {MaxWeight} orders {string.Join(", ", dependences)}" : null);
    }

    private static bool IsCarried(Dependence dependence, int[] theta)
    {
        Int128 least = 0;
        for (int axis = 0; axis < theta.Length; axis++)
        {
            if (theta[axis] == 0)
            {
                continue;
            }
            if (dependence.Distance[axis].Min is not { } min)
            {
                return false;
            }
            least += (Int128)theta[axis] * min;
        }
        return least >= 1;
    }

    /// <summary>Adds the dependences of one read of the swept array; the reason when it cannot be analysed.</summary>
    private static string? Add(AccessModel model, IterationDomain domain, ImmutableArray<Dependence>.Builder found)
    {
        Access access = model.Site.Access;
        if (access.Border == BorderKind.Wrap)
        {
            return "a read of the swept array wraps around";
        }
        AffineSystem system = model.System;
        var offsets = new AffineForm[domain.Rank];
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            if (model.Indices[axis] is not { } index || !Interval.Long.Contains(index.Range))
            {
                return "an index of the swept array is not affine";
            }
            AffineForm offset = index.Form - AffineForm.OfVariable(axis);
            if (access.Border == BorderKind.Clamp && !(offset.IsConstant && offset.Constant == 0))
            {
                if (!TryClamp(ref system, ref offset))
                {
                    return "a clamped read of the swept array goes both ways";
                }
            }
            offsets[axis] = domain.Axes[axis].IsReversed ? -offset : offset;
        }
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            AddIf(system.With(-offsets[axis] - 1), DependenceKind.Flow, offsets, access.Span, found);
            AddIf(system.With(offsets[axis] - 1), DependenceKind.Anti, offsets, access.Span, found);
            system = system.With(offsets[axis], -offsets[axis]);
        }
        return null;
    }

    /// <summary>A clamped index lies anywhere between the point itself and the offset.</summary>
    private static bool TryClamp(ref AffineSystem system, ref AffineForm offset)
    {
        FormRange range = system.Range(offset);
        int fresh = system.Conditions.SelectMany(c => c.Terms).Concat(offset.Terms).Select(t => t.Variable).Append(1000).Max() + 1;
        AffineForm between = AffineForm.OfVariable(fresh);
        if (range.Max <= 0)
        {
            system = system.With(between - offset, -between);
        }
        else if (range.Min >= 0)
        {
            system = system.With(between, offset - between);
        }
        else
        {
            return false;
        }
        offset = between;
        return true;
    }

    private static void AddIf(AffineSystem system, DependenceKind kind, AffineForm[] offsets, SourceSpan span, ImmutableArray<Dependence>.Builder found)
    {
        if (system.IsInfeasible())
        {
            return;
        }
        found.Add(new Dependence(kind, [.. offsets.Select(o =>
        {
            FormRange range = system.Range(kind == DependenceKind.Flow ? -o : o);
            return (range.Min, range.Max);
        })], span));
    }
}
