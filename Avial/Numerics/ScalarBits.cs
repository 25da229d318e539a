using System.Globalization;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Numerics;

/// <summary>
/// Scalars of every type in one 64-bit slot, as <see cref="ConstantInstruction"/> holds them: integers sign- or zero-extended, bool 0 or 1,
/// floats by their own bits in the low end.
/// </summary>
internal static unsafe class ScalarBits
{
    /// <summary>The slot of a value.</summary>
    public static ulong Of<T>(T value)
        where T : unmanaged
    {
        if (typeof(T) == typeof(sbyte))
        {
            return unchecked((ulong)(long)Unsafe.BitCast<T, sbyte>(value));
        }
        if (typeof(T) == typeof(short))
        {
            return unchecked((ulong)(long)Unsafe.BitCast<T, short>(value));
        }
        if (typeof(T) == typeof(int))
        {
            return unchecked((ulong)(long)Unsafe.BitCast<T, int>(value));
        }
        return sizeof(T) switch
        {
            1 => Unsafe.BitCast<T, byte>(value),
            2 => Unsafe.BitCast<T, ushort>(value),
            4 => Unsafe.BitCast<T, uint>(value),
            8 => Unsafe.BitCast<T, ulong>(value),
            _ => throw new InternalErrorException($"{typeof(T)} is no scalar."),
        };
    }

    /// <summary>The value in a slot; bits above the type's width do not count.</summary>
    public static T To<T>(ulong bits)
        where T : unmanaged => sizeof(T) switch
        {
            1 => Unsafe.BitCast<byte, T>(unchecked((byte)bits)),
            2 => Unsafe.BitCast<ushort, T>(unchecked((ushort)bits)),
            4 => Unsafe.BitCast<uint, T>(unchecked((uint)bits)),
            8 => Unsafe.BitCast<ulong, T>(bits),
            _ => throw new InternalErrorException($"{typeof(T)} is no scalar."),
        };

    /// <summary>The slot of the element at an address.</summary>
    public static ulong Load(byte* address, ScalarType type) => type switch
    {
        ScalarType.Bool => *address == 0 ? 0u : 1u,
        ScalarType.I8 => unchecked((ulong)(long)*(sbyte*)address),
        ScalarType.I16 => unchecked((ulong)(long)*(short*)address),
        ScalarType.I32 => unchecked((ulong)(long)*(int*)address),
        ScalarType.U8 => *address,
        ScalarType.U16 or ScalarType.F16 => *(ushort*)address,
        ScalarType.U32 or ScalarType.F32 => *(uint*)address,
        _ => *(ulong*)address,
    };

    /// <summary>Writes the element in a slot to an address.</summary>
    public static void Store(byte* address, ScalarType type, ulong bits)
    {
        switch (type.Size())
        {
            case 1:
                *address = unchecked((byte)bits);
                break;
            case 2:
                *(ushort*)address = unchecked((ushort)bits);
                break;
            case 4:
                *(uint*)address = unchecked((uint)bits);
                break;
            default:
                *(ulong*)address = bits;
                break;
        }
    }

    /// <summary>The slot of a whole number in a type (which must be able to hold it).</summary>
    public static ulong OfInteger(ScalarType type, long value) => type switch
    {
        ScalarType.F16 => Of((Half)value),
        ScalarType.F32 => Of((float)value),
        ScalarType.F64 => Of((double)value),
        _ => unchecked((ulong)value),
    };

    /// <summary>The greatest value, the neutral element of Min: +∞ for floats.</summary>
    public static ulong Highest(ScalarType type) => type switch
    {
        ScalarType.Bool => 1,
        ScalarType.F16 => Of(Half.PositiveInfinity),
        ScalarType.F32 => Of(float.PositiveInfinity),
        ScalarType.F64 => Of(double.PositiveInfinity),
        _ when type.IsSigned() => ulong.MaxValue >> (65 - 8 * type.Size()),
        _ => ulong.MaxValue >> (64 - 8 * type.Size()),
    };

    /// <summary>The least value, the neutral element of Max: -∞ for floats.</summary>
    public static ulong Lowest(ScalarType type) => type switch
    {
        ScalarType.F16 => Of(Half.NegativeInfinity),
        ScalarType.F32 => Of(float.NegativeInfinity),
        ScalarType.F64 => Of(double.NegativeInfinity),
        _ when type.IsSigned() => ~Highest(type),
        _ => 0,
    };

    public static bool IsNaN(ScalarType type, ulong bits) => type switch
    {
        ScalarType.F16 => Half.IsNaN(To<Half>(bits)),
        ScalarType.F32 => float.IsNaN(To<float>(bits)),
        ScalarType.F64 => double.IsNaN(To<double>(bits)),
        _ => false,
    };

    /// <summary>Equal bits, or both NaN: payload and sign of NaN are not promised.</summary>
    public static bool AreSame(ScalarType type, ulong a, ulong b) => a == b || (IsNaN(type, a) && IsNaN(type, b));

    /// <summary>The value as text, shortest that reads back.</summary>
    public static string Text(ScalarType type, ulong bits) => type switch
    {
        ScalarType.Bool => bits == 0 ? "false" : "true",
        ScalarType.F16 => To<Half>(bits).ToString(CultureInfo.InvariantCulture),
        ScalarType.F32 => To<float>(bits).ToString("R", CultureInfo.InvariantCulture),
        ScalarType.F64 => To<double>(bits).ToString("R", CultureInfo.InvariantCulture),
        _ when type.IsSigned() => unchecked((long)bits).ToString(CultureInfo.InvariantCulture),
        _ => bits.ToString(CultureInfo.InvariantCulture),
    };
}
