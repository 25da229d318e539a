using Avial.IR;

namespace Avial.Files;

/// <summary>One primitive column of the elements of a .npy file.</summary>
/// <param name="Name">The field's name, empty if the elements are plain numbers; fields of nested records as <c>outer.inner</c>.</param>
/// <param name="Type">The type of the values.</param>
/// <param name="Offset">The byte inside the element where the value starts.</param>
/// <param name="IsBigEndian">Whether the file keeps the high byte first.</param>
internal readonly record struct NpyColumn(string Name, ScalarType Type, int Offset = 0, bool IsBigEndian = false)
{
    private static readonly (string Code, ScalarType Type)[] s_codes =
    [
        ("b1", ScalarType.Bool),
        ("i1", ScalarType.I8), ("i2", ScalarType.I16), ("i4", ScalarType.I32), ("i8", ScalarType.I64),
        ("u1", ScalarType.U8), ("u2", ScalarType.U16), ("u4", ScalarType.U32), ("u8", ScalarType.U64),
        ("f2", ScalarType.F16), ("f4", ScalarType.F32), ("f8", ScalarType.F64),
    ];

    /// <summary>The size of a value in bytes.</summary>
    public int Size => Type.Size();

    /// <summary>Whether the bytes of a value must be reversed to be read on this machine.</summary>
    public bool IsSwapped => Size > 1 && IsBigEndian == BitConverter.IsLittleEndian;

    /// <summary>The code with its byte order, as in <c>&lt;f8</c>.</summary>
    public string Code => (Size == 1 ? "|" : IsBigEndian ? ">" : "<") + CodeOf(Type);

    /// <summary>Reads a code such as <c>&lt;f8</c>, <c>|b1</c> or <c>i4</c>; false if it names no type that arrays can hold.</summary>
    public static bool TryParseCode(string code, out ScalarType type, out bool isBigEndian)
    {
        bool hasOrder = code.Length > 0 && code[0] is '<' or '>' or '|' or '=';
        isBigEndian = hasOrder && (code[0] == '>' || (code[0] != '<' && !BitConverter.IsLittleEndian));
        string bare = hasOrder ? code[1..] : code;
        foreach (var row in s_codes)
        {
            if (row.Code == bare || (bare == "?" && row.Type == ScalarType.Bool))
            {
                type = row.Type;
                return true;
            }
        }

        type = default;
        return false;
    }

    private static string CodeOf(ScalarType type)
    {
        foreach (var row in s_codes)
        {
            if (row.Type == type)
            {
                return row.Code;
            }
        }

        throw new ArgumentOutOfRangeException(nameof(type), type, "A .npy file has no code for this type.");
    }
}
