namespace Avial.Graph;

/// <summary>
/// What the code of <c>Call</c> tasks is called in text. The same table given to <see cref="GraphPrinter"/> and <see cref="GraphParser"/>
/// brings the same bodies back.
/// </summary>
internal sealed class CallNames
{
    private readonly List<(string Name, CallBody Body)> _rows = [];

    /// <summary>Gives a body a name; without it, bodies are <c>call0</c>, <c>call1</c> … as they are met.</summary>
    public void Add(string name, CallBody body) => _rows.Add((name, body));

    public string NameOf(CallBody body)
    {
        foreach ((string name, CallBody known) in _rows)
        {
            if (ReferenceEquals(known, body))
            {
                return name;
            }
        }
        string given = body is MissingCallBody missing ? missing.Name : $"call{_rows.Count}";
        Add(given, body);
        return given;
    }

    /// <summary>The body of a name; one that cannot run where the name is not known.</summary>
    public CallBody BodyOf(string name)
    {
        foreach ((string known, CallBody body) in _rows)
        {
            if (known == name)
            {
                return body;
            }
        }
        var missing = new MissingCallBody(name);
        Add(name, missing);
        return missing;
    }

    /// <summary>Stands for code that a text cannot hold.</summary>
    private sealed class MissingCallBody(string name) : CallBody
    {
        public string Name => name;

        public override void Invoke(ReadOnlySpan<Execution.Storage> reads, ReadOnlySpan<Execution.Storage> writes) =>
            throw new Diagnostics.InternalErrorException($"The code of the call '{name}' is not part of the graph's text.");
    }
}
