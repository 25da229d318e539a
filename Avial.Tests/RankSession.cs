using Avial.Planning.Distributing;

namespace Avial.Tests;

/// <summary>Opens sessions of several ranks that distribute programs however small they are.</summary>
internal static class RankSession
{
    /// <summary>A session on so many ranks, current until it is disposed. Arrays are cut by their shapes unless a chooser is given.</summary>
    public static Session Open(int ranks, IDistributionChooser? chooser = null, Engine engine = Engine.Managed, bool isVerifying = false)
    {
        Session session = Session.Create(o => o with { Engine = engine, Ranks = ranks, Threads = ranks, Verify = isVerifying || o.Verify });
        Distribute(session, chooser);
        return session;
    }

    /// <summary>Runs a program once per rank.</summary>
    public static void Run(int ranks, Action<Session> program) => Session.RunOnRanks(ranks, session =>
    {
        Distribute(session, null);
        program(session);
    }, o => o with { Engine = Engine.Managed, Threads = ranks });

    private static void Distribute(Session session, IDistributionChooser? chooser) => session.Runner.Plans.Chooser = chooser ?? new ShapeChooser();
}
