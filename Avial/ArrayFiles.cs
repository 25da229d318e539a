using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Files;
using Avial.Graph;

namespace Avial;

/// <summary>Between arrays and NumPy files.</summary>
internal static class ArrayFiles
{
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

    /// <summary>Writes an array; the file appears whole or not at all.</summary>
    public static unsafe void Save(string path, Storage storage) => Guard(path, SourceSpan.None, () =>
    {
        storage.RequireWhole();
        ElementLayout element = storage.Type.Element;
        NpyElement kind = element.IsPrimitive ? NpyElement.Plain(element.ColumnTypes[0]) : NpyElement.Record(element.Columns.Select(c => (c.Path, c.Type)));
        nint[] sources = [.. Enumerable.Range(0, storage.Columns).Select(c => (nint)storage.Address(c))];
        NpyFileWriter.Write(path, NpyHeader.Create(kind, storage.Type.Extents.AsSpan()), sources);
        GC.KeepAlive(storage);
        return true;
    });

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
