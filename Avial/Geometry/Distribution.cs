using System.Collections.Immutable;

namespace Avial.Geometry;

/// <summary>How a box of indices is shared out.</summary>
internal enum DistributionKind : byte
{
    /// <summary>Every rank has, or can make, any part.</summary>
    Everywhere,

    /// <summary>One rank owns all.</summary>
    OnOne,

    /// <summary>A grid of blocks, one for each of the first ranks.</summary>
    Blocks,
}

/// <summary>
/// How the indices of one array, or of one iteration space, are owned by ranks. Blocks are numbered row-major over the grid; ranks beyond
/// the grid own nothing. Every answer is by formula: no cost grows with the number of ranks.
/// </summary>
internal sealed partial class Distribution : IEquatable<Distribution>
{
    private Distribution(DistributionKind kind, Box space, int ranks, RankId root, ImmutableArray<int> grid, ImmutableArray<AxisCut> axes, RankWeights? weights)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ranks, 1);
        Kind = kind;
        Space = space;
        Ranks = ranks;
        Root = root;
        Grid = grid;
        Axes = axes;
        Weights = weights;
        Cells = 1;
        foreach (int parts in grid)
        {
            Cells = checked(Cells * parts);
        }
    }

    public DistributionKind Kind { get; }

    public Box Space { get; }

    /// <summary>All ranks of the program, those without a part too.</summary>
    public int Ranks { get; }

    /// <summary>The owner, of a distribution on one rank.</summary>
    public RankId Root { get; }

    /// <summary>The number of parts per axis; empty but for blocks.</summary>
    public ImmutableArray<int> Grid { get; }

    /// <summary>The cuts per axis; empty but for blocks.</summary>
    public ImmutableArray<AxisCut> Axes { get; }

    /// <summary>The speeds that the blocks were cut for; null when they are equal.</summary>
    public RankWeights? Weights { get; }

    /// <summary>The number of blocks of the grid; 1 but for blocks.</summary>
    public int Cells { get; }

    public static Distribution Everywhere(Box space, int ranks) => new(DistributionKind.Everywhere, space, ranks, default, [], [], null);

    public static Distribution OnOne(Box space, RankId root, int ranks)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)root.Value, (uint)ranks, nameof(root));
        return new(DistributionKind.OnOne, space, ranks, root, [], [], null);
    }

    /// <summary>Blocks of a grid with one number of parts per axis. Snaps, one per axis, are the multiples that cuts are rounded to.</summary>
    public static Distribution Blocks(Box space, ReadOnlySpan<int> grid, int ranks, ReadOnlySpan<long> snaps = default, RankWeights? weights = null)
    {
        if (grid.Length != space.Rank || grid.Length > AxisRanges.Capacity || !snaps.IsEmpty && snaps.Length != grid.Length)
        {
            throw new ArgumentException($"A space of {space.Rank} axes got {grid.Length} numbers of parts and {snaps.Length} snaps.", nameof(grid));
        }
        if (weights is not null && weights.Ranks != ranks)
        {
            throw new ArgumentException($"{ranks} ranks got {weights.Ranks} weights.", nameof(weights));
        }
        long cells = 1;
        foreach (int parts in grid)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1, nameof(grid));
            cells = Math.Min(int.MaxValue, cells * parts);
        }
        if (cells > ranks)
        {
            throw new ArgumentException($"A grid of {cells} blocks is too much for {ranks} ranks.", nameof(grid));
        }
        weights = weights is null || weights.IsEqual ? null : weights;
        var axes = ImmutableArray.CreateBuilder<AxisCut>(grid.Length);
        for (int axis = 0; axis < grid.Length; axis++)
        {
            axes.Add(new AxisCut(space.Low[axis], space.High[axis], grid[axis], snaps.IsEmpty ? 1 : snaps[axis], weights?.Marginal(grid, axis)));
        }
        return new(DistributionKind.Blocks, space, ranks, default, [.. grid], axes.MoveToImmutable(), weights);
    }

    /// <summary>True when a rank owns some of the space. A box without axes is never empty: of those, this alone tells.</summary>
    public bool Owns(RankId rank)
    {
        if (Kind != DistributionKind.Blocks || Space.IsEmpty)
        {
            return !Space.IsEmpty && (Kind == DistributionKind.Everywhere || rank == Root);
        }
        int rest = rank.Value;
        for (int axis = Axes.Length - 1; axis >= 0; axis--)
        {
            (rest, int coordinate) = int.DivRem(rest, Grid[axis]);
            (long low, long high) = Axes[axis].Of(coordinate);
            if (low == high)
            {
                return false;
            }
        }
        return rest == 0;
    }

    /// <summary>What a rank owns; empty (every axis is, or some) when that is nothing. Everywhere: all.</summary>
    public Box Own(RankId rank)
    {
        Span<long> low = stackalloc long[Space.Rank];
        Span<long> high = stackalloc long[Space.Rank];
        Own(rank, low, high);
        return new Box([.. low], [.. high]);
    }

    /// <summary>The same without allocation.</summary>
    public void Own(RankId rank, Span<long> low, Span<long> high)
    {
        Space.Low.CopyTo(low);
        Space.High.CopyTo(high);
        if (Kind == DistributionKind.Everywhere || Kind == DistributionKind.OnOne && rank == Root)
        {
            return;
        }
        if (Kind == DistributionKind.OnOne || rank.Value >= Cells)
        {
            Space.Low.CopyTo(high);
            return;
        }
        int rest = rank.Value;
        for (int axis = Axes.Length - 1; axis >= 0; axis--)
        {
            (rest, int coordinate) = int.DivRem(rest, Grid[axis]);
            (low[axis], high[axis]) = Axes[axis].Of(coordinate);
        }
    }

    /// <summary>The rank that owns an index of the space; null when every rank has it.</summary>
    public RankId? Owner(ReadOnlySpan<long> index)
    {
        if (Kind == DistributionKind.Everywhere)
        {
            return null;
        }
        int rank = Root.Value;
        for (int axis = 0; axis < Axes.Length; axis++)
        {
            rank = rank * Grid[axis] + Axes[axis].PartOf(index[axis]);
        }
        return new RankId(rank);
    }

    /// <summary>The rank at a place of the grid.</summary>
    public int RankAt(ReadOnlySpan<int> coordinates)
    {
        int rank = 0;
        for (int axis = 0; axis < Grid.Length; axis++)
        {
            rank = rank * Grid[axis] + coordinates[axis];
        }
        return rank;
    }

    /// <summary>A rank's place in the grid; false when it has none.</summary>
    public bool TryCoordinates(RankId rank, Span<int> coordinates)
    {
        if (Kind != DistributionKind.Blocks || rank.Value >= Cells)
        {
            return false;
        }
        int rest = rank.Value;
        for (int axis = Grid.Length - 1; axis >= 0; axis--)
        {
            (rest, coordinates[axis]) = int.DivRem(rest, Grid[axis]);
        }
        return true;
    }

    /// <summary>The ranks that own some of a box.</summary>
    public Owners OwnersOf(Box box) => OwnersOf(box.Low.AsSpan(), box.High.AsSpan());

    /// <summary>The same of a box between two corners.</summary>
    public Owners OwnersOf(ReadOnlySpan<long> low, ReadOnlySpan<long> high) => new(this, low, high);

    public bool Equals(Distribution? other) =>
        other is not null && Kind == other.Kind && Space == other.Space && Ranks == other.Ranks && Root == other.Root
        && Axes.AsSpan().SequenceEqual(other.Axes.AsSpan()) && Equals(Weights, other.Weights);

    public override bool Equals(object? obj) => Equals(obj as Distribution);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(Space);
        hash.Add(Ranks);
        hash.Add(Root);
        foreach (AxisCut axis in Axes)
        {
            hash.Add(axis);
        }
        return hash.ToHashCode();
    }
}
