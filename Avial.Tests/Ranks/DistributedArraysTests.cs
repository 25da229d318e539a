using Avial.Diagnostics;
using Avial.Tests.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Ranks;

/// <summary>What users see of an array that lies in parts on several ranks: elements, copies, own parts, files.</summary>
public sealed class DistributedArraysTests
{
    private const string Here = "\n  at DistributedArraysTests.cs:#";
    private const string SameReads = " Every rank reads, copies and saves the same: what a rank has itself it reads by Local, alone.";

    private struct Body
    {
        public double Mass;
        public short Kind;
    }

    [Test]
    public void Element_OnRanks_ComesFromItsOwner([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count, [Values(1, 2)] int seed) => Session.RunOnRanks(count, session =>
    {
        var disturbance = new Disturbance(seed, session.Rank);
        Array2D<int> a = Task.On(Cpu).Run((40, 30), (i, j) => (int)(100 * i + j));
        Array1D<Body> bodies = Task.On(Cpu).Run(50, i => new Body { Mass = i * 0.5, Kind = (short)i });
        for (long i = 0; i < 40; i += 3)
        {
            disturbance.Strike();
            Assert.That(a[i, i % 30], Is.EqualTo(100 * i + i % 30));
            Assert.That((bodies[i].Mass, bodies[i].Kind), Is.EqualTo((i * 0.5, (short)i)));
        }
        Assert.That(bodies.Wrap[-1].Kind, Is.EqualTo(49));
    });

    [Test]
    public void Local_OnRanks_PartsAreTheArray([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count, [Values] bool isShort)
    {
        long n = isShort ? 3 : 64;
        var seen = new int[n, 20, 3];
        var lines = new int[n];
        Session.RunOnRanks(count, session =>
        {
            Array3D<int> a = Task.On(Cpu).Run((n, 20, 3), (i, j, k) => (int)(10_000 * i + 10 * j + k));
            LocalPart3D<int> part = a.Local;
            Domain3D own = part.Domain;
            int position = 0;
            for (long i = own.Planes.Start; i < own.Planes.End; i++)
            {
                for (long j = own.Rows.Start; j < own.Rows.End; j++)
                {
                    for (long k = own.Columns.Start; k < own.Columns.End; k++)
                    {
                        Assert.That(part.Values[position++], Is.EqualTo(10_000 * i + 10 * j + k));
                        Interlocked.Increment(ref seen[i, j, k]);
                    }
                }
            }
            Assert.That(part.Values.Length, Is.EqualTo(position));
            LocalPart1D<long> filled = Array1D.Fill(n, 7L).Local; // what every rank has is shared out
            Assert.That(filled.Values.ToArray(), Is.All.EqualTo(7));
            for (long i = filled.Domain.Start; i < filled.Domain.End; i++)
            {
                Interlocked.Increment(ref lines[i]);
            }
        });

        Assert.That(seen, Is.All.EqualTo(1));
        Assert.That(lines, Is.All.EqualTo(1));
    }

    [Test]
    public void Local_WhereTheProgramRunsOnce_IsTheWholeArray([Values(1, 4)] int ranks)
    {
        using Session session = Session.Create(o => o with { Ranks = ranks });
        Array1D<int> a = Task.On(Cpu).Run(100, i => (int)i);

        Assert.That(a.Local.Values.ToArray(), Is.EqualTo(Enumerable.Range(0, 100)));
        Assert.That(a.Local.Domain, Is.EqualTo(new Domain1D(0, 100)));
        Assert.That(Task.On(Cpu).Run((2, 3, 4, 5), (i, j, k, l) => i).Local.Domain, Is.EqualTo((Domain4D)(2, 3, 4, 5)));
    }

    [Test]
    public void Local_OfAWindowWithHalo_IsTheOwnPart([Values(2, 3, 5)] int count) => Session.RunOnRanks(count, _ =>
    {
        Array2D<double> a = Task.On(Cpu).Run((30, 24), (i, j) => i * 0.25 + j);
        Array2D<double> b = Task.Repeat(3, a, s => Task.On(Cpu).Run((30, 24), (i, j) => s.Clamp[i - 1, j] + s.Clamp[i, j + 1] - s[i, j]));
        double[,] all = b.ToArray();
        LocalPart2D<double> part = b.Local;
        int position = 0;
        for (long i = part.Domain.Rows.Start; i < part.Domain.Rows.End; i++)
        {
            for (long j = part.Domain.Columns.Start; j < part.Domain.Columns.End; j++)
            {
                Assert.That(part.Values[position++], Is.EqualTo(all[i, j]));
            }
        }
    });

    [Test]
    public void Save_OfParts_WritesOneFile([ValueSource(typeof(RankThreads), nameof(RankThreads.Counts))] int count, [Values] bool isOnce)
    {
        using var folder = new TemporaryFolder();
        (string numbers, string records, string filled) = (folder.File("a.npy"), folder.File("b.npy"), folder.File("c.npy"));
        if (isOnce)
        {
            using Session session = Session.Create(o => o with { Ranks = count });
            SaveAll(numbers, records, filled);
        }
        else
        {
            Session.RunOnRanks(count, _ => SaveAll(numbers, records, filled));
        }

        Assert.That(Array2D.Load<int>(numbers).ToArray(), Is.EqualTo(Numbers.ToArray()));
        Assert.That(Array1D.Load<Body>(records).ToArray(), Is.EqualTo(Records.ToArray()));
        Assert.That(Array1D.Load<byte>(filled).ToArray(), Is.EqualTo(Array1D.Fill(9, (byte)4).ToArray()));
        Assert.That(folder.Files.Length, Is.EqualTo(3));
    }

    [Test]
    public void Save_IntoNoFolder_IsRefusedOnAllRanksAndTheProgramGoesOn([Values(1, 2, 4)] int count)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.File("none"), "a.npy");
        Session.RunOnRanks(count, session =>
        {
            Array2D<int> a = Numbers;
            for (int i = 0; i < 3; i++)
            {
                new Disturbance(i, session.Rank).Strike();
                AvialException thrown = Assert.Throws<AvialException>(() => a.Save(path))!;
                Assert.That(thrown.Id, Is.EqualTo("AVL0503"));
                Assert.That(thrown.Message, Does.Contain(path));
                Assert.That(a[3, 4], Is.EqualTo(304));
            }
        }, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(20) });

        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void AVL0706_AnotherElement_IsRefused() => Everywhere(3, session => _ = Numbers[session.Rank / 2, 1],
        $"AVL0706: Rank 2 reads [1, 1] of 'numbers' (DistributedArraysTests.cs:#), where ranks 0, 1 read [0, 1] of 'numbers' (DistributedArraysTests.cs:#).{SameReads}{Here}: (i, j) => (int)(100 * i + j)");

    [Test]
    public void AVL0706_AnotherPath_IsRefused() => Everywhere(2, session => Numbers.Save(session.IsRoot ? "a.npy" : "b.npy"),
        $"AVL0706: Rank 1 saves 'numbers' (DistributedArraysTests.cs:#) as b.npy, where rank 0 saves 'numbers' (DistributedArraysTests.cs:#) as a.npy.{SameReads}{Here}: (i, j) => (int)(100 * i + j)");

    [Test]
    public void AVL0706_AnElementInsteadOfACopy_IsRefused() => Everywhere(2, session =>
    {
        Array2D<int> a = Numbers;
        Compute.Evaluate(a);
        _ = session.IsRoot ? a.ToArray()[0, 0] : a[0, 0];
    }, "AVL0706: Rank 1 reads [0, 0] of 'numbers' (DistributedArraysTests.cs:#), where rank 0 copies all of 'numbers' (DistributedArraysTests.cs:#)."
        + $" Every rank evaluates the same in the same order: no rank may return early, or evaluate under a condition on Session.Rank.{Here}: (i, j) => (int)(100 * i + j)");

    [Test]
    public void AVL0601_AnElementInsideOnRoot_IsRefused() => Everywhere(2, session =>
    {
        Array2D<int> a = Numbers;
        Compute.Evaluate(a);
        session.OnRoot(() => _ = a[0, 0]);
        _ = a[1, 1];
    }, $"AVL0601: On rank 0: 'numbers' is evaluated inside Session.OnRoot, where the other ranks do not take part. Evaluate it before and use the value inside.{Here}: (i, j) => (int)(100 * i + j)");

    private static Array2D<int> Numbers => Task.On(Cpu).Named("numbers").Run((40, 30), (i, j) => (int)(100 * i + j));

    private static Array1D<Body> Records => Task.On(Cpu).Run(50, i => new Body { Mass = i * 0.5, Kind = (short)i });

    private static void SaveAll(string numbers, string records, string filled)
    {
        Numbers.Save(numbers);
        Records.Save(records);
        Array1D.Fill(9, (byte)4).Save(filled);
    }

    private static void Everywhere(int ranks, Action<Session> program, string message) =>
        Refused.With(() => Session.RunOnRanks(ranks, program, o => o with { WatchdogTimeout = TimeSpan.FromSeconds(20) }), message);
}
