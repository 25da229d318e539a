using System.Runtime.CompilerServices;

namespace Avial.Backends.Managed;

/// <summary>The conditions of overflow traps, called by emitted code.</summary>
internal static class RangeChecks
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AddOverflows(int a, int b) => (long)a + b != a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SubtractOverflows(int a, int b) => (long)a - b != a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MultiplyOverflows(int a, int b) => (long)a * b != a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AddOverflows(uint a, uint b) => a + b < a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SubtractOverflows(uint a, uint b) => a < b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MultiplyOverflows(uint a, uint b) => (ulong)a * b > uint.MaxValue;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AddOverflows(long a, long b) => ((a ^ (a + b)) & (b ^ (a + b))) < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SubtractOverflows(long a, long b) => ((a ^ b) & (a ^ (a - b))) < 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MultiplyOverflows(long a, long b)
    {
        long high = Math.BigMul(a, b, out long low);
        return high != low >> 63;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AddOverflows(ulong a, ulong b) => a + b < a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SubtractOverflows(ulong a, ulong b) => a < b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MultiplyOverflows(ulong a, ulong b) => Math.BigMul(a, b, out _) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsInRange(long x, long low, long high) => x >= low && x <= high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsAtMost(ulong x, ulong high) => x <= high;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsBetween(double x, double above, double below) => x > above && x < below;
}
