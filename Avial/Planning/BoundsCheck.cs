using Avial.Diagnostics;
using Avial.Graph;
using Avial.Import;
using Avial.IR;

namespace Avial.Planning;

/// <summary>At recording: every read of a body is proved inside its array, marked to be checked when run, or refused.</summary>
internal static class BoundsCheck
{
    /// <summary>The use with its proofs. A <paramref name="lastName"/> is what the body calls the last input: the array itself in a sweep.</summary>
    public static KernelUse Check(Imported imported, IterationDomain domain, List<NodeOutput> inputs, SourceSpan span, string? lastName = null)
    {
        KernelUse use = imported.Use;
        var types = new ArrayType[inputs.Count];
        List<SymbolRange>? symbols = null;
        for (int position = 0; position < types.Length; position++)
        {
            types[position] = inputs[position].Type;
            if (inputs[position].Node is { Operation: SymbolOperation, Innermost: { } body } && body.Step == inputs[position])
            {
                (symbols ??= []).Add(new SymbolRange(position, 0, body.MostSteps - 1, body.IsCountCertain));
            }
        }
        var query = new BoundsQuery
        {
            Use = use,
            Domain = domain,
            Inputs = types,
            Scalars = imported.Scalars,
            Symbols = symbols is null ? [] : System.Runtime.InteropServices.CollectionsMarshal.AsSpan(symbols),
            Span = span,
            InputName = position => position == inputs.Count - 1 && lastName is not null ? lastName : inputs[position].Node.Name,
        };
        Kernel proved = BoundsAnalysis.Prove(query);
        return ReferenceEquals(proved, use.Kernel) ? use : use with { Kernel = proved };
    }
}
