namespace Avial.Explaining;

/// <summary>What a node of a picture stands for, which says how it looks.</summary>
internal enum PictureKind : byte
{
    Task,
    Memory,
    Result,
    Send,
    Receive,
}

/// <summary>A node; lines of its label are separated by line feeds.</summary>
internal sealed record PictureNode(string Id, string Label, PictureKind Kind);

/// <summary>An arrow. <paramref name="IsBack"/>: it leads into the next step of a loop.</summary>
internal sealed record PictureEdge(string From, string To, string Label = "", bool IsBack = false);

/// <summary>A graph to draw, in groups within groups: what Mermaid and DOT texts are written from.</summary>
internal sealed class Picture(string id, string label)
{
    public string Id => id;

    /// <summary>The heading of the group; empty for the whole picture.</summary>
    public string Label => label;

    public List<PictureNode> Nodes { get; } = [];

    public List<Picture> Groups { get; } = [];

    /// <summary>The arrows, those between nodes of inner groups too; kept by the whole picture.</summary>
    public List<PictureEdge> Edges { get; } = [];

    public void Add(string id, PictureKind kind, params ReadOnlySpan<string> lines)
    {
        var kept = new List<string>();
        foreach (string line in lines)
        {
            if (line.Length > 0)
            {
                kept.Add(line);
            }
        }
        Nodes.Add(new PictureNode(id, string.Join('\n', kept), kind));
    }
}
