using System.Collections.Immutable;
using System.Text;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Files;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial;

/// <summary>Between arrays and NumPy files.</summary>
internal static class ArrayFiles
{
    private const long MostPackedBytes = 1 << 24;

    /// <summary>The type of the array in a file; its element must be <paramref name="element"/> and its rank <paramref name="rank"/>.</summary>
    public static ArrayType TypeOf(string path, ElementLayout element, int rank, SourceSpan span) => Guard(path, span, () =>
    {
        using NpyFileReader reader = NpyFileReader.Open(path);
        ColumnsOf(reader, element);
        ImmutableArray<long> shape = [.. reader.Header.Shape];
        return shape.Length == rank ? new ArrayType(element, shape) : throw Throw.WrongFileRank(path, string.Join("×", shape), shape.Length, rank, span);
    });

    /// <summary>Reads what storage of the file's type has memory for.</summary>
    public static unsafe void Read(string path, Storage storage, SourceSpan span) => Guard(path, span, () =>
    {
        using NpyFileReader reader = NpyFileReader.Open(path);
        int[] columns = ColumnsOf(reader, storage.Type.Element);
        if (!reader.Header.Shape.SequenceEqual(storage.Type.Extents))
        {
            throw Throw.FileChanged(path, storage.Type, span);
        }
        for (int column = 0; column < columns.Length; column++)
        {
            reader.ReadBox(storage.Window.Low.AsSpan(), storage.Window.High.AsSpan(), columns[column], storage.Address(column));
        }
        GC.KeepAlive(storage);
        return true;
    });

    /// <summary>Writes an array whose parts are all in this process; the file appears whole or not at all.</summary>
    public static void Save(string path, PlacedArray value) => Guard(path, SourceSpan.None, () =>
    {
        using NpyFileWriter writer = NpyFileWriter.Create(path, HeaderOf(value.Type));
        for (int rank = 0; rank < (value.Owner.Kind == DistributionKind.Everywhere ? 1 : value.Owner.Ranks); rank++)
        {
            WriteOwn(writer, value, rank, new RankId(rank));
        }
        writer.Commit();
        return true;
    });

    /// <summary>The same on every rank of an array of which each has its own part. The first creates the file and puts it in its place.</summary>
    public static void SaveTogether(string path, PlacedArray value, ICommunicator ranks, WaitSite site)
    {
        var root = new RankId(0);
        NpyHeader header = HeaderOf(value.Type);
        using NpyFileWriter? created = ranks.Rank == root ? Guard(path, SourceSpan.None, () => NpyFileWriter.Create(path, header)) : null;
        string temporary = Encoding.UTF8.GetString(Collectives.BroadcastBytes(ranks, root, created is null ? [] : Encoding.UTF8.GetBytes(created.TemporaryPath), site));
        Guard(path, SourceSpan.None, () =>
        {
            if (created is not null)
            {
                WriteOwn(created, value, 0, root);
            }
            else if (value.Owner.Kind != DistributionKind.Everywhere && value.Owner.TryOwn(ranks.Rank, out _))
            {
                using NpyFileWriter part = NpyFileWriter.OpenPart(temporary, header);
                WriteOwn(part, value, 0, ranks.Rank);
                part.Flush();
            }
            return true;
        });
        Collectives.Barrier(ranks, site);
        if (created is not null)
        {
            Guard(path, SourceSpan.None, () =>
            {
                created.Commit();
                return true;
            });
        }
    }

    private static NpyHeader HeaderOf(ArrayType type)
    {
        ElementLayout element = type.Element;
        NpyElement kind = element.IsPrimitive ? NpyElement.Plain(element.ColumnTypes[0]) : NpyElement.Record(element.Columns.Select(c => (c.Path, c.Type)));
        return NpyHeader.Create(kind, type.Extents.AsSpan());
    }

    private static void WriteOwn(NpyFileWriter writer, PlacedArray value, int position, RankId rank)
    {
        if (value.Owner.TryOwn(rank, out Box own))
        {
            WriteBox(writer, value.PieceOf(position)!, own);
        }
    }

    /// <summary>Writes a box; where it has gaps in memory it is packed, in halves as long as it is large.</summary>
    private static unsafe void WriteBox(NpyFileWriter writer, Storage storage, Box box)
    {
        var sources = new nint[storage.Columns];
        bool isWithoutGaps = true;
        for (int column = 0; column < sources.Length; column++)
        {
            sources[column] = (nint)StorageCopy.AddressWithoutGaps(storage, column, box);
            isWithoutGaps &= sources[column] != 0 || box.IsEmpty;
        }
        if (isWithoutGaps)
        {
            writer.WriteBox(box.Low.AsSpan(), box.High.AsSpan(), sources);
            GC.KeepAlive(storage);
            return;
        }
        int axis = Enumerable.Range(0, box.Rank).First(a => box.Length(a) > 1); // one element has no gaps
        if (StorageCopy.PackedBytes(storage, box) > MostPackedBytes)
        {
            long middle = box.Low[axis] + box.Length(axis) / 2;
            WriteBox(writer, storage, box.With(axis, box.Low[axis], middle));
            WriteBox(writer, storage, box.With(axis, middle, box.High[axis]));
            return;
        }
        Storage packed = Allocator.Shared.Allocate(storage.Type, box, "a part of a file");
        StorageCopy.Box(storage, packed, box);
        WriteBox(writer, packed, box);
        packed.Release();
    }

    private static int[] ColumnsOf(NpyFileReader reader, ElementLayout element)
    {
        if (!element.IsPrimitive)
        {
            return [.. reader.RequireFields([.. element.Columns.Select(c => (c.Path, c.Type))])];
        }
        reader.Require(element.ColumnTypes[0]);
        return [0];
    }

    private static T Guard<T>(string path, SourceSpan span, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (NpyFormatException exception)
        {
            throw Throw.DamagedFile(exception, span);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Throw.UnreadableFile(path, exception, span);
        }
    }
}
