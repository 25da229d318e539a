using Avial.Backends.Interpreters;
using Avial.Graph;
using Avial.Planning;

namespace Avial.Tests.Programs;

/// <summary>Random programs give the same bits on every engine, fused or not, on any number of threads and parts, and stop at the same traps.</summary>
public sealed class ProgramTests
{
    private const int PerTest = 30;

    private static readonly ProgramOptions s_trapping = new() { MayTrap = true };

    [Test]
    public void Programs_OnEveryEngineAndAnyParts_GiveTheInterpretersBits([Range(0, 9)] int block)
    {
        for (int seed = block * PerTest; seed < (block + 1) * PerTest; seed++)
        {
            Check(seed, null, ProgramRunner.Difference);
        }
    }

    [Test]
    public void Programs_OnRanksWithAnyDistribution_GiveTheInterpretersBits([Range(0, 9)] int block)
    {
        for (int seed = 20000 + block * PerTest; seed < 20000 + (block + 1) * PerTest; seed++)
        {
            Check(seed, null, ProgramRunner.DifferenceOnRanks);
        }
    }

    [Test]
    public void Programs_RecordedAndEvaluatedTwice_GiveTheInterpretersBits([Range(0, 2)] int block)
    {
        for (int seed = 5000 + block * PerTest; seed < 5000 + (block + 1) * PerTest; seed++)
        {
            Check(seed, null, ProgramRunner.DifferenceRecorded);
        }
    }

    [Test]
    public void Programs_ThatTrap_SayTheSameOnEveryEngine([Range(0, 3)] int block)
    {
        for (int seed = 10000 + block * PerTest; seed < 10000 + (block + 1) * PerTest; seed++)
        {
            Check(seed, s_trapping, DifferentMessage);
        }
    }

    [Test]
    public void Programs_ThatMayTrap_TrapSometimes()
    {
        int trapping = Enumerable.Range(0, 60).Count(seed => ProgramRunner.MessageOf(ProgramGenerator.Generate(seed, s_trapping), Engine.Interpreter) is not null);

        Assert.That(trapping, Is.InRange(8, 52));
    }

    [Test]
    public void Programs_OfManySeeds_AreValidAndUseEveryOperation()
    {
        HashSet<string> words = [.. GraphWords.Operations.Select(o => o.Word).Except(["source", "symbol", "file"])];
        for (int seed = 0; seed < 200; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Generate(seed);
            Assert.That(GraphVerifier.Verify(program.Region, program.Scalars.Length), Is.Empty, program.ToString());
            words.ExceptWith(program.Region.Nodes.Select(n => GraphWords.Of(n.Operation)));
        }

        Assert.That(words, Is.Empty);
    }

    // The seeds are those of Programs_OnRanksWithAnyDistribution_GiveTheInterpretersBits.
    [Test]
    public void Programs_OnRanks_UseEveryKindOfTask()
    {
        HashSet<string> unused = [.. ProgramKinds.All];
        for (int seed = 20000; seed < 20000 + 10 * PerTest; seed++)
        {
            unused.ExceptWith(ProgramKinds.Of(ProgramGenerator.Generate(seed).Region));
        }

        Assert.That(unused, Is.Empty);
    }

    [Test]
    [Explicit("Ten thousand programs: some minutes.")]
    public void Programs_TenThousand_GiveTheInterpretersBitsAndTraps([Range(0, 9)] int block)
    {
        for (int seed = 100_000 + block * 1000; seed < 100_000 + (block + 1) * 1000; seed++)
        {
            switch (seed % 5)
            {
                case 0:
                    Check(seed, s_trapping, DifferentMessage);
                    break;
                case 1:
                    Check(seed, null, ProgramRunner.DifferenceRecorded);
                    break;
                default:
                    Check(seed, null, ProgramRunner.Difference);
                    break;
            }
        }
    }

    [Test]
    [Explicit("Ten thousand programs on ranks: an hour.")]
    public void Programs_TenThousandOnRanks_GiveTheInterpretersBitsAndHaveCertificates([Range(0, 9)] int block)
    {
        for (int seed = 200_000 + block * 1000; seed < 200_000 + (block + 1) * 1000; seed++)
        {
            Check(seed, null, program => Within(TimeSpan.FromMinutes(1), () => ProgramRunner.DifferenceOnRanks(program)));
        }
    }

    // Programs that made plans wrong once: a window too small for numbers far beyond any index, a reduction of nothing that nothing ordered after its memory,
    // a reshape shown where it is not.
    [TestCase(20562)]
    [TestCase(200187)]
    [TestCase(210208)]
    [TestCase(210215)]
    [TestCase(210239)]
    [TestCase(211655)]
    public void Programs_WhosePlansWereWrong_GiveTheInterpretersBitsAndHaveCertificates(int seed) => Check(seed, null, ProgramRunner.DifferenceOnRanks);

    // Programs whose plans were right and refused.
    [TestCase(20070)]
    [TestCase(20155)]
    [TestCase(210051)]
    [TestCase(210105)]
    [TestCase(210170)]
    [TestCase(210227)]
    [TestCase(210233)]
    [TestCase(210425)]
    [TestCase(211600)]
    [TestCase(202582)]
    [TestCase(206944)]
    [TestCase(209878)]
    [TestCase(232463)]
    public void Programs_WhosePlansWereRefused_HaveCertificates(int seed) => Check(seed, null, ProgramRunner.DifferenceOnRanks);

    // The same on one rank, with states that nobody uses, captures that are equal in part, views of which a part is needed.
    [TestCase(300073)]
    [TestCase(300219)]
    [TestCase(300384)]
    [TestCase(300530)]
    [TestCase(301107)]
    [TestCase(301646)]
    public void Programs_WhosePlansOnOneRankWereRefused_HaveCertificates(int seed) => Check(seed, null, ProgramRunner.DifferenceRecorded);

    /// <summary>What a function says; that it hangs, if it does.</summary>
    private static string? Within(TimeSpan time, Func<string?> differenceOf)
    {
        string? difference = null;
        var thread = new Thread(() => difference = Try(differenceOf)) { IsBackground = true };
        thread.Start();
        return thread.Join(time) ? difference : $"hangs for {time}";
    }

    private static string? DifferentMessage(GeneratedProgram program)
    {
        if (!IsNeededWhole(program.Region, DemandMap.Of(program.Region, program.Scalars.AsSpan())))
        {
            return null;
        }
        string? expected = ProgramRunner.MessageOf(program, Engine.Interpreter);
        foreach (Engine engine in new[] { Engine.Managed, Engine.LoopsInterpreter })
        {
            string? found = ProgramRunner.MessageOf(program, engine);
            if (found != expected)
            {
                return $"{engine}: {found ?? "runs through"}\n  instead of: {expected ?? "running through"}";
            }
        }
        return null;
    }

    /// <summary>True when every element of every task is needed: then the interpreter, which computes all, says what must trap.</summary>
    private static bool IsNeededWhole(Region region, DemandMap demand) => region.Nodes.Select((node, n) => (node, n)).All(p =>
        p.node.Operation.Outputs.Select((type, o) => demand.Outputs[p.n][o] is { } box && box.Contains(type.Box)).All(isWhole => isWhole)
        && (p.node.Operation is not LoopOperation loop || demand.Bodies[p.n] is { } body && IsNeededWhole(loop.Body, body)));

    private static void Check(int seed, ProgramOptions? options, Func<GeneratedProgram, string?> differenceOf)
    {
        GeneratedProgram program = ProgramGenerator.Generate(seed, options);
        string? difference = Try(program, differenceOf);
        if (difference is null)
        {
            return;
        }
        string kind = difference[..Math.Min(12, difference.Length)];
        GeneratedProgram smallest = ProgramShrinker.Shrink(program, p => Try(p, differenceOf)?.StartsWith(kind, StringComparison.Ordinal) == true);
        Assert.Fail($"Seed {seed}: {difference}\nThe smallest program found ({Try(smallest, differenceOf)}):\n{smallest}");
    }

    private static string? Try(GeneratedProgram program, Func<GeneratedProgram, string?> differenceOf) => Try(() => differenceOf(program));

    private static string? Try(Func<string?> differenceOf)
    {
        try
        {
            return differenceOf();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception.ToString();
        }
    }
}
