using System.Collections.Immutable;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using Avial.Tests.Planning.Plans;

namespace Avial.Tests.Planning.Verification;

public sealed class PlanMutationTests
{
    private static IEnumerable<string> Names => PlanSamples.Names;

    [TestCaseSource(nameof(Names))]
    public void Play_OfASample_RunsRightInAnyOrder(string name)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.That(PlanPlayer.Failure(PlanSamples.Plans(name), PlanSamples.Scalars, seed, inOrder: seed % 4 == 0), Is.Null, $"seed {seed}");
        }
    }

    // A change that is not caught must be harmless: the plan still gives the right results, whatever order its steps run in.
    [TestCaseSource(nameof(Names))]
    public void Verify_OfEveryMutation_CatchesItOrItRunsRightInAnyOrder(string name)
    {
        ImmutableArray<RankPlan> plans = PlanSamples.Plans(name);
        int count = 0;
        int caught = 0;
        foreach (Mutation mutation in PlanMutations.Of(plans).Where(m => IsMutated(name, m)))
        {
            count++;
            if (!PlanVerifier.Verify(mutation.Plans, PlanSamples.Scalars).IsValid)
            {
                caught++;
                continue;
            }
            Assert.That(HarmlessMutations.ReasonFor(mutation.Name), Is.Not.Null, $"{mutation.Name} is neither caught nor known to be harmless");
            for (int seed = 0; seed < 12; seed++)
            {
                Assert.That(PlanPlayer.Failure(mutation.Plans, PlanSamples.Scalars, seed, inOrder: seed % 4 == 0), Is.Null, $"{mutation.Name}, seed {seed}");
            }
        }
        TestContext.Out.WriteLine($"{name}: {count} mutations, {caught} caught, the others harmless.");
        Assert.That(caught, Is.GreaterThan(count * 3 / 4));
    }

    // Samples are played without files.
    [Test]
    public void Samples_OfPlans_UseEveryStepButThatOfFiles()
    {
        HashSet<Type> unused = [.. typeof(RankStep).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(RankStep)))];
        foreach (string name in Names)
        {
            unused.ExceptWith(PlanSamples.Plans(name).SelectMany(p => StepsOf(p.Body)).Select(s => s.GetType()));
        }

        Assert.That(unused, Is.EqualTo(new[] { typeof(ReadFileStep) }));
    }

    [Test]
    public void Mutations_OfTheSamples_AreOfEveryKind()
    {
        List<string> unused =
        [
            "drop step", "double step", "swap steps", "move step", "drop the edge", "raise the low end", "lower the high end", "lower the low end", "raise the high end", "shift up", "shift down",
            "part 0", "the part", "the window of", "change the origin of", "to 1 in step", "from 1 in step", "tag in step", "turn column", "swap pieces", "drop piece", "double piece", "both of piece",
            "input 0 in b", "output 0 in b", "parameter 0 in b", "parameter 0 owned", "result 0 in b", "result 0 owned", "turn local", "the band", "inspection ", "kept longer", "kept for all runs",
            "no columns", "Merged in step", "initial 0 in b", "drop import", "import 0 from b", "in the loop: ",
        ];
        foreach (Mutation mutation in Names.SelectMany(name => PlanMutations.Of(PlanSamples.Plans(name))))
        {
            unused.RemoveAll(kind => mutation.Name.Contains(kind, StringComparison.Ordinal));
        }

        Assert.That(unused, Is.Empty);
    }

    private static IEnumerable<RankStep> StepsOf(RankBody body) => body.Steps.SelectMany(s => s is LoopStep loop ? StepsOf(loop.Bodies.At(0)).Prepend(s) : [s]);

    // The four ranks of the grid are mirror images.
    private static bool IsMutated(string name, Mutation mutation) => name != "jacobi" || mutation.Name.StartsWith("rank 2", StringComparison.Ordinal);

    [Test]
    public void Verify_OfEveryMutationOfAMovingStep_CatchesItOrItRunsRightInAnyOrder()
    {
        ImmutableArray<RankPlan> plans = PlanSamples.Moving();
        Assert.That(PlanVerifier.Verify(plans, PlanSamples.Scalars).Violations, Is.Empty);
        int caught = 0;
        foreach (int step in new[] { 0, 2, 4 })
        {
            // A mutation of the loop's body, as if it were the same at each step, takes the place of one step's.
            ImmutableArray<RankPlan> still = [.. plans.Select(p => PlanSamples.WithBodies(p, [PlanSamples.LoopOf(p).Bodies.At(step)]))];
            foreach (Mutation mutation in PlanMutations.Of(still).Where(m => m.Name.Contains("in the loop", StringComparison.Ordinal)))
            {
                ImmutableArray<RankPlan> mutated = [.. plans.Select((p, rank) => PlanSamples.WithBodies(p, [.. Enumerable.Range(0, 5)
                    .Select(t => PlanSamples.LoopOf(t == step ? mutation.Plans[rank] : p).Bodies.At(t))]))];
                bool isValid = PlanVerifier.Verify(mutated, PlanSamples.Scalars).IsValid;
                caught += isValid ? 0 : 1;
                for (int seed = 0; seed < 8 && isValid; seed++)
                {
                    Assert.That(PlanPlayer.Failure(mutated, PlanSamples.Scalars, seed, inOrder: seed % 4 == 0), Is.Null, $"step {step}, {mutation.Name}, seed {seed}");
                }
            }
        }
        Assert.That(caught, Is.GreaterThan(200));
    }
}
