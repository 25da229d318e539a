using Avial.Diagnostics;
using Avial.Execution.Ranks;
using Avial.Tests.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Programs whose ranks do not do the same end on all ranks, with an error that says in what.</summary>
public sealed class RanksThatDifferTests
{
    private const string Here = "\n  at RanksThatDifferTests.cs:#";
    private const string SameTasks = " A condition on Session.Rank may not decide what is recorded: record the same on every rank, and keep what only one rank does in Session.OnRoot.";
    private const string SameNumbers =
        " Captured numbers are the same on every rank: compute those that are not (times, random numbers, anything from Session.Rank) in a task, or read them from a file.";
    private const string SameOrder = " Every rank evaluates the same in the same order: no rank may return early, or evaluate under a condition on Session.Rank.";

    private static Array1D<long> A => Task.On(Cpu).Named("a").Run(4, i => i);

    private static Array1D<long> B => Task.On(Cpu).Named("b").Run(4, i => i + 1);

    [Test]
    public void AVL0704_ABranchThatRecordsAnotherTask_NamesTheFirstOnBothSides([Values(2, 3, 8)] int ranks) => Everywhere(ranks, session =>
    {
        Array1D<long> x = A;
        Array1D<long> y = session.Rank == 1 ? Task.On(Cpu).Named("up").Run(4, i => x[i] + 1) : Task.On(Cpu).Named("down").Run(4, i => x[i] - 1);
        _ = (y * 2)[3];
    }, $"AVL0704: The ranks record different tasks: number 2 of an evaluation is 'down' of i64[4] (RanksThatDifferTests.cs:#) on {Others(ranks, 1)} and 'up' of i64[4] (RanksThatDifferTests.cs:#) on rank 1.{SameTasks}{Here}: i => x[i] - 1");

    [Test]
    public void AVL0704_AnotherDomain_IsFound() => Everywhere(3, session =>
    {
        int n = 4 + session.Rank / 2;
        _ = Task.On(Cpu).Named("a").Run(n, i => i)[3];
    }, $"AVL0704: The ranks record different tasks: number 1 of an evaluation is 'a' of i64[4] (RanksThatDifferTests.cs:#) on ranks 0, 1 and 'a' of i64[5] (RanksThatDifferTests.cs:#) on rank 2.{SameTasks}{Here}: i => i");

    [Test]
    public void AVL0704_AnotherTarget_IsFound() => Everywhere(2, session => _ = Task.On(session.IsRoot ? Cpu : Auto).Named("a").Run(4, i => i)[3],
        $"AVL0704: The ranks record different tasks: number 1 of an evaluation is 'a' of i64[4] (RanksThatDifferTests.cs:#) on rank 0 and 'a' of i64[4] (RanksThatDifferTests.cs:#) on rank 1, with another domain, body or target.{SameTasks}{Here}: i => i");

    [Test]
    public void AVL0704_AnotherOrderOfEvaluations_IsFound() => Everywhere(4, session =>
    {
        Array1D<long> a = A;
        Array1D<long> b = B;
        _ = (session.Rank < 2 ? a : b)[0];
        _ = (session.Rank < 2 ? b : a)[0];
    }, $"AVL0704: The ranks record different tasks: number 1 of an evaluation is 'a' of i64[4] (RanksThatDifferTests.cs:#) on ranks 0, 1 and 'b' of i64[4] (RanksThatDifferTests.cs:#) on ranks 2, 3.{SameTasks}{Here}: i => i");

    [Test]
    public void AVL0704_ATaskMore_IsFound() => Everywhere(2, session =>
    {
        Array1D<long> a = A;
        Array1D<long> b = B;
        Compute.Evaluate(session.Rank == 0 ? [a] : [a, b]);
    }, $"AVL0704: The ranks record different tasks: number 2 of an evaluation is nothing on rank 0 and 'b' of i64[4] (RanksThatDifferTests.cs:#) on rank 1.{SameTasks}{Here}: i => i + 1");

    [Test]
    public void AVL0705_AnotherCapturedNumber_IsNamedWithItsValues([Values(2, 3, 7)] int ranks) => Everywhere(ranks, session =>
    {
        double scale = 0.5 + session.Rank / (ranks - 1);
        int shift = 3;
        Array1D<long> a = A;
        _ = Task.On(Cpu).Named("scaled").Run(4, i => a[i] * scale + shift)[3];
    }, $"AVL0705: The ranks capture different numbers: 'scaled' captures 0.5, 3 on {Others(ranks, ranks - 1)} and 1.5, 3 on rank {ranks - 1}.{SameNumbers}{Here}: i => a[i] * scale + shift");

    [Test]
    public void AVL0705_InsideALoop_IsFound() => Everywhere(2, session =>
    {
        float rate = session.Rank;
        _ = Task.Repeat(5, Array1D.Fill(4, 1f), s => Task.On(Cpu).Run(4, i => s[i] * rate))[0];
    }, $"AVL0705: The ranks capture different numbers: 'Repeat@RanksThatDifferTests.cs:#' captures 5, 0 on rank 0 and 5, 1 on rank 1.{SameNumbers}{Here}");

    [Test]
    public void AVL0706_ARankThatReturnsEarly_EndsTheOthers([Values(2, 4, 8)] int ranks) => Everywhere(ranks, session =>
    {
        Array1D<long> a = A;
        Assert.That(a[1], Is.EqualTo(1));
        if (session.Rank != 1)
        {
            _ = B[1];
        }
    }, $"AVL0706: Rank 1 has ended its program, where {Others(ranks, 1)} evaluate{(ranks == 2 ? "s" : "")} 'b' (RanksThatDifferTests.cs:#).{SameOrder}{Here}: i => i + 1");

    [Test]
    public void AVL0706_AnEvaluationOnRank0Only_IsFound() => Everywhere(4, session =>
    {
        Array1D<long> a = A;
        if (session.IsRoot)
        {
            _ = a[1];
        }
    }, $"AVL0706: Ranks 1..3 have ended their program, where rank 0 evaluates 'a' (RanksThatDifferTests.cs:#).{SameOrder}{Here}: i => i");

    [Test]
    public void AVL0706_OtherResultsOfTheSameTasks_AreFound() => Everywhere(2, session =>
    {
        Array1D<long> a = A;
        Array1D<long> b = Task.On(Cpu).Named("b").Run(4, i => a[i]);
        Compute.Evaluate(session.IsRoot ? [a, b] : [b, a]);
    }, $"AVL0706: Rank 1 evaluates 'b' (RanksThatDifferTests.cs:#), where rank 0 evaluates 'a' (RanksThatDifferTests.cs:#).{SameOrder}{Here}: i => a[i]");

    [Test]
    public void AVL0707_AnotherEngine_IsFound() => Everywhere(3, session =>
    {
        using Session inner = Session.Create(o => o with { Engine = session.Rank == 2 ? Engine.Interpreter : Engine.Managed });
        _ = A[0];
    }, $"AVL0707: The sessions of the ranks have different options: Engine = Managed on ranks 0, 1, Engine = Interpreter on rank 2. Give all ranks the same.{Here}: i => i");

    [Test]
    public void AVL0702_AnExceptionOutsideTasks_EndsAllRanks([Values(1, 2, 7)] int ranks, [Values] bool isOnRoot) => Everywhere(ranks, session =>
    {
        int thrower = isOnRoot ? 0 : ranks - 1;
        Action boom = () => throw new InvalidOperationException("boom.");
        if (isOnRoot)
        {
            session.OnRoot(boom);
        }
        else if (session.Rank == thrower)
        {
            boom();
        }
        _ = A[0];
    }, $"AVL0702: Rank {(isOnRoot ? 0 : ranks - 1)} threw InvalidOperationException: boom. All ranks end with it.");

    [Test]
    public void AVL0702_TheSameExceptionOnAllRanks_NamesTheLowest() =>
        Everywhere(4, _ => throw new InvalidOperationException("boom."), "AVL0702: Rank 0 threw InvalidOperationException: boom. All ranks end with it.");

    [Test]
    public void AVL0020_AMistakeInTheRecording_NamesTheLowestRank() => Refused.With(() => Session.RunOnRanks(3, _ => A.Slice(2..9)),
        "AVL0020: On rank 0: 2..9 in dimension 0 is not inside 'a', which is 4.");

    [Test]
    public void AVL0601_AnEvaluationInsideOnRoot_EndsAllRanks() => Everywhere(3, session =>
    {
        Array1D<long> a = A;
        session.OnRoot(() => _ = a[0]);
        _ = a[1];
    }, $"AVL0601: On rank 0: 'a' is evaluated inside Session.OnRoot, where the other ranks do not take part. Evaluate it before and use the value inside.{Here}: i => i");

    [Test]
    public void ARankThatCatchesWhatEndsTheOthers_EndsWithTheSameMessage() => Refused.With(() => Session.RunOnRanks(3, session =>
    {
        int me = session.Rank;
        Array1D<long> x = Task.On(Cpu).Named("call").Call(Output.Of<long>(4), r => throw new InvalidOperationException("boom"));
        try
        {
            _ = x[0];
        }
        catch (AvialException) when (me == 2)
        {
            _ = A[0];
        }
    }), $"AVL0405: The code called by 'call' threw InvalidOperationException: boom{Here}: r => throw new InvalidOperationException(\"boom\")");

    [Test]
    public void AVL0703_TwoEvaluationsAtOnce_AreRefused()
    {
        using var isInside = new ManualResetEventSlim();
        using var isRefused = new ManualResetEventSlim();
        Refused.With(() => Session.RunOnRanks(1, session =>
        {
            Array1D<int> slow = Task.On(Cpu).Named("slow").Call(Output.Of<int>(1), r =>
            {
                isInside.Set();
                isRefused.Wait();
                r[0] = 1;
            });
            System.Threading.Tasks.Task first = Compute.EvaluateAsync([slow]).AsTask();
            isInside.Wait();
            try
            {
                _ = A[0];
            }
            finally
            {
                isRefused.Set();
                Assert.That(() => first.GetAwaiter().GetResult(), Throws.Exception);
            }
        }), $"AVL0703: Rank 0 evaluates 'a' while its evaluation of 'slow' is still running. All ranks must evaluate in one order: await one evaluation before the next is started, and start none inside a Call.{Here}: i => i");
    }

    [Test]
    public void AVL0701_ARankThatDoesNothing_IsLeftToTheWatchdog()
    {
        using var isOver = new ManualResetEventSlim();
        Refused.With(() => Session.RunOnRanks(2, session =>
        {
            Array1D<long> a = A;
            _ = a[0];
            if (session.Rank == 1)
            {
                isOver.Wait();
            }
            try
            {
                _ = B[0];
            }
            finally
            {
                isOver.Set();
            }
        }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(0.3) }),
            "AVL0701: Rank 0 waited 0.3 s in 'b' (RanksThatDifferTests.cs:#) for 48 B from rank 1 (tag handshake), which runs the program's own code after 'a' (RanksThatDifferTests.cs:#). All ranks must evaluate the same. "
            + $"If rank 1 only needs longer, raise SessionOptions.WatchdogTimeout or AVIAL_WATCHDOG (seconds; 0 waits for ever).{Here}: i => i + 1");
    }

    [Test]
    public void AVL0708_RanksInsideRanks_AreRefused() => Refused.With(() => Session.RunOnRanks(2, _ => Session.RunOnRanks(2, _ => { })),
        "AVL0708: On rank 0: Session.RunOnRanks is called by a program that runs on ranks already. Call it outside, with as many ranks as are needed.");

    [TestCase(0)]
    [TestCase(-3)]
    [TestCase(1025)]
    public void AVL0603_AnAbsurdNumberOfRanks(int ranks)
    {
        string message = $"AVL0603: A program cannot run on {ranks} ranks; give 1 to 1024.";
        Refused.With(() => Session.RunOnRanks(ranks, _ => { }), message);
        Refused.With(() => Session.Create(o => o with { Ranks = ranks }), message);
    }

    [Test]
    public void AVL0604_AnImpossibleWatchdog() =>
        Refused.With(() => Session.Create(o => o with { WatchdogTimeout = TimeSpan.FromSeconds(-1) }), "AVL0604: A watchdog of -1 s is not possible; give a time from 0 (waits for ever) to a day.");

    [TestCase("0")]
    [TestCase("-1")]
    [TestCase("1025")]
    [TestCase("many")]
    public void AVL0652_AWrongAvialRanks(string setting) => Refused.With(() => RankCount.Parse(setting),
        $"AVL0652: AVIAL_RANKS is '{setting}'; it must be a number of ranks from 1 to 1024. Correct it, or unset it to run on one.");

    [TestCase("-1")]
    [TestCase("86401")]
    [TestCase("soon")]
    public void AVL0653_AWrongAvialWatchdog(string setting) => Refused.With(() => WatchdogTime.Parse(setting),
        $"AVL0653: AVIAL_WATCHDOG is '{setting}'; it must be a number of seconds, at most a day's (86400), or 0 to wait for ever. Correct it, or unset it for 60.");

    [Test]
    public void Settings_ThatAreRight_AreTaken()
    {
        Assert.That((RankCount.Parse(null), RankCount.Parse(" "), RankCount.Parse("8")), Is.EqualTo(((int?)null, (int?)null, (int?)8)));
        Assert.That((WatchdogTime.Parse(null), WatchdogTime.Parse("0"), WatchdogTime.Parse("1.5")), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)TimeSpan.Zero, (TimeSpan?)TimeSpan.FromSeconds(1.5))));
    }

    /// <summary>Whatever the ranks' timing, the program ends with this message.</summary>
    private static void Everywhere(int ranks, Action<Session> program, string message)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            Refused.With(() => Session.RunOnRanks(ranks, session =>
            {
                new Disturbance(seed, session.Rank).Strike();
                program(session);
            }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(20) }), message);
        }
    }

    private static string Others(int ranks, int without) => RankList.Text([.. Enumerable.Range(0, ranks).Where(r => r != without)]);
}
