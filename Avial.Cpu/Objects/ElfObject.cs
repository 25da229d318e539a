using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Avial.Backends.Cpu.Objects;

/// <summary>A section of an object that belongs into memory.</summary>
internal sealed record ElfSection(string Name, int Number, ReadOnlyMemory<byte> Bytes, long Size, long Alignment, bool IsCode, bool IsWritten);

/// <summary>A place in a section that is computed from a symbol's address.</summary>
internal readonly record struct ElfRelocation(int Section, long Offset, uint Type, int Symbol, long Addend);

/// <summary>A symbol; section 0 is outside the object.</summary>
internal sealed record ElfSymbol(string Name, int Section, ulong Value);

/// <summary>A relocatable 64-bit ELF object for x86-64, taken apart and checked: what is cut short or of another kind is refused.</summary>
internal sealed record ElfObject(ImmutableArray<ElfSection> Sections, ImmutableArray<ElfSymbol> Symbols, ImmutableArray<ElfRelocation> Relocations)
{
    private const int HeaderSize = 64;
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 24;
    private const ushort Relocatable = 1;
    private const ushort X64 = 62;
    private const uint SymbolTable = 2;
    private const uint RelocationsWithAddends = 4;
    private const uint NoBits = 8;
    private const ulong Written = 1;
    private const ulong Allocated = 2;
    private const ulong Executable = 4;

    // Far more than any kernel has; and what memory is aligned to anyway.
    private const long MostBytes = 1L << 28;
    private const long MostAlignment = 1L << 12;

    /// <summary>Reads an object; <see cref="InvalidDataException"/> where it is none.</summary>
    public static ElfObject Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes.Length < HeaderSize || !bytes[..4].SequenceEqual("\u007fELF"u8) || bytes[4] != 2 || bytes[5] != 1)
        {
            throw new InvalidDataException("not a 64-bit little-endian ELF file");
        }
        if (U16(bytes, 16) != Relocatable || U16(bytes, 18) != X64)
        {
            throw new InvalidDataException("not a relocatable object for x86-64");
        }
        Header[] headers = ReadHeaders(bytes);
        Header names = headers[U16(bytes, 62)];
        var sections = ImmutableArray.CreateBuilder<ElfSection>();
        var symbols = ImmutableArray<ElfSymbol>.Empty;
        var relocations = ImmutableArray.CreateBuilder<ElfRelocation>();
        for (int number = 0; number < headers.Length; number++)
        {
            Header header = headers[number];
            if ((header.Flags & Allocated) != 0)
            {
                ReadOnlyMemory<byte> content = header.Type == NoBits ? default : file.Slice(header.Offset, header.Size);
                sections.Add(new ElfSection(
                    Text(bytes, names, header.Name), number, content, header.Size, header.Alignment, (header.Flags & Executable) != 0, (header.Flags & Written) != 0));
            }
            if (header.Type == SymbolTable)
            {
                symbols = ReadSymbols(bytes, header, headers[header.Link]);
            }
        }
        for (int number = 0; number < headers.Length; number++)
        {
            if (headers[number].Type == RelocationsWithAddends && sections.Any(s => s.Number == headers[number].Info))
            {
                ReadRelocations(bytes, headers[number], relocations);
            }
        }
        if (relocations.Any(r => (uint)r.Symbol >= symbols.Length))
        {
            throw new InvalidDataException("a relocation names a symbol that is not there");
        }
        return new ElfObject(sections.ToImmutable(), symbols, relocations.ToImmutable());
    }

    private readonly record struct Header(int Name, uint Type, ulong Flags, int Offset, int Size, int Link, int Info, long Alignment);

    private static Header[] ReadHeaders(ReadOnlySpan<byte> bytes)
    {
        long offset = I64(bytes, 40);
        int count = U16(bytes, 60);
        if (offset < 0 || U16(bytes, 58) != SectionHeaderSize || offset > bytes.Length - (long)count * SectionHeaderSize || U16(bytes, 62) >= count)
        {
            throw new InvalidDataException("its section headers are cut short");
        }
        var headers = new Header[count];
        for (int number = 0; number < count; number++)
        {
            ReadOnlySpan<byte> at = bytes.Slice((int)offset + number * SectionHeaderSize, SectionHeaderSize);
            uint type = U32(at, 4);
            long begin = I64(at, 24);
            long size = I64(at, 32);
            if (begin < 0 || size < 0 || type != NoBits && begin > bytes.Length - size)
            {
                throw new InvalidDataException($"section {number} is cut short");
            }
            long alignment = Math.Max(1, I64(at, 48));
            if (size > MostBytes || alignment > MostAlignment)
            {
                throw new InvalidDataException($"section {number} asks for {size} bytes at multiples of {alignment}");
            }
            int link = (int)U32(at, 40);
            if (link < 0 || link >= count)
            {
                throw new InvalidDataException($"section {number} refers to section {link} of {count}");
            }
            headers[number] = new Header((int)U32(at, 0), type, (ulong)I64(at, 8), (int)Math.Min(begin, int.MaxValue), (int)size, link, (int)U32(at, 44), alignment);
        }
        return headers;
    }

    private static ImmutableArray<ElfSymbol> ReadSymbols(ReadOnlySpan<byte> bytes, Header table, Header names)
    {
        var symbols = ImmutableArray.CreateBuilder<ElfSymbol>();
        for (int offset = 0; offset + SymbolSize <= table.Size; offset += SymbolSize)
        {
            ReadOnlySpan<byte> at = bytes.Slice(table.Offset + offset, SymbolSize);
            symbols.Add(new ElfSymbol(Text(bytes, names, (int)U32(at, 0)), U16(at, 6), (ulong)I64(at, 8)));
        }
        return symbols.ToImmutable();
    }

    private static void ReadRelocations(ReadOnlySpan<byte> bytes, Header table, ImmutableArray<ElfRelocation>.Builder relocations)
    {
        for (int offset = 0; offset + RelocationSize <= table.Size; offset += RelocationSize)
        {
            ReadOnlySpan<byte> at = bytes.Slice(table.Offset + offset, RelocationSize);
            ulong info = (ulong)I64(at, 8);
            relocations.Add(new ElfRelocation(table.Info, I64(at, 0), (uint)info, (int)(info >> 32), I64(at, 16)));
        }
    }

    private static string Text(ReadOnlySpan<byte> bytes, Header names, int offset)
    {
        if (names.Type == NoBits || offset < 0 || offset >= names.Size)
        {
            throw new InvalidDataException("a name lies outside the names");
        }
        ReadOnlySpan<byte> rest = bytes.Slice(names.Offset + offset, names.Size - offset);
        int end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(rest[..end]) : throw new InvalidDataException("a name has no end");
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static long I64(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]);
}
