namespace Avial.Execution.Scatters;

/// <summary>Puts the contributions of several ranks, each in ascending source index, into one such order.</summary>
internal sealed unsafe class ContributionMerger(int ranks, Allocator allocator)
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
    /// <param name="layout">How they lie in messages, with their sources.</param>
    /// <param name="runs">Where the order that is found is noted; may be null.</param>
    /// <param name="count">How many they are.</param>
    public byte* Merge(ContributionLayout layout, List<MergedRun>? runs, out long count)
    {
        byte* merged = Begin(layout, out count);
        for (long done = 0; done < count;)
        {
            (int first, long limit) = Lowest(layout);
            long* sources = SourcesOf(layout, first);
            long from = _taken[first];
            long to = from + 1;
            while (to < _counts[first] && sources[to] < limit)
            {
                to++;
            }
            Copy(layout, first, to - from, merged, done, count);
            runs?.Add(new MergedRun(first, (int)(to - from)));
            done += to - from;
        }
        return merged;
    }

    /// <summary>The same in an order that was found before.</summary>
    public byte* Merge(ContributionLayout layout, MergedRun[] runs)
    {
        byte* merged = Begin(layout, out long count);
        long done = 0;
        foreach (MergedRun run in runs)
        {
            Copy(layout, run.Rank, run.Length, merged, done, count);
            done += run.Length;
        }
        return merged;
    }

    public void Release() => _merged.Release();

    private byte* Begin(ContributionLayout layout, out long count)
    {
        count = 0;
        foreach (long some in _counts)
        {
            count += some;
        }
        return _merged.Take(layout.BytesOf(count));
    }

    /// <summary>The rank whose next contribution is the first of all, and the source of the first one of the others.</summary>
    private (int Rank, long Limit) Lowest(ContributionLayout layout)
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
            long source = SourcesOf(layout, rank)[_taken[rank]];
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

    private long* SourcesOf(ContributionLayout layout, int rank) => (long*)((byte*)_segments[rank] + layout.OffsetOf(1, _counts[rank]));

    private void Copy(ContributionLayout layout, int rank, long length, byte* merged, long to, long count)
    {
        long from = _taken[rank];
        for (int column = 0; column < layout.Columns; column++)
        {
            int size = layout.SizeOf(column);
            byte* source = (byte*)_segments[rank] + layout.OffsetOf(column, _counts[rank]) + from * size;
            Buffer.MemoryCopy(source, merged + layout.OffsetOf(column, count) + to * size, length * size, length * size);
        }
        _taken[rank] = from + length;
    }
}
