using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace Avial.Backends.Cpu;

/// <summary>The processor at hand.</summary>
internal static class Processor
{
    /// <summary>True where it has what generated code relies on: fused multiply-add, AVX2 and conversions of halves.</summary>
    public static bool IsSupported => X86Base.IsSupported && Fma.IsSupported && Avx2.IsSupported && HasF16C;

    /// <summary>True where vectors have 512 bits, and there are 32 of them.</summary>
    public static bool HasWideVectors => Avx512F.IsSupported && Avx512DQ.IsSupported && Avx512BW.IsSupported;

    /// <summary>What tells it from others as far as code goes: its own name and what it says that it can do, and what the system lets it do.</summary>
    public static string Identity { get; } = Describe();

    private static bool HasF16C => X86Base.IsSupported && (X86Base.CpuId(1, 0).Ecx >> 29 & 1) != 0;

    private static string Describe()
    {
        if (!X86Base.IsSupported)
        {
            return "none";
        }
        var text = new StringBuilder();
        (int _, int b, int c, int d) = X86Base.CpuId(0, 0);
        Span<byte> name = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(name, b);
        BinaryPrimitives.WriteInt32LittleEndian(name[4..], d);
        BinaryPrimitives.WriteInt32LittleEndian(name[8..], c);
        text.Append(Encoding.ASCII.GetString(name));
        // Family, model and stepping; the bits beside them number the core that was asked.
        (int signature, _, int features, int more) = X86Base.CpuId(1, 0);
        text.Append($" {signature:x8} {features & ~(1 << 27):x8} {more:x8}");
        foreach ((int leaf, int sub) in new[] { (7, 0), (7, 1), (unchecked((int)0x80000001), 0) })
        {
            (int ea, int eb, int ec, int ed) = X86Base.CpuId(leaf, sub);
            text.Append($" {ea:x8}{eb:x8}{ec:x8}{ed:x8}");
        }
        return text.Append(Avx512F.IsSupported ? " 512" : " 256").ToString();
    }
}
