using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>A trap in one rank's part is the same error on all ranks as it is on one, and the next evaluation works.</summary>
public sealed class TrapsOnRanksTests
{
    private const int N = 60;

    public enum Place
    {
        Map,
        TwoMaps,
        Loop,
        NestedLoop,
        AfterLoop,
        Reduce,
        Read,
        LoopLimit,
    }

    [Test, Combinatorial]
    public void Trap_OnOneRanksPart_IsThatOfOneRank([Values(1, 2, 3, 4, 7)] int ranks, [Values] Place place, [Values(5, N - 1)] int at)
    {
        string expected = Message(place, at);
        var messages = new string[ranks];
        Session.RunOnRanks(ranks, session =>
        {
            var disturbance = new Disturbance(at, session.Rank);
            for (int i = 0; i < 3; i++)
            {
                disturbance.Strike();
                string message = Message(place, at);
                messages[session.Rank] = i == 0 || message == messages[session.Rank] ? message : $"{i}: {message}";
                Assert.That(Sum(), Is.EqualTo(N * (N - 1) / 2));
            }
        }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(30) });

        Assert.That(messages, Is.All.EqualTo(expected));
    }

    [Test, Combinatorial]
    public void Trap_WhereTheProgramRunsOnce_IsThatOfOneRank([Values(2, 3, 4, 7)] int ranks, [Values] Place place, [Values(5, N - 1)] int at)
    {
        string expected = Message(place, at);
        using Session session = Session.Create(o => o with { Ranks = ranks, WatchdogTimeout = TimeSpan.FromSeconds(30) });
        for (int i = 0; i < 3; i++)
        {
            Assert.That(Message(place, at), Is.EqualTo(expected));
            Assert.That(Sum(), Is.EqualTo(N * (N - 1) / 2));
        }
    }

    [Test]
    public void Trap_ThatNobodyCatches_EndsTheProgramWithItsMessage([Values(1, 2, 4)] int ranks)
    {
        AvialException thrown = Assert.Throws<AvialException>(() => Session.RunOnRanks(ranks, _ => Trapping(Place.Map, 31)))!;

        Assert.That(thrown.Message, Is.EqualTo(Message(Place.Map, 31)));
    }

    private static long Sum() => Task.On(Cpu).Run(N, i => i).Reduce(Reduction.Sum).Value;

    private static string Message(Place place, int at) => Assert.Throws<AvialException>(() => Trapping(place, at))!.Message;

    private static void Trapping(Place place, int at)
    {
        Array1D<int> x = Task.On(Cpu).Named("x").Run(N, i => (int)i);
        Array1D<int> q = place switch
        {
            Place.Map => Task.On(Cpu).Named("q").Run(N, i => 10 / (x[i] - at)),
            Place.TwoMaps => Second(x, at),
            Place.Loop => Task.Repeat(5, x, s => Task.On(Cpu).Named("step").Run(N, i => s.Wrap[i + 1] / (s[i] - at))),
            Place.NestedLoop => Task.Repeat(2, x, s => Task.Repeat(3, s, t => Task.On(Cpu).Named("step").Run(N, i => t[i] / (t[i] - at)))),
            Place.AfterLoop => After(Task.Repeat(3, x, s => Task.On(Cpu).Named("step").Run(N, i => s[i])), at),
            Place.Reduce => Single(Task.On(Cpu).Named("sum").Reduce(N, i => 10 / (x[i] - at), Reduction.Sum)),
            Place.Read => Task.On(Cpu).Named("read").Run(N, i => x[x[i] == at ? N + 7 : i]),
            _ => Task.RepeatUntil(x, s => Task.On(Cpu).Named("step").Run(N, i => s[i] + 1), s => s[at] < 0, limit: 3),
        };
        q.ToArray();
    }

    private static Array1D<int> Second(Array1D<int> x, int at)
    {
        Array1D<int> first = Task.On(Cpu).Named("first").Run(N, i => 10 / (x[i] - at));
        return Task.On(Cpu).Named("second").Run(N, i => 10 / (x[i] - (N - 1 - at)) + first.Wrap[i + 1]);
    }

    private static Array1D<int> After(Array1D<int> x, int at) => Task.On(Cpu).Named("q").Run(N, i => 10 / (x.Clamp[i - 1] - at + 1));

    private static Array1D<int> Single(Scalar<int> sum) => Task.On(Cpu).Run(4, i => sum.Value);
}
