using System.Text.RegularExpressions;

namespace Avial.Tests.Explaining;

/// <summary>A small reader of the pictures' languages: strict about what Avial writes, so that a label can break nothing. Gives the number of nodes and arrows.</summary>
internal static partial class PictureCheck
{
    /// <summary>Every line is one of the forms of a flowchart, groups are closed, ids are unique, both ends of each arrow are declared.</summary>
    public static (int Nodes, int Edges) Mermaid(string text)
    {
        string[] lines = text.Split('\n');
        Assert.That(lines[0], Is.EqualTo("flowchart TD"));
        var declared = new HashSet<string>();
        var ends = new List<string>();
        int depth = 0;
        foreach (string line in lines.Skip(1).Select(l => l.Trim()))
        {
            if (MermaidGroup().Match(line) is { Success: true } group)
            {
                Assert.That(declared.Add(group.Groups[1].Value), line);
                depth++;
            }
            else if (line == "end")
            {
                Assert.That(--depth, Is.GreaterThanOrEqualTo(0));
            }
            else if (MermaidNode().Match(line) is { Success: true } node)
            {
                Assert.That(declared.Add(node.Groups[1].Value), line);
            }
            else if (MermaidEdge().Match(line) is { Success: true } edge)
            {
                ends.AddRange([edge.Groups[1].Value, edge.Groups[2].Value]);
            }
            else
            {
                Assert.That(line, Does.Match("^class(Def)? "), "a line that is no flowchart's");
            }
        }
        Assert.That(depth, Is.Zero);
        Assert.That(ends.Where(e => !declared.Contains(e)), Is.Empty);
        return (declared.Count, ends.Count / 2);
    }

    /// <summary>Quoted strings end, braces balance, statements are of the forms known, ids are unique, both ends of each arrow are declared.</summary>
    public static (int Nodes, int Edges) Dot(string text)
    {
        string bare = DotString().Replace(text, "S");
        Assert.That(bare, Does.Not.Contain('"'));
        Assert.That(bare.Count(c => c == '{'), Is.EqualTo(bare.Count(c => c == '}')));
        var declared = new HashSet<string>();
        var ends = new List<string>();
        foreach (string line in bare.Split('\n').Select(l => l.Trim()))
        {
            if (DotEdge().Match(line) is { Success: true } edge)
            {
                ends.AddRange([edge.Groups[1].Value, edge.Groups[2].Value]);
            }
            else if (DotNode().Match(line) is { Success: true } node)
            {
                if (node.Groups[1].Value is not ("node" or "edge"))
                {
                    Assert.That(declared.Add(node.Groups[1].Value), line);
                }
            }
            else
            {
                Assert.That(line, Does.Match(@"^(digraph plan \{|subgraph cluster_\w+ \{|label=S;|\})$"));
            }
        }
        Assert.That(ends.Where(e => !declared.Contains(e)), Is.Empty);
        return (declared.Count, ends.Count / 2);
    }

    // Inside a label stand no characters that Mermaid would take for syntax.
    private const string Label = "\"[^\"|`\\\\<>]*(?:<br/>[^\"|`\\\\<>]*)*\"";

    [GeneratedRegex(@"^subgraph (\w+)\[" + Label + @"\]$")]
    private static partial Regex MermaidGroup();

    [GeneratedRegex(@"^(\w+)(?:\[" + Label + @"\]|\[\(" + Label + @"\)\]|\(\[" + Label + @"\]\)|\[/" + Label + @"/\]|\[\\" + Label + @"\\\])$")]
    private static partial Regex MermaidNode();

    [GeneratedRegex(@"^(\w+) (?:-->|-\.->)(?:\|" + Label + @"\|)? (\w+)$")]
    private static partial Regex MermaidEdge();

    [GeneratedRegex("\"(?:[^\"\\\\\\n]|\\\\.)*\"")]
    private static partial Regex DotString();

    [GeneratedRegex(@"^(\w+) -> (\w+)(?: \[[^\]]*\])?;$")]
    private static partial Regex DotEdge();

    [GeneratedRegex(@"^(\w+) \[[^\]]*\];$")]
    private static partial Regex DotNode();
}
