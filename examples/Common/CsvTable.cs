using System.Globalization;
using System.Numerics;
using System.Text;

namespace Avial.Examples;

/// <summary>A comma-separated file with a header line (RFC 4180: quoted fields may hold commas, quotes and line ends).</summary>
public sealed class CsvTable
{
    private readonly string _name;
    private readonly string[] _header;
    private readonly List<string[]> _rows;
    private readonly List<int> _lines;

    private CsvTable(string name, string[] header, List<string[]> rows, List<int> lines) =>
        (_name, _header, _rows, _lines) = (name, header, rows, lines);

    /// <summary>The number of records below the header.</summary>
    public int Rows => _rows.Count;

    /// <summary>Reads an embedded data file.</summary>
    public static CsvTable Load(string name)
    {
        using var stream = DataFile.Open(name);
        return Read(stream, name);
    }

    /// <summary>Reads a stream; <paramref name="name"/> is what messages call it.</summary>
    /// <exception cref="InvalidDataException">The text is not a table; the message names the line.</exception>
    public static CsvTable Read(Stream stream, string name)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = reader.ReadToEnd();
        var rows = new List<string[]>();
        var lines = new List<int>();
        var (position, line) = (0, 1);
        while (position < text.Length)
        {
            lines.Add(line);
            rows.Add(ReadRecord(text, name, ref position, ref line));
        }
        if (rows.Count == 0) throw new InvalidDataException($"{name} is empty; expected a header line.");

        var header = rows[0];
        for (var row = 1; row < rows.Count; row++)
        {
            if (rows[row].Length != header.Length)
            {
                throw new InvalidDataException(
                    $"{name}, line {lines[row]}: {rows[row].Length} fields where the header has {header.Length}.");
            }
        }
        rows.RemoveAt(0);
        lines.RemoveAt(0);
        return new CsvTable(name, header, rows, lines);
    }

    /// <summary>One column as text.</summary>
    public string[] Text(string column)
    {
        var index = Index(column);
        return [.. _rows.Select(row => row[index])];
    }

    /// <summary>One column as numbers.</summary>
    /// <exception cref="InvalidDataException">A field is not a number; the message names the line.</exception>
    public T[] Numbers<T>(string column)
        where T : struct, INumber<T>
    {
        var index = Index(column);
        var values = new T[_rows.Count];
        for (var row = 0; row < values.Length; row++)
        {
            if (!T.TryParse(_rows[row][index], NumberStyles.Float, CultureInfo.InvariantCulture, out values[row]))
            {
                throw new InvalidDataException($"{_name}, line {_lines[row]}: '{_rows[row][index]}' in column {column} is not a number.");
            }
        }
        return values;
    }

    private int Index(string column)
    {
        var index = Array.IndexOf(_header, column);
        return index >= 0 ? index : throw new InvalidDataException(
            $"{_name} has no column '{column}'; it has {string.Join(", ", _header)}.");
    }

    private static string[] ReadRecord(string text, string name, ref int position, ref int line)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var firstLine = line;
        var isQuoted = false;
        while (true)
        {
            if (position == text.Length)
            {
                if (isQuoted) throw new InvalidDataException($"{name}, line {firstLine}: a quoted field is not closed.");
                fields.Add(field.ToString());
                return [.. fields];
            }
            var c = text[position++];
            if (c == '\n') line++;
            if (isQuoted)
            {
                if (c != '"') field.Append(c);
                else if (position < text.Length && text[position] == '"') field.Append(text[position++]);
                else isQuoted = false;
            }
            else if (c == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (c == ',')
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c == '\n')
            {
                fields.Add(field.ToString());
                return [.. fields];
            }
            else if (c != '\r' || position == text.Length || text[position] != '\n')
            {
                field.Append(c);
            }
        }
    }
}
