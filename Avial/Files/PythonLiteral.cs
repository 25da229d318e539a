using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Avial.Files;

/// <summary>The Python literals that a .npy header is made of: strings, integers, booleans, None, tuples, lists and dictionaries.</summary>
/// <remarks>Values are <see cref="string"/>, <see cref="long"/>, <see cref="bool"/>, null, <see cref="Tuple"/>, <see cref="List"/> and <see cref="Dict"/>.</remarks>
internal sealed class PythonLiteral
{
    // Deeper than any header; keeps hostile text from exhausting the stack.
    private const int MaxDepth = 64;

    private readonly string _text;
    private int _at;
    private int _depth;

    private PythonLiteral(string text) => _text = text;

    public sealed record Tuple(ImmutableArray<object?> Items);

    public sealed record List(ImmutableArray<object?> Items);

    public sealed record Dict(ImmutableArray<KeyValuePair<object?, object?>> Items);

    /// <summary>Reads one literal and nothing after it but blanks.</summary>
    /// <exception cref="FormatException">The text is something else; the message says where and what.</exception>
    public static object? Parse(string text)
    {
        var parser = new PythonLiteral(text);
        object? value = parser.Value();
        parser.Peek();
        return parser._at == text.Length ? value : throw parser.Unexpected("nothing more");
    }

    /// <summary>Writes a string as Python's repr does.</summary>
    public static string Quote(string text)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        var quoted = new StringBuilder().Append(quote);
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when c == quote => "\\" + c,
                < ' ' or (>= (char)0x7f and < (char)0xa0) => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return quoted.Append(quote).ToString();
    }

    private object? Value()
    {
        if (++_depth > MaxDepth)
        {
            throw new FormatException($"it nests deeper than {MaxDepth} levels at character {_at}");
        }

        char c = Peek();
        object? value = c switch
        {
            '(' => TupleOrParenthesised(),
            '[' => new List(Items('[', ']', out _)),
            '{' => Dictionary(),
            '\'' or '"' => String(),
            '-' or (>= '0' and <= '9') => Integer(),
            _ => Name(),
        };
        _depth--;
        return value;
    }

    private object? TupleOrParenthesised()
    {
        var items = Items('(', ')', out bool hasComma);
        return items.Length == 1 && !hasComma ? items[0] : new Tuple(items);
    }

    private ImmutableArray<object?> Items(char open, char close, out bool hasComma)
    {
        Expect(open);
        hasComma = false;
        var items = ImmutableArray.CreateBuilder<object?>();
        while (!Skip(close))
        {
            if (items.Count > 0 && !hasComma)
            {
                throw Unexpected($"',' or '{close}'");
            }

            items.Add(Value());
            hasComma = Skip(',');
        }

        return items.ToImmutable();
    }

    private Dict Dictionary()
    {
        Expect('{');
        bool hasComma = true;
        var items = ImmutableArray.CreateBuilder<KeyValuePair<object?, object?>>();
        while (!Skip('}'))
        {
            if (!hasComma)
            {
                throw Unexpected("',' or '}'");
            }

            object? key = Value();
            Expect(':');
            items.Add(new(key, Value()));
            hasComma = Skip(',');
        }

        return new Dict(items.ToImmutable());
    }

    private string String()
    {
        char quote = Peek();
        _at++;
        var text = new StringBuilder();
        while (true)
        {
            char c = Next();
            if (c == quote)
            {
                return text.ToString();
            }

            text.Append(c == '\\' ? Escape() : c.ToString());
        }
    }

    private string Escape()
    {
        char c = Next();
        return c switch
        {
            '\\' or '\'' or '"' => c.ToString(),
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'x' => CodePoint(2),
            'u' => CodePoint(4),
            'U' => CodePoint(8),
            _ => throw new FormatException($"it has the unknown escape '\\{c}' at character {_at - 2}"),
        };
    }

    private string CodePoint(int digits)
    {
        var hex = _text.AsSpan(_at, Math.Min(digits, _text.Length - _at));
        _at += hex.Length;
        return hex.Length == digits && int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code)
                && (Rune.IsValid(code) || code is >= 0xd800 and <= 0xdfff)
            ? Rune.IsValid(code) ? new Rune(code).ToString() : ((char)code).ToString()
            : throw new FormatException($"it has a damaged escape before character {_at}");
    }

    private long Integer()
    {
        int start = _at;
        _at++;
        while (char.IsAsciiDigit(At(_at)))
        {
            _at++;
        }

        var digits = _text.AsSpan(start, _at - start);
        if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            throw new FormatException($"its number '{digits}' at character {start} does not fit into 64 bits");
        }

        // Python 2 wrote long integers as 10L.
        if (At(_at) == 'L')
        {
            _at++;
        }

        return value;
    }

    private object? Name()
    {
        int start = _at;
        while (char.IsAsciiLetterOrDigit(At(_at)) || At(_at) == '_')
        {
            _at++;
        }

        string name = _text[start.._at];
        switch (name)
        {
            case "True":
                return true;
            case "False":
                return false;
            case "None":
                return null;
            case "u" when At(_at) is '\'' or '"':
                return String();
            default:
                _at = start;
                throw Unexpected("a value");
        }
    }

    private char At(int at) => at < _text.Length ? _text[at] : '\0';

    private char Peek()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }

        return At(_at);
    }

    private char Next() => _at < _text.Length ? _text[_at++] : throw Unexpected("the closing quote");

    private bool Skip(char c)
    {
        bool isThere = Peek() == c && _at < _text.Length;
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private void Expect(char c)
    {
        if (!Skip(c))
        {
            throw Unexpected($"'{c}'");
        }
    }

    private FormatException Unexpected(string expected)
    {
        string found = _at < _text.Length ? $"'{_text.AsSpan(_at, Math.Min(12, _text.Length - _at))}'" : "the end";
        return new FormatException($"it has {found} at character {_at} where {expected} was expected");
    }
}
