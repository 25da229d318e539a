using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>
/// Ranks that all need the same box, as a set by formula: the first ranks of the program, or a box of cells of a grid; and perhaps one rank more, which has the box and does not
/// need it. They are numbered from 0, row-major; the one more comes last.
/// </summary>
internal readonly struct Audience : IEquatable<Audience>
{
    // Fewer are served directly in no more messages.
    private const int Fewest = 4;

    // Default where they are the first ranks.
    private readonly ImmutableArray<int> _grid;
    private readonly AxisRanges _cells;
    private readonly int _outside;

    private Audience(int readers, ImmutableArray<int> grid, AxisRanges cells, int outside)
    {
        Readers = readers;
        _grid = grid;
        _cells = cells;
        _outside = outside;
    }

    /// <summary>How many need the box.</summary>
    public int Readers { get; }

    /// <summary>How many take part.</summary>
    public int Count => _outside < 0 ? Readers : Readers + 1;

    /// <summary>True when parts of a transfer may have an audience, for some values of the scope's numbers.</summary>
    public static bool MayHave(Transfer transfer) => transfer.Owner.Kind != DistributionKind.Everywhere && transfer.Owner.Ranks >= Fewest && transfer.Needs.Any(MayHave);

    /// <summary>The same of one need.</summary>
    public static bool MayHave(Need need) => need.Consumer.Kind == DistributionKind.Everywhere
        || need.Consumer.Cells >= Fewest - 1 && Enumerable.Range(0, need.Consumer.Grid.Length).All(axis => need.Consumer.Grid[axis] == 1 || need.IsAlikeAlong(axis));

    /// <summary>The ranks that need the same as one another and <paramref name="need"/> asks for it; false when ranks need different things. Allocates nothing.</summary>
    public static bool TryFind(Need need, SymbolScope scope, out Audience audience)
    {
        Distribution consumer = need.Consumer;
        AxisRanges cells = default;
        if (consumer.Kind != DistributionKind.Blocks)
        {
            audience = new Audience(consumer.Ranks, default, cells, -1);
            return consumer.Kind == DistributionKind.Everywhere;
        }
        audience = default;
        int readers = 1;
        bool isFirst = true;
        for (int axis = 0; axis < consumer.Grid.Length; axis++)
        {
            int parts = consumer.Grid[axis];
            var along = new PartRange(0, 1);
            if (parts > 1 && !need.TryReadersAlong(axis, scope, out along))
            {
                return false;
            }
            cells[axis] = along;
            isFirst &= along.First == 0 && (along.End == parts || readers == 1);
            readers *= along.End - along.First;
        }
        audience = isFirst ? new Audience(readers, default, default, -1) : new Audience(readers, consumer.Grid, cells, -1);
        return true;
    }

    /// <summary>The ranks that need a box, with who has it; false when these are not told apart by formula, or so few that nothing is won.</summary>
    public static bool TryFind(Need need, SymbolScope scope, ArrayType type, Distribution owner, out Audience audience, out Box box)
    {
        box = default;
        for (int axis = 0; axis < type.Rank; axis++)
        {
            if (need.IsWrapping(axis))
            {
                audience = default;
                return false;
            }
        }
        if (owner.Kind == DistributionKind.Everywhere || !TryFind(need, scope, out audience) || audience.Readers < Fewest - 1 || need.Of(audience.RankOf(0), scope, isExact: true) is not { } same)
        {
            audience = default;
            return false;
        }
        box = same;
        return (type.Rank == 0 || !box.IsEmpty) && audience.TryInclude(owner, box, out audience) && audience.Count >= Fewest;
    }

    public RankId RankOf(int number)
    {
        if (number >= Readers)
        {
            return new RankId(_outside);
        }
        if (_grid.IsDefault)
        {
            return new RankId(number);
        }
        int rank = 0;
        int stride = 1;
        for (int axis = _grid.Length - 1; axis >= 0; axis--)
        {
            (number, int place) = int.DivRem(number, _cells[axis].End - _cells[axis].First);
            rank += (_cells[axis].First + place) * stride;
            stride *= _grid[axis];
        }
        return new RankId(rank);
    }

    /// <summary>The number of a rank; -1 for one that takes no part.</summary>
    public int NumberOf(RankId rank)
    {
        if (rank.Value == _outside)
        {
            return Readers;
        }
        if (_grid.IsDefault)
        {
            return rank.Value < Readers ? rank.Value : -1;
        }
        int rest = rank.Value;
        int number = 0;
        int stride = 1;
        for (int axis = _grid.Length - 1; axis >= 0; axis--)
        {
            (rest, int place) = int.DivRem(rest, _grid[axis]);
            PartRange range = _cells[axis];
            if (place < range.First || place >= range.End)
            {
                return -1;
            }
            number += (place - range.First) * stride;
            stride *= range.End - range.First;
        }
        return rest == 0 ? number : -1;
    }

    public bool Needs(RankId rank) => NumberOf(rank) is >= 0 and int number && number < Readers;

    /// <summary>Adds, in boxes, what the ranks from one number up to another own of a box.</summary>
    public void AddOwned(Distribution owner, Box box, int from, int to, List<Box> owned)
    {
        if (OnlyOwner(owner, box) is { } one)
        {
            if (NumberOf(one) is int number && number >= from && number < to)
            {
                owned.Add(box);
            }
            return;
        }
        AxisRanges cells = _cells;
        for (int axis = 0; _grid.IsDefault && axis < owner.Grid.Length; axis++)
        {
            cells[axis] = new PartRange(0, owner.Grid[axis]);
        }
        to = _grid.IsDefault ? Math.Min(to, owner.Cells) : to;
        if (from < to)
        {
            AddCells(owner, box, cells, 0, from, to, owned);
        }
    }

    // Cells from one number up to another, row-major over the axes from this one on: some at the end of a row, whole rows, some at the beginning of one.
    private static void AddCells(Distribution owner, Box box, AxisRanges cells, int axis, int from, int to, List<Box> owned)
    {
        int inner = 1;
        for (int later = axis + 1; later < owner.Grid.Length; later++)
        {
            inner *= cells[later].End - cells[later].First;
        }
        int first = cells[axis].First;
        (int head, int skipped) = int.DivRem(from, inner);
        (int tail, int kept) = int.DivRem(to, inner);
        if (head == tail && kept > 0)
        {
            AddCells(owner, box, With(cells, axis, first + head, first + head + 1), axis + 1, skipped, kept, owned);
            return;
        }
        if (skipped > 0)
        {
            AddCells(owner, box, With(cells, axis, first + head, first + head + 1), axis + 1, skipped, inner, owned);
            head++;
        }
        if (head < tail)
        {
            AddBox(owner, box, With(cells, axis, first + head, first + tail), owned);
        }
        if (kept > 0)
        {
            AddCells(owner, box, With(cells, axis, first + tail, first + tail + 1), axis + 1, 0, kept, owned);
        }
    }

    private static void AddBox(Distribution owner, Box box, AxisRanges cells, List<Box> owned)
    {
        for (int axis = 0; axis < owner.Grid.Length; axis++)
        {
            AxisCut cut = owner.Axes[axis];
            long low = Math.Max(box.Low[axis], cut.Boundary(cells[axis].First));
            long high = Math.Min(box.High[axis], cut.Boundary(cells[axis].End));
            if (low >= high)
            {
                return;
            }
            box = box.With(axis, low, high);
        }
        owned.Add(box);
    }

    private static AxisRanges With(AxisRanges cells, int axis, int first, int end)
    {
        cells[axis] = new PartRange(first, end);
        return cells;
    }

    /// <summary>How many own some of a box, as cells of a grid.</summary>
    public static int OwnersOf(Distribution owner, Box box)
    {
        int count = 1;
        if (owner.Kind == DistributionKind.Blocks)
        {
            Owners owners = owner.OwnersOf(box);
            for (int axis = 0; axis < owner.Grid.Length; axis++)
            {
                count *= owners.Range(axis).End - owners.Range(axis).First;
            }
        }
        return count;
    }

    private static RankId? OnlyOwner(Distribution owner, Box box)
    {
        if (owner.Kind == DistributionKind.OnOne)
        {
            return owner.Root;
        }
        Owners owners = owner.OwnersOf(box);
        int rank = 0;
        for (int axis = 0; axis < owner.Grid.Length; axis++)
        {
            PartRange range = owners.Range(axis);
            if (range.End - range.First != 1)
            {
                return null;
            }
            rank = rank * owner.Grid[axis] + range.First;
        }
        return new RankId(rank);
    }

    // Several owners must all be readers, in the order of their cells.
    private bool TryInclude(Distribution owner, Box box, out Audience audience)
    {
        audience = this;
        if (OnlyOwner(owner, box) is { } one)
        {
            audience = NumberOf(one) >= 0 ? this : new Audience(Readers, _grid, _cells, one.Value);
            return true;
        }
        Owners owners = owner.OwnersOf(box);
        bool isOfGrid = !_grid.IsDefault && _grid.AsSpan().SequenceEqual(owner.Grid.AsSpan());
        int last = 0;
        for (int axis = 0; axis < owner.Grid.Length; axis++)
        {
            PartRange range = owners.Range(axis);
            last = last * owner.Grid[axis] + range.End - 1;
            isOfGrid = isOfGrid && range.First >= _cells[axis].First && range.End <= _cells[axis].End;
        }
        return isOfGrid || _grid.IsDefault && last < Readers;
    }

    public bool Equals(Audience other)
    {
        if (Readers != other.Readers || _outside != other._outside || _grid.IsDefault != other._grid.IsDefault)
        {
            return false;
        }
        if (_grid.IsDefault)
        {
            return true;
        }
        bool isSame = _grid.AsSpan().SequenceEqual(other._grid.AsSpan());
        for (int axis = 0; isSame && axis < _grid.Length; axis++)
        {
            isSame = _cells[axis] == other._cells[axis];
        }
        return isSame;
    }

    public override bool Equals(object? obj) => obj is Audience other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Readers, _outside);
}
