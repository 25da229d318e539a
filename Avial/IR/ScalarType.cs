namespace Avial.IR;

/// <summary>The type of one scalar value: an array column, a kernel value or a parameter.</summary>
public enum ScalarType : byte
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,
    /// <summary>Signed 8-bit integer.</summary>
    I8,
    /// <summary>Signed 16-bit integer.</summary>
    I16,
    /// <summary>Signed 32-bit integer.</summary>
    I32,
    /// <summary>Signed 64-bit integer; also the type of every index.</summary>
    I64,
    /// <summary>Unsigned 8-bit integer.</summary>
    U8,
    /// <summary>Unsigned 16-bit integer.</summary>
    U16,
    /// <summary>Unsigned 32-bit integer.</summary>
    U32,
    /// <summary>Unsigned 64-bit integer.</summary>
    U64,
    /// <summary>IEEE 754 binary16.</summary>
    F16,
    /// <summary>IEEE 754 binary32.</summary>
    F32,
    /// <summary>IEEE 754 binary64.</summary>
    F64,
}

/// <summary>Facts about scalar types; no logic beyond look-up.</summary>
internal static class ScalarTypes
{
    private static readonly (ScalarType Type, Type Clr, string Name, int Size)[] s_table =
    [
        (ScalarType.Bool, typeof(bool), "i1", 1),
        (ScalarType.I8, typeof(sbyte), "i8", 1),
        (ScalarType.I16, typeof(short), "i16", 2),
        (ScalarType.I32, typeof(int), "i32", 4),
        (ScalarType.I64, typeof(long), "i64", 8),
        (ScalarType.U8, typeof(byte), "u8", 1),
        (ScalarType.U16, typeof(ushort), "u16", 2),
        (ScalarType.U32, typeof(uint), "u32", 4),
        (ScalarType.U64, typeof(ulong), "u64", 8),
        (ScalarType.F16, typeof(Half), "f16", 2),
        (ScalarType.F32, typeof(float), "f32", 4),
        (ScalarType.F64, typeof(double), "f64", 8),
    ];

    /// <summary>The size of one element in bytes.</summary>
    public static int Size(this ScalarType type) => s_table[(int)type].Size;

    /// <summary>The name in text forms: <c>f32</c>, <c>i64</c>, <c>i1</c> for bool.</summary>
    public static string Text(this ScalarType type) => s_table[(int)type].Name;

    /// <summary>The .NET type.</summary>
    public static Type ClrType(this ScalarType type) => s_table[(int)type].Clr;

    public static bool IsFloat(this ScalarType type) => type >= ScalarType.F16;

    public static bool IsInteger(this ScalarType type) => type is > ScalarType.Bool and < ScalarType.F16;

    public static bool IsSigned(this ScalarType type) => type is >= ScalarType.I8 and <= ScalarType.I64;

    public static bool IsUnsigned(this ScalarType type) => type is >= ScalarType.U8 and <= ScalarType.U64;

    /// <summary>The scalar type of a .NET type, or null when it is none (enums count as their underlying type).</summary>
    public static ScalarType? Of(Type type)
    {
        if (type.IsEnum)
        {
            type = type.GetEnumUnderlyingType();
        }
        foreach (var row in s_table)
        {
            if (row.Clr == type)
            {
                return row.Type;
            }
        }
        return null;
    }

    /// <summary>The scalar type with this name in text forms, or null.</summary>
    public static ScalarType? Parse(string name)
    {
        foreach (var row in s_table)
        {
            if (row.Name == name)
            {
                return row.Type;
            }
        }
        return null;
    }
}
