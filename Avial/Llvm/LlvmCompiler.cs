using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Avial.Diagnostics;
using Avial.Llvm.Interop;

namespace Avial.Llvm;

/// <summary>LLVM IR text → an object or assembly, for one processor. Loads libLLVM when first used; may be used by many threads at once.</summary>
internal sealed unsafe class LlvmCompiler
{
    private const string Triple = "x86_64-unknown-linux-gnu";

    // Sizes of LLVM's enumerations.
    private const int DefaultLevel = 2;
    private const int PositionIndependent = 2;
    private const int SmallCode = 3;
    private const int Assembly = 0;
    private const int Object = 1;
    private const int ReturnStatus = 2;
    private const int SeverityError = 0;

    /// <summary>
    /// The passes, by name. Loops come rotated and in SSA form. Lanes that the loops write out become vectors (SLP); what is left of loops with independent iterations is
    /// vectorised before.
    /// </summary>
    public const string Passes =
        "always-inline,globaldce,function(sroa,early-cse<memssa>,simplifycfg,instcombine<no-verify-fixpoint>,loop-simplify,lcssa,loop-mssa(licm),"
        + "loop-vectorize,simplifycfg,instcombine<no-verify-fixpoint>,slp-vectorizer,vector-combine,instcombine<no-verify-fixpoint>,loop-unroll<O2>,"
        + "early-cse<memssa>,instcombine<no-verify-fixpoint>,loop-mssa(licm),simplifycfg)";

    private static readonly Lazy<LlvmCompiler> s_ofHost = new(() => new LlvmCompiler());

    [ThreadStatic]
    private static List<string>? t_errors;

    private readonly ConcurrentBag<nint> _machines = [];
    private readonly nint _target;
    private readonly byte[] _triple = Utf8(Triple);
    private readonly byte[] _cpu;
    private readonly byte[] _features;

    private LlvmCompiler()
    {
        uint major, minor, patch;
        LlvmNative.LLVMGetVersion(&major, &minor, &patch);
        Version = $"{major}.{minor}.{patch}";
        LlvmNative.LLVMInstallFatalErrorHandler(&ReportFatal);
        LlvmNative.LLVMInitializeX86TargetInfo();
        LlvmNative.LLVMInitializeX86Target();
        LlvmNative.LLVMInitializeX86TargetMC();
        LlvmNative.LLVMInitializeX86AsmPrinter();
        Processor = Take(LlvmNative.LLVMGetHostCPUName());
        Features = Take(LlvmNative.LLVMGetHostCPUFeatures());
        _cpu = Utf8(Processor);
        _features = Utf8(Features);
        nint target;
        byte* message = null;
        fixed (byte* triple = _triple)
        {
            if (LlvmNative.LLVMGetTargetFromTriple(triple, &target, &message) != 0)
            {
                throw Refused($"there is no target {Triple}: {Take(message)}", "");
            }
        }
        _target = target;
    }

    /// <summary>For the processor at hand.</summary>
    public static LlvmCompiler OfHost => s_ofHost.Value;

    /// <summary>True once libLLVM was loaded.</summary>
    public static bool IsLoaded => s_ofHost.IsValueCreated;

    /// <summary>The library's version: <c>19.1.7</c>.</summary>
    public string Version { get; }

    /// <summary>LLVM's name of the processor: <c>znver4</c>.</summary>
    public string Processor { get; }

    /// <summary>What the processor can do, as LLVM writes it: <c>+avx2,-avx512f</c>.</summary>
    public string Features { get; }

    /// <summary>A relocatable ELF object.</summary>
    public byte[] CompileObject(LlvmModule module) => Compile(module, Object, out _);

    /// <summary>The assembly, and the IR after the passes.</summary>
    public (string Assembly, string Optimised) CompileAssembly(LlvmModule module)
    {
        byte[] text = Compile(module, Assembly, out string optimised);
        return (Encoding.UTF8.GetString(text), optimised);
    }

    private byte[] Compile(LlvmModule source, int fileType, out string optimised)
    {
        nint context = LlvmNative.LLVMContextCreate();
        nint machine = 0;
        List<string> errors = t_errors = [];
        try
        {
            LlvmNative.LLVMContextSetDiagnosticHandler(context, &CollectDiagnostic, 0);
            nint module = Parse(context, source);
            try
            {
                machine = TakeMachine();
                fixed (byte* triple = _triple)
                {
                    LlvmNative.LLVMSetTarget(module, triple);
                }
                nint layout = LlvmNative.LLVMCreateTargetDataLayout(machine);
                LlvmNative.LLVMSetModuleDataLayout(module, layout);
                LlvmNative.LLVMDisposeTargetData(layout);
                RunPasses(module, machine, source);
                optimised = fileType == Assembly ? Take(LlvmNative.LLVMPrintModuleToString(module)) : "";
                byte[] result = Emit(module, machine, fileType, source);
                return errors.Count == 0 ? result : throw Refused(string.Join("; ", errors), source.Text);
            }
            finally
            {
                LlvmNative.LLVMDisposeModule(module);
            }
        }
        finally
        {
            t_errors = null;
            if (machine != 0)
            {
                _machines.Add(machine);
            }
            LlvmNative.LLVMContextDispose(context);
        }
    }

    private static nint Parse(nint context, LlvmModule source)
    {
        byte[] text = Utf8(source.Text);
        byte[] name = Utf8("avial");
        nint module;
        byte* message = null;
        fixed (byte* data = text, title = name)
        {
            nint buffer = LlvmNative.LLVMCreateMemoryBufferWithMemoryRangeCopy(data, (nuint)(text.Length - 1), title);
            if (LlvmNative.LLVMParseIRInContext(context, buffer, &module, &message) != 0)
            {
                throw Refused(Take(message), source.Text);
            }
        }
        if (LlvmNative.LLVMVerifyModule(module, ReturnStatus, &message) != 0)
        {
            string problem = Take(message);
            LlvmNative.LLVMDisposeModule(module);
            throw Refused(problem, source.Text);
        }
        LlvmNative.LLVMDisposeMessage(message);
        return module;
    }

    private static void RunPasses(nint module, nint machine, LlvmModule source)
    {
        nint options = LlvmNative.LLVMCreatePassBuilderOptions();
        LlvmNative.LLVMPassBuilderOptionsSetLoopInterleaving(options, 1);
        LlvmNative.LLVMPassBuilderOptionsSetSLPVectorization(options, 1);
        nint error;
        fixed (byte* passes = Utf8(Passes))
        {
            error = LlvmNative.LLVMRunPasses(module, passes, machine, options);
        }
        LlvmNative.LLVMDisposePassBuilderOptions(options);
        if (error != 0)
        {
            byte* message = LlvmNative.LLVMGetErrorMessage(error);
            string problem = Marshal.PtrToStringUTF8((nint)message) ?? "";
            LlvmNative.LLVMDisposeErrorMessage(message);
            throw Refused(problem, source.Text);
        }
    }

    private static byte[] Emit(nint module, nint machine, int fileType, LlvmModule source)
    {
        nint buffer;
        byte* message = null;
        if (LlvmNative.LLVMTargetMachineEmitToMemoryBuffer(machine, module, fileType, &message, &buffer) != 0)
        {
            throw Refused(Take(message), source.Text);
        }
        byte[] result = new Span<byte>(LlvmNative.LLVMGetBufferStart(buffer), checked((int)LlvmNative.LLVMGetBufferSize(buffer))).ToArray();
        LlvmNative.LLVMDisposeMemoryBuffer(buffer);
        return result;
    }

    // A target machine serves one thread at a time.
    private nint TakeMachine()
    {
        if (_machines.TryTake(out nint machine))
        {
            return machine;
        }
        fixed (byte* triple = _triple, cpu = _cpu, features = _features)
        {
            machine = LlvmNative.LLVMCreateTargetMachine(_target, triple, cpu, features, DefaultLevel, PositionIndependent, SmallCode);
        }
        return machine != 0 ? machine : throw Refused($"there is no code generator for {Processor}", "");
    }

    // A module that Avial wrote is refused: a bug of ours or of the library's.
    private static InternalErrorException Refused(string message, string module) => new($"LLVM: {message}\n{module}");

    // Without a handler LLVM ends the process at the first error.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void CollectDiagnostic(nint diagnostic, nint state)
    {
        if (LlvmNative.LLVMGetDiagInfoSeverity(diagnostic) == SeverityError)
        {
            t_errors?.Add(Take(LlvmNative.LLVMGetDiagInfoDescription(diagnostic)));
        }
    }

    // LLVM aborts when this returns: the least that can be done is to say of what.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ReportFatal(byte* reason) => Console.Error.WriteLine($"Avial: LLVM cannot go on: {Marshal.PtrToStringUTF8((nint)reason)}");

    private static string Take(byte* message)
    {
        string text = Marshal.PtrToStringUTF8((nint)message) ?? "";
        LlvmNative.LLVMDisposeMessage(message);
        return text;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text + '\0');
}
