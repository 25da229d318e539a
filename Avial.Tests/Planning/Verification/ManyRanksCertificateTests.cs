using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Planning.Verification;
using static Avial.Targets;

namespace Avial.Tests.Planning.Verification;

/// <summary>Above 64 ranks one of each class is followed, with its neighbours: right plans pass, and what is broken in a class is found in the rank that stands for it.</summary>
public sealed class ManyRanksCertificateTests
{
    private static readonly int[] s_ranks = [65, 100, 4096, 65_536];

    [Test]
    public void Certify_OfAHaloPlan_FollowsSomeRanksOfEachClass([Values(1, 2, 3)] int axes, [ValueSource(nameof(s_ranks))] int ranks, [Values] bool isPeriodic)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        (BodyPlan plan, ulong[] scalars) = Stencil(axes, ranks, isPeriodic);

        PlanCertificate certificate = PlanVerifier.Certify(ranks, rank => RankPlanBuilder.Build(plan, rank, scalars), RankClasses.Of(plan).Ranks, scalars);

        Assert.That(certificate.Ranks, Is.EqualTo(ranks));
        Assert.That(certificate.Checked, Is.InRange(3, 500));
        Assert.That(certificate.Messages, Is.GreaterThan(certificate.Checked));
    }

    [TestCase(1, 65, 0)]
    [TestCase(1, 65_536, 32_767)]
    [TestCase(1, 65_536, 65_535)]
    [TestCase(2, 100, 0)]
    [TestCase(2, 4096, 31)]
    [TestCase(2, 65_536, 127 * 256 + 127)]
    [TestCase(3, 4096, 7 * 256 + 7 * 16 + 7)]
    [TestCase(3, 65_536, 0)]
    public void Verify_OfEveryMutationInARankThatStandsForItsClass_CatchesIt(int axes, int ranks, int rank)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        (BodyPlan plan, ulong[] scalars) = Stencil(axes, ranks, isPeriodic: false);
        ImmutableArray<RankId> chosen = RankClasses.Of(plan).Ranks;
        Assert.That(chosen, Does.Contain(new RankId(rank)), $"of {string.Join(", ", chosen)}");

        RankPlan right = RankPlanBuilder.Build(plan, new RankId(rank), scalars);
        int count = 0;
        foreach ((string name, RankBody body) in Mutations(right.Body))
        {
            count++;
            RankPlan broken = right with { Body = body };
            PlanVerdict verdict = PlanVerifier.Verify(ranks, r => r.Value == rank ? broken : RankPlanBuilder.Build(plan, r, scalars), [new RankId(rank)], scalars);
            Assert.That(verdict.IsValid, Is.False, name);
        }
        Assert.That(count, Is.GreaterThanOrEqualTo(6));
    }

    // What is wrong in a formula is wrong in every rank of the class, also in those that are not followed.
    [TestCase(1, 65_536)]
    [TestCase(2, 4096)]
    [TestCase(3, 4096)]
    public void Verify_OfAPlanThatIsWrongOnAllInnerRanks_IsCaught(int axes, int ranks)
    {
        using Session session = Session.Create(o => o with { Engine = Engine.Managed, Threads = 1 });
        (BodyPlan plan, ulong[] scalars) = Stencil(axes, ranks, isPeriodic: false);

        foreach (string name in new[] { "shrink a send", "drop a receive", "send to the next" })
        {
            PlanVerdict verdict = PlanVerifier.Verify(ranks, Broken, RankClasses.Of(plan).Ranks, scalars);
            Assert.That(verdict.IsValid, Is.False, name);

            RankPlan Broken(RankId rank)
            {
                RankPlan right = RankPlanBuilder.Build(plan, rank, scalars);
                return IsInner(plan, rank) ? right with { Body = Mutations(right.Body).First(m => m.Name.StartsWith(name, StringComparison.Ordinal)).Body } : right;
            }
        }
    }

    private static bool IsInner(BodyPlan plan, RankId rank)
    {
        Distribution grid = plan.Map.Outputs.SelectMany(o => o).First(d => d.Kind == DistributionKind.Blocks);
        Span<int> place = stackalloc int[grid.Grid.Length];
        grid.TryCoordinates(rank, place);
        for (int axis = 0; axis < place.Length; axis++)
        {
            if (grid.Grid[axis] > 2 && (place[axis] == 0 || place[axis] == grid.Grid[axis] - 1))
            {
                return false;
            }
        }
        return true;
    }

    private static (BodyPlan Plan, ulong[] Scalars) Stencil(int axes, int ranks, bool isPeriodic)
    {
        IComputed end = axes switch
        {
            1 => Task.Repeat(10, Array1D.Fill(1 << 20, 1.0), (a, t) => isPeriodic
                ? Task.On(Cpu).Run(a.Domain, i => a.Wrap[i - 1] + a[i] + a.Wrap[i + 1])
                : Task.On(Cpu).Run(a.Interior(1), i => a[i - 1] + a[i] + a[i + 1]).Over(a)),
            2 => Task.Repeat(10, Array2D.Fill((2048, 2048), 1.0), (a, t) => isPeriodic
                ? Task.On(Cpu).Run(a.Domain, (i, j) => a.Wrap[i - 1, j] + a[i, j] + a.Wrap[i, j + 1])
                : Task.On(Cpu).Run(a.Interior(1), (i, j) => a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1]).Over(a)),
            _ => Task.Repeat(10, Array3D.Fill((512, 512, 512), 1.0), (a, t) => isPeriodic
                ? Task.On(Cpu).Run(a.Domain, (i, j, k) => a.Wrap[i - 1, j, k] + a.Wrap[i, j + 1, k] + a.Wrap[i, j, k - 1])
                : Task.On(Cpu).Run(a.Interior(1), (i, j, k) => a[i - 1, j, k] + a[i + 1, j, k] + a[i, j - 1, k] + a[i, j + 1, k] + a[i, j, k - 1] + a[i, j, k + 1]).Over(a)),
        };
        BuiltRegion built = SessionRunner.Describe([((IComputedHandle)end).Output]);
        Region region = Session.Current.Runner.Plans.Optimised(built.Region, isFusing: true);
        DistributionMap map = new ShapeChooser().Choose(region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))], ranks);
        return (BodyPlanner.PlanProgram(region, map, ranks, []), built.Scalars);
    }

    /// <summary>The body of the loop with one message changed.</summary>
    private static IEnumerable<(string Name, RankBody Body)> Mutations(RankBody outer)
    {
        int at = outer.Steps.IndexOf(outer.Steps.OfType<LoopStep>().Single());
        var loop = (LoopStep)outer.Steps[at];
        RankBody body = loop.Bodies.At(0);
        for (int s = 0; s < body.Steps.Length; s++)
        {
            switch (body.Steps[s])
            {
                case SendStep send:
                    yield return ($"shrink a send ({s})", With(s, send with { Pieces = send.Pieces.SetItem(0, Shrunk(send.Pieces[0])) }));
                    yield return ($"send to the next ({s})", With(s, send with { To = new RankId(send.To.Value + 1) }));
                    yield return ($"send with another tag ({s})", With(s, send with { Tag = send.Tag + 1 }));
                    break;
                case ReceiveStep receive:
                    yield return ($"drop a receive ({s})", With(s, new CopyStep([]) { After = receive.After }));
                    yield return ($"receive elsewhere ({s})", With(s, receive with { Pieces = receive.Pieces.SetItem(0, Shifted(receive.Pieces[0])) }));
                    yield return ($"receive from oneself ({s})", With(s, receive with { Tag = receive.Tag + 1 }));
                    break;
                case LaunchStep { Parts: [var part] } launch:
                    yield return ($"compute less ({s})", With(s, launch with { Parts = [part.With(0, part.Low[0] + 1, part.High[0])] }));
                    yield return ($"wait for nothing ({s})", With(s, launch with { After = [] }));
                    break;
            }
        }

        RankBody With(int step, RankStep changed) => outer with
        {
            Steps = outer.Steps.SetItem(at, loop with { Bodies = new FixedLoopBodies(body with { Steps = body.Steps.SetItem(step, changed with { After = changed.After.IsEmpty && changed is not LaunchStep ? body.Steps[step].After : changed.After }) }) }),
        };
    }

    private static Piece Shrunk(Piece piece) => piece with { Box = piece.Box.With(0, piece.Box.Low[0], piece.Box.High[0] - 1) };

    private static Piece Shifted(Piece piece) => piece with { Box = piece.Box.With(0, piece.Box.Low[0] + 1, piece.Box.High[0] + 1) };
}
