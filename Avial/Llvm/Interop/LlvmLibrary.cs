using System.Runtime.InteropServices;
using Avial.Diagnostics;

namespace Avial.Llvm.Interop;

/// <summary>Finds libLLVM: by <c>AVIAL_LLVM</c>, else by its usual names in the usual folders, newest known version first.</summary>
internal static class LlvmLibrary
{
    /// <summary>The variable that names the library, or says <c>off</c>.</summary>
    public const string Variable = "AVIAL_LLVM";

    /// <summary>The oldest version whose code generator has all that kernels use.</summary>
    public const int OldestVersion = 17;

    // The first has been tried most.
    private static readonly int[] s_versions = [19, 22, 21, 20, 18, 17];

    private static readonly string[] s_folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/usr/local/lib", "/usr/local/lib64", "/lib64"];

    private static readonly Lock s_lock = new();
    private static readonly Lazy<string?> s_found = new(Find);
    private static string s_problem = "";
    private static nint s_handle;
    private static string? s_identity;

    /// <summary>The file or name to load, found once without loading it; null where there is none.</summary>
    public static string? Found => s_found.Value;

    /// <summary>Why there is none; empty where there is one.</summary>
    public static string Problem => Found is null ? s_problem : "";

    /// <summary>What tells it from other versions, found without loading it where it is known by its file.</summary>
    public static string Identity => s_identity ??= Identify();

    /// <summary>The library, loaded.</summary>
    public static nint Load()
    {
        lock (s_lock)
        {
            if (s_handle == 0)
            {
                string name = Found ?? throw new InternalErrorException($"libLLVM is called and was not found: {s_problem}");
                s_handle = NativeLibrary.Load(name);
            }
            return s_handle;
        }
    }

    private static string Identify()
    {
        if (Found is { } file && File.Exists(file))
        {
            // The file that a link leads to: another version may come in its place.
            FileInfo target = new FileInfo(file).ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? new FileInfo(file);
            return $"{target.Name} {target.Length} {target.LastWriteTimeUtc.Ticks}";
        }
        return LlvmCompiler.OfHost.Version;
    }

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            s_problem = $"code for {RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture} is not generated through LLVM";
            return null;
        }
        string? named = Environment.GetEnvironmentVariable(Variable);
        if (string.Equals(named, "off", StringComparison.OrdinalIgnoreCase))
        {
            s_problem = $"{Variable}=off";
            return null;
        }
        if (!string.IsNullOrWhiteSpace(named))
        {
            return IsUsable(named, out s_problem) ? named : null;
        }
        foreach (int version in s_versions)
        {
            foreach (string file in FilesOf(version))
            {
                if (File.Exists(file))
                {
                    return file;
                }
            }
        }
        foreach (int version in s_versions)
        {
            foreach (string name in NamesOf(version))
            {
                if (NativeLibrary.TryLoad(name, out nint handle))
                {
                    NativeLibrary.Free(handle);
                    return name;
                }
            }
        }
        s_problem = $"libLLVM {OldestVersion} or newer is not installed (Debian and Ubuntu: apt-get install libllvm19), and {Variable} names none";
        return null;
    }

    private static bool IsUsable(string name, out string problem)
    {
        if (!NativeLibrary.TryLoad(name, out nint handle))
        {
            problem = $"{Variable}={name} cannot be loaded";
            return false;
        }
        problem = !NativeLibrary.TryGetExport(handle, nameof(LlvmNative.LLVMRunPasses), out _) ? $"{Variable}={name} is no libLLVM"
            : VersionOf(handle) is var version && version < OldestVersion ? $"{Variable}={name} is LLVM {(version == 0 ? "15 or older" : version)}; {OldestVersion} or newer is needed"
            : "";
        NativeLibrary.Free(handle);
        return problem.Length == 0;
    }

    // 0 where the library is too old to say.
    private static unsafe int VersionOf(nint handle)
    {
        if (!NativeLibrary.TryGetExport(handle, nameof(LlvmNative.LLVMGetVersion), out nint function))
        {
            return 0;
        }
        uint major, minor, patch;
        ((delegate* unmanaged[Cdecl]<uint*, uint*, uint*, void>)function)(&major, &minor, &patch);
        return (int)major;
    }

    private static IEnumerable<string> FilesOf(int version) =>
        from folder in s_folders.Append($"/usr/lib/llvm-{version}/lib").Append($"/usr/lib/llvm{version}/lib64")
        from name in NamesOf(version)
        select Path.Combine(folder, name);

    private static IEnumerable<string> NamesOf(int version) => [$"libLLVM.so.{version}.1", $"libLLVM-{version}.so", $"libLLVM-{version}.so.1", $"libLLVM.so.{version}.0"];
}
