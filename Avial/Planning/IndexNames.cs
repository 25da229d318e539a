using Avial.IR;

namespace Avial.Planning;

/// <summary>The names a user knows index variables by: the lambda's parameters, else i, j, k, l; inductions take free letters.</summary>
internal sealed class IndexNames
{
    private static readonly string[] s_letters = ["i", "j", "k", "l"];
    private static readonly string[] s_inductionLetters = ["k", "m", "n", "p", "q", "r"];

    private readonly Dictionary<int, string> _names = [];

    public IndexNames(AccessModel model, in BoundsQuery query)
    {
        KernelStructure structure = model.Facts.Structure;
        Kernel kernel = structure.Kernel;
        string[] written = ParametersOf(query.Span.Text);
        int skipped = written.Length - kernel.Rank;
        for (int axis = 0; axis < kernel.Rank; axis++)
        {
            _names[kernel.Indices[axis].Id] = skipped is 0 or 1 ? written[skipped + axis] : s_letters[Math.Min(axis, s_letters.Length - 1)];
        }
        foreach (PathStep step in model.Site.Path)
        {
            if (step.Kind == PathKind.Loop)
            {
                _names[step.Value.Id] = s_inductionLetters.FirstOrDefault(l => !_names.ContainsValue(l)) ?? $"k{step.Value.Id}";
            }
        }
        for (int p = 0; p < kernel.Parameters.Length; p++)
        {
            if (model.Facts.Environment.Parameters[p].Symbol >= 0)
            {
                _names[kernel.Parameters[p].Id] = "step";
            }
            else if (model.Facts.Environment.Parameters[p].Value is { } value)
            {
                _names[kernel.Parameters[p].Id] = $"{value}";
            }
        }
    }

    public string Of(Value value) => _names.TryGetValue(value.Id, out string? name) ? name : "…";

    /// <summary><c>i - 1</c>, <c>2*i + k</c>.</summary>
    public string Text(AffineIndex index)
    {
        string text = "";
        foreach (AffineTerm term in index.Terms)
        {
            decimal size = Math.Abs((decimal)term.Coefficient);
            string sign = term.Coefficient < 0 ? (text.Length == 0 ? "-" : " - ") : text.Length == 0 ? "" : " + ";
            text += $"{sign}{(size == 1 ? "" : $"{size}*")}{Of(term.Atom)}";
        }
        return text.Length == 0 ? $"{index.Constant}"
            : index.Constant == 0 ? text
            : index.Constant < 0 ? $"{text} - {-(decimal)index.Constant}" : $"{text} + {index.Constant}";
    }

    /// <summary>The parameter names of a lambda's text: <c>(i, j) => …</c> or <c>i => …</c>.</summary>
    private static string[] ParametersOf(string? lambda)
    {
        int arrow = lambda?.IndexOf("=>", StringComparison.Ordinal) ?? -1;
        if (arrow < 0)
        {
            return [];
        }
        string[] names = lambda![..arrow].Trim().Trim('(', ')').Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Array.TrueForAll(names, n => n.All(c => char.IsLetterOrDigit(c) || c == '_')) ? names : [];
    }
}
