using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution.Ranks;
using Avial.Geometry;

namespace Avial.Tests.Ranks;

/// <summary>A rank that fails ends the waits of all; afterwards nothing of the evaluation is left.</summary>
public sealed unsafe class InterruptionTests
{
    private static readonly WaitSite s_here = RankThreads.Here;

    [Test]
    public void Interrupt_WhileOthersWait_WakesThemAndNothingStaleArrivesLater(
        [ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count, [Values(-1, 1024)] int eagerBytes, [Values(1, 2, 3)] int seed) =>
        RankThreads.Run(count, new InProcessOptions { EagerBytes = eagerBytes, Watchdog = TimeSpan.FromSeconds(20) }, ranks =>
        {
            int me = ranks.Rank.Value;
            var disturbance = new Disturbance(seed, me);
            for (int evaluation = 0; evaluation < 20; evaluation++)
            {
                int failing = new Random(seed * 100 + evaluation).Next(count);
                var reason = new Interruption(new RankId(failing), InterruptionKind.Error, "AVL9", $"evaluation {evaluation}", SourceSpan.None);
                InterruptedEvaluationException? thrown = null;
                try
                {
                    Collectives.Barrier(ranks, s_here); // as the handshake does: nobody is in an earlier evaluation
                    Exchange(ranks, disturbance, evaluation, stopAt: me == failing ? disturbance.Random.Next(3) : int.MaxValue);
                    if (me == failing)
                    {
                        ranks.Interrupt(reason);
                        Assert.That(ranks.Interrupted.IsCancellationRequested, Is.True);
                        ranks.Test(default);
                    }
                    Collectives.Barrier(ranks, s_here); // the failing rank never comes
                }
                catch (InterruptedEvaluationException exception)
                {
                    thrown = exception;
                }
                Assert.That(thrown?.Reason, Is.EqualTo(reason));
                ranks.Recover(s_here);
                Assert.That(ranks.Interrupted.IsCancellationRequested, Is.False);
                Exchange(ranks, disturbance, 1000 + evaluation, int.MaxValue);
            }
        });

    /// <summary>Every rank gets the evaluation's number from all others, in messages of two sizes with one tag.</summary>
    private static void Exchange(ICommunicator ranks, Disturbance disturbance, int evaluation, int stopAt)
    {
        int count = ranks.Ranks;
        const int Large = 5000;
        byte[] memory = GC.AllocateArray<byte>(2 * count * Large, pinned: true);
        fixed (byte* data = memory)
        {
            var requests = new List<Request>();
            for (int r = 0; r < count; r++)
            {
                if (r == stopAt)
                {
                    return;
                }
                disturbance.Strike();
                int bytes = r % 2 == ranks.Rank.Value % 2 ? 4 : Large;
                *(int*)(data + r * Large) = evaluation;
                requests.Add(ranks.Send(new RankId(r), 7, data + r * Large, bytes));
                requests.Add(ranks.Receive(new RankId(r), 7, data + (count + r) * Large, bytes));
            }
            foreach (Request request in requests)
            {
                disturbance.Strike();
                ranks.Wait(request, s_here);
            }
            for (int r = 0; r < count; r++)
            {
                Assert.That(*(int*)(data + (count + r) * Large), Is.EqualTo(evaluation));
            }
        }
    }

    [Test]
    public void Abort_OnOneRank_EndsAllForGood()
    {
        var reason = new Interruption(new RankId(2), InterruptionKind.Error, "AVL9", "over", SourceSpan.None);
        Exception?[] thrown = RankThreads.Thrown(4, new InProcessOptions(), ranks =>
        {
            if (ranks.Rank.Value == 2)
            {
                ranks.Abort(reason);
            }
            InterruptedEvaluationException first = Assert.Throws<InterruptedEvaluationException>(() => Collectives.Barrier(ranks, s_here))!;
            Assert.That(first.IsFinal, Is.True);
            Assert.Throws<InterruptedEvaluationException>(() => ranks.Recover(s_here));
            Collectives.Barrier(ranks, s_here);
        });

        Assert.That(thrown, Is.All.TypeOf<InterruptedEvaluationException>().And.Property("Reason").EqualTo(reason));
    }

    [Test]
    public void AVL0701_AWaitWithoutEnd_NamesRankStepPeerTagBytesAndWhatThePeerDoes()
    {
        string[] messages = Messages(3, (ranks, done) =>
        {
            long word = 0;
            if (ranks.Rank.Value == 0)
            {
                ranks.Wait(ranks.Receive(new RankId(2), 7, (byte*)&word, 8), new WaitSite("halo of u", new SourceSpan("Heat.cs", 12, "u[i - 1]")));
            }
            ranks.Note(new RankDoing(RankActivity.Computing, new WaitSite("blur", new SourceSpan("Heat.cs", 30, ""))));
            done.Wait();
            Collectives.Barrier(ranks, s_here);
        });

        Assert.That(messages, Is.All.EqualTo("AVL0701: Rank 0 waited 0.2 s in 'halo of u' (Heat.cs:12) for 8 B from rank 2 (tag 7), which computes in 'blur' (Heat.cs:30). "
            + "All ranks must evaluate the same. If rank 2 only needs longer, raise SessionOptions.WatchdogTimeout or AVIAL_WATCHDOG (seconds; 0 waits for ever).\n  at Heat.cs:12: u[i - 1]"));
    }

    [Test]
    public void AVL0701_SendsThatWaitForEachOther_AreFoundUnderRendezvous()
    {
        string[] messages = Messages(2, (ranks, _) =>
        {
            long word = 0;
            var other = new RankId(1 - ranks.Rank.Value);
            ranks.Wait(ranks.Send(other, 1, (byte*)&word, 8), s_here);
            ranks.Wait(ranks.Receive(other, 1, (byte*)&word, 8), s_here);
        });

        Assert.That(messages, Is.All.EqualTo(messages[0]));
        Assert.That(messages[0], Does.Match(@"^AVL0701: Rank ([01]) waited 0\.2 s in 'test' for rank [01] to receive 8 B \(tag 1\), which waits in 'test' for rank \1 to receive 8 B \(tag 1\)\. "));
    }

    [TestCase(true, "whose program has ended")]
    [TestCase(false, "which runs the program's own code")]
    public void AVL0701_APeerThatDoesNothing_IsSaidToDoSo(bool hasEnded, string expected)
    {
        string[] messages = Messages(2, (ranks, done) =>
        {
            if (ranks.Rank.Value == 1)
            {
                ranks.Note(new RankDoing(hasEnded ? RankActivity.Ended : RankActivity.HostCode, default));
                done.Wait();
            }
            ranks.Wait(ranks.Receive(new RankId(1), 1, null, 0), s_here);
        });

        Assert.That(messages[0], Does.StartWith($"AVL0701: Rank 0 waited 0.2 s in 'test' for 0 B from rank 1 (tag 1), {expected}."));
    }

    [Test]
    public void AVL0701_ARankThatDoesNotComeToTheRecovery_IsNamed()
    {
        string[] messages = Messages(3, (ranks, done) =>
        {
            ranks.Interrupt(Interruption.OfBug(ranks.Rank, "first"));
            if (ranks.Rank.Value == 1)
            {
                done.Wait();
            }
            ranks.Recover(s_here);
        });

        Assert.That(messages, Is.All.EqualTo(messages[0]));
        Assert.That(messages[0], Does.Match(@"^AVL0701: Rank [02] waited 0\.2 s in 'test' for rank 1 to end the evaluation, which runs the program's own code\. "));
    }

    /// <summary>What every rank throws under rendezvous and a short watchdog; <c>done</c> is set once a rank has been thrown out.</summary>
    private static string[] Messages(int count, Action<ICommunicator, ManualResetEventSlim> body)
    {
        using var done = new ManualResetEventSlim();
        Exception?[] thrown = RankThreads.Thrown(count, InProcessOptions.Rendezvous with { Watchdog = TimeSpan.FromSeconds(0.2) }, ranks =>
        {
            try
            {
                body(ranks, done);
            }
            finally
            {
                done.Set();
            }
        });
        return [.. thrown.Select(e => ((InterruptedEvaluationException)e!).Reason.ToException().Message)];
    }
}
