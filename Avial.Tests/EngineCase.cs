namespace Avial.Tests;

/// <summary>An engine and a number of threads that a program must give the same results on.</summary>
public sealed record EngineCase(Engine Engine, int Threads)
{
    /// <summary>Every engine; compiled code and its schedules on 1, 2 and 3 threads.</summary>
    public static IEnumerable<EngineCase> All =>
    [
        new(Engine.Managed, 1), new(Engine.Managed, 2), new(Engine.Managed, 3), new(Engine.LoopsInterpreter, 1), new(Engine.LoopsInterpreter, 3), new(Engine.Interpreter, 1),
    ];

    /// <summary>A session on this engine, current until it is disposed.</summary>
    public Session Open() => Session.Create(o => o with { Engine = Engine, Threads = Threads });

    public override string ToString() => $"{Engine} on {Threads}";
}
