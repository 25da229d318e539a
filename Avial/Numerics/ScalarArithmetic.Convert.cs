using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Numerics;

/// <summary>Conversions: literally C#'s casts, so that they are what .NET does at run time.</summary>
internal static partial class ScalarArithmetic
{
    /// <summary>Converts between numeric types; false when a checked conversion traps.</summary>
    public static bool TryConvert(ConvertMode mode, ScalarType from, ScalarType to, ulong a, out ulong result, out TrapKind trap)
    {
        trap = default;
        if (from == ScalarType.Bool || to == ScalarType.Bool)
        {
            throw new InternalErrorException($"There is no conversion from {from.Text()} to {to.Text()}.");
        }
        try
        {
            bool isChecked = mode == ConvertMode.Checked;
            // A value of a narrow type converts as its extension to 64 bits does: the value is the same, and each cast rounds or wraps once.
            result = from switch
            {
                ScalarType.F16 => isChecked ? Checked(ScalarBits.To<Half>(a), to) : Unchecked(ScalarBits.To<Half>(a), to),
                ScalarType.F32 => isChecked ? Checked(ScalarBits.To<float>(a), to) : Unchecked(ScalarBits.To<float>(a), to),
                ScalarType.F64 => isChecked ? Checked(ScalarBits.To<double>(a), to) : Unchecked(ScalarBits.To<double>(a), to),
                _ when from.IsSigned() => isChecked ? Checked(unchecked((long)a), to) : Unchecked(unchecked((long)a), to),
                _ => isChecked ? Checked(a, to) : Unchecked(a, to),
            };
            return true;
        }
        catch (OverflowException)
        {
            return Trap(TrapKind.Overflow, out result, out trap);
        }
    }

    private static ulong Unchecked(long x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(unchecked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(unchecked((short)x)),
        ScalarType.I32 => ScalarBits.Of(unchecked((int)x)),
        ScalarType.I64 => ScalarBits.Of(x),
        ScalarType.U8 => ScalarBits.Of(unchecked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(unchecked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(unchecked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(unchecked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Checked(long x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(checked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(checked((short)x)),
        ScalarType.I32 => ScalarBits.Of(checked((int)x)),
        ScalarType.I64 => ScalarBits.Of(x),
        ScalarType.U8 => ScalarBits.Of(checked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(checked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(checked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(checked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Unchecked(ulong x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(unchecked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(unchecked((short)x)),
        ScalarType.I32 => ScalarBits.Of(unchecked((int)x)),
        ScalarType.I64 => ScalarBits.Of(unchecked((long)x)),
        ScalarType.U8 => ScalarBits.Of(unchecked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(unchecked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(unchecked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(x),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Checked(ulong x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(checked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(checked((short)x)),
        ScalarType.I32 => ScalarBits.Of(checked((int)x)),
        ScalarType.I64 => ScalarBits.Of(checked((long)x)),
        ScalarType.U8 => ScalarBits.Of(checked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(checked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(checked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(x),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Unchecked(Half x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(unchecked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(unchecked((short)x)),
        ScalarType.I32 => ScalarBits.Of(unchecked((int)x)),
        ScalarType.I64 => ScalarBits.Of(unchecked((long)x)),
        ScalarType.U8 => ScalarBits.Of(unchecked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(unchecked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(unchecked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(unchecked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of(x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Checked(Half x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(checked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(checked((short)x)),
        ScalarType.I32 => ScalarBits.Of(checked((int)x)),
        ScalarType.I64 => ScalarBits.Of(checked((long)x)),
        ScalarType.U8 => ScalarBits.Of(checked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(checked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(checked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(checked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of(x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Unchecked(float x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(unchecked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(unchecked((short)x)),
        ScalarType.I32 => ScalarBits.Of(unchecked((int)x)),
        ScalarType.I64 => ScalarBits.Of(unchecked((long)x)),
        ScalarType.U8 => ScalarBits.Of(unchecked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(unchecked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(unchecked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(unchecked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of(x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Checked(float x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(checked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(checked((short)x)),
        ScalarType.I32 => ScalarBits.Of(checked((int)x)),
        ScalarType.I64 => ScalarBits.Of(checked((long)x)),
        ScalarType.U8 => ScalarBits.Of(checked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(checked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(checked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(checked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of(x),
        _ => ScalarBits.Of((double)x),
    };

    private static ulong Unchecked(double x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(unchecked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(unchecked((short)x)),
        ScalarType.I32 => ScalarBits.Of(unchecked((int)x)),
        ScalarType.I64 => ScalarBits.Of(unchecked((long)x)),
        ScalarType.U8 => ScalarBits.Of(unchecked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(unchecked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(unchecked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(unchecked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of(x),
    };

    private static ulong Checked(double x, ScalarType to) => to switch
    {
        ScalarType.I8 => ScalarBits.Of(checked((sbyte)x)),
        ScalarType.I16 => ScalarBits.Of(checked((short)x)),
        ScalarType.I32 => ScalarBits.Of(checked((int)x)),
        ScalarType.I64 => ScalarBits.Of(checked((long)x)),
        ScalarType.U8 => ScalarBits.Of(checked((byte)x)),
        ScalarType.U16 => ScalarBits.Of(checked((ushort)x)),
        ScalarType.U32 => ScalarBits.Of(checked((uint)x)),
        ScalarType.U64 => ScalarBits.Of(checked((ulong)x)),
        ScalarType.F16 => ScalarBits.Of((Half)x),
        ScalarType.F32 => ScalarBits.Of((float)x),
        _ => ScalarBits.Of(x),
    };
}
