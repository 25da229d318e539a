using Avial.Geometry;

namespace Avial.Execution.Scatters;

/// <summary>Packs the contributions of a rank's part by the owner of their target, those of each owner in the order of the domain.</summary>
internal sealed unsafe class ContributionPacker
{
    private readonly Distribution _target;
    private readonly TargetOwners? _finder;
    private readonly GrowingMemory _packed;
    private readonly GrowingMemory _owners;
    private readonly long[] _counts;
    private readonly long[] _offsets;
    private readonly long[] _next;
    private byte* _segments;

    public ContributionPacker(Distribution target, Allocator allocator)
    {
        _target = target;
        _packed = new GrowingMemory(allocator, "contributions");
        _owners = new GrowingMemory(allocator, "contributions");
        _finder = target.Kind == DistributionKind.Blocks ? new TargetOwners(target) : null;
        // On all ranks: one segment goes to all of them.
        int segments = target.Kind == DistributionKind.Blocks ? target.Cells : 1;
        (_counts, _offsets, _next) = (new long[segments], new long[segments + 1], new long[segments]);
    }

    /// <summary>How many contributions go into each segment.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>How many of the contributions go to a rank.</summary>
    public long CountFor(RankId owner) => SegmentOf(owner) is >= 0 and int segment ? _counts[segment] : 0;

    /// <summary>The packed contributions for a rank that gets some.</summary>
    public byte* SegmentFor(RankId owner) => _segments + _offsets[SegmentOf(owner)];

    /// <summary>Finds the segment of each contribution; null where all go into one.</summary>
    /// <param name="targets">Their targets, by row-major number, in the order of the domain.</param>
    /// <param name="count">How many there are.</param>
    public int* FindSegments(long* targets, long count)
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

    /// <summary>Takes over what was found before.</summary>
    public void SetCounts(ReadOnlySpan<long> counts) => counts.CopyTo(_counts);

    /// <param name="layout">How they lie in messages. Sources are put there by <see cref="NumberSources"/>.</param>
    /// <param name="columns">The targets and the values' columns, in the order of the domain.</param>
    /// <param name="segments">The segment of each; null: one for all.</param>
    /// <param name="count">How many there are.</param>
    public void Pack(ContributionLayout layout, ReadOnlySpan<ColumnMemory> columns, int* segments, long count)
    {
        for (int segment = 0; segment < _counts.Length; segment++)
        {
            _offsets[segment + 1] = _offsets[segment] + layout.BytesOf(_counts[segment]);
        }
        _segments = _packed.Take(_offsets[^1]);
        for (int column = layout.HasTargets ? 0 : 1; column < columns.Length; column++)
        {
            int packed = column == 0 ? 0 : layout.FirstValue + column - 1;
            byte* from = columns[column].Address;
            switch (layout.SizeOf(packed))
            {
                case 1:
                    Distribute(layout, from, segments, count, packed);
                    break;
                case 2:
                    Distribute(layout, (short*)from, segments, count, packed);
                    break;
                case 4:
                    Distribute(layout, (int*)from, segments, count, packed);
                    break;
                default:
                    Distribute(layout, (long*)from, segments, count, packed);
                    break;
            }
        }
    }

    /// <summary>The row-major number in the domain of the point that each contribution comes from.</summary>
    public void NumberSources(ContributionLayout layout, int* segments, long count, Box part, Box domain)
    {
        Begin(layout, 1, sizeof(long));
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
            to[_next[segments is null ? 0 : segments[i]]++] = number;
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

    private void Begin(ContributionLayout layout, int column, int size)
    {
        for (int segment = 0; segment < _next.Length; segment++)
        {
            _next[segment] = (_offsets[segment] + layout.OffsetOf(column, _counts[segment])) / size;
        }
    }

    private void Distribute<T>(ContributionLayout layout, T* from, int* segments, long count, int column) where T : unmanaged
    {
        Begin(layout, column, sizeof(T));
        var to = (T*)_segments;
        if (segments is null)
        {
            Buffer.MemoryCopy(from, to + _next[0], count * sizeof(T), count * sizeof(T));
            return;
        }
        for (long i = 0; i < count; i++)
        {
            to[_next[segments[i]]++] = from[i];
        }
    }
}
