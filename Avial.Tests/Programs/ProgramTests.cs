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

    private static string? Try(GeneratedProgram program, Func<GeneratedProgram, string?> differenceOf)
    {
        try
        {
            return differenceOf(program);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception.ToString();
        }
    }
}
