using System.Text;

namespace Avial.Explaining;

/// <summary>Pictures as Mermaid flowcharts.</summary>
internal static class MermaidText
{
    public static string Of(Picture picture)
    {
        var text = new StringBuilder("flowchart TD\n");
        Group(picture, "    ", text);
        foreach (PictureEdge edge in picture.Edges)
        {
            string arrow = edge.IsBack ? "-.->" : "-->";
            text.Append("    ").Append(edge.From).Append(' ').Append(arrow);
            text.Append(edge.Label.Length == 0 ? " " : $"|\"{Escape(edge.Label)}\"| ").Append(edge.To).Append('\n');
        }
        Style(picture, PictureKind.Send, "send", "fill:#fde68a,stroke:#b45309,color:#000", text);
        Style(picture, PictureKind.Receive, "receive", "fill:#bfdbfe,stroke:#1d4ed8,color:#000", text);
        return text.ToString().TrimEnd();
    }

    private static void Group(Picture picture, string indent, StringBuilder text)
    {
        foreach (PictureNode node in picture.Nodes)
        {
            (string open, string close) = node.Kind switch
            {
                PictureKind.Memory => ("[(", ")]"),
                PictureKind.Result => ("([", "])"),
                PictureKind.Send => ("[/", "/]"),
                PictureKind.Receive => ("[\\", "\\]"),
                _ => ("[", "]"),
            };
            text.Append(indent).Append(node.Id).Append(open).Append('"').Append(Escape(node.Label)).Append('"').Append(close).Append('\n');
        }
        foreach (Picture group in picture.Groups)
        {
            text.Append(indent).Append("subgraph ").Append(group.Id).Append("[\"").Append(Escape(group.Label)).Append("\"]\n");
            Group(group, indent + "    ", text);
            text.Append(indent).Append("end\n");
        }
    }

    private static void Style(Picture picture, PictureKind kind, string name, string style, StringBuilder text)
    {
        string[] ids = [.. NodesOf(picture).Where(n => n.Kind == kind).Select(n => n.Id)];
        if (ids.Length > 0)
        {
            text.Append("    classDef ").Append(name).Append(' ').Append(style).Append('\n');
            text.Append("    class ").AppendJoin(',', ids).Append(' ').Append(name).Append('\n');
        }
    }

    private static IEnumerable<PictureNode> NodesOf(Picture picture) => picture.Nodes.Concat(picture.Groups.SelectMany(NodesOf));

    // Labels are quoted; Mermaid's own codes stand for what ends a quotation, an edge's label, or would be taken for Markdown or HTML.
    private static string Escape(string label)
    {
        var text = new StringBuilder(label.Length);
        foreach (char letter in label)
        {
            text.Append(letter switch
            {
                '\n' => "<br/>",
                '"' => "#quot;",
                '#' => "#35;",
                '&' => "#amp;",
                '<' => "#lt;",
                '>' => "#gt;",
                '|' => "#124;",
                '`' => "#96;",
                '\\' => "#92;",
                < ' ' => " ",
                _ => letter.ToString(),
            });
        }
        return text.ToString();
    }
}
