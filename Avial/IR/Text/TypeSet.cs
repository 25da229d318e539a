namespace Avial.IR.Text;

/// <summary>The types an operation is defined for.</summary>
[Flags]
internal enum TypeSet : byte
{
    Bool = 1,
    Signed = 2,
    Unsigned = 4,
    Float = 8,
    Integer = Signed | Unsigned,
    Number = Integer | Float,
    Bits = Bool | Integer,
    Any = Bool | Number,
}

internal static class TypeSets
{
    public static bool Contains(this TypeSet set, ScalarType type) =>
        (set & (type == ScalarType.Bool ? TypeSet.Bool : type.IsSigned() ? TypeSet.Signed : type.IsUnsigned() ? TypeSet.Unsigned : TypeSet.Float)) != 0;
}
