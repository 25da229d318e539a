using Avial.IR;

namespace Avial.Backends;

/// <summary>Verifies every function before another generator compiles it.</summary>
internal sealed class VerifyingCodeGenerator(ICodeGenerator generator) : ICodeGenerator
{
    public string Name => generator.Name;

    public LoweringChoices Choices => generator.Choices;

    public CompiledFunction Compile(LoopsFunction function) => generator.Compile(LoopsVerifier.Check(function));

    public string SourceOf(LoopsFunction function) => generator.SourceOf(function);

    public string MachineCodeOf(LoopsFunction function) => generator.MachineCodeOf(function);
}
