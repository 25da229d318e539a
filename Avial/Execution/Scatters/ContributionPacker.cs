using Avial.Geometry;

namespace Avial.Execution.Scatters;

/// <summary>Packs the contributions of a rank's part by the owner of their target, those of each owner in the order of the domain.</summary>
internal sealed unsafe class ContributionPacker
{
    private readonly ContributionLayout _layout;
    private readonly Distribution _target;
    private readonly TargetOwners? _finder;
    private readonly GrowingMemory _packed;
    private readonly GrowingMemory _owners;
    private readonly long[] _counts;
    private readonly long[] _offsets;
    private readonly long[] _next;
    private byte* _segments;

    public ContributionPacker(ContributionLayout layout, Distribution target, Allocator allocator)
    {
        (_layout, _target) = (layout, target);
        _packed = new GrowingMemory(allocator, "contributions");
        _owners = new GrowingMemory(allocator, "contributions");
        _finder = target.Kind == DistributionKind.Blocks ? new TargetOwners(target) : null;
        // On all ranks: one segment goes to all of them.
        int segments = target.Kind == DistributionKind.Blocks ? target.Cells : 1;
        (_counts, _offsets, _next) = (new long[segments], new long[segments + 1], new long[segments]);
    }

    /// <summary>How many of the contributions go to a rank.</summary>
    public long CountFor(RankId owner) => SegmentOf(owner) is >= 0 and int segment ? _counts[segment] : 0;

    /// <summary>The packed contributions for a rank that gets some.</summary>
    public byte* SegmentFor(RankId owner) => _segments + _offsets[SegmentOf(owner)];

    /// <param name="columns">The targets, by row-major number, and the values' columns, in the order of the domain.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="part">What of the domain they come from.</param>
    /// <param name="domain">The domain.</param>
    public void Pack(ReadOnlySpan<ColumnMemory> columns, long count, Box part, Box domain)
    {
        int* owners = FindOwners((long*)columns[0].Address, count);
        for (int segment = 0; segment < _counts.Length; segment++)
        {
            _offsets[segment + 1] = _offsets[segment] + _layout.BytesOf(_counts[segment]);
        }
        _segments = _packed.Take(_offsets[^1]);
        for (int column = 0; column < columns.Length; column++)
        {
            int packed = column == 0 ? 0 : _layout.FirstValue + column - 1;
            byte* from = columns[column].Address;
            switch (_layout.SizeOf(packed))
            {
                case 1:
                    Distribute(from, owners, count, packed);
                    break;
                case 2:
                    Distribute((short*)from, owners, count, packed);
                    break;
                case 4:
                    Distribute((int*)from, owners, count, packed);
                    break;
                default:
                    Distribute((long*)from, owners, count, packed);
                    break;
            }
        }
        if (_layout.IsNumbered)
        {
            NumberSources(owners, count, part, domain);
        }
    }

    public void Release()
    {
        _packed.Release();
        _owners.Release();
    }

    private int SegmentOf(RankId owner) => _target.Kind switch
    {
        DistributionKind.Everywhere => 0,
        DistributionKind.OnOne => owner == _target.Root ? 0 : -1,
        _ => owner.Value < _counts.Length ? owner.Value : -1,
    };

    /// <summary>Counts the contributions of each segment; gives the segment of each, or null where all go into one.</summary>
    private int* FindOwners(long* targets, long count)
    {
        Array.Clear(_counts);
        if (_finder is null)
        {
            _counts[0] = count;
            return null;
        }
        int* owners = (int*)_owners.Take(count * sizeof(int));
        for (long i = 0; i < count; i++)
        {
            int owner = _finder.OwnerOf(targets[i]);
            owners[i] = owner;
            _counts[owner]++;
        }
        return owners;
    }

    private void Begin(int column, int size)
    {
        for (int segment = 0; segment < _next.Length; segment++)
        {
            _next[segment] = (_offsets[segment] + _layout.OffsetOf(column, _counts[segment])) / size;
        }
    }

    private void Distribute<T>(T* from, int* owners, long count, int column) where T : unmanaged
    {
        Begin(column, sizeof(T));
        var to = (T*)_segments;
        if (owners is null)
        {
            Buffer.MemoryCopy(from, to + _next[0], count * sizeof(T), count * sizeof(T));
            return;
        }
        for (long i = 0; i < count; i++)
        {
            to[_next[owners[i]]++] = from[i];
        }
    }

    /// <summary>The row-major number in the domain of the point that each contribution comes from.</summary>
    private void NumberSources(int* owners, long count, Box part, Box domain)
    {
        Begin(1, sizeof(long));
        int rank = part.Rank;
        long* at = stackalloc long[rank];
        long* pitches = stackalloc long[rank];
        long number = 0;
        long pitch = 1;
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            at[axis] = 0;
            pitches[axis] = pitch;
            number += (part.Low[axis] - domain.Low[axis]) * pitch;
            pitch *= domain.Length(axis);
        }
        var to = (long*)_segments;
        for (long i = 0; i < count; i++)
        {
            to[_next[owners is null ? 0 : owners[i]]++] = number;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                number += pitches[axis];
                if (++at[axis] < part.Length(axis))
                {
                    break;
                }
                number -= at[axis] * pitches[axis];
                at[axis] = 0;
            }
        }
    }
}
