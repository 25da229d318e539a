namespace Avial.Tests.PolyBench;

/// <summary>The kernels of PolyBench against plain loops, at each size on each engine.</summary>
public sealed class PolyBenchTests
{
    private static IEnumerable<TestCaseData> Cases => PolyBenchCase.All.SelectMany(c => EngineCase.All.Select(engine => new TestCaseData(c, engine)));

    [TestCaseSource(nameof(Cases))]
    public void Kernel_AtEachSize_IsThePlainLoop(object kernelCase, EngineCase engine)
    {
        (PolyBenchKernel kernel, int[] size) = (PolyBenchCase)kernelCase;
        double[] expected = kernel.Plain(size);

        double[] found;
        using (engine.Open())
        {
            found = kernel.Avial(size);
        }

        double tolerance = kernel.Tolerance(size);
        Assert.That(found, Has.Length.EqualTo(expected.Length));
        for (int i = 0; i < found.Length; i++)
        {
            bool isEqual = tolerance == 0 ? found[i].Equals(expected[i]) : Math.Abs(found[i] - expected[i]) <= tolerance * Math.Abs(expected[i]);
            Assert.That(isEqual, $"element {i} is {found[i]:R}, not {expected[i]:R}; relative tolerance {tolerance}: {kernel.Why}");
        }
    }
}
