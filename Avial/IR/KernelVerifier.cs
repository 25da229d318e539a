using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR.Text;

namespace Avial.IR;

/// <summary>What must hold of a kernel.</summary>
internal static class KernelVerifier
{
    /// <summary>What is wrong; empty for a valid kernel.</summary>
    public static ImmutableArray<string> Verify(Kernel kernel)
    {
        var checks = new InstructionChecks { Kernel = kernel };
        if (checks.Require(kernel.Rank >= 0 && kernel.Rank <= kernel.Body.Parameters.Length,
            $"rank {kernel.Rank}, but the body has {kernel.Body.Parameters.Length} parameters"))
        {
            foreach (Value index in kernel.Indices)
            {
                checks.Type(index, ScalarType.I64, "index variable");
            }
        }
        for (int k = 0; k < kernel.Operands.Length; k++)
        {
            checks.Require(kernel.Operands[k].Rank >= 0, $"operand a{k} has rank {kernel.Operands[k].Rank}");
            checks.Require(!kernel.Operands[k].Columns.IsEmpty, $"operand a{k} has no columns");
        }
        checks.Require(!kernel.Body.Results.IsEmpty, "there is no result");
        new BlockVerifier(checks, FormPlaces.Kernel).Block(kernel.Body);
        return checks.Problems;
    }

    /// <summary>Throws <see cref="InternalErrorException"/> with the kernel's text when something is wrong.</summary>
    public static Kernel Check(Kernel kernel)
    {
        ImmutableArray<string> problems = Verify(kernel);
        return problems.IsEmpty ? kernel
            : throw new InternalErrorException($"A kernel is not valid:\n  {string.Join("\n  ", problems)}\n{KernelPrinter.Print(kernel, withSpans: true)}");
    }
}
