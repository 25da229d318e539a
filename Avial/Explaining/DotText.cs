using System.Text;

namespace Avial.Explaining;

/// <summary>Pictures in the language of Graphviz.</summary>
internal static class DotText
{
    public static string Of(Picture picture)
    {
        var text = new StringBuilder("digraph plan {\n    node [shape=box, fontname=\"sans-serif\"];\n    edge [fontname=\"sans-serif\"];\n");
        Group(picture, "    ", text);
        foreach (PictureEdge edge in picture.Edges)
        {
            string label = edge.Label.Length == 0 ? "" : $"label=\"{Escape(edge.Label)}\"";
            string style = edge.IsBack ? "style=dashed, constraint=false" : "";
            string attributes = string.Join(", ", new[] { label, style }.Where(a => a.Length > 0));
            text.Append("    ").Append(edge.From).Append(" -> ").Append(edge.To).Append(attributes.Length == 0 ? "" : $" [{attributes}]").Append(";\n");
        }
        return text.Append('}').ToString();
    }

    private static void Group(Picture picture, string indent, StringBuilder text)
    {
        foreach (PictureNode node in picture.Nodes)
        {
            string look = node.Kind switch
            {
                PictureKind.Memory => ", shape=cylinder",
                PictureKind.Result => ", style=rounded",
                PictureKind.Send => ", shape=rarrow, style=filled, fillcolor=\"#fde68a\"",
                PictureKind.Receive => ", shape=larrow, style=filled, fillcolor=\"#bfdbfe\"",
                _ => "",
            };
            text.Append(indent).Append(node.Id).Append(" [label=\"").Append(Escape(node.Label)).Append('"').Append(look).Append("];\n");
        }
        foreach (Picture group in picture.Groups)
        {
            // Graphviz draws a frame around subgraphs whose names begin so.
            text.Append(indent).Append("subgraph cluster_").Append(group.Id).Append(" {\n").Append(indent).Append("    label=\"").Append(Escape(group.Label)).Append("\";\n");
            Group(group, indent + "    ", text);
            text.Append(indent).Append("}\n");
        }
    }

    private static string Escape(string label)
    {
        var text = new StringBuilder(label.Length);
        foreach (char letter in label)
        {
            text.Append(letter switch
            {
                '\n' => "\\n",
                '"' => "\\\"",
                '\\' => "\\\\",
                < ' ' => " ",
                _ => letter.ToString(),
            });
        }
        return text.ToString();
    }
}
