using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>Numbers in the 64-bit form of <see cref="ConstantInstruction"/>.</summary>
internal static class NumberBits
{
    private static readonly ConcurrentDictionary<Type, StructReader> s_readers = [];

    private delegate void StructReader(object boxed, Span<ulong> destination);

    /// <summary>The bits of a boxed number; false for anything else. Allocates nothing but for enums.</summary>
    public static bool TryOf(object? value, out ulong bits)
    {
        switch (value)
        {
            case double v:
                bits = BitConverter.DoubleToUInt64Bits(v);
                return true;
            case float v:
                bits = BitConverter.SingleToUInt32Bits(v);
                return true;
            case int v:
                bits = (ulong)v;
                return true;
            case long v:
                bits = (ulong)v;
                return true;
            case bool v:
                bits = v ? 1u : 0u;
                return true;
            case byte v:
                bits = v;
                return true;
            case sbyte v:
                bits = (ulong)v;
                return true;
            case short v:
                bits = (ulong)v;
                return true;
            case ushort v:
                bits = v;
                return true;
            case uint v:
                bits = v;
                return true;
            case ulong v:
                bits = v;
                return true;
            case Half v:
                bits = BitConverter.HalfToUInt16Bits(v);
                return true;
            case Enum v:
                return TryOf(Convert.ChangeType(v, Enum.GetUnderlyingType(v.GetType()), System.Globalization.CultureInfo.InvariantCulture), out bits);
            default:
                bits = 0;
                return false;
        }
    }

    /// <summary>The columns of a boxed number or struct of numbers.</summary>
    public static void Read(object value, Span<ulong> destination)
    {
        if (TryOf(value, out ulong bits))
        {
            destination[0] = bits;
            return;
        }
        s_readers.GetOrAdd(value.GetType(), static type => typeof(NumberBits).GetMethod(nameof(ReadStruct), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type).CreateDelegate<StructReader>())(value, destination);
    }

    /// <summary>The bits of one column stored at a place in memory.</summary>
    public static ulong Load(ref byte place, ScalarType type) => type switch
    {
        ScalarType.I8 => (ulong)(sbyte)place,
        ScalarType.I16 => (ulong)Unsafe.ReadUnaligned<short>(ref place),
        ScalarType.I32 => (ulong)Unsafe.ReadUnaligned<int>(ref place),
        ScalarType.Bool or ScalarType.U8 => place,
        ScalarType.U16 or ScalarType.F16 => Unsafe.ReadUnaligned<ushort>(ref place),
        ScalarType.U32 or ScalarType.F32 => Unsafe.ReadUnaligned<uint>(ref place),
        _ => Unsafe.ReadUnaligned<ulong>(ref place),
    };

    private static void ReadStruct<T>(object boxed, Span<ulong> destination)
        where T : struct
    {
        var value = (T)boxed;
        ref byte start = ref Unsafe.As<T, byte>(ref value);
        ElementLayout layout = ElementLayout.Of(typeof(T));
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            destination[i] = Load(ref Unsafe.Add(ref start, layout.Columns[i].Offset), layout.Columns[i].Type);
        }
    }
}
