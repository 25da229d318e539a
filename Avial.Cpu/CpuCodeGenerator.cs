using System.Collections.Concurrent;
using Avial.Backends.Cpu.Objects;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.IR;
using Avial.Llvm;
using Avial.Llvm.Interop;

namespace Avial.Backends.Cpu;

/// <summary>
/// Loops → LLVM IR → machine code for this processor, loaded without a linker. Functions are kept by structure for the life of the process, their objects on disk from one
/// process to the next: where all are found there, libLLVM is not loaded at all.
/// </summary>
/// <param name="cache">Where objects are kept.</param>
internal sealed unsafe class CpuCodeGenerator(ObjectCache cache) : ICodeGenerator
{
    private readonly ConcurrentDictionary<LoopsStructure, Lazy<CompiledFunction>> _compiled = [];
    private int _compiledCount;

    /// <summary>The process's generator, with its compiled functions.</summary>
    public static CpuCodeGenerator Shared { get; } = new(new ObjectCache(
        CacheFolder.Default() is { } folder ? Path.Combine(folder, "objects") : null, ObjectCache.DefaultLimit, text => Console.Error.WriteLine($"Avial: {text}")));

    public string Name => "LLVM";

    /// <summary>
    /// Of a matrix product two vectors of a row, and as many rows as leave registers for them and for what is being multiplied. Terms of sums side by side fill vectors, so they may be long.
    /// </summary>
    public LoweringChoices Choices { get; } = new()
    {
        MostTermInstructions = 64,
        Product = Processor.HasWideVectors ? new ProductTile(Rows: 8, RowBytes: 128) : new ProductTile(Rows: 6, RowBytes: 64),
    };

    /// <summary>How many functions LLVM compiled, rather than the cache giving them.</summary>
    public int CompiledCount => _compiledCount;

    public CompiledFunction Compile(LoopsFunction function) =>
        _compiled.GetOrAdd(new LoopsStructure(function), (_, f) => new Lazy<CompiledFunction>(() => Build(f)), function).Value;

    public string SourceOf(LoopsFunction function) => $"-- LLVM IR of {function.Name}\n{LlvmEmitter.Emit(function).Text}";

    public string MachineCodeOf(LoopsFunction function)
    {
        (string assembly, string optimised) = LlvmCompiler.OfHost.CompileAssembly(LlvmEmitter.Emit(function));
        return $"-- optimised LLVM IR of {function.Name}\n{optimised}\n-- assembly of {function.Name} for {LlvmCompiler.OfHost.Processor}\n{assembly}";
    }

    private NativeFunction Build(LoopsFunction function)
    {
        LlvmModule module = LlvmEmitter.Emit(function);
        string key = ObjectCache.KeyOf(module.Text, LlvmCompiler.Passes, LlvmLibrary.Identity, Processor.Identity, typeof(LlvmCompiler).Module.ModuleVersionId.ToString());
        LoadedObject code = FromCache(key) ?? FromLlvm(key, module);
        PerfMap.Add(code, function.Name);
        return new NativeFunction(code);
    }

    // What a damaged file that looks whole would do: it is made anew.
    private LoadedObject? FromCache(string key)
    {
        if (cache.Find(key) is not { } bytes)
        {
            return null;
        }
        try
        {
            return Load(bytes);
        }
        catch (InvalidDataException)
        {
            cache.Forget(key);
            return null;
        }
    }

    private LoadedObject FromLlvm(string key, LlvmModule module)
    {
        byte[] bytes = LlvmCompiler.OfHost.CompileObject(module);
        Interlocked.Increment(ref _compiledCount);
        try
        {
            LoadedObject code = Load(bytes);
            cache.Keep(key, bytes);
            return code;
        }
        catch (InvalidDataException exception)
        {
            throw new InternalErrorException($"LLVM made an object that cannot be loaded: {exception.Message}\n{module.Text}");
        }
    }

    private static LoadedObject Load(byte[] bytes) => LoadedObject.Load(ElfObject.Read(bytes), LlvmEmitter.EntryPoint, RuntimeSymbols.Resolve);

    private sealed class NativeFunction(LoadedObject code) : CompiledFunction
    {
        private readonly delegate* unmanaged[Cdecl]<byte**, long*, long*, long*, TrapState*, void> _entry =
            (delegate* unmanaged[Cdecl]<byte**, long*, long*, long*, TrapState*, void>)code.Entry;

        public override void Run(byte** buffers, long* scalars, long* low, long* high, TrapState* trap) => _entry(buffers, scalars, low, high, trap);
    }
}
