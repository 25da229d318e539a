using System.Diagnostics;
using Avial.Tests.Diagnostics;

namespace Avial.Tests.Explaining;

/// <summary>Plans as Mermaid and DOT.</summary>
internal sealed class PicturesTests
{
    private static readonly (string Name, int Ranks, Func<IComputed> Program)[] s_programs =
    [
        ("jacobi", 4, PlanPrograms.Jacobi),
        ("jacobi-alone", 1, PlanPrograms.Jacobi),
        ("product", 4, PlanPrograms.Product),
        ("transpose", 4, PlanPrograms.Transpose),
    ];

    private static IEnumerable<string> Names => s_programs.Select(p => p.Name);

    [TestCaseSource(nameof(Names))]
    public void Tasks_AreDrawn(string name)
    {
        (_, int ranks, Func<IComputed> program) = s_programs.Single(p => p.Name == name);
        using Session session = PlanPrograms.Ranks(ranks);
        Plan plan = Plan.For(program());

        string mermaid = plan.ToMermaid();
        string dot = plan.ToDot();

        Assert.That(PictureCheck.Mermaid(mermaid).Edges, Is.EqualTo(PictureCheck.Dot(dot).Edges));
        Golden.Check(PlanPrograms.WithoutLines(mermaid), $"pictures/{name}.mmd");
        Golden.Check(PlanPrograms.WithoutLines(dot), $"pictures/{name}.dot");
    }

    [TestCaseSource(nameof(Names))]
    public void StepsOfARank_AreDrawn(string name)
    {
        (_, int ranks, Func<IComputed> program) = s_programs.Single(p => p.Name == name);
        using Session session = PlanPrograms.Ranks(ranks);
        Plan plan = Plan.For(program());
        int rank = Math.Min(1, ranks - 1);

        string mermaid = plan.ToMermaid(rank);
        string dot = plan.ToDot(rank);

        Assert.That(PictureCheck.Mermaid(mermaid).Edges, Is.EqualTo(PictureCheck.Dot(dot).Edges));
        Assert.That(mermaid.Contains("send to", StringComparison.Ordinal), Is.EqualTo(ranks > 1));
        Assert.That(dot.Contains("receive from", StringComparison.Ordinal), Is.EqualTo(ranks > 1));
        Assert.That(plan.ToText(rank), Does.Contain($"plan rank {rank} of {ranks} {{"));
        if (name == "product")
        {
            Golden.Check(PlanPrograms.WithoutLines(mermaid), "pictures/product-rank.mmd");
            Golden.Check(PlanPrograms.WithoutLines(dot), "pictures/product-rank.dot");
        }
    }

    [Test]
    public void Gathers_AreDrawn()
    {
        using Session session = PlanPrograms.Ranks(4);
        Plan plan = Plan.For(PlanPrograms.Sparse());

        Assert.That(PictureCheck.Mermaid(plan.ToMermaid()).Edges, Is.EqualTo(PictureCheck.Dot(plan.ToDot()).Edges));
        Assert.That(PictureCheck.Mermaid(plan.ToMermaid(1)).Edges, Is.EqualTo(PictureCheck.Dot(plan.ToDot(1)).Edges));
        Golden.Check(PlanPrograms.WithoutLines(plan.ToMermaid()), "pictures/sparse.mmd");
        Golden.Check(PlanPrograms.WithoutLines(plan.ToDot(1)), "pictures/sparse-rank.dot");
    }

    [TestCase("say \"hi\"")]
    [TestCase("a < b > c && d")]
    [TestCase("left | right")]
    [TestCase("two\nlines\r\n")]
    [TestCase("end")]
    [TestCase("back\\slash\\")]
    [TestCase("`code` #35; [x] {y} (z) /w/ --> %%{init}%%")]
    [TestCase("größer × Ω")]
    public void NamesOfAnyKind_BreakNoPicture(string name)
    {
        using Session session = PlanPrograms.Ranks(2);
        Array1D<double> x = Array1D.From(new double[64]);
        Array1D<double> named = Task.On(Targets.Cpu).Named(name).Run(64, i => x.Wrap[i - 1]);
        Array1D<double> end = Task.Repeat(3, named, s => Task.On(Targets.Cpu).Named(name).Run(64, i => s.Wrap[i + 1]));
        Plan plan = Plan.For(end);

        foreach (string mermaid in (string[])[plan.ToMermaid(), plan.ToMermaid(1)])
        {
            Assert.That(PictureCheck.Mermaid(mermaid).Nodes, Is.GreaterThan(2));
        }
        foreach (string dot in (string[])[plan.ToDot(), plan.ToDot(1)])
        {
            Assert.That(PictureCheck.Dot(dot).Nodes, Is.GreaterThan(2));
        }
    }

    [Test]
    public void LoopsInLoops_WithCapturesAndConditions_AreDrawn()
    {
        using Session session = PlanPrograms.Ranks(2);
        Array1D<double> forcing = Task.On(Targets.Cpu).Named("forcing").Run(64, i => 0.1 * i);
        var (end, steps) = Task.RepeatUntil(Array1D.From(new double[64]), (x, _) =>
            Task.Repeat(2, x, y => Task.On(Targets.Cpu).Named("inner").Run(64, i => 0.5 * (y.Wrap[i - 1] + forcing.Wrap[i + 1]))),
            x => KernelMath.Max(0, 64, k => x[k]) > 3);
        Plan plan = Plan.For(end, steps);

        Assert.That(PictureCheck.Mermaid(plan.ToMermaid()).Edges, Is.EqualTo(PictureCheck.Dot(plan.ToDot()).Edges));
        Assert.That(PictureCheck.Mermaid(plan.ToMermaid(0)).Edges, Is.EqualTo(PictureCheck.Dot(plan.ToDot(0)).Edges));
        Assert.That(plan.ToMermaid(), Does.Contain("until"));
    }

    [TestCase(-1)]
    [TestCase(4)]
    public void StepsOfARankThatIsNotThere_AreRefused(int rank)
    {
        using Session session = PlanPrograms.Ranks(4);
        Plan plan = Plan.For(Task.On(Targets.Cpu).Run(16, i => 1.0 * i));

        Refused.With(() => plan.ToMermaid(rank),
            $"AVL0721: The plan has no rank {rank}: it is for 4 ranks, numbered 0 to 3. Create the session with more, or ask for one of these.");
    }

    [Test]
    public void Dot_IsAcceptedByGraphviz()
    {
        using Session session = PlanPrograms.Ranks(4);
        Plan plan = Plan.For(PlanPrograms.Jacobi());
        foreach (string text in (string[])[plan.ToDot(), plan.ToDot(0)])
        {
            var start = new ProcessStartInfo("dot", "-Tsvg") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            Process dot;
            try
            {
                dot = Process.Start(start)!;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                Assert.Ignore("Graphviz (dot) is not installed.");
                return;
            }
            using (dot)
            {
                dot.StandardInput.Write(text);
                dot.StandardInput.Close();
                Task<string> errors = dot.StandardError.ReadToEndAsync();
                Assert.That(dot.StandardOutput.ReadToEnd(), Does.Contain("</svg>"));
                dot.WaitForExit();
                Assert.That((dot.ExitCode, errors.GetAwaiter().GetResult()), Is.EqualTo((0, "")));
            }
        }
    }
}
