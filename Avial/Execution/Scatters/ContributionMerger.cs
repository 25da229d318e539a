namespace Avial.Execution.Scatters;

/// <summary>Puts the contributions of several ranks, each in ascending source index, into one such order.</summary>
internal sealed unsafe class ContributionMerger(ContributionLayout layout, int ranks, Allocator allocator)
{
    private readonly GrowingMemory _merged = new(allocator, "contributions");
    private readonly nint[] _segments = new nint[ranks];
    private readonly long[] _counts = new long[ranks];
    private readonly long[] _taken = new long[ranks];

    /// <summary>Sets what came from a rank.</summary>
    public void Set(int rank, byte* segment, long count)
    {
        _segments[rank] = (nint)segment;
        _counts[rank] = count;
        _taken[rank] = 0;
    }

    /// <summary>All contributions as one packed message; no two have one source.</summary>
    public byte* Merge(out long count)
    {
        count = 0;
        foreach (long some in _counts)
        {
            count += some;
        }
        byte* merged = _merged.Take(layout.BytesOf(count));
        for (long done = 0; done < count;)
        {
            (int first, long limit) = Lowest();
            long* sources = SourcesOf(first);
            long from = _taken[first];
            long to = from + 1;
            while (to < _counts[first] && sources[to] < limit)
            {
                to++;
            }
            Copy(first, from, to - from, merged, done, count);
            _taken[first] = to;
            done += to - from;
        }
        return merged;
    }

    public void Release() => _merged.Release();

    /// <summary>The rank whose next contribution is the first of all, and the source of the first one of the others.</summary>
    private (int Rank, long Limit) Lowest()
    {
        int first = -1;
        long lowest = long.MaxValue;
        long limit = long.MaxValue;
        for (int rank = 0; rank < _counts.Length; rank++)
        {
            if (_taken[rank] == _counts[rank])
            {
                continue;
            }
            long source = SourcesOf(rank)[_taken[rank]];
            if (source < lowest)
            {
                (first, lowest, limit) = (rank, source, lowest);
            }
            else
            {
                limit = Math.Min(limit, source);
            }
        }
        return (first, limit);
    }

    private long* SourcesOf(int rank) => (long*)((byte*)_segments[rank] + layout.OffsetOf(1, _counts[rank]));

    private void Copy(int rank, long from, long length, byte* merged, long to, long count)
    {
        for (int column = 0; column < layout.Columns; column++)
        {
            int size = layout.SizeOf(column);
            byte* source = (byte*)_segments[rank] + layout.OffsetOf(column, _counts[rank]) + from * size;
            Buffer.MemoryCopy(source, merged + layout.OffsetOf(column, count) + to * size, length * size, length * size);
        }
    }
}
