using Avial.Diagnostics;
using Avial.Tests.Files;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Diagnostics;

/// <summary>The whole text of what can go wrong when a program runs, on every engine; of files and sessions.</summary>
public sealed class RunningDiagnosticsTests
{
    private const string Here = "\n  at RunningDiagnosticsTests.cs:#";

    [TestCaseSource(typeof(EngineCase), nameof(EngineCase.All))]
    public void Traps_OfBodies_NameTaskIndexAndPlace(EngineCase engine)
    {
        using Session session = engine.Open();
        Array1D<int> d = [3, 1, 0, 5, 0];
        Array1D<long> at = [4, 2, 7, -1, 0];

        Refused.With(() => Task.On(Cpu).Named("quotient").Run(5, i => 10 / d[i]).ToArray(),
            $"AVL0420: Integer division by zero in 'quotient' at [2]. Guard it (d != 0 ? n / d : ...), or divide floating-point numbers.{Here}: 10 / d[i]");
        Refused.With(() => Task.On(Cpu).Named("power").Run((2, 5), (i, j) => checked(1_000_000_000 * d[j])).ToArray(),
            $"AVL0421: Checked arithmetic overflows in 'power' at [0, 0]. Use a wider type, or unchecked(...) where wrapping is meant.{Here}: 1000000000 * d[j]");
        Refused.With(() => Task.On(Cpu).Named("gather").Run(5, i => d[at[i]]).ToArray(),
            $"AVL0422: 'gather' reads outside an array at [2]: index 7, where 0..4 exist. Guard the access, or read through .Clamp, .Wrap or .Or(v).{Here}: d[at[i]]");
        Refused.With(() => Task.On(Cpu).Named("count").Scatter(5, Array1D.Fill(7, 0), i => at[i], i => 1, Reduction.Sum).ToArray(),
            $"AVL0422: 'count' reads or writes outside an array at [2]: index 7, where 0..6 exist. Guard the access, or read through .Clamp, .Wrap or .Or(v).{Here}: i => 1");
        Refused.With(() => Task.On(Cpu).Named("top").Reduce(0, i => (int)i, Reduction.Max).Value,
            $"AVL0423: 'top' takes the smallest or largest of nothing: its range is empty. Guard against the empty case; Sum, Product, Any and All of nothing exist.{Here}: i => (int)i");
        Refused.With(() => Task.On(Cpu).Named("sign").Run(3, i => Math.Sign(i == 1 ? double.NaN : i)).ToArray(),
            $"AVL0425: A function of .NET in 'sign' throws for its arguments at [1]. Guard the call.{Here}: Math.Sign(i == 1 ? NaN : i)");
    }

    [Test]
    public void AVL0424_AWhileWithoutEnd() => Refused.With(() => Task.On(Cpu).Named("spin").Run(1, i => While(i, s => s < 5, s => s - s)).ToArray(),
        $"AVL0424: A While in 'spin' did not end at [0]. Its condition must become false.{Here}: While(i, s => s < 5, s => s - s)");

    [Test]
    public void TheFirstNaN_InTheInterpreter_IsNamed()
    {
        TextWriter before = Console.Error;
        var written = new StringWriter();
        Console.SetError(written);
        try
        {
            using Session session = Session.Create(o => o with { Engine = Engine.Interpreter });
            Array1D<double> x = Task.On(Cpu).Named("root").Run(4, i => Math.Sqrt(1.0 - i));
            _ = (x + 1).ToArray();
        }
        finally
        {
            Console.SetError(before);
        }
        Assert.That(System.Text.RegularExpressions.Regex.Replace(written.ToString().ReplaceLineEndings("\n"), @"\.cs:\d+", ".cs:#"),
            Is.EqualTo($"Avial: the first NaN is made by 'root' at [2]{Here}: i => Math.Sqrt(1.0 - i)\n"));
    }

    [Test]
    public void AVL0401_MoreThanTheMemory()
    {
        using Session session = Session.Create(o => o with { Ranks = 1 });
        Array1D<double> field = Task.On(Cpu).Named("field").Run(1L << 45, i => (double)i);

        AvialException thrown = Assert.Throws<AvialException>(() => Compute.Evaluate(field))!;
        Assert.That(thrown.Message, Does.Match(
            @"^AVL0401: Not enough memory for 'field' of f64\[35184372088832\] \(262144\.00 GiB\): this process may use [\d.]+ GiB\. Use a smaller domain or element type, or Dispose arrays that are no longer needed\."));
        Assert.That(() => field.ToArray(), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0401: Not enough memory for 'field'"));
        Assert.That(() => Array2D.Fill((1L << 40, 1L << 40), 1.0)[0, 0], Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0401"));
        Assert.That(Task.On(Cpu).Reduce(10, i => field[i], Reduction.Sum).Value, Is.EqualTo(45.0));
    }

    [Test]
    public void AVL0401_OnRanks_NamesThePart()
    {
        using Session session = Session.Create(o => o with { Ranks = 4 });
        Array1D<double> field = Task.On(Cpu).Named("field").Run(1L << 45, i => (double)i);

        Assert.That(() => Compute.Evaluate(field), Throws.TypeOf<AvialException>().With.Message.Match(
            @"^AVL0401: Not enough memory for the part \[\d+\.\.\d+\] of 'field' of f64\[35184372088832\] \(65536\.00 GiB\): this process may use [\d.]+ GiB\."));
    }

    [Test]
    public void AVL0403_AGpuThatIsNotThere()
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed });
        Refused.With(() => Task.On(Gpu).Named("fast").Run(3, i => i).ToArray(),
            $"AVL0403: 'fast' asks for a GPU, and this session has none. Write On(Auto), which takes one where there is one, or On(Cpu).{Here}: i => i");
    }

    [Test]
    public void AVL0501_DamagedAndOtherFiles()
    {
        string header = NpyTestFile.Header("'<f8'", "(3,)");
        Damaged(NpyTestFile.Bytes(1, header, new byte[24])[..20]);
        Damaged([.. "not an array at all"u8]);
        Damaged([]);
        Damaged(NpyTestFile.Bytes(1, NpyTestFile.Header("'<i4'", "(3,)"), new byte[12]));
        Damaged(NpyTestFile.Bytes(1, NpyTestFile.Header("'<f8'", "(3,"), new byte[24]));

        // The header is whole, the elements are not: found when recorded or when read, never read beyond the end.
        using var file = new NpyTestFile(NpyTestFile.Bytes(1, header, new byte[20]));
        Assert.That(() => Array1D.Load<double>(file.Path).ToArray(), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0501: ").And.Message.Contains(Path.GetFileName(file.Path)));

        static void Damaged(byte[] bytes)
        {
            using var file = new NpyTestFile(bytes);
            Assert.That(() => Array1D.Load<double>(file.Path), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0501: ").And.Message.Contains(Path.GetFileName(file.Path)));
        }
    }

    [Test]
    public void AVL0502To0504_FilesOfAnotherRankMissingAndChanged()
    {
        using var file = new NpyTestFile();
        Array2D.Fill((2, 3), 1.0).Save(file.Path);
        Refused.With(() => Array1D.Load<double>(file.Path),
            $"AVL0502: {file.Path} holds 2×3, 2 dimensions, and is loaded as 1-D. Load it with Array2D.Load and reshape.{Here}");

        Array2D<double> later = Array2D.Load<double>(file.Path);
        Array2D.Fill((3, 2), 1.0).Save(file.Path);
        Refused.With(() => later.ToArray(), $"AVL0504: {file.Path} no longer holds f64[2×3], as it did when it was loaded. Files must not change until their arrays are evaluated.{Here}");

        string missing = Path.Combine(Path.GetTempPath(), "avial-there-is-no-such-file.npy");
        AvialException thrown = Assert.Throws<AvialException>(() => Array1D.Load<double>(missing))!;
        Assert.That(thrown.Message, Does.Match(@"^AVL0503: .*avial-there-is-no-such-file\.npy cannot be read or written: .+\n  at RunningDiagnosticsTests\.cs:\d+$"));
        Assert.That(() => Array1D.Fill(2, 1).Save(Path.Combine(Path.GetTempPath(), "avial-no-such-folder", "x.npy")), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0503"));
    }

    [Test]
    public void AVL0601_AnEvaluationOnTheRootOnly()
    {
        Array1D<long> x = Task.On(Cpu).Named("x").Run(3, i => i);
        Refused.With(() => Session.Current.OnRoot(() => x.ToArray()),
            $"AVL0601: 'x' is evaluated inside Session.OnRoot, where the other ranks do not take part. Evaluate it before and use the value inside.{Here}: i => i");
        Assert.That(x[2], Is.EqualTo(2));
    }

    [Test]
    public void AVL0602_ASessionWithoutThreads() =>
        Refused.With(() => Session.Create(o => o with { Threads = 0 }), "AVL0602: A session cannot have 0 threads; give 1 or more.");
}
