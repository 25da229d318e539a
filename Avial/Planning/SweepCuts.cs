using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;

namespace Avial.Planning;

/// <summary>
/// Along which axes a sweep may be cut over ranks, and along which planes each rank may walk its part in tiles. All in the direction of each axis:
/// <code>
/// cut along axis a       every dependence d has d[a] ≥ 0: what a part reads of the new values lies in parts before it
/// tiles c·p = constant   every dependence d has c·d ≥ 0: what a tile reads of the new values lies in tiles before it, on any rank
/// </code>
/// The first axis may always be cut: a sweep walks it in order. c is a unit vector, slanted along axes that are cut where nothing else keeps to the dependences.
/// </summary>
internal sealed class SweepCuts
{
    private const int MostSlant = 3;

    // A slanted tile's border is sent index by index along the cut.
    private const long MostSlantedDistance = 4;

    private static readonly ConditionalWeakTable<SweepOperation, SweepCuts> s_known = [];

    private readonly ImmutableArray<ArrayType> _types;
    private readonly ImmutableArray<bool> _isReversed;

    private SweepCuts(Region region, GraphNode node, SweepOperation sweep, ImmutableArray<ArrayType> types)
    {
        _types = types;
        _isReversed = [.. sweep.Domain.Axes.Select(a => a.IsReversed)];
        SweepDependences found = SweepDependences.Of(new BoundsQuery
        {
            Use = sweep.Use,
            Domain = sweep.Domain,
            Inputs = types.AsSpan(),
            Symbols = InPlaceReads.SymbolsOf(region, node, [sweep.Domain]),
        });
        Dependences = found.Dependences;
        // The first element to stop in the order of the sweep must be the one that is reported.
        Obstacle = found.Dependences.IsEmpty ? found.Reason : null;
        Obstacle ??= Kernels.CanTrap(sweep.Use.Kernel) ? "an element may stop it" : null;
    }

    /// <summary>The dependences; empty where they are not known, and where there are none.</summary>
    public ImmutableArray<Dependence> Dependences { get; }

    /// <summary>Why parts must be computed one after another, each as a whole; null when dependences decide.</summary>
    public string? Obstacle { get; }

    public static SweepCuts Of(Region region, GraphNode node)
    {
        var sweep = (SweepOperation)node.Operation;
        ImmutableArray<ArrayType> types = [.. node.Inputs.Select(region.TypeOf)];
        if (s_known.TryGetValue(sweep, out SweepCuts? known) && known._types.AsSpan().SequenceEqual(types.AsSpan()))
        {
            return known;
        }
        var found = new SweepCuts(region, node, sweep, types);
        s_known.AddOrUpdate(sweep, found);
        return found;
    }

    /// <summary>True for an axis along which parts may be computed one after another, or at once where other axes separate them.</summary>
    public bool MayCut(int axis) => axis == 0 || Obstacle is null && Dependences.All(d => d.Distance[axis].Min >= 0);

    /// <summary>
    /// The normal, in indices, of the planes between tiles for parts of a grid: n·p grows from tile to tile. Null where parts must be computed whole; the reason then.
    /// </summary>
    public ImmutableArray<int>? NormalFor(ReadOnlySpan<int> grid, Box space, out string? reason)
    {
        reason = Obstacle;
        if (reason is not null)
        {
            return null;
        }
        int[]? best = null;
        (int Slant, long Length) bestRank = (int.MaxValue, 0);
        for (int axis = 0; axis < grid.Length; axis++)
        {
            if (grid[axis] == 1 && space.Length(axis) > 1 && FindNormal(axis, grid) is { } normal)
            {
                (int Slant, long Length) rank = (normal.Sum(), space.Length(axis));
                if (rank.Slant < bestRank.Slant || rank.Slant == bestRank.Slant && rank.Length > bestRank.Length)
                {
                    (best, bestRank) = (normal, rank);
                }
            }
        }
        if (best is null)
        {
            reason = grid.Contains(1) && space.Rank > 1 ? $"no planes of tiles keep to {string.Join(", ", Dependences.Take(4))}{(Dependences.Length > 4 ? "..." : "")}" : "no axis is left to cut into tiles";
            return null;
        }
        return [.. best.Select((n, axis) => _isReversed[axis] ? -n : n)];
    }

    private int[]? FindNormal(int axis, ReadOnlySpan<int> grid)
    {
        int[]? best = null;
        int count = (int)Math.Pow(MostSlant + 1, grid.Length);
        for (int code = 0; code < count; code++)
        {
            var normal = new int[grid.Length];
            bool isAllowed = true;
            for (int other = grid.Length - 1, rest = code; other >= 0; other--, rest /= MostSlant + 1)
            {
                normal[other] = other == axis ? 1 : rest % (MostSlant + 1);
                isAllowed &= other == axis ? rest % (MostSlant + 1) == 0 : normal[other] == 0 || other < axis && grid[other] > 1;
            }
            if (isAllowed && (best is null || normal.Sum() < best.Sum()) && Dependences.All(d => IsKept(d, normal)))
            {
                best = normal;
            }
        }
        return best;
    }

    private static bool IsKept(Dependence dependence, int[] normal)
    {
        Int128 least = 0;
        bool isSlanted = normal.Count(n => n != 0) > 1;
        for (int axis = 0; axis < normal.Length; axis++)
        {
            if (normal[axis] == 0)
            {
                continue;
            }
            (long? min, long? max) = dependence.Distance[axis];
            if (min is null || isSlanted && !(max <= MostSlantedDistance))
            {
                return false;
            }
            least += (Int128)normal[axis] * min.Value;
        }
        return least >= 0;
    }
}
