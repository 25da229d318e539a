using Avial.Backends;
using Avial.Backends.Cpu;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Llvm.Interop;

namespace Avial.Tests.Backends;

/// <summary>The code generators that tests compare: all that run on this machine.</summary>
internal static class CodeGenerators
{
    /// <summary>True where libLLVM was found.</summary>
    public static bool HasLlvm => LlvmLibrary.Found is not null;

    /// <summary>Those that compile.</summary>
    public static ICodeGenerator[] Compiling { get; } = HasLlvm ? [ManagedCodeGenerator.Shared, CpuCodeGenerator.Shared] : [ManagedCodeGenerator.Shared];

    /// <summary>Those, and the interpreter of loops.</summary>
    public static ICodeGenerator[] All { get; } = [LoopsInterpreter.Shared, .. Compiling];

    /// <summary>Skips a test of LLVM where there is none.</summary>
    public static void RequireLlvm()
    {
        if (!HasLlvm)
        {
            Assert.Ignore(LlvmLibrary.Problem);
        }
    }
}
