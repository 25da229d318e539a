using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Avial.Files;

/// <summary>
/// Writes a .npy file box by box beside its final place and puts it there in one step, so that nobody ever sees half a file.
/// One rank calls <see cref="Create"/> and <see cref="Commit"/>, others may write their boxes through <see cref="OpenPart"/>
/// in between.
/// </summary>
internal sealed unsafe class NpyFileWriter : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly SafeFileHandle _file;

    // Null for a part: only the creator moves or removes the file.
    private readonly string? _path;
    private bool _isCommitted;

    private NpyFileWriter(string? path, string temporaryPath, SafeFileHandle file, NpyHeader header)
    {
        _path = path;
        TemporaryPath = temporaryPath;
        _file = file;
        Header = header;
    }

    public NpyHeader Header { get; }

    /// <summary>Where the file is until it is committed, in the folder of its final place.</summary>
    public string TemporaryPath { get; }

    /// <summary>Creates the temporary file in its full length and writes the header.</summary>
    public static NpyFileWriter Create(string path, NpyHeader header)
    {
        string temporaryPath = $"{path}.{Guid.NewGuid():N}.tmp";
        SafeFileHandle file = File.OpenHandle(temporaryPath, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var writer = new NpyFileWriter(path, temporaryPath, file, header);
        try
        {
            RandomAccess.Write(file, header.Encode(), 0);
            RandomAccess.SetLength(file, header.FileLength);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Opens the temporary file that another rank created from the same header.</summary>
    public static NpyFileWriter OpenPart(string temporaryPath, NpyHeader header)
    {
        SafeFileHandle file = File.OpenHandle(temporaryPath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        return new NpyFileWriter(null, temporaryPath, file, header);
    }

    /// <summary>Writes a whole file; <paramref name="sources"/> has the memory of each column, dense and row-major.</summary>
    public static void Write(string path, NpyHeader header, ReadOnlySpan<nint> sources)
    {
        using NpyFileWriter writer = Create(path, header);
        writer.WriteBox(new long[header.Shape.Length], header.Shape.AsSpan(), sources);
        writer.Commit();
    }

    /// <summary>
    /// Writes the box [lo, hi) of all columns; <paramref name="sources"/> has the memory of each, where the box is dense and row-major.
    /// </summary>
    public void WriteBox(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, ReadOnlySpan<nint> sources)
    {
        if (sources.Length != Header.Element.Columns.Length)
        {
            throw new ArgumentException($"{sources.Length} columns for elements of {Header.Element.Columns.Length}.", nameof(sources));
        }

        var box = new NpyBox(Header, lo, hi);
        bool isDirect = !Header.Element.IsRecord && box.IsSameOrder && !Header.Element.Columns[0].IsSwapped;
        int size = Header.Element.Size;
        int capacity = (int)Math.Clamp(box.Count, 1, Math.Max(1, (isDirect ? int.MaxValue / 2 : ChunkBytes) / size));

        // Cleared, because the padding of records is written too.
        byte* chunk = isDirect ? null : (byte*)NativeMemory.AllocZeroed((nuint)capacity, (nuint)size);
        try
        {
            List<NpyBox.Segment> segments = [];
            foreach (var (fileElement, count) in box.Chunks(capacity, segments))
            {
                byte* source = isDirect ? (byte*)sources[0] + segments[0].InMemory * size : chunk;
                if (!isDirect)
                {
                    Gather(chunk, sources, box, segments);
                }

                RandomAccess.Write(_file, new ReadOnlySpan<byte>(source, count * size), Header.DataOffset + fileElement * size);
            }
        }
        finally
        {
            NativeMemory.Free(chunk);
        }
    }

    /// <summary>Brings what this writer wrote to the disk; a part calls it before its rank says that it has finished.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <summary>Puts the file in its final place, over what was there before.</summary>
    public void Commit()
    {
        if (_path is null)
        {
            throw new InvalidOperationException("Only the writer that created the file can commit it.");
        }

        Flush();
        _file.Dispose();
        File.Move(TemporaryPath, _path, overwrite: true);
        _isCommitted = true;
    }

    /// <summary>Closes the file; one that was not committed is removed by its creator.</summary>
    public void Dispose()
    {
        _file.Dispose();
        if (_path is not null && !_isCommitted)
        {
            File.Delete(TemporaryPath);
        }
    }

    private void Gather(byte* chunk, ReadOnlySpan<nint> sources, NpyBox box, List<NpyBox.Segment> segments)
    {
        long elementSize = Header.Element.Size;
        for (int i = 0; i < sources.Length; i++)
        {
            NpyColumn column = Header.Element.Columns[i];
            foreach (var (inChunk, inMemory, count) in CollectionsMarshal.AsSpan(segments))
            {
                byte* source = (byte*)sources[i] + inMemory * column.Size;
                byte* target = chunk + inChunk * elementSize + column.Offset;
                NpyCopy.Copy(source, box.MemoryStride * column.Size, target, elementSize, count, column.Size, column.IsSwapped);
            }
        }
    }
}
