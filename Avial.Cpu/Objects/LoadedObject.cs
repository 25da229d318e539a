using System.Runtime.InteropServices;
using Avial.Backends.Cpu.Interop;

namespace Avial.Backends.Cpu.Objects;

/// <summary>
/// An object in memory that can be called. Sections lie one after another in one mapping, then stubs for functions elsewhere, as calls reach 2 GiB only, then the addresses that
/// code loads them from. It stays for the life of the process, as compiled functions do.
/// </summary>
internal sealed unsafe class LoadedObject
{
    private const uint Absolute64 = 1;
    private const uint Relative32 = 2;
    private const uint Call32 = 4;
    private const uint Address32 = 9;
    private const uint AddressRelaxable32 = 41;
    private const uint AddressRelaxableRex32 = 42;

    // jmp [rip + 0], then the address.
    private const int StubSize = 16;

    private LoadedObject(long size, byte* entry, long codeSize)
    {
        Size = size;
        Entry = entry;
        CodeSize = codeSize;
    }

    /// <summary>The address of the function that was asked for.</summary>
    public byte* Entry { get; }

    /// <summary>The bytes of its code.</summary>
    public long CodeSize { get; }

    /// <summary>The bytes of memory that it takes.</summary>
    public long Size { get; }

    /// <summary>Loads an object.</summary>
    /// <param name="source">What to load.</param>
    /// <param name="entry">The name of the function to call.</param>
    /// <param name="resolve">The address of a function outside the object, by name; 0 where there is none.</param>
    /// <exception cref="InvalidDataException">The object lacks the function, names one that nobody knows, or asks for what this loader does not do.</exception>
    public static LoadedObject Load(ElfObject source, string entry, Func<string, nint> resolve)
    {
        ElfSymbol start = source.Symbols.FirstOrDefault(s => s.Name == entry && s.Section != 0) ?? throw new InvalidDataException($"it does not define {entry}");
        ElfSection code = source.Sections.FirstOrDefault(s => s.Number == start.Section && s.IsCode && start.Value < (ulong)s.Size)
            ?? throw new InvalidDataException($"{entry} lies outside its code");
        var places = new Dictionary<int, long>();
        long size = 0;
        foreach (ElfSection section in source.Sections)
        {
            size = Align(size, section.Alignment);
            places.Add(section.Number, size);
            size += section.Size;
        }
        int[] outside = [.. source.Relocations.Select(r => r.Symbol).Where(s => source.Symbols[s].Section == 0).Distinct()];
        long stubs = Align(size, StubSize);
        int[] tabled = [.. source.Relocations.Where(r => IsTabled(r.Type)).Select(r => r.Symbol).Distinct()];
        long table = stubs + (long)outside.Length * StubSize;
        size = Align(table + (long)tabled.Length * sizeof(long), Environment.SystemPageSize);

        byte* memory = (byte*)LibC.mmap(null, (nuint)size, LibC.PROT_READ | LibC.PROT_WRITE, LibC.MAP_PRIVATE | LibC.MAP_ANONYMOUS, -1, 0);
        if (memory == LibC.MAP_FAILED)
        {
            throw new IOException($"{size} bytes for compiled code cannot be had: error {Marshal.GetLastPInvokeError()} of mmap");
        }
        try
        {
            foreach (ElfSection section in source.Sections)
            {
                section.Bytes.Span.CopyTo(new Span<byte>(memory + places[section.Number], checked((int)section.Size)));
            }
            var addresses = new Dictionary<int, long>();
            for (int i = 0; i < outside.Length; i++)
            {
                addresses.Add(outside[i], WriteStub(memory + stubs + (long)i * StubSize, source.Symbols[outside[i]].Name, resolve));
            }
            foreach (ElfRelocation relocation in source.Relocations)
            {
                Relocate(source, relocation, memory, places, addresses, Array.IndexOf(tabled, relocation.Symbol), table);
            }
            if (LibC.mprotect(memory, (nuint)size, LibC.PROT_READ | LibC.PROT_EXEC) != 0)
            {
                throw new InvalidDataException($"its memory cannot be made executable: error {Marshal.GetLastPInvokeError()} of mprotect");
            }
        }
        catch
        {
            _ = LibC.munmap(memory, (nuint)size);
            throw;
        }
        return new LoadedObject(size, memory + places[start.Section] + (long)start.Value, code.Size - (long)start.Value);
    }

    private static long WriteStub(byte* stub, string name, Func<string, nint> resolve)
    {
        nint target = resolve(name);
        if (target == 0)
        {
            throw new InvalidDataException($"it calls {name}, which is not there");
        }
        ReadOnlySpan<byte> jump = [0xFF, 0x25, 0, 0, 0, 0];
        jump.CopyTo(new Span<byte>(stub, jump.Length));
        *(long*)(stub + jump.Length) = target;
        return (long)stub;
    }

    private static void Relocate(
        ElfObject source, ElfRelocation relocation, byte* memory, Dictionary<int, long> places, Dictionary<int, long> outside, int tableIndex, long table)
    {
        ElfSymbol symbol = source.Symbols[relocation.Symbol];
        if (symbol.Section != 0 && !source.Sections.Any(s => s.Number == symbol.Section && symbol.Value <= (ulong)s.Size))
        {
            throw new InvalidDataException($"it refers to place {symbol.Value} of section {symbol.Section}, which is not loaded");
        }
        long target = symbol.Section == 0 ? outside[relocation.Symbol] : (long)memory + places[symbol.Section] + (long)symbol.Value;
        ElfSection section = source.Sections.First(s => s.Number == relocation.Section);
        int width = relocation.Type == Absolute64 ? 8 : 4;
        if (relocation.Offset < 0 || relocation.Offset > section.Size - width)
        {
            throw new InvalidDataException($"a relocation at {relocation.Offset} lies outside {section.Name}");
        }
        byte* place = memory + places[relocation.Section] + relocation.Offset;
        switch (relocation.Type)
        {
            case Absolute64:
                *(long*)place = target + relocation.Addend;
                break;
            case Relative32 or Call32:
                *(int*)place = Distance(target + relocation.Addend, place);
                break;
            case Address32 or AddressRelaxable32 or AddressRelaxableRex32:
                byte* slot = memory + table + (long)tableIndex * sizeof(long);
                *(long*)slot = target;
                *(int*)place = Distance((long)slot + relocation.Addend, place);
                break;
            default:
                throw new InvalidDataException($"a relocation of type {relocation.Type} is unknown");
        }
    }

    private static int Distance(long target, byte* place)
    {
        long distance = target - (long)place;
        return distance == (int)distance ? (int)distance : throw new InvalidDataException($"it refers to a place {distance} bytes away");
    }

    private static bool IsTabled(uint type) => type is Address32 or AddressRelaxable32 or AddressRelaxableRex32;

    private static long Align(long size, long alignment) => (size + alignment - 1) / alignment * alignment;
}
