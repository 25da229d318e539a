using System.Runtime.CompilerServices;
using Avial.Tests.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>Arrays that a program of ranks shares with its surroundings: each rank has its own part of them.</summary>
public sealed class SharedArraysTests
{
    private const string Here = "\n  at SharedArraysTests.cs:#";

    [Test]
    public void ArrayFromOutside_EvaluatedByRanks_IsWholeForEverybody([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count)
    {
        Array1D<double> outside = Task.On(Cpu).Named("outside").Run(1000, i => i * 2.0);
        Array1D<double> next = Task.On(Cpu).Named("next").Run(1000, i => outside.Wrap[i + 1] - outside[i]);
        var copies = new double[count][];

        Session.RunOnRanks(count, session =>
        {
            Compute.Evaluate(next);
            Compute.Evaluate(outside, next);
            Assert.That(next.Reduce(Reduction.Sum).Value, Is.EqualTo(0));
            copies[session.Rank] = outside.ToArray();
        });

        double[] expected = [.. Enumerable.Range(0, 1000).Select(i => i * 2.0)];
        Assert.That(copies, Is.All.EqualTo(expected));
        Assert.That(outside.Producer.IsEvaluated, Is.EqualTo(false));
        Assert.That(outside.ToArray(), Is.EqualTo(expected));
        Assert.That(next[0], Is.EqualTo(2));
    }

    [Test]
    public void ArrayOfDistributedSession_IsReadByRanksOfAnyNumber([Values(1, 2, 4, 7)] int count)
    {
        using Session session = Session.Create(o => o with { Ranks = 4 });
        Array1D<long> outside = Task.On(Cpu).Named("outside").Run(1000, i => i * i);
        Compute.Evaluate(outside);
        var sums = new long[count];

        Session.RunOnRanks(count, inner => sums[inner.Rank] = Task.On(Cpu).Run(1000, i => outside.Wrap[i + 3] - outside[i]).Reduce(Reduction.Sum).Value + outside[7]);

        Assert.That(sums, Is.All.EqualTo(49));
    }

    [Test]
    public void Dispose_OfASharedArrayOnRanks_LeavesItOutside()
    {
        Array1D<double> outside = Task.On(Cpu).Named("outside").Run(1000, i => i * 2.0);

        Session.RunOnRanks(3, _ =>
        {
            Compute.Evaluate(outside);
            outside.Dispose();
            Assert.That(() => outside[3], Throws.TypeOf<Avial.Diagnostics.AvialException>().With.Message.StartsWith("AVL0402"));
        });

        Assert.That(outside[3], Is.EqualTo(6));
    }

    [Test]
    public void PartsOfRanks_GoWithTheirProgram()
    {
        Array1D<double> outside = Task.On(Cpu).Named("outside").Run(100_000, i => i * 2.0);

        long before = LiveBytes();
        Session.RunOnRanks(3, _ => Compute.Evaluate(outside));

        Assert.That(LiveBytes() - before, Is.LessThan(100_000));
        GC.KeepAlive(outside);
    }

    [Test]
    public void Recording_OnAllRanksAtOnce_IsSafe([Values(1, 2, 3)] int seed)
    {
        Array1D<double> outside = Task.On(Cpu).Run(500, i => i * 0.5);
        var results = new double[8];
        Session.RunOnRanks(8, session =>
        {
            var disturbance = new Disturbance(seed, session.Rank);
            Array1D<double> x = outside;
            for (int step = 0; step < 40; step++)
            {
                Array1D<double> y = x;
                int k = step % 7;
                disturbance.Strike();
                x = step % 3 == 0 ? Task.On(Cpu).Run(500, i => y.Clamp[i - k] + outside[i])
                    : step % 3 == 1 ? Task.Repeat(2, y, s => Task.On(Cpu).Run(500, i => s.Wrap[i + 1] * 0.5 + outside[i])) : y + outside;
            }
            results[session.Rank] = x.Reduce(Reduction.Sum).Value;
        });

        Assert.That(results, Is.All.EqualTo(results[0]));
    }

    [Test]
    public void AVL0709_ADistributedArrayAfterTheProgram_IsRefused()
    {
        Array1D<long>? leaked = null;
        Session.RunOnRanks(2, session =>
        {
            Array1D<long> a = Task.On(Cpu).Named("a").Run(1000, i => i);
            Compute.Evaluate(a);
            if (session.Rank == 1)
            {
                leaked = a;
            }
        });

        string message = "AVL0709: 'a' was evaluated by rank 1 of Session.RunOnRanks, which alone has its part, and is used outside of that rank's program. Every rank records and evaluates "
            + $"for itself: take out what is to outlive the program by ToArray, Value or Save, and record what ranks share before it.{Here}: i => i";
        Refused.With(() => leaked![3], message);
        Refused.With(() => leaked!.ToArray(), message);
        Refused.With(() => (leaked! + 1).Reduce(Reduction.Sum).Value, message);
        Refused.With(() => leaked!.Save("nowhere.npy"), message);
        Refused.With(() => Session.RunOnRanks(1, session => leaked![session.Rank].ToString()), message);
    }

    [Test]
    public void ArrayThatIsNotEvaluatedOrWhole_OutlivesTheProgram()
    {
        Array1D<long>? lazy = null;
        Scalar<long> sum = default;
        Session.RunOnRanks(3, session =>
        {
            Array1D<long> a = Task.On(Cpu).Named("a").Run(1000, i => i);
            Scalar<long> s = a.Reduce(Reduction.Sum);
            Compute.Evaluate(s);
            if (session.Rank == 2)
            {
                (lazy, sum) = (a, s);
            }
        });

        Assert.That((lazy![3], sum.Value), Is.EqualTo((3L, 499_500L)));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long LiveBytes()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return Avial.Execution.Allocator.Shared.LiveBytes;
    }
}
