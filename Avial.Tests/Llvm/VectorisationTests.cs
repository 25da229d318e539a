using System.Text.RegularExpressions;
using Avial.Backends;
using Avial.Backends.Cpu;
using Avial.Backends.Lowering;
using Avial.IR;
using Avial.Llvm;
using Avial.Tests.Backends;

namespace Avial.Tests.Llvm;

/// <summary>The machine code of standard operations works on vectors where it loops over elements.</summary>
public sealed partial class VectorisationTests
{
    // Of elements of an array, rather than of partial sums on the stack.
    private const string AddFromArray = @"vaddp[sd]\s+-?[0-9]*\((?!%rsp)";

    [TestCase("saxpy", ScalarType.F64, "vmulpd", "vaddpd")]
    [TestCase("saxpy", ScalarType.F32, "vmulps", "vaddps")]
    [TestCase("stencil", ScalarType.F64, "vaddpd")]
    [TestCase("stencil", ScalarType.F32, "vaddps")]
    [TestCase("sum", ScalarType.F64, AddFromArray)]
    [TestCase("sum", ScalarType.F32, AddFromArray)]
    [TestCase("mean", ScalarType.F64, AddFromArray)]
    [TestCase("dot", ScalarType.F64, "vmulpd", "vaddpd")]
    [TestCase("dot", ScalarType.F32, "vmulps", "vaddps")]
    [TestCase("max", ScalarType.F64, "vmaxpd")]
    [TestCase("max", ScalarType.F32, "vmaxps")]
    [TestCase("matrix product", ScalarType.F64, "vfmadd[0-9]*pd")]
    [TestCase("matrix product", ScalarType.F32, "vfmadd[0-9]*ps")]
    public void Loop_OfAStandardOperation_WorksOnVectors(string name, ScalarType type, params string[] instructions)
    {
        CodeGenerators.RequireLlvm();
        LoweredOperation lowered = OperationLowering.Lower(StandardOperation.Of(name, type, 1000).Node, choices: CpuCodeGenerator.Shared.Choices);
        string[] assemblies = [.. lowered.Stages.OfType<LoweredStage>().Select(s => LlvmCompiler.OfHost.CompileAssembly(LlvmEmitter.Emit(s.Function)).Assembly)];

        IEnumerable<string> loops = assemblies.SelectMany(Loops);

        Assert.That(loops.Any(loop => instructions.All(i => Regex.IsMatch(loop, $@"\b{i}.*%[yz]mm"))), $"no loop has {string.Join(" and ", instructions)} on vectors:\n{string.Join("\n", assemblies)}");
    }

    // From a label to a jump back to it; leaves of sums are unrolled inside the loop over leaves.
    private static IEnumerable<string> Loops(string assembly)
    {
        string[] lines = assembly.Split('\n');
        var labels = new Dictionary<string, int>();
        for (int at = 0; at < lines.Length; at++)
        {
            if (Label().Match(lines[at]) is { Success: true } label)
            {
                labels[label.Groups[1].Value] = at;
            }
            else if (Jump().Match(lines[at]) is { Success: true } jump && labels.TryGetValue(jump.Groups[1].Value, out int from))
            {
                yield return string.Join('\n', lines[from..(at + 1)]);
            }
        }
    }

    [GeneratedRegex(@"^(\.L\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s+j\w+\s+(\.L\w+)")]
    private static partial Regex Jump();
}
