using System.Reflection;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Diagnostics;

namespace Avial.Backends;

/// <summary>The backends that lie beside Avial. Avial knows their names and nothing else of them.</summary>
internal static class InstalledBackends
{
    private const string Cpu = "Avial.Cpu";

    private static readonly Lazy<ICompilingBackend?> s_cpu = new(() => Find(Cpu));
    private static int s_hasSaid;

    /// <summary>The engine of sessions that name none: LLVM where it can be used, else managed execution.</summary>
    public static Engine Default => ProblemOf(Engine.Llvm) is null ? Engine.Llvm : Engine.Managed;

    /// <summary>Why an engine cannot be used here; null where it can.</summary>
    public static string? ProblemOf(Engine engine) => engine != Engine.Llvm ? null
        : s_cpu.Value is { } backend ? backend.Problem
        : $"the assembly {Cpu} does not lie beside Avial";

    /// <summary>The code generator of an engine.</summary>
    public static ICodeGenerator GeneratorOf(Engine engine) => engine switch
    {
        Engine.LoopsInterpreter => new LoopsInterpreter(),
        Engine.Llvm => ProblemOf(engine) is { } problem ? throw Throw.EngineNotAvailable(engine, problem) : s_cpu.Value!.Generator,
        _ => new ManagedCodeGenerator(),
    };

    /// <summary>Says once, on standard error, that programs run slower than they could.</summary>
    public static void SayIfSlow(Engine engine)
    {
        if (engine == Engine.Managed && EnvironmentSettings.SaysWhenSlow && ProblemOf(Engine.Llvm) is { } problem && Interlocked.Exchange(ref s_hasSaid, 1) == 0)
        {
            Console.Error.WriteLine($"Avial: managed execution, which is slower than LLVM: {problem}. AVIAL_ENGINE=managed asks for it and says nothing.");
        }
    }

    private static ICompilingBackend? Find(string name)
    {
        try
        {
            Type? type = Assembly.Load(new AssemblyName(name)).GetCustomAttribute<BackendAttribute>()?.Type;
            return type is null ? null : (ICompilingBackend)Activator.CreateInstance(type)!;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
