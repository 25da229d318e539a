using System.Globalization;
using System.Text;

namespace Avial.IR.Text;

/// <summary>
/// Reads the text forms: blanks, line ends and <c>//</c> comments separate, nothing else depends on them. Every <c>Take</c> fails with
/// line and column when the text reads otherwise; every <c>TryTake</c> moves only when it succeeds.
/// </summary>
internal sealed class TextScanner
{
    private readonly string _text;
    private int _position;
    private int _taken;

    public TextScanner(string text) => _text = text;

    public bool IsAtEnd
    {
        get
        {
            SkipBlanks();
            return _position == _text.Length;
        }
    }

    /// <summary>Takes a symbol or a whole word.</summary>
    public bool TryTake(string expected)
    {
        if (!Peek(expected))
        {
            return false;
        }
        _position += expected.Length;
        return true;
    }

    /// <summary>Takes a letter that may have digits behind: the x of <c>4x5</c>.</summary>
    public bool TryTakeLetter(char letter)
    {
        SkipBlanks();
        if (_position >= _text.Length || _text[_position] != letter)
        {
            return false;
        }
        _position++;
        return true;
    }

    public void Take(string expected)
    {
        if (!TryTake(expected))
        {
            throw Error($"'{expected}'");
        }
    }

    /// <summary>True when the text goes on with this symbol or whole word.</summary>
    public bool Peek(string expected)
    {
        SkipBlanks();
        if (string.CompareOrdinal(_text, _position, expected, 0, expected.Length) != 0)
        {
            return false;
        }
        return !char.IsAsciiLetter(expected[0]) || IdentifierLength(_position) == expected.Length;
    }

    /// <summary>A word with dots inside: <c>add.f32</c>, <c>Math.Pow</c>, <c>a1.0</c>.</summary>
    public string TakeIdentifier()
    {
        SkipBlanks();
        int length = IdentifierLength(_position);
        return length == 0 ? throw Error("a name") : Advance(length);
    }

    public bool PeekIdentifier()
    {
        SkipBlanks();
        return IdentifierLength(_position) > 0;
    }

    public bool PeekDigit()
    {
        SkipBlanks();
        return _position < _text.Length && char.IsAsciiDigit(_text[_position]);
    }

    /// <summary>Decimal digits.</summary>
    public ulong TakeDigits()
    {
        SkipBlanks();
        int end = _position;
        while (end < _text.Length && char.IsAsciiDigit(_text[end]))
        {
            end++;
        }
        return ulong.TryParse(_text.AsSpan(_position, end - _position), NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? Advanced(end, value) : throw Error("a number");
    }

    /// <summary>Decimal digits that fit int.</summary>
    public int TakeInt()
    {
        ulong value = TakeDigits();
        return value <= int.MaxValue ? (int)value : throw Error("a smaller number");
    }

    /// <summary>Decimal digits after an optional minus.</summary>
    public long TakeLong()
    {
        bool isNegative = TryTake("-");
        ulong size = TakeDigits();
        if (size > (isNegative ? 1UL << 63 : long.MaxValue))
        {
            throw Error("a number of 64 bits");
        }
        return isNegative ? unchecked(-(long)size) : (long)size;
    }

    /// <summary>Hexadecimal digits after <c>0x</c>.</summary>
    public ulong TakeHex()
    {
        Take("0x");
        int end = _position;
        while (end < _text.Length && char.IsAsciiHexDigit(_text[end]))
        {
            end++;
        }
        return ulong.TryParse(_text.AsSpan(_position, end - _position), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)
            ? Advanced(end, value) : throw Error("hexadecimal digits");
    }

    /// <summary>A number with optional fraction and exponent, as text; <c>1..2</c> is two numbers.</summary>
    public string TakeNumber()
    {
        SkipBlanks();
        int end = _position;
        if (end < _text.Length && _text[end] == '-')
        {
            end++;
        }
        end = DigitsEnd(end);
        if (end + 1 < _text.Length && _text[end] == '.' && char.IsAsciiDigit(_text[end + 1]))
        {
            end = DigitsEnd(end + 1);
        }
        if (end < _text.Length && _text[end] is 'e' or 'E')
        {
            int exponent = end + 1 < _text.Length && _text[end + 1] is '+' or '-' ? end + 2 : end + 1;
            end = DigitsEnd(exponent) > exponent ? DigitsEnd(exponent) : end;
        }
        return end == _position ? throw Error("a number") : Advance(end - _position);
    }

    /// <summary><c>2*x - y + 5</c>: terms as they come, constants added up.</summary>
    public List<(T Atom, long Coefficient)> TakeSum<T>(Func<bool> isAtom, Func<T> takeAtom, out long constant)
    {
        var terms = new List<(T, long)>();
        constant = 0;
        bool isNegative = false;
        do
        {
            // A sign of its own may follow the one between terms: $0 + -2*$1.
            isNegative ^= TryTake("-");
            ulong size = isAtom() ? 1 : TakeDigits();
            long signed = unchecked(isNegative ? -(long)size : (long)size);
            if (isAtom() || TryTake("*"))
            {
                terms.Add((takeAtom(), signed));
            }
            else
            {
                constant = unchecked(constant + signed);
            }
            isNegative = Peek("-");
        }
        while (TryTake("+") || TryTake("-"));
        return terms;
    }

    public bool PeekQuote()
    {
        SkipBlanks();
        return _position < _text.Length && _text[_position] == '"';
    }

    /// <summary>A string in quotes, as <see cref="Quote"/> writes it.</summary>
    public string TakeString()
    {
        if (!PeekQuote())
        {
            throw Error("a string in quotes");
        }
        var value = new StringBuilder();
        int at = _position + 1;
        for (; at < _text.Length && _text[at] != '"'; at++)
        {
            if (_text[at] != '\\' || at + 1 >= _text.Length)
            {
                value.Append(_text[at]);
                continue;
            }
            at++;
            if (_text[at] == 'u' && at + 4 < _text.Length
                && ushort.TryParse(_text.AsSpan(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            {
                value.Append((char)code);
                at += 4;
                continue;
            }
            value.Append(_text[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', char other => other });
        }
        if (at >= _text.Length)
        {
            throw Error("the end of a string");
        }
        _position = at + 1;
        return value.ToString();
    }

    /// <summary>The string in quotes, on one line.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                _ when char.IsControl(c) || char.IsSurrogate(c) || c is '\u2028' or '\u2029' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>True for a word that <see cref="TakeIdentifier"/> takes whole.</summary>
    public static bool IsIdentifier(string text) => text.Length > 0 && new TextScanner(text).IdentifierLength(0) == text.Length;

    /// <summary>What was expected and what is there instead.</summary>
    public FormatException Error(string expected)
    {
        SkipBlanks();
        ReadOnlySpan<char> rest = _text.AsSpan(_position);
        int end = rest.IndexOfAny('\r', '\n');
        string found = rest.IsEmpty ? "the end of the text" : $"'{rest[..(end < 0 ? rest.Length : end)]}'";
        return At(_position, $"expected {expected}, found {found}");
    }

    /// <summary>What is wrong with the name or number taken last.</summary>
    public FormatException Refuse(string problem) => At(_taken, problem);

    private FormatException At(int position, string problem)
    {
        ReadOnlySpan<char> before = _text.AsSpan(0, position);
        return new FormatException($"Line {before.Count('\n') + 1}, column {position - before.LastIndexOf('\n')}: {problem}.");
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    private int DigitsEnd(int from)
    {
        while (from < _text.Length && char.IsAsciiDigit(_text[from]))
        {
            from++;
        }
        return from;
    }

    private int IdentifierLength(int start)
    {
        if (start >= _text.Length || !IsWord(_text[start]) || char.IsDigit(_text[start]))
        {
            return 0;
        }
        int end = start;
        while (end < _text.Length && (IsWord(_text[end]) || _text[end] == '.' && end + 1 < _text.Length && IsWord(_text[end + 1])))
        {
            end++;
        }
        return end - start;
    }

    private string Advance(int length)
    {
        string taken = _text.Substring(_position, length);
        _taken = _position;
        _position += length;
        return taken;
    }

    private T Advanced<T>(int end, T value)
    {
        _taken = _position;
        _position = end;
        return value;
    }

    private void SkipBlanks()
    {
        while (_position < _text.Length)
        {
            if (char.IsWhiteSpace(_text[_position]))
            {
                _position++;
            }
            else if (string.CompareOrdinal(_text, _position, "//", 0, 2) == 0)
            {
                int end = _text.IndexOf('\n', _position);
                _position = end < 0 ? _text.Length : end;
            }
            else
            {
                return;
            }
        }
    }
}
