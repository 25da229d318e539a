using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>What must hold of a loops function.</summary>
internal static class LoopsVerifier
{
    /// <summary>What is wrong; empty for a valid function.</summary>
    public static ImmutableArray<string> Verify(LoopsFunction function)
    {
        var checks = new InstructionChecks { Function = function };
        for (int k = 0; k < function.TrapSites.Length; k++)
        {
            checks.Require(function.TrapSites[k].Number == k, $"trap site {k} has the number {function.TrapSites[k].Number}");
        }
        foreach (LocalBuffer local in function.Locals)
        {
            checks.Require(local.Length > 0, $"local {local.Name} has length {local.Length}");
        }
        checks.Require(function.BoxLow.Length == function.BoxHigh.Length, $"the box has {function.BoxLow.Length} low and {function.BoxHigh.Length} high bounds");
        checks.Require(function.Body.Parameters.IsEmpty && function.Body.Results.IsEmpty, "the body has parameters or results");

        var blocks = new BlockVerifier(checks, FormPlaces.Loops);
        foreach (Value scalar in function.Scalars)
        {
            blocks.Define(scalar);
        }
        foreach (Value bound in function.BoxLow.Concat(function.BoxHigh))
        {
            checks.Type(bound, ScalarType.I64, "bound");
            blocks.Define(bound);
        }
        blocks.Block(function.Body);
        return checks.Problems;
    }

    /// <summary>Throws <see cref="InternalErrorException"/> with the function's text when something is wrong.</summary>
    public static LoopsFunction Check(LoopsFunction function)
    {
        ImmutableArray<string> problems = Verify(function);
        return problems.IsEmpty ? function
            : throw new InternalErrorException($"Loops are not valid:\n  {string.Join("\n  ", problems)}\n{LoopsPrinter.Print(function, withSpans: true)}");
    }
}
