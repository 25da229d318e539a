using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Avial.Files;

/// <summary>The header of a .npy file (NumPy enhancement proposal 1; <c>numpy/lib/format.py</c>), of versions 1.0, 2.0 and 3.0.</summary>
internal sealed record NpyHeader
{
    private const int Alignment = 64;
    private const int MagicLength = 8;

    // Far beyond any header; keeps a damaged length from allocating gigabytes.
    private const long MaxTextLength = 1 << 24;

    // NumPy leaves room for the growing axis to be rewritten in place with up to this many digits.
    private const int GrowthDigits = 21;

    private NpyHeader(NpyElement element, ImmutableArray<long> shape, bool isFortranOrder, int version, long dataOffset)
    {
        Element = element;
        Shape = shape;
        IsFortranOrder = isFortranOrder;
        Version = version;
        DataOffset = dataOffset;
    }

    public NpyElement Element { get; }

    /// <summary>The extents, the first axis first whatever the order; none for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Whether the first axis, not the last, is contiguous in the file.</summary>
    public bool IsFortranOrder { get; }

    /// <summary>The format's major version: 1, 2 or 3.</summary>
    public int Version { get; }

    /// <summary>The byte of the file where the first element starts.</summary>
    public long DataOffset { get; }

    /// <summary>The number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (count, extent) => count * extent);

    /// <summary>The length of a file with this header.</summary>
    public long FileLength => DataOffset + Count * Element.Size;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>A header to write, of the oldest version that can hold it unless one is given.</summary>
    public static NpyHeader Create(NpyElement element, ReadOnlySpan<long> shape, bool isFortranOrder = false, int version = 0)
    {
        ImmutableArray<long> extents = [.. shape];
        if (OverflowsFile(extents, element.Size))
        {
            throw new ArgumentOutOfRangeException(nameof(shape), $"A file cannot hold {ShapeText(extents)} elements of {element.Size} bytes.");
        }

        string text = Text(element, extents, isFortranOrder);
        int oldest = text.Any(c => c > 0xff) ? 3 : PaddedLength(text.Length, 1) - MagicLength - 2 <= ushort.MaxValue ? 1 : 2;
        int chosen = Math.Max(oldest, version);
        return new NpyHeader(element, extents, isFortranOrder, chosen, PaddedLength(EncodingOf(chosen).GetByteCount(text), chosen));
    }

    /// <summary>The bytes that go before the data.</summary>
    public byte[] Encode()
    {
        byte[] bytes = new byte[DataOffset];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = (byte)Version;
        bytes[Magic.Length + 1] = 0;
        int start = MagicLength + LengthBytes(Version);
        if (Version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(MagicLength), (ushort)(bytes.Length - start));
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(MagicLength), (uint)(bytes.Length - start));
        }

        EncodingOf(Version).GetBytes(Text(Element, Shape, IsFortranOrder), bytes.AsSpan(start));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>Reads the header of an open file and checks that the file is as long as the header says.</summary>
    public static NpyHeader Read(SafeFileHandle file, string path)
    {
        long fileLength = RandomAccess.GetLength(file);
        Span<byte> start = stackalloc byte[MagicLength + 4];
        int read = RandomAccess.Read(file, start, 0);
        if (read < MagicLength || !start.StartsWith(Magic))
        {
            throw new NpyFormatException(path, "it does not start with the magic bytes \\x93NUMPY", "give a file that numpy.save wrote, not .npz, text or an empty file");
        }

        int version = start[Magic.Length];
        if (version is < 1 or > 3 || start[Magic.Length + 1] != 0)
        {
            throw new NpyFormatException(path, $"it has format version {version}.{start[Magic.Length + 1]}", "save it in version 1.0, 2.0 or 3.0");
        }

        int textStart = MagicLength + LengthBytes(version);
        long textLength = version == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(start[MagicLength..])
            : BinaryPrimitives.ReadUInt32LittleEndian(start[MagicLength..]);
        if (read < textStart || textStart + textLength > fileLength || textLength > MaxTextLength)
        {
            throw new NpyFormatException(
                path, $"its header should have {textLength} bytes, but the file has {fileLength}", "it was cut short or damaged: copy or save it again");
        }

        byte[] textBytes = new byte[textLength];
        RandomAccess.Read(file, textBytes, textStart);
        NpyHeader header = Parse(path, EncodingOf(version).GetString(textBytes), version, textStart + textLength);
        return fileLength >= header.FileLength
            ? header
            : throw new NpyFormatException(
                path,
                $"its header promises {ShapeText(header.Shape)} elements of {header.Element.Size} bytes, {header.FileLength} bytes with the header, but the file has {fileLength}",
                "it was cut short: copy or save it again");
    }

    private static NpyHeader Parse(string path, string text, int version, long dataOffset)
    {
        const string Remedy = "save it again with numpy.save";
        object? literal;
        try
        {
            literal = PythonLiteral.Parse(text);
        }
        catch (FormatException e)
        {
            throw new NpyFormatException(path, $"its header is no Python dictionary: {e.Message}", Remedy);
        }

        Dictionary<string, object?> entries = [];
        if (literal is PythonLiteral.Dict dict)
        {
            foreach (var (key, value) in dict.Items)
            {
                entries[key as string ?? ""] = value;
            }
        }

        if (entries.Count != 3
            || !entries.TryGetValue("descr", out object? descr)
            || !entries.TryGetValue("fortran_order", out object? order)
            || !entries.TryGetValue("shape", out object? shape))
        {
            string keys = entries.Count == 0 ? "none" : string.Join(", ", entries.Keys.Order());
            throw new NpyFormatException(path, $"its header should be a dictionary with the keys descr, fortran_order and shape, but has {keys}", Remedy);
        }

        if (order is not bool isFortranOrder)
        {
            throw new NpyFormatException(path, "its header's fortran_order is neither True nor False", Remedy);
        }

        if (shape is not PythonLiteral.Tuple { Items: var axes } || !axes.All(axis => axis is >= 0L))
        {
            throw new NpyFormatException(path, "its header's shape is not a tuple of non-negative integers", Remedy);
        }

        NpyElement element;
        try
        {
            element = NpyElement.Parse(descr);
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw new NpyFormatException(
                path, e is OverflowException ? "its elements are larger than 2 GiB" : e.Message, "save it with elements of bool, int8 to int64, uint8 to uint64, float16, float32 or float64, or records of them");
        }

        ImmutableArray<long> extents = [.. axes.Select(axis => (long)axis!)];
        return !OverflowsFile(extents, element.Size)
            ? new NpyHeader(element, extents, isFortranOrder, version, dataOffset)
            : throw new NpyFormatException(
                path, $"its shape {ShapeText(extents)} with elements of {element.Size} bytes is more than a file can hold", Remedy);
    }

    private static string Text(NpyElement element, ImmutableArray<long> shape, bool isFortranOrder)
    {
        string text = $"{{'descr': {element.Descr()}, 'fortran_order': {(isFortranOrder ? "True" : "False")}, 'shape': {ShapeText(shape)}, }}";
        if (shape.IsEmpty)
        {
            return text;
        }

        int digits = (isFortranOrder ? shape[^1] : shape[0]).ToString(CultureInfo.InvariantCulture).Length;
        return text + new string(' ', GrowthDigits - digits);
    }

    private static string ShapeText(ImmutableArray<long> shape) => shape.Length == 1 ? $"({shape[0]},)" : $"({string.Join(", ", shape)})";

    // As NumPy pads: at least one blank and the line end, up to the next multiple of 64.
    private static int PaddedLength(int textBytes, int version)
    {
        int unpadded = MagicLength + LengthBytes(version) + textBytes + 1;
        return unpadded + (Alignment - unpadded % Alignment);
    }

    private static int LengthBytes(int version) => version == 1 ? 2 : 4;

    private static Encoding EncodingOf(int version) => version == 3 ? Encoding.UTF8 : Encoding.Latin1;

    // One extent of 0 makes the file empty, but must not let the others overflow what is computed from them.
    private static bool OverflowsFile(ImmutableArray<long> shape, int elementSize)
    {
        UInt128 bytes = (UInt128)elementSize;
        foreach (long extent in shape)
        {
            bytes *= (UInt128)Math.Max(1, extent);
            if (bytes > long.MaxValue - MaxTextLength - 64)
            {
                return true;
            }
        }

        return false;
    }
}
