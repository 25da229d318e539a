using System.Collections.Concurrent;
using System.Reflection.Emit;
using Avial.Execution;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <summary>
/// Emits IL over raw pointers, which the JIT compiles with full optimisation at once. Runs everywhere .NET runs code; compiled
/// functions are kept by structure, so the same kernel at other sizes is compiled once.
/// </summary>
internal sealed unsafe class ManagedCodeGenerator : ICodeGenerator
{
    private readonly ConcurrentDictionary<LoopsStructure, CompiledFunction> _compiled = [];

    /// <summary>The process's generator, with its compiled functions.</summary>
    public static ManagedCodeGenerator Shared { get; } = new();

    public string Name => "managed";

    /// <summary>How many different functions were compiled.</summary>
    public int CompiledCount => _compiled.Count;

    public CompiledFunction Compile(LoopsFunction function) =>
        _compiled.GetOrAdd(new LoopsStructure(function), static (_, f) => Emit(f), function);

    // .NET prints it itself.
    public string MachineCodeOf(LoopsFunction function) => $"-- machine code: set DOTNET_JitDisasm='*{function.Name}' (and DOTNET_JitStdOutFile=file)";

    private static ManagedFunction Emit(LoopsFunction function)
    {
        var method = new DynamicMethod($"Avial.{function.Name}", typeof(void), [typeof(byte**), typeof(long*), typeof(long*), typeof(long*), typeof(TrapState*)],
            typeof(ManagedCodeGenerator).Module, skipVisibility: true)
        {
            InitLocals = false,
        };
        new FunctionEmitter(function, method.GetILGenerator()).Emit();
        return new ManagedFunction(method.CreateDelegate<LoopsEntry>());
    }

    private delegate void LoopsEntry(byte** buffers, long* scalars, long* low, long* high, TrapState* trap);

    private sealed class ManagedFunction(LoopsEntry entry) : CompiledFunction
    {
        public override void Run(byte** buffers, long* scalars, long* low, long* high, TrapState* trap) => entry(buffers, scalars, low, high, trap);
    }
}
