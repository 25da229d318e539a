using System.Collections.Concurrent;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution;
using static Avial.Targets;

namespace Avial.Tests.Execution;

/// <summary>The threads of the ranks of a program that is recorded once.</summary>
public sealed class RankTeamTests
{
    private static readonly WaitSite s_site = new("the test", SourceSpan.None);
    private static readonly AsyncLocal<string> s_flow = new();

    [Test]
    public void Run_AgainAndAgain_UsesTheSameThreads([Values(2, 3, 5)] int ranks)
    {
        using var team = new RankTeam(1, ranks, TimeSpan.FromSeconds(30));
        var used = new ConcurrentDictionary<(int, Thread), int>();

        for (int i = 0; i < 20; i++)
        {
            team.Run((position, member) =>
            {
                Collectives.Barrier(member.Communicator!, s_site);
                used.AddOrUpdate((position, Thread.CurrentThread), 1, (_, count) => count + 1);
            });
        }

        Assert.That(used.Values, Has.Count.EqualTo(ranks).And.All.EqualTo(20));
    }

    [Test]
    public void Dispose_EndsTheThreads()
    {
        var threads = new Thread[3];
        using (var team = new RankTeam(1, 3, TimeSpan.FromSeconds(30)))
        {
            team.Run((position, _) => threads[position] = Thread.CurrentThread);
            Assert.That(threads.Select(t => t.IsAlive), Is.All.True);
        }
        Assert.That(threads.Select(t => t.IsAlive), Is.EqualTo((bool[])[true, false, false]));
    }

    [Test]
    public void Run_IsInTheContextOfItsCaller()
    {
        using var team = new RankTeam(1, 3, TimeSpan.FromSeconds(30));
        foreach (string value in (string[])["one", "two"])
        {
            s_flow.Value = value;
            var seen = new string?[3];

            team.Run((position, _) => seen[position] = s_flow.Value);

            Assert.That(seen, Is.All.EqualTo(value));
        }
    }

    [Test]
    public void Run_AfterAnInternalErrorOnOneRank_WorksAgain([Values(2, 3, 4)] int ranks, [Values(0, 1)] int failing)
    {
        using var team = new RankTeam(1, ranks, TimeSpan.FromSeconds(30));
        for (int i = 0; i < 3; i++)
        {
            Exception thrown = Assert.Catch(() => team.Run((position, member) =>
            {
                if (position == failing)
                {
                    throw new InternalErrorException("A mistake.");
                }
                Collectives.Barrier(member.Communicator!, s_site);
            }))!;
            Assert.That(thrown.Message, Does.Contain("A mistake."));

            int done = 0;
            team.Run((_, member) =>
            {
                Collectives.Barrier(member.Communicator!, s_site);
                Interlocked.Increment(ref done);
            });
            Assert.That(done, Is.EqualTo(ranks));
        }
    }

    [Test]
    public void AVL0703_AnEvaluationInsideACall_IsRefusedOnSeveralRanks([Values(2, 3)] int ranks)
    {
        using Session session = Session.Create(o => o with { Ranks = ranks });
        Array1D<long> inner = Task.On(Cpu).Named("inner").Run(4, i => i);
        Array1D<long> outer = Task.On(Cpu).Named("outer").Call(Output.Of<long>(4), r => r[0] = inner[1]);

        AvialException thrown = Assert.Throws<AvialException>(() => _ = outer[0])!;

        Assert.That(thrown.Message, Does.Contain("evaluates 'inner' while its evaluation of 'outer' is still running"));
        Assert.That(inner[3], Is.EqualTo(3));
    }
}
