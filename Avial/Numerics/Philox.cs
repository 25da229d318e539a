namespace Avial.Numerics;

/// <summary>
/// Random numbers as a function of (seed, stream, index): Philox 4×32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw:
/// "Parallel random numbers: as easy as 1, 2, 3", SC'11).
/// </summary>
/// <remarks>
/// The key is the seed, low word first; the counter is the index, low word first, then the stream. Each index owns a whole block of
/// four words w0…w3, of which a draw uses the first it needs, so draws of different kinds at one index are not independent.
/// </remarks>
internal static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;

    private const float TwoToMinus11 = 1f / (1 << 11);
    private const float TwoToMinus24 = 1f / (1 << 24);
    private const double TwoToMinus53 = 1.0 / (1L << 53);

    /// <summary>The word w0; narrower types take its low bits.</summary>
    public static uint Bits32(ulong seed, ulong stream, long index) => Block(seed, stream, index).W0;

    /// <summary>The words w0 (low) and w1 (high).</summary>
    public static ulong Bits64(ulong seed, ulong stream, long index)
    {
        var block = Block(seed, stream, index);
        return Join(block.W0, block.W1);
    }

    /// <summary>Uniform in [0, 1): the top 11 bits of <see cref="Bits32"/>; more would round up to 1.</summary>
    public static Half Uniform16(ulong seed, ulong stream, long index) => (Half)((Bits32(seed, stream, index) >> 21) * TwoToMinus11);

    /// <summary>Uniform in [0, 1): the top 24 bits of <see cref="Bits32"/>.</summary>
    public static float Uniform32(ulong seed, ulong stream, long index) => (Bits32(seed, stream, index) >> 8) * TwoToMinus24;

    /// <summary>Uniform in [0, 1): the top 53 bits of <see cref="Bits64"/>.</summary>
    public static double Uniform64(ulong seed, ulong stream, long index) => ToUnit(Bits64(seed, stream, index));

    /// <summary>Normal with mean 0 and variance 1: <see cref="Normal64"/> rounded to Half.</summary>
    public static Half Normal16(ulong seed, ulong stream, long index) => (Half)Normal64(seed, stream, index);

    /// <summary>Normal with mean 0 and variance 1: <see cref="Normal64"/> rounded to float.</summary>
    public static float Normal32(ulong seed, ulong stream, long index) => (float)Normal64(seed, stream, index);

    /// <summary>
    /// Normal with mean 0 and variance 1: the cosine half of Box and Muller's transform, √(-2 ln u) · cos(2π v), with u in (0, 1]
    /// from w0 and w1 and v in [0, 1) from w2 and w3. |result| is at most 8.6.
    /// </summary>
    public static double Normal64(ulong seed, ulong stream, long index)
    {
        var block = Block(seed, stream, index);
        double u = ToUnit(Join(block.W0, block.W1)) + TwoToMinus53;
        double v = ToUnit(Join(block.W2, block.W3));
        return Math.Sqrt(-2.0 * Math.Log(u)) * Math.Cos(2.0 * Math.PI * v);
    }

    /// <summary>The ten rounds on a counter and a key, as published.</summary>
    public static (uint W0, uint W1, uint W2, uint W3) Block(uint c0, uint c1, uint c2, uint c3, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0;
            ulong product1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(product1 >> 32) ^ c1 ^ key0, (uint)product1, (uint)(product0 >> 32) ^ c3 ^ key1, (uint)product0);
            key0 += Weyl0;
            key1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }

    private static (uint W0, uint W1, uint W2, uint W3) Block(ulong seed, ulong stream, long index) =>
        Block((uint)index, (uint)(index >> 32), (uint)stream, (uint)(stream >> 32), (uint)seed, (uint)(seed >> 32));

    private static ulong Join(uint low, uint high) => low | ((ulong)high << 32);

    private static double ToUnit(ulong bits) => (bits >> 11) * TwoToMinus53;
}
