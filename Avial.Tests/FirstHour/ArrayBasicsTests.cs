using System.Diagnostics;
using System.Reflection;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>What a newcomer types first.</summary>
public sealed class ArrayBasicsTests
{
    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Elements_GivenIndexedAndWalked_AreTheSame(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<float> y = [1f, 2f, 4f, 8f];
        var seen = new List<float>();
        foreach (float element in y + y)
        {
            seen.Add(element);
        }

        Assert.That(y[3], Is.EqualTo(8f));
        Assert.That(seen, Is.EqualTo((float[])[2, 4, 8, 16]));
        Assert.That((y.Length, y.Dimensions, y.GetLength(0)), Is.EqualTo((4L, 1, 4L)));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Operators_OnArraysAndNumbers_AreElementWise(EngineCase engine)
    {
        using Session session = engine.Open();
        double[] p = [7, -3, 0.5];
        double[] q = [2, 4, -8];
        Array1D<double> a = Array1D.From(p);
        Array1D<double> b = Array1D.From(q);
        Check(a + b, (x, y) => x + y);
        Check(a - b, (x, y) => x - y);
        Check(a * b, (x, y) => x * y);
        Check(a / b, (x, y) => x / y);
        Check(a % b, (x, y) => x % y);
        Check(-a, (x, _) => -x);
        Check(a + 3, (x, _) => x + 3);
        Check(3 + a, (x, _) => 3 + x);
        Check(a - 3, (x, _) => x - 3);
        Check(3 - a, (x, _) => 3 - x);
        Check(a * 3, (x, _) => x * 3);
        Check(3 * a, (x, _) => 3 * x);
        Check(a / 3, (x, _) => x / 3);
        Check(3 / a, (x, _) => 3 / x);
        Check(a % 3, (x, _) => x % 3);
        Check(2 * (a + b) * (a - b) - a, (x, y) => 2 * (x + y) * (x - y) - x);

        void Check(Array1D<double> found, Func<double, double, double> expected) => Assert.That(found.ToArray(), Is.EqualTo(p.Zip(q, expected)));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Operators_OnSmallIntegersOfAnyRank_WrapAsInCSharp(EngineCase engine)
    {
        using Session session = engine.Open();
        byte[,] p = { { 250, 3 }, { 7, 128 } };
        Array2D<byte> a = Array2D.From(p);

        Assert.That((a + a).ToArray(), Is.EqualTo(Library.Samples.Make(2, 2, (i, j) => unchecked((byte)(p[i, j] + p[i, j])))));
        Assert.That((a * (byte)3).ToArray(), Is.EqualTo(Library.Samples.Make(2, 2, (i, j) => unchecked((byte)(p[i, j] * 3)))));
        Assert.That((-a).ToArray(), Is.EqualTo(Library.Samples.Make(2, 2, (i, j) => unchecked((byte)-p[i, j]))));
        Assert.That((a.Reshape(1, 2, 2) - (byte)9).ToArray()[0, 1, 0], Is.EqualTo(unchecked((byte)(7 - 9))));
        Assert.That((a.Reshape(1, 2, 1, 2) / (byte)2).ToArray()[0, 1, 0, 1], Is.EqualTo((byte)64));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Reduce_AndCast_OfTheElementsThemselves(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<float> x = [1.5f, -2f, 4f];

        Assert.That(x.Reduce(Reduction.Sum).Value, Is.EqualTo(3.5f));
        Assert.That((float)x.Reduce(Reduction.Min), Is.EqualTo(-2f));
        Assert.That(x.Cast<double>().Reduce(Reduction.Product).Value, Is.EqualTo(-12.0));
        Assert.That(x.Cast<int>().ToArray(), Is.EqualTo((int[])[1, -2, 4]));
        Assert.That(x.Reduce(Reduction.Mean).Value, Is.EqualTo(3.5f / 3));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void HostArrays_CapturedInBodies_AreCopiedWhenRecorded(EngineCase engine)
    {
        using Session session = engine.Open();
        int[] line = [10, 20, 30];
        double[,] grid = { { 1, 2, 3 }, { 4, 5, 6 } };

        Array1D<int> a = Task.On(Auto).Run(3, i => line[i] + 1);
        Array2D<double> b = Task.On(Cpu).Run((2, 3), (i, j) => 2 * grid[i, j]);
        line[0] = -1;
        grid[0, 0] = -1;

        Assert.That(a.ToArray(), Is.EqualTo((int[])[11, 21, 31]));
        Assert.That(b.ToArray(), Is.EqualTo(new double[,] { { 2, 4, 6 }, { 8, 10, 12 } }));
    }

    [Test]
    public void ToStringAndDebugger_Never_Evaluate()
    {
        Array1D<double> a = Task.On(Cpu).Named("squares").Run(3, i => (double)i * i);
        Scalar<double> s = a.Reduce(Reduction.Sum);

        Assert.That(a.ToString(), Is.EqualTo("squares: f64[3] (not evaluated)"));
        Assert.That(s.ToString(), Does.EndWith("(not evaluated)"));
        Assert.That(DebuggerElements(a), Is.Empty);
        Assert.That(a.Producer.IsEvaluated || s.Producer.IsEvaluated, Is.False);

        Assert.That(s.Value, Is.EqualTo(5.0));
        Assert.That(a.ToArray(), Is.EqualTo((double[])[0, 1, 4]));
        Assert.That(a.ToString(), Is.EqualTo("squares: f64[3] (evaluated)"));
        Assert.That(s.ToString(), Does.EndWith(" = 5"));
        Assert.That(DebuggerElements(a), Is.EqualTo((double[])[0, 1, 4]));
    }

    [Test]
    public void WriteLine_OfTheSession_ReachesTheConsole()
    {
        TextWriter before = Console.Out;
        var written = new StringWriter();
        Console.SetOut(written);
        try
        {
            Session.Current.WriteLine("energy 3");
        }
        finally
        {
            Console.SetOut(before);
        }
        Assert.That(written.ToString().ReplaceLineEndings("\n"), Is.EqualTo("energy 3\n"));
    }

    [Test]
    public void CopyTo_AndLocal_GiveTheElements()
    {
        Array2D<int> a = Array2D.FromIndex((2, 3), (i, j) => (int)(10 * i + j));
        var destination = new int[8];

        a.CopyTo(destination);

        Assert.That(destination, Is.EqualTo((int[])[0, 1, 2, 10, 11, 12, 0, 0]));
        Assert.That(a.Local.Values.ToArray(), Is.EqualTo((int[])[0, 1, 2, 10, 11, 12]));
        Assert.That(a.Local.Domain, Is.EqualTo(a.Domain));
    }

    // What a debugger does: makes the proxy type named by the attribute and reads its properties.
    private static T[] DebuggerElements<T>(Array1D<T> array) where T : unmanaged
    {
        string proxyName = typeof(Array1D<T>).GetCustomAttribute<DebuggerTypeProxyAttribute>()!.ProxyTypeName;
        Type proxy = Type.GetType(proxyName)!.MakeGenericType(typeof(T));
        return (T[])proxy.GetProperty("Elements")!.GetValue(Activator.CreateInstance(proxy, array))!;
    }
}
