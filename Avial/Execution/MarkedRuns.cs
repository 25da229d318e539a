using Avial.Geometry;

namespace Avial.Execution;

/// <summary>Marks of an array's elements as runs of places in row-major order.</summary>
internal static unsafe class MarkedRuns
{
    /// <summary>Adds the runs that lie in a box, row by row: each as its first place and its length.</summary>
    public static void Add(Storage marks, Box box, List<long> runs)
    {
        int rank = box.Rank;
        if (box.IsEmpty)
        {
            return;
        }
        if (rank == 0)
        {
            AddRow(marks, 0, 1, runs);
            return;
        }
        long[] row = [.. box.Low];
        while (true)
        {
            long first = 0;
            for (int axis = 0; axis < rank; axis++)
            {
                first += row[axis] * marks.Pitch(axis);
            }
            AddRow(marks, first, box.Length(rank - 1), runs);
            int moved = rank - 2;
            while (moved >= 0 && ++row[moved] == box.High[moved])
            {
                row[moved] = box.Low[moved];
                moved--;
            }
            if (moved < 0)
            {
                return;
            }
        }
    }

    private static void AddRow(Storage marks, long first, long length, List<long> runs)
    {
        byte* row = marks.Address(0) + first;
        long at = 0;
        while (true)
        {
            at += LengthOf(row + at, length - at, isMarked: false);
            if (at == length)
            {
                break;
            }
            long marked = LengthOf(row + at, length - at, isMarked: true);
            runs.Add(first + at);
            runs.Add(marked);
            at += marked;
        }
        GC.KeepAlive(marks);
    }

    // How many bytes from here on are alike.
    private static long LengthOf(byte* bytes, long length, bool isMarked)
    {
        long alike = 0;
        while (alike < length)
        {
            var span = new ReadOnlySpan<byte>(bytes + alike, (int)Math.Min(length - alike, int.MaxValue));
            int end = isMarked ? span.IndexOf((byte)0) : span.IndexOfAnyExcept((byte)0);
            if (end >= 0)
            {
                return alike + end;
            }
            alike += span.Length;
        }
        return length;
    }
}
