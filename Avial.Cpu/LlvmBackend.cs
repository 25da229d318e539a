using Avial.Backends;
using Avial.Backends.Cpu;
using Avial.Llvm.Interop;

[assembly: Backend(typeof(LlvmBackend))]

namespace Avial.Backends.Cpu;

/// <summary>The host's processor through LLVM.</summary>
internal sealed class LlvmBackend : ICompilingBackend
{
    public string? Problem => LlvmLibrary.Found is null ? LlvmLibrary.Problem
        : Processor.IsSupported ? null
        : "this processor lacks AVX2, fused multiply-add or conversions of halves, which generated code relies on";

    public ICodeGenerator Generator => CpuCodeGenerator.Shared;
}
