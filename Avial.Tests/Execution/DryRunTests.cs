using Avial.Execution;
using Avial.Planning.Distributing;
using Avial.Tests.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Execution;

[NonParallelizable] // the table goes to the console
internal sealed class DryRunTests
{
    [Test]
    public void Stencil_OnThirtyTwoRanks_PrintsItsCosts()
    {
        string text = Printed(32, () => Compute.Evaluate(Stencil(64)));

        Assert.That(text, Does.Match(@"messages sent +20 +32 +40\n"));
    }

    [TestCase(4)]
    [TestCase(4096)]
    public void Program_BeyondTwoToThe31Elements_IsPlanned(int ranks)
    {
        string text = Printed(ranks, () => Compute.Evaluate(Chain(1L << 33)));

        string memory = ranks == 4 ? "32.00 GiB" : "32.00 MiB";
        Assert.That(text, Is.EqualTo($"""
            Dry run of 'shares' on {ranks} ranks, planned in # ms. Each rank{(ranks == 4 ? "" : " (from 3 that stand for all)")}:
                                       least          mean          most
              steps                        6             6             6
              messages sent                0             0             0
              bytes sent                 0 B           0 B           0 B
              reductions                   1             1             1
              memory               {memory}     {memory}     {memory}

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void Program_ThatIsEvaluatedAgain_PrintsOnce()
    {
        string text = Printed(4, () =>
        {
            Compute.Evaluate(Stencil(16));
            Compute.Evaluate(Stencil(16));
        });

        Assert.That(text.Split("Dry run of"), Has.Length.EqualTo(2));
    }

    [Test]
    public void Array_ThatADryRunPlanned_IsASourceAsItIsDistributed()
    {
        string text = Printed(4, () =>
        {
            Array2D<double> a = Stencil(64);
            Compute.Evaluate(a);
            Compute.Evaluate(Task.On(Cpu).Named("again").Run(a.Domain, (i, j) => a[i, j] + 1));
        });

        Assert.That(text, Does.Contain("Dry run of 'again' on 4 ranks"));
        Assert.That(text[text.IndexOf("again", StringComparison.Ordinal)..], Does.Match(@"messages sent +0 +0 +0\n"));
    }

    [Test]
    public void Values_InADryRun_AreRefused()
    {
        const string Message = "AVL0752: 'squares' was planned for 4 ranks in a dry run, and has no values. The dry run ends here. "
            + "To have more of the program planned, evaluate with Compute.Evaluate and read nothing; to run it, leave out DryRunRanks (AVIAL_DRY_RUN_RANKS).";
        Printed(4, () =>
        {
            Array1D<long> squares = Task.On(Cpu).Named("squares").Run(100, i => i * i);
            Refused.With(() => squares[3], Message);
            Refused.With(() => squares.ToArray(), Message);
            string path = Path.Combine(Path.GetTempPath(), $"avial-{Guid.NewGuid():N}.npy");
            Refused.With(() => squares.Save(path), Message);
            Assert.That(File.Exists(path), Is.False);
        });
    }

    [Test]
    public void Session_InADryRun_HasTheRanksPlannedFor() => Printed(4096, () => Assert.That(Session.Current.Ranks, Is.EqualTo(4096)));

    [TestCase("many")]
    [TestCase("0")]
    [TestCase("16777217")]
    public void Parse_OfAWrongSetting_IsRefused(string setting) => Refused.With(() => DryRunCount.Parse(setting),
        $"AVL0753: AVIAL_DRY_RUN_RANKS is '{setting}'; it must be a number of ranks from 1 to 16777216. Correct it, or unset it to run programs.");

    [TestCase(0)]
    [TestCase(16_777_217)]
    public void Session_WithAWrongDryRun_IsRefused(int ranks) => Refused.With(() => Session.Create(o => o with { DryRunRanks = ranks }),
        $"AVL0754: A dry run cannot be for {ranks} ranks; give DryRunRanks 1 to 16777216, or null to run.");

    private static Array2D<double> Stencil(int n)
    {
        Array2D<double> start = Array2D.Fill((n, n), 1.0);
        return Task.Repeat(10, start, (a, t) => Task.On(Cpu).Run(a.Interior(1), (i, j) => 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])).Over(a));
    }

    private static IComputed[] Chain(long n)
    {
        Array1D<double> x = Array1D.Fill(n, 1.0);
        Array1D<double> y = Task.On(Cpu).Named("sums").Run(n, i => x[i] * 2 + i);
        Scalar<double> sum = Task.On(Cpu).Reduce(n, i => y[i], Reduction.Sum);
        return [Task.On(Cpu).Named("shares").Run(n, i => y[i] / sum), y, sum];
    }

    // What the program prints, with the time taken out.
    private static string Printed(int ranks, Action program)
    {
        TextWriter console = Console.Out;
        using var text = new StringWriter();
        using Session session = Session.Create(o => o with { DryRunRanks = ranks, Verify = true });
        session.Runner.Plans.Chooser = new ShapeChooser();
        Console.SetOut(text);
        try
        {
            program();
        }
        finally
        {
            Console.SetOut(console);
        }
        return System.Text.RegularExpressions.Regex.Replace(text.ToString(), @"in [0-9.]+ ms", "in # ms");
    }
}
