using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Passes;

/// <summary>Whatever order a reduction or scan walks in, the trap at the lowest index is the one that is named.</summary>
internal sealed class SeparateElementsTests
{
    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.Engines))]
    public void Scan_ReversedWithTwoTraps_NamesTheLowestIndex(Engine engine)
    {
        using Session session = Session.Create(o => o with { Engine = engine, Verify = true });
        Array1D<int> divisors = [1, 2, 0, 4, 5, 0, 7];

        AvialException thrown = Assert.Throws<AvialException>(() =>
            Task.On(Cpu).Named("prefix").Scan(divisors.Domain.Reversed, i => 7 / divisors[i], Reduction.Sum).ToArray())!;

        Assert.That(thrown.Message, Does.StartWith("AVL0420: Integer division by zero in 'prefix' at [2]."));
    }

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.Engines))]
    public void Reduce_OfTheOuterAxisWithTwoTraps_NamesTheLowestIndex(Engine engine)
    {
        using Session session = Session.Create(o => o with { Engine = engine, Verify = true });
        Array2D<int> divisors = Array2D.From(new[,] { { 1, 2, 0 }, { 0, 5, 6 } });

        AvialException thrown = Assert.Throws<AvialException>(() =>
            Task.On(Cpu).Named("columns").Reduce((2, 3), (i, j) => 7 / divisors[i, j], Reduction.Sum, axis: 0).ToArray())!;

        Assert.That(thrown.Message, Does.StartWith("AVL0420: Integer division by zero in 'columns' at [0, 2]."));
    }
}
