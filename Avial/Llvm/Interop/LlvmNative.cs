using System.Runtime.InteropServices;

namespace Avial.Llvm.Interop;

/// <summary>The functions of libLLVM's C interface that Avial calls, under their own names. Which library they come from, <see cref="LlvmLibrary"/> says.</summary>
internal static unsafe partial class LlvmNative
{
    internal const string Library = "libLLVM";

    [LibraryImport(Library)]
    internal static partial void LLVMGetVersion(uint* major, uint* minor, uint* patch);

    [LibraryImport(Library)]
    internal static partial void LLVMInstallFatalErrorHandler(delegate* unmanaged[Cdecl]<byte*, void> handler);

    [LibraryImport(Library)]
    internal static partial nint LLVMContextCreate();

    [LibraryImport(Library)]
    internal static partial void LLVMContextDispose(nint context);

    [LibraryImport(Library)]
    internal static partial void LLVMContextSetDiagnosticHandler(nint context, delegate* unmanaged[Cdecl]<nint, nint, void> handler, nint state);

    [LibraryImport(Library)]
    internal static partial byte* LLVMGetDiagInfoDescription(nint diagnostic);

    [LibraryImport(Library)]
    internal static partial int LLVMGetDiagInfoSeverity(nint diagnostic);

    [LibraryImport(Library)]
    internal static partial void LLVMDisposeMessage(byte* message);

    [LibraryImport(Library)]
    internal static partial nint LLVMCreateMemoryBufferWithMemoryRangeCopy(byte* data, nuint length, byte* name);

    /// <summary>Takes the buffer.</summary>
    [LibraryImport(Library)]
    internal static partial int LLVMParseIRInContext(nint context, nint buffer, nint* module, byte** message);

    [LibraryImport(Library)]
    internal static partial void LLVMDisposeModule(nint module);

    [LibraryImport(Library)]
    internal static partial void LLVMSetTarget(nint module, byte* triple);

    [LibraryImport(Library)]
    internal static partial void LLVMSetModuleDataLayout(nint module, nint layout);

    [LibraryImport(Library)]
    internal static partial int LLVMVerifyModule(nint module, int action, byte** message);

    [LibraryImport(Library)]
    internal static partial byte* LLVMPrintModuleToString(nint module);

    [LibraryImport(Library)]
    internal static partial void LLVMInitializeX86TargetInfo();

    [LibraryImport(Library)]
    internal static partial void LLVMInitializeX86Target();

    [LibraryImport(Library)]
    internal static partial void LLVMInitializeX86TargetMC();

    [LibraryImport(Library)]
    internal static partial void LLVMInitializeX86AsmPrinter();

    [LibraryImport(Library)]
    internal static partial byte* LLVMGetHostCPUName();

    [LibraryImport(Library)]
    internal static partial byte* LLVMGetHostCPUFeatures();

    [LibraryImport(Library)]
    internal static partial int LLVMGetTargetFromTriple(byte* triple, nint* target, byte** message);

    [LibraryImport(Library)]
    internal static partial nint LLVMCreateTargetMachine(nint target, byte* triple, byte* cpu, byte* features, int level, int relocation, int codeModel);

    [LibraryImport(Library)]
    internal static partial void LLVMDisposeTargetMachine(nint machine);

    [LibraryImport(Library)]
    internal static partial nint LLVMCreateTargetDataLayout(nint machine);

    [LibraryImport(Library)]
    internal static partial void LLVMDisposeTargetData(nint layout);

    [LibraryImport(Library)]
    internal static partial int LLVMTargetMachineEmitToMemoryBuffer(nint machine, nint module, int fileType, byte** message, nint* buffer);

    [LibraryImport(Library)]
    internal static partial byte* LLVMGetBufferStart(nint buffer);

    [LibraryImport(Library)]
    internal static partial nuint LLVMGetBufferSize(nint buffer);

    [LibraryImport(Library)]
    internal static partial void LLVMDisposeMemoryBuffer(nint buffer);

    [LibraryImport(Library)]
    internal static partial nint LLVMCreatePassBuilderOptions();

    [LibraryImport(Library)]
    internal static partial void LLVMDisposePassBuilderOptions(nint options);

    [LibraryImport(Library)]
    internal static partial void LLVMPassBuilderOptionsSetSLPVectorization(nint options, int isOn);

    [LibraryImport(Library)]
    internal static partial void LLVMPassBuilderOptionsSetLoopInterleaving(nint options, int isOn);

    [LibraryImport(Library)]
    internal static partial nint LLVMRunPasses(nint module, byte* passes, nint machine, nint options);

    /// <summary>Takes the error.</summary>
    [LibraryImport(Library)]
    internal static partial byte* LLVMGetErrorMessage(nint error);

    [LibraryImport(Library)]
    internal static partial void LLVMDisposeErrorMessage(byte* message);
}
