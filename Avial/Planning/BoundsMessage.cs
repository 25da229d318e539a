using System.Text;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>The text of a refused read: what is read, for which indices, where that is, what the array has, and what to write instead.</summary>
internal static class BoundsMessage
{
    /// <summary><c>'blurred' reads terrain[i - 1, j]</c>, the read as it is written or, where that is not known, as it is understood.</summary>
    public static string Describe(AccessModel model, in BoundsQuery query)
    {
        Access access = model.Site.Access;
        var names = new IndexNames(model, query);
        string border = access.Border == BorderKind.None ? "" : $".{access.Border}";
        string read = string.IsNullOrEmpty(access.Span.Text)
            ? $"{ArrayName(access, query)}{border}[{string.Join(", ", access.Indices.Select(names.Text))}]"
            : access.Span.Text;
        return $"{(query.TaskName is { } task ? $"'{task}'" : "The body")} reads {read}";
    }

    public static string ReadOutside(AccessModel model, AffineSystem outside, int axis, bool isBelow, Witness witness, in BoundsQuery query)
    {
        Access access = model.Site.Access;
        AffineIndex index = access.Indices[axis];
        var names = new IndexNames(model, query);
        long extent = model.Extents[axis];
        string array = ArrayName(access, query);
        var text = new StringBuilder(Describe(model, query));
        FormRange reached = outside.Range(model.Indices[axis]!.Value.Form);
        if (!IsExact(model, outside, index, reached))
        {
            // The set of offending points is not a simple one: one of them says enough.
            reached = new(witness.Index, witness.Index, true);
            isBelow = witness.Index < 0;
            text.Append(At(model, witness, names));
        }
        else
        {
            text.Append(Where(model, outside, index, witness, names));
        }
        text.Append($", that is {Positions(axis, access.Indices.Length, reached)}; ");
        text.Append(extent == 0
            ? $"{array} ({Shape(model)}) has no {Plural(axis, access.Indices.Length)}. "
            : $"the {Plural(axis, access.Indices.Length)} of {array} ({Shape(model)}) are {Range(0, extent - 1)}. ");
        text.Append(Remedy(model, axis, isBelow, array, names));
        return text.ToString();
    }

    private static bool IsExact(AccessModel model, AffineSystem outside, AffineIndex index, FormRange reached) =>
        reached.IsExact && model.IsPathAffine
        && index.Terms.All(t => model.Facts.Structure[t.Atom].Kind != DefinitionKind.Result && outside.Range(model.Facts.FactOf(t.Atom).Form).IsExact);

    /// <summary><c> at i = 0, k = 3</c>: all that varies.</summary>
    private static string At(AccessModel model, Witness witness, IndexNames names)
    {
        Kernel kernel = model.Facts.Structure.Kernel;
        IEnumerable<Value> varying = [.. kernel.Indices, .. model.Path.Loops.Select(l => l.Induction)];
        string text = string.Join(", ", varying.Select(v => $"{names.Of(v)} = {witness.Values[v.Id]}"));
        return text.Length == 0 ? "" : $" at {text}";
    }

    /// <summary><c> for i = 0</c>, <c> for i = 0 to 3</c>, <c> for i = 0 to 3 and k = 0 to 2 (first at i = 0, k = 0)</c>; nothing for a constant.</summary>
    private static string Where(AccessModel model, AffineSystem outside, AffineIndex index, Witness witness, IndexNames names)
    {
        var parts = new List<string>();
        var first = new List<string>();
        foreach (AffineTerm term in index.Terms)
        {
            if (model.Facts.Structure[term.Atom].Kind == DefinitionKind.Result || model.Facts.FactOf(term.Atom) is not { Range.IsPoint: false } fact)
            {
                continue;
            }
            FormRange range = outside.Range(fact.Form);
            parts.Add($"{names.Of(term.Atom)} = {Range(range)}");
            if (witness.Values.TryGetValue(term.Atom.Id, out long at))
            {
                first.Add($"{names.Of(term.Atom)} = {at}");
            }
        }
        string ranges = string.Join(" and ", parts);
        return parts.Count == 0 ? "" : parts.Count == 1 || first.Count < 2 ? $" for {ranges}" : $" for {ranges} (first at {string.Join(", ", first)})";
    }

    private static string Remedy(AccessModel model, int axis, bool isBelow, string array, IndexNames names)
    {
        Access access = model.Site.Access;
        AffineIndex index = access.Indices[axis];
        long extent = model.Extents[axis];
        string borders = extent == 0 ? $"read {array}.Or(value)[…]" : $"read {array}.Clamp[…], {array}.Wrap[…] or {array}.Or(value)[…]";
        if (index.IsConstant)
        {
            return $"Correct the index, or {borders}.";
        }
        var remedies = new List<string>();
        if (Margin(model) is { } margin && margin > 0)
        {
            remedies.Add($"run over {array}.Interior({margin})");
        }
        else if (index.Terms is [{ Coefficient: 1 } only] && index.Constant == 0 && model.Facts.Structure[only.Atom].Kind == DefinitionKind.Index)
        {
            remedies.Add(isBelow ? "start the domain at 0 on this axis" : $"end the domain at {extent} on this axis (it is half-open)");
        }
        remedies.Add(borders);
        remedies.Add($"guard the read: {Guard(index, extent, isBelow, names)} ? … : …");
        remedies[0] = char.ToUpperInvariant(remedies[0][0]) + remedies[0][1..];
        return $"{string.Join("; ", remedies.SkipLast(1))}; or {remedies[^1]}.";
    }

    /// <summary>The margin at which every read of this array is inside, when all are index variables plus constants, axis by axis.</summary>
    private static long? Margin(AccessModel model)
    {
        KernelStructure structure = model.Facts.Structure;
        int operand = model.Site.Access.Operand;
        long margin = 0;
        foreach (Access access in structure.Loads.Select(l => l.Access).Where(a => a.Operand == operand && a.Border == BorderKind.None))
        {
            for (int axis = 0; axis < access.Indices.Length; axis++)
            {
                bool isShifted = access.Indices[axis].Terms is [{ Coefficient: 1 } only]
                    && structure[only.Atom] is { Kind: DefinitionKind.Index } d && d.Number == axis && access.Indices.Length == structure.Kernel.Rank;
                if (!isShifted)
                {
                    return null;
                }
                margin = Math.Max(margin, Math.Abs(access.Indices[axis].Constant));
            }
        }
        return margin <= 64 ? margin : null;
    }

    /// <summary><c>i > 0</c>, <c>i &lt; 4095</c>, <c>2*i - 3 >= 0</c>.</summary>
    private static string Guard(AffineIndex index, long extent, bool isBelow, IndexNames names)
    {
        if (index.Terms is [{ Coefficient: 1 } only])
        {
            string name = names.Of(only.Atom);
            return !isBelow ? $"{name} < {extent - index.Constant}" : index.Constant < 0 ? $"{name} > {-index.Constant - 1}" : $"{name} >= {-index.Constant}";
        }
        return isBelow ? $"{names.Text(index)} >= 0" : $"{names.Text(index)} < {extent}";
    }

    private static string ArrayName(Access access, in BoundsQuery query) =>
        query.InputName?.Invoke(query.Use.Operands[access.Operand]) is { Length: > 0 } name ? name : $"array {access.Operand}";

    private static string Shape(AccessModel model) => string.Join("×", model.Extents);

    private static string Plural(int axis, int rank) => (rank, axis) switch
    {
        (1, _) => "elements",
        (2, 0) => "rows",
        (2, _) => "columns",
        _ => $"indices on axis {axis}",
    };

    private static string Positions(int axis, int rank, FormRange range)
    {
        bool isOne = range.Min is { } min && min == range.Max;
        string noun = (rank, axis) switch
        {
            (1, _) => "element",
            (2, 0) => "row",
            (2, _) => "column",
            _ => "index",
        };
        string suffix = rank > 2 ? $" on axis {axis}" : "";
        return $"{(isOne ? noun : noun == "index" ? "indices" : noun + "s")} {Range(range)}{suffix}";
    }

    private static string Range(FormRange range) => (range.Min, range.Max) switch
    {
        ({ } min, { } max) => Range(min, max),
        ({ } min, null) => $"{min} and above",
        (null, { } max) => $"{max} and below",
        _ => "unknown",
    };

    private static string Range(long min, long max) => min == max ? $"{min}" : $"{min} to {max}";
}
