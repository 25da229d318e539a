using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Avial.Llvm.Interop;

/// <summary>Tells .NET which file the native functions of this assembly come from.</summary>
internal static class NativeLibraries
{
#pragma warning disable CA2255 // Once an assembly, before its first native call: what a module initialiser is for.
    [ModuleInitializer]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
#pragma warning restore CA2255

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == LlvmNative.Library ? LlvmLibrary.Load() : 0;
}
