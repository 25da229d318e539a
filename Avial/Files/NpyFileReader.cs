using System.Runtime.InteropServices;
using Avial.IR;
using Microsoft.Win32.SafeHandles;

namespace Avial.Files;

/// <summary>Reads boxes of a .npy file into columns in memory, a chunk at a time; several ranks may read their parts of one file.</summary>
internal sealed unsafe class NpyFileReader : IDisposable
{
    // Large enough to hide the cost of a call, small enough to stay in cache.
    private const int ChunkBytes = 1 << 20;

    private readonly SafeFileHandle _file;

    private NpyFileReader(string path, SafeFileHandle file, NpyHeader header)
    {
        Path = path;
        _file = file;
        Header = header;
    }

    public string Path { get; }

    public NpyHeader Header { get; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="NpyFormatException">The file is damaged, cut short or of an element type that arrays cannot hold.</exception>
    public static NpyFileReader Open(string path)
    {
        SafeFileHandle file = File.OpenHandle(path);
        try
        {
            return new NpyFileReader(path, file, NpyHeader.Read(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The file's column that holds plain numbers of the given type.</summary>
    /// <exception cref="NpyFormatException">The file holds something else.</exception>
    public int Require(ScalarType type) => RequireFields([("", type)])[0];

    /// <summary>
    /// The file's columns for the given ones, in their order; a single field without a name stands for plain numbers. Further fields of
    /// the file are left alone.
    /// </summary>
    /// <exception cref="NpyFormatException">A field is missing or of another type.</exception>
    public int[] RequireFields(IReadOnlyList<(string Name, ScalarType Type)> fields)
    {
        int[] columns = new int[fields.Count];
        for (int i = 0; i < fields.Count; i++)
        {
            (string name, ScalarType type) = fields[i];
            columns[i] = -1;
            for (int column = 0; column < Header.Element.Columns.Length; column++)
            {
                NpyColumn there = Header.Element.Columns[column];
                if (there.Name == name && there.Type == type)
                {
                    columns[i] = column;
                }
            }

            if (columns[i] < 0)
            {
                throw new NpyFormatException(
                    Path,
                    $"it holds elements of {Describe(Header.Element.Columns.Select(c => (c.Name, c.Type)))}, but {Describe(fields)} was asked for",
                    "load it with the file's element type, or save it with the one asked for");
            }
        }

        return columns;
    }

    /// <summary>Reads a whole column: <see cref="NpyHeader.Count"/> values, row-major.</summary>
    public void Read(int column, void* target) => ReadBox(new long[Header.Shape.Length], Header.Shape.AsSpan(), column, target);

    /// <summary>Reads the box [lo, hi) of one column into dense, row-major memory.</summary>
    public void ReadBox(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, int column, void* target)
    {
        Span<nint> targets = stackalloc nint[Header.Element.Columns.Length];
        targets.Clear();
        targets[column] = (nint)target;
        ReadBox(lo, hi, targets);
    }

    /// <summary>
    /// Reads the box [lo, hi) of several columns in one pass; <paramref name="targets"/> has the memory of each of the file's columns, or
    /// 0 for those not wanted. Each must have room for the box, dense and row-major.
    /// </summary>
    public void ReadBox(ReadOnlySpan<long> lo, ReadOnlySpan<long> hi, ReadOnlySpan<nint> targets)
    {
        var box = new NpyBox(Header, lo, hi);
        bool isDirect = !Header.Element.IsRecord && box.IsSameOrder;
        int size = Header.Element.Size;
        int capacity = (int)Math.Clamp(box.Count, 1, Math.Max(1, (isDirect ? int.MaxValue / 2 : ChunkBytes) / size));
        byte* chunk = isDirect ? null : (byte*)NativeMemory.Alloc((nuint)capacity, (nuint)size);
        try
        {
            List<NpyBox.Segment> segments = [];
            foreach (var (fileElement, count) in box.Chunks(capacity, segments))
            {
                byte* target = isDirect ? (byte*)targets[0] + segments[0].InMemory * size : chunk;
                ReadBytes(new Span<byte>(target, count * size), Header.DataOffset + fileElement * size);
                for (int column = 0; column < targets.Length; column++)
                {
                    if (targets[column] != 0)
                    {
                        Finish(Header.Element.Columns[column], isDirect, target, (byte*)targets[column], box, segments);
                    }
                }
            }
        }
        finally
        {
            NativeMemory.Free(chunk);
        }
    }

    public void Dispose() => _file.Dispose();

    // Brings one column of a chunk to its place, unless it was read there, and into this machine's form.
    private void Finish(NpyColumn column, bool isDirect, byte* chunk, byte* target, NpyBox box, List<NpyBox.Segment> segments)
    {
        foreach (var (inChunk, inMemory, count) in CollectionsMarshal.AsSpan(segments))
        {
            byte* values = target + inMemory * column.Size;
            long stride = box.MemoryStride * column.Size;
            if (!isDirect)
            {
                long elementSize = Header.Element.Size;
                NpyCopy.Copy(chunk + inChunk * elementSize + column.Offset, elementSize, values, stride, count, column.Size, column.IsSwapped);
            }
            else if (column.IsSwapped)
            {
                NpyCopy.Swap(values, count, column.Size);
            }

            if (column.Type == ScalarType.Bool)
            {
                NpyCopy.NormalizeBooleans(values, stride, count);
            }
        }
    }

    private void ReadBytes(Span<byte> target, long offset)
    {
        while (!target.IsEmpty)
        {
            int read = RandomAccess.Read(_file, target, offset);
            if (read == 0)
            {
                throw new NpyFormatException(Path, $"it ended at byte {offset} while it was read", "do not change a file that is being loaded");
            }

            target = target[read..];
            offset += read;
        }
    }

    private static string Describe(IEnumerable<(string Name, ScalarType Type)> fields)
    {
        (string Name, ScalarType Type)[] all = [.. fields];
        return all is [("", var type)]
            ? type.ClrType().Name
            : $"({string.Join(", ", all.Select(field => $"{field.Type.ClrType().Name} {field.Name}"))})";
    }
}
