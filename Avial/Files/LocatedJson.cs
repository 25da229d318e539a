using System.Globalization;
using System.Text.Json;

namespace Avial.Files;

/// <summary>A value of a JSON text with its place there, so that what is wrong with it can be said with the line.</summary>
/// <param name="Kind">String, Number, True, False, Null, StartObject or StartArray.</param>
/// <param name="Text">A string's letters, a number as it is written; empty for the others.</param>
/// <param name="Line">The line it begins on, from 1.</param>
/// <param name="Path">How it is reached: <c>nodes[0].speed</c>; empty at the root.</param>
/// <param name="Properties">Of an object, in the order of the text, repeated names too.</param>
/// <param name="Elements">Of an array.</param>
internal sealed record LocatedJson(
    JsonTokenType Kind, string Text, int Line, string Path, IReadOnlyList<(string Name, LocatedJson Value)> Properties, IReadOnlyList<LocatedJson> Elements)
{
    private static readonly JsonReaderOptions s_options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a text; comments and trailing commas are allowed.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static LocatedJson Parse(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, s_options);
        reader.Read();
        LocatedJson root = Value(ref reader, text, "");
        reader.Read();
        return root;
    }

    /// <summary>What it is, for messages: <c>the text "fast"</c>.</summary>
    public override string ToString() => Kind switch
    {
        JsonTokenType.String => $"the text \"{Text}\"",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => Text,
    };

    private static LocatedJson Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, string path)
    {
        var properties = new List<(string, LocatedJson)>();
        var elements = new List<LocatedJson>();
        JsonTokenType kind = reader.TokenType;
        int line = 1 + text[..(int)reader.TokenStartIndex].Count((byte)'\n');
        string content = kind switch
        {
            JsonTokenType.String => reader.GetString()!,
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => "",
        };
        while (kind == JsonTokenType.StartObject && reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();
            properties.Add((name, Value(ref reader, text, path.Length == 0 ? name : $"{path}.{name}")));
        }
        while (kind == JsonTokenType.StartArray && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            elements.Add(Value(ref reader, text, string.Create(CultureInfo.InvariantCulture, $"{path}[{elements.Count}]")));
        }
        return new LocatedJson(kind, content, line, path, properties, elements);
    }
}
