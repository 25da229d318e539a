using Avial.Backends;

namespace Avial.Tests;

/// <summary>An engine, a number of threads and a number of ranks that a program must give the same results on.</summary>
public sealed record EngineCase(Engine Engine, int Threads, int Ranks = 1)
{
    /// <summary>The engines that can be used on this machine.</summary>
    public static IEnumerable<Engine> Engines => Enum.GetValues<Engine>().Where(e => InstalledBackends.ProblemOf(e) is null);

    /// <summary>Every engine; compiled code and its schedules on 1, 2 and 3 threads, and compiled code on 4 ranks.</summary>
    public static IEnumerable<EngineCase> All =>
    [
        .. InstalledBackends.ProblemOf(Engine.Llvm) is null ? [new EngineCase(Engine.Llvm, 1), new(Engine.Llvm, 2), new(Engine.Llvm, 4, 4)] : Array.Empty<EngineCase>(),
        new(Engine.Managed, 1), new(Engine.Managed, 2), new(Engine.Managed, 3), new(Engine.Managed, 4, 4), new(Engine.LoopsInterpreter, 1), new(Engine.LoopsInterpreter, 3), new(Engine.Interpreter, 1),
    ];

    /// <summary>A session on this engine, current until it is disposed.</summary>
    public Session Open() => Ranks == 1 ? Session.Create(o => o with { Engine = Engine, Threads = Threads, Ranks = 1 }) : RankSession.Open(Ranks, engine: Engine);

    public override string ToString() => Ranks == 1 ? $"{Engine} on {Threads}" : $"{Engine} on {Ranks} ranks";
}
