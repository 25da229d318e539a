using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>Existing code as tasks.</summary>
public sealed class CallTests
{
    private readonly record struct Pair(double H, int N);

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Call_WithEachNumberOfReadsAndWrites_RunsTheCode(EngineCase engine)
    {
        using Session session = engine.Open();
        TaskBuilder on = Task.On(Cpu);
        Array1D<int> a = Array1D.Fill(2, 1);
        Array1D<int> b = Array1D.Fill(2, 10);
        Array1D<int> c = Array1D.Fill(2, 100);
        Array1D<int> d = Array1D.Fill(2, 1000);
        Output<Array1D<int>, int> o = Output.Of<int>(2);

        Check([on.Call(o, r => r.Fill(7))], 7);
        Check([on.Call(a, o, (x, r) => r.Fill(x[0]))], 1);
        Check([on.Call(a, b, o, (x, y, r) => r.Fill(x[0] + y[1]))], 11);
        Check([on.Call(a, b, c, o, (x, y, z, r) => r.Fill(x[0] + y[1] + z[0]))], 111);
        Check([on.Call(a, b, c, d, o, (x, y, z, w, r) => r.Fill(x[0] + y[1] + z[0] + w[1]))], 1111);

        (Array1D<int> r0, Array1D<int> s0) = on.Call(o, o, (r, s) => { r.Fill(1); s.Fill(2); });
        Check([r0, s0], 1, 2);
        (r0, s0) = on.Call(a, o, o, (x, r, s) => { r.Fill(x[0] + 1); s.Fill(x[0] + 2); });
        Check([r0, s0], 2, 3);
        (Array1D<int> r1, Array1D<int> s1, Array1D<int> u1) = on.Call(a, b, o, o, o, (x, y, r, s, u) => { r.Fill(x[0]); s.Fill(y[0]); u.Fill(x[0] + y[0]); });
        Check([r1, s1, u1], 1, 10, 11);
        (Array1D<int> r2, Array1D<int> s2, Array1D<int> u2, Array1D<int> v2) = on.Call(a, b, c, d, o, o, o, o, (x, y, z, w, r, s, u, v) =>
        {
            w.CopyTo(r);
            z.CopyTo(s);
            y.CopyTo(u);
            x.CopyTo(v);
        });
        Check([r2, s2, u2, v2], 1000, 100, 10, 1);

        static void Check(Array1D<int>[] found, params int[] values) => Assert.That(found.Select(f => (f[0], f[1])), Is.EqualTo(values.Select(v => (v, v))));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Call_OnViewsAndStructs_SeesWholeRowMajorArrays(EngineCase engine)
    {
        using Session session = engine.Open();
        Array2D<int> a = Array2D.From(new[,] { { 1, 2, 3 }, { 4, 5, 6 } });
        Array1D<int> seen = Task.On(Cpu).Call(a.Transpose(), Output.Of<int>(6), (x, r) => x.CopyTo(r));
        Assert.That(seen.ToArray(), Is.EqualTo((int[])[1, 4, 2, 5, 3, 6]));

        Array1D<Pair> pairs = [new(0.5, 1), new(1.5, 2)];
        Array1D<Pair> turned = Task.On(Cpu).Call(pairs, Output.Of<Pair>(2), (x, r) =>
        {
            r[0] = x[1];
            r[1] = x[0];
        });
        Assert.That(turned.ToArray(), Is.EqualTo((Pair[])[new(1.5, 2), new(0.5, 1)]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Output_ThatTheCodeLeavesOut_IsZero(EngineCase engine)
    {
        using Session session = engine.Open();
        for (int round = 0; round < 3; round++)
        {
            using Array1D<int> used = Task.On(Cpu).Call(Output.Of<int>(100), r => r.Fill(round + 7));
            Assert.That(used[99], Is.EqualTo(round + 7));
            used.Dispose();
            Array1D<int> left = Task.On(Cpu).Call(Output.Of<int>(100), r => r[0] = round);
            Assert.That(left.ToArray().Skip(1), Is.All.Zero);
        }
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Effects_RunInRecordedOrder_WithTheNextEvaluation(EngineCase engine)
    {
        using Session session = engine.Open();
        var log = new List<string>();
        Output<Array1D<int>, int> o = Output.Of<int>(1);
        Array1D<int> unused = Task.On(Cpu).Call(o, _ => log.Add("unused"));
        Task.On(Cpu).Call(o, _ => log.Add("first"), effect: true);
        Array1D<int> x = Task.On(Cpu).Run(1, i => (int)i);
        Task.On(Cpu).Call(x, o, (v, _) => log.Add($"second {v[0]}"), effect: true);
        Assert.That(log, Is.Empty);

        Assert.That((x + 5)[0], Is.EqualTo(5));
        Assert.That(log, Is.EqualTo((string[])["first", "second 0"]));
        Assert.That((x + 6)[0], Is.EqualTo(6));
        Assert.That(log, Has.Count.EqualTo(2));
        Assert.That(unused.Producer.IsEvaluated, Is.False);
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Effect_InALoop_RunsWithEveryStep(EngineCase engine)
    {
        using Session session = engine.Open();
        var seen = new List<int>();
        Array1D<int> last = Task.Repeat(4, Array1D.Fill(1, 0), s =>
        {
            Task.On(Cpu).Call(s, Output.Of<int>(1), (v, _) => seen.Add(v[0]), effect: true);
            return s + 1;
        });

        Assert.That(last[0], Is.EqualTo(4));
        Assert.That(seen, Is.EqualTo((int[])[0, 1, 2, 3]));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void ExceptionOfTheUser_InsideACall_NamesTheTask(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> a = Task.On(Cpu).Named("solver").Call(Output.Of<int>(1), r => throw new InvalidOperationException("singular"));

        AvialException thrown = Assert.Throws<AvialException>(() => (a + 1).ToArray())!;
        Assert.That(thrown.Message, Does.Match(@"^AVL0405: The code called by 'solver' threw InvalidOperationException: singular\n  at CallTests\.cs:\d+: r => throw new InvalidOperationException\(""singular""\)$"));
        Assert.That(thrown.InnerException, Is.TypeOf<InvalidOperationException>());
        Assert.That(Array1D.Fill(1, 2)[0], Is.EqualTo(2));
    }
}
