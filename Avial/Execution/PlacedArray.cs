using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>An array that is in memory: how it is distributed, and the pieces that this process has, of one rank or of all.</summary>
internal sealed class PlacedArray
{
    private readonly Storage?[] _pieces;
    private readonly string? _plannedName;

    /// <summary>A whole array that every rank of this process may read.</summary>
    public PlacedArray(Storage whole) : this(whole.Type, Distribution.Everywhere(whole.Type.Box, 1), [whole])
    {
    }

    /// <param name="type">The type of the whole array.</param>
    /// <param name="owner">How it is distributed.</param>
    /// <param name="pieces">For each rank of this process its memory; one for all when every rank has the whole.</param>
    public PlacedArray(ArrayType type, Distribution owner, Storage?[] pieces)
    {
        Type = type;
        Owner = owner;
        _pieces = pieces;
    }

    private PlacedArray(ArrayType type, Distribution owner, string name) : this(type, owner, [])
    {
        _plannedName = name;
    }

    public ArrayType Type { get; }

    public Distribution Owner { get; }

    /// <summary>The whole array when it lies in one piece here; else null.</summary>
    public Storage? Whole => Owner.Kind == DistributionKind.Everywhere && _plannedName is null ? _pieces[0] : null;

    /// <summary>True when all elements are in this process.</summary>
    public bool IsAllHere => Owner.Kind == DistributionKind.Everywhere || _plannedName is not null || _pieces.Length == Owner.Ranks;

    public bool IsReleased { get; private set; }

    /// <summary>What a dry run gives: an array that is planned and has no values. To read them is refused.</summary>
    public static PlacedArray Planned(ArrayType type, Distribution owner, string name) => new(type, owner, name);

    /// <summary>The memory of a rank of this process, by its position among these.</summary>
    public Storage? PieceOf(int position) => _plannedName is not null ? throw Throw.NoValuesInDryRun(_plannedName, Owner.Ranks)
        : Owner.Kind == DistributionKind.Everywhere ? _pieces[0] : _pieces[position];

    /// <summary>The same for one rank that records for itself; all elements are here.</summary>
    public PlacedArray OfRank(RankId rank) => Owner.Kind == DistributionKind.Everywhere || Owner.Ranks == 1 || _plannedName is not null ? this : new PlacedArray(Type, Owner, [_pieces[rank.Value]]);

    /// <summary>The whole array in one piece, copied together where it is not.</summary>
    public Storage Assemble(string name)
    {
        if (Whole is { } whole)
        {
            return whole;
        }
        if (_plannedName is not null)
        {
            throw Throw.NoValuesInDryRun(_plannedName, Owner.Ranks);
        }
        if (!IsAllHere)
        {
            throw new InternalErrorException($"'{name}' is put together from the pieces of one rank.");
        }
        Storage assembled = Allocator.Shared.Allocate(Type, name);
        for (int rank = 0; rank < _pieces.Length; rank++)
        {
            if (Planning.Plans.Ownership.TryOwn(Owner, new RankId(rank), out Box own))
            {
                StorageCopy.Box(_pieces[rank]!, assembled, own);
            }
        }
        return assembled;
    }

    /// <summary>The piece that holds an element; all must be here.</summary>
    public Storage PieceWith(ReadOnlySpan<long> index) => PieceOf(Owner.Owner(index)?.Value ?? 0)!;

    /// <summary>The first elements in row-major order, from the pieces that hold them; all must be here.</summary>
    public void CopyFirst<T>(Span<T> elements) where T : unmanaged
    {
        Span<long> index = stackalloc long[Type.Rank];
        for (int n = 0; n < elements.Length; n++)
        {
            long rest = n;
            for (int axis = Type.Rank - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, Type.Extents[axis]);
            }
            elements[n] = StorageAccess.Read<T>(PieceWith(index), index);
        }
    }

    /// <summary>Counts one more task that keeps this array as its result.</summary>
    public void Share()
    {
        foreach (Storage? piece in _pieces)
        {
            piece?.Share();
        }
    }

    /// <summary>Gives the memory back when no other task keeps it.</summary>
    public void Release()
    {
        IsReleased = true;
        foreach (Storage? piece in _pieces)
        {
            piece?.Release();
        }
    }
}
