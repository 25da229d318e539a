using Avial.Tests.Files;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>Every element type through tasks, views, loops and files.</summary>
public sealed class ElementTypesTests
{
    private readonly record struct Velocity(float X, float Y);

    private readonly record struct Particle(double Mass, Velocity V, byte Kind, bool Lives, long Id);

    private static readonly Particle[] s_particles = [new(1.5, new(1, 2), 3, true, 1L << 40), new(-2.5, new(float.NaN, -0f), 255, false, -1), new(0, new(5, 6), 0, true, 7)];

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void EveryPrimitive_GoesRound(EngineCase engine)
    {
        using Session session = engine.Open();
        Check<bool>([true, false, true]);
        Check<sbyte>([-128, 0, 127]);
        Check<byte>([0, 128, 255]);
        Check<short>([short.MinValue, 1, short.MaxValue]);
        Check<ushort>([0, 1, ushort.MaxValue]);
        Check([int.MinValue, 1, int.MaxValue]);
        Check<uint>([0, 1, uint.MaxValue]);
        Check([long.MinValue, 1, long.MaxValue]);
        Check<ulong>([0, 1, ulong.MaxValue]);
        Check([Half.MinValue, Half.Epsilon, Half.NaN]);
        Check([float.MinValue, float.Epsilon, float.NegativeInfinity]);
        Check([double.MinValue, -0.0, double.NaN]);
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void StructArrays_GoRoundAndGiveTheirFields(EngineCase engine)
    {
        using Session session = engine.Open();
        Check(s_particles);
        Array1D<Particle> p = Array1D.From(s_particles);

        Array1D<Particle> faster = Task.On(Auto).Run(3, i => new Particle(p[i].Mass * 2, new Velocity(p[i].V.X + 1, p[i].V.Y), p[i].Kind, !p[i].Lives, p[2 - i].Id));

        Assert.That(faster.ToArray(), Is.EqualTo(s_particles.Select((q, i) => new Particle(q.Mass * 2, new(q.V.X + 1, q.V.Y), q.Kind, !q.Lives, s_particles[2 - i].Id))));
        Assert.That(Task.On(Auto).Reduce(3, i => p[i].Mass, Reduction.Sum).Value, Is.EqualTo(-1.0));
        Assert.That(Task.Repeat(3, p, s => Task.On(Auto).Run(3, i => s[2 - i])).ToArray(), Is.EqualTo(s_particles.Reverse()));
        Assert.That(p.Strided(2).Reversed()[0], Is.EqualTo(s_particles[2]));
    }

    private static void Check<T>(T[] values) where T : unmanaged
    {
        Array1D<T> a = Array1D.From(values);
        Assert.That(Task.On(Auto).Run(values.Length, i => a[i]).ToArray(), Is.EqualTo(values));
        Assert.That(Array1D.Fill(2, values[2]).ToArray(), Is.EqualTo((T[])[values[2], values[2]]));
        Assert.That(a.Reversed().ToArray(), Is.EqualTo(values.Reverse()));
        Assert.That(Array1D.Borrow(values)[1], Is.EqualTo(values[1]));
        Assert.That(Scalar.Of(values[1]).Value, Is.EqualTo(values[1]));
        Assert.That(Task.On(Auto).Run(4, i => a.Clamp[i - 1]).ToArray(), Is.EqualTo((T[])[values[0], .. values]));

        using var file = new NpyTestFile();
        a.Save(file.Path);
        Assert.That(Array1D.Load<T>(file.Path).ToArray(), Is.EqualTo(values));
        a.Reshape(1, 3).Transpose().Save(file.Path);
        Assert.That(Array2D.Load<T>(file.Path).ToArray(), Is.EqualTo(Library.Samples.Make(3, 1, (i, _) => values[i])));
        a.Reshape(1, 3, 1).Save(file.Path);
        Assert.That(Array3D.Load<T>(file.Path)[0, 2, 0], Is.EqualTo(values[2]));
        a.Reshape(3, 1, 1, 1).Save(file.Path);
        Assert.That(Array4D.Load<T>(file.Path)[2, 0, 0, 0], Is.EqualTo(values[2]));
    }
}
