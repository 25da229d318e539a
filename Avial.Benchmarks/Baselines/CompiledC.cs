using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Avial.Benchmarks.Baselines;

/// <summary>The C baselines, compiled by a C compiler of this machine and loaded.</summary>
internal sealed unsafe class CompiledC
{
    private const string Flags = "-O3 -march=native -ffast-math -fopenmp -shared -fPIC";

    private static readonly string[] s_compilers = ["clang-19", "clang", "gcc"];

    private readonly nint _library;

    private CompiledC(string compiler, nint library) => (Compiler, _library) = (compiler, library);

    /// <summary>The compiler's name.</summary>
    public string Compiler { get; }

    /// <summary>The baselines by each compiler that is there, for this many threads.</summary>
    public static CompiledC[] All(int threads)
    {
        // Read when the library of threads starts, which happens at its first loop.
        _ = setenv("OMP_NUM_THREADS", threads.ToString(System.Globalization.CultureInfo.InvariantCulture), 1);
        // Threads that spin while they wait for the next loop would take the processors from the other side.
        _ = setenv("OMP_WAIT_POLICY", "passive", 1);
        _ = setenv("KMP_BLOCKTIME", "0", 1);
        _ = setenv("OPENBLAS_THREAD_TIMEOUT", "4", 1);
        return [.. s_compilers.Select(Compile).OfType<CompiledC>().DistinctBy(c => c.Compiler.Split('-')[0])];
    }

    /// <summary>A function <c>void (long n, const T *a, const T *b, T *c, double k)</c>.</summary>
    public delegate* unmanaged[Cdecl]<long, void*, void*, void*, double, void> Function(string name) =>
        (delegate* unmanaged[Cdecl]<long, void*, void*, void*, double, void>)NativeLibrary.GetExport(_library, name);

    /// <summary>Sets how many threads the loops run on.</summary>
    public void UseThreads(int threads)
    {
        if (NativeLibrary.TryGetExport(_library, "omp_set_num_threads", out nint function) || TryFindInOpenMp(out function))
        {
            ((delegate* unmanaged[Cdecl]<int, void>)function)(threads);
        }
    }

    private bool TryFindInOpenMp(out nint function)
    {
        string name = Compiler.StartsWith("gcc", StringComparison.Ordinal) ? "libgomp.so.1" : "libomp.so.5";
        function = 0;
        return NativeLibrary.TryLoad(name, out nint library) && NativeLibrary.TryGetExport(library, "omp_set_num_threads", out function);
    }

    private static CompiledC? Compile(string compiler)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "C", "baseline.c");
        string library = Path.Combine(Path.GetTempPath(), $"avial-baseline-{compiler}-{Environment.ProcessId}.so");
        try
        {
            using var process = Process.Start(new ProcessStartInfo(compiler, $"{Flags} -o \"{library}\" \"{source}\" -lm") { RedirectStandardError = true })!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                Console.Error.WriteLine($"{compiler} cannot compile the baselines: {errors}");
                return null;
            }
            return new CompiledC(compiler, NativeLibrary.Load(library));
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
        finally
        {
            File.Delete(library);
        }
    }

    [DllImport("libc", CharSet = CharSet.Ansi)]
    private static extern int setenv(string name, string value, int overwrite);
}
