using System.Globalization;
using Avial.Backends;
using Avial.Backends.Cpu;
using Avial.Diagnostics;
using Avial.Tests.Backends;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Generators;
using Avial.Tests.Llvm;
using static Avial.Targets;

namespace Avial.Tests;

/// <summary>
/// What tests run in a process of its own, whose variables and loaded libraries they choose: <c>dotnet Avial.Tests.dll program</c>. By hand also what takes long:
/// <c>kernels 0 5000</c> compares the generated kernels of these seeds, <c>kernel 17</c> shows one with its loops, IR and assembly.
/// </summary>
internal static class ChildProgram
{
    public static int Main(string[] arguments)
    {
        try
        {
            switch (arguments)
            {
                case ["squares"]:
                    Squares(o => o);
                    return 0;
                case ["squares", string engine]:
                    Squares(o => o with { Engine = Enum.Parse<Engine>(engine) });
                    return 0;
                case ["loops", string from, string to]:
                    return OfEach(from, to, seed => LoopsRun.AssertSameRandom(seed));
                case ["kernels", string from, string to]:
                    return OfEach(from, to, seed => MapLoweringTests.AssertAgrees(seed, OptionsOf(seed)));
                case ["kernel", string seed]:
                    Show(int.Parse(seed, CultureInfo.InvariantCulture));
                    return 0;
                case ["guarded"]:
                    GuardPages.Run();
                    return 0;
                case ["outside"]:
                    Console.WriteLine(GuardPages.ReadBehind());
                    return 0;
                default:
                    Console.Error.WriteLine($"There is no program '{string.Join(' ', arguments)}'.");
                    return 2;
            }
        }
        catch (AvialException exception)
        {
            Console.Error.WriteLine(exception.Message);
            return 1;
        }
    }

    /// <summary>Runs such a program; gives its exit code and everything it wrote.</summary>
    public static (int ExitCode, string Output) Run(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        // Set to nothing counts as not set: what the test run was started with must not reach it.
        var own = new Dictionary<string, string> { ["AVIAL_LLVM"] = "", ["AVIAL_ENGINE"] = "", ["AVIAL_DEBUG"] = "", ["AVIAL_CACHE"] = "", ["AVIAL_INTERPRET"] = "" };
        foreach ((string name, string value) in environment)
        {
            own[name] = value;
        }
        (int exitCode, string output) = Packaging.Command.Run("dotnet", Repository.Root, own, [typeof(ChildProgram).Assembly.Location, .. arguments]);
        return (exitCode, output.ReplaceLineEndings("\n"));
    }

    // A map and a sum; then what ran them.
    private static void Squares(Func<SessionOptions, SessionOptions> options)
    {
        using Session session = Session.Create(o => options(o with { Threads = 1, Ranks = 1 }));
        Array1D<double> squares = Task.On(Cpu).Named("squares").Run(100, i => 0.5 * i * i);
        Scalar<double> sum = Task.On(Cpu).Named("total").Reduce(squares.Domain, i => squares[i], Reduction.Sum);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"sum {sum.Value}, last {squares[99]}, {session.Options.Engine}"));
        Console.WriteLine($"libLLVM is {(File.ReadAllText("/proc/self/maps").Contains("libLLVM", StringComparison.Ordinal) ? "loaded" : "not loaded")}");
        Console.WriteLine($"{CpuCodeGenerator.Shared.CompiledCount} compiled");
    }

    /// <summary>What <c>kernels</c> makes of a seed.</summary>
    public static KernelGeneratorOptions OptionsOf(int seed) => new() { MayTrap = seed % 2 == 0, Size = 8 + seed % 40 };

    private static void Show(int seed)
    {
        (LoweringCase one, string about) = MapLoweringTests.CaseOf(seed, OptionsOf(seed), new Random(seed));
        Console.WriteLine(about);
        foreach (LoweredStage stage in one.Lower().Stages.OfType<LoweredStage>())
        {
            Console.WriteLine($"{stage.Function}\n{CpuCodeGenerator.Shared.SourceOf(stage.Function)}\n{CpuCodeGenerator.Shared.MachineCodeOf(stage.Function)}");
        }
    }

    private static int OfEach(string from, string to, Action<int> check)
    {
        int first = int.Parse(from, CultureInfo.InvariantCulture);
        int end = int.Parse(to, CultureInfo.InvariantCulture);
        int failed = 0;
        for (int seed = first; seed < end; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception exception)
            {
                Console.WriteLine($"seed {seed}: {exception}");
                failed++;
            }
        }
        Console.WriteLine($"{end - first} seeds, {failed} failed, {string.Join(" and ", CodeGenerators.Compiling.Select(g => g.Name))}");
        return failed == 0 ? 0 : 1;
    }
}
