using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Files;

/// <summary>
/// The element type of a .npy file: a plain number, or a record whose fields, nested ones included, are flattened to primitive columns.
/// </summary>
/// <param name="Columns">The columns by ascending offset.</param>
/// <param name="Size">The size of one element in bytes, padding included.</param>
/// <param name="IsRecord">Whether the columns are the fields of a record.</param>
internal sealed record NpyElement(ImmutableArray<NpyColumn> Columns, int Size, bool IsRecord)
{
    /// <summary>Elements that are plain numbers.</summary>
    public static NpyElement Plain(ScalarType type, bool isBigEndian = false) =>
        new([new NpyColumn("", type, 0, isBigEndian)], type.Size(), false);

    /// <summary>Elements that are records of these fields, without padding, low byte first. Names with dots make nested records.</summary>
    public static NpyElement Record(IEnumerable<(string Name, ScalarType Type)> fields)
    {
        var columns = ImmutableArray.CreateBuilder<NpyColumn>();
        int offset = 0;
        foreach (var (name, type) in fields)
        {
            columns.Add(new NpyColumn(name, type, offset));
            offset += type.Size();
        }

        return new NpyElement(columns.ToImmutable(), offset, true);
    }

    /// <summary>Reads the value of a header's <c>descr</c>.</summary>
    /// <exception cref="FormatException">It names no type that arrays can hold; the message says which part.</exception>
    public static NpyElement Parse(object? descr)
    {
        var columns = ImmutableArray.CreateBuilder<NpyColumn>();
        int size = AddColumns(descr, "", 0, columns);
        if (columns.Count == 0)
        {
            throw new FormatException("its elements have no fields");
        }

        string? twice = columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? new NpyElement(columns.ToImmutable(), size, descr is not string)
            : throw new FormatException($"its elements have two fields '{twice}'");
    }

    /// <summary>Writes the value of a header's <c>descr</c> as NumPy would.</summary>
    public string Descr()
    {
        if (!IsRecord)
        {
            return PythonLiteral.Quote(Columns[0].Code);
        }

        int end = 0;
        return Fields("", 0, ref end, Size);
    }

    private static int AddColumns(object? descr, string name, int offset, ImmutableArray<NpyColumn>.Builder columns)
    {
        switch (descr)
        {
            case string code when NpyColumn.TryParseCode(code, out ScalarType type, out bool isBigEndian):
                columns.Add(new NpyColumn(name, type, offset, isBigEndian));
                return type.Size();
            case string code:
                throw new FormatException($"its {Subject(name)} of the type '{code}'{Meaning(code)}");
            case PythonLiteral.List fields:
                int size = 0;
                foreach (object? field in fields.Items)
                {
                    size = checked(size + AddField(field, name, checked(offset + size), columns));
                }

                return size;
            case PythonLiteral.Tuple:
                throw new FormatException($"its {Subject(name)} arrays");
            default:
                throw new FormatException(
                    $"the type of its {(name.Length == 0 ? "elements" : $"field '{name}'")} is not written as NumPy writes types");
        }
    }

    private static int AddField(object? field, string outer, int offset, ImmutableArray<NpyColumn>.Builder columns)
    {
        if (field is not PythonLiteral.Tuple { Items: { Length: 2 or 3 } items })
        {
            throw new FormatException("its fields are not written as (name, type)");
        }

        // A field may have a title: ((title, name), type).
        object? nameOrTitled = items[0] is PythonLiteral.Tuple { Items: { Length: 2 } titled } ? titled[1] : items[0];
        if (nameOrTitled is not string name)
        {
            throw new FormatException("a field's name is not a string");
        }

        if (items.Length == 3 && items[2] is not PythonLiteral.Tuple { Items.Length: 0 })
        {
            throw new FormatException($"its {Subject(Join(outer, name))} arrays");
        }

        return name.Length == 0 && items[1] is string padding && TryParsePadding(padding, out int bytes)
            ? bytes
            : AddColumns(items[1], Join(outer, name), offset, columns);
    }

    // NumPy writes the gaps of aligned records as fields ('', '|V4').
    private static bool TryParsePadding(string code, out int bytes)
    {
        bytes = 0;
        return code.StartsWith("|V", StringComparison.Ordinal) && int.TryParse(code.AsSpan(2), out bytes) && bytes >= 0;
    }

    private static string Join(string outer, string name) => outer.Length == 0 ? name : $"{outer}.{name}";

    private static string Subject(string name) => name.Length == 0 ? "elements are" : $"field '{name}' is";

    private static string Meaning(string code) => code.TrimStart('<', '>', '|', '=') switch
    {
        ['O', ..] => " (Python objects)",
        ['c', ..] => " (complex numbers)",
        ['S' or 'a' or 'U' or 'T', ..] => " (text)",
        ['M' or 'm', ..] => " (dates and times)",
        ['V', ..] => " (raw bytes)",
        ['f', ..] => " (extended precision)",
        _ => "",
    };

    // The fields below one prefix, from its first column on; consecutive columns of one inner record are one field.
    private string Fields(string prefix, int first, ref int end, int until)
    {
        List<string> fields = [];
        for (int i = first; i < Columns.Length && Columns[i].Name.StartsWith(prefix, StringComparison.Ordinal);)
        {
            NpyColumn column = Columns[i];
            if (column.Offset > end)
            {
                fields.Add($"('', '|V{column.Offset - end}')");
                end = column.Offset;
            }

            string rest = column.Name[prefix.Length..];
            int dot = rest.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                fields.Add($"({PythonLiteral.Quote(rest)}, {PythonLiteral.Quote(column.Code)})");
                end += column.Size;
                i++;
            }
            else
            {
                string inner = prefix + rest[..(dot + 1)];
                fields.Add($"({PythonLiteral.Quote(rest[..dot])}, {Fields(inner, i, ref end, 0)})");
                while (i < Columns.Length && Columns[i].Name.StartsWith(inner, StringComparison.Ordinal))
                {
                    i++;
                }
            }
        }

        if (until > end)
        {
            fields.Add($"('', '|V{until - end}')");
        }

        return $"[{string.Join(", ", fields)}]";
    }
}
