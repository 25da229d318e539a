using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Backends.Lowering;

public sealed class SweepScheduleTests
{
    [Test]
    public void FivePointStencil_NeedsNoSkew()
    {
        ImmutableArray<ImmutableArray<int>>? skews = SweepSchedule.Find(2, [[1, 0], [0, 1]]);

        Assert.That(SweepSchedule.Theta(skews!.Value), Is.EqualTo(new[] { 1, 1 }));
    }

    [Test]
    public void NinePointStencil_IsSkewedOnce()
    {
        ImmutableArray<ImmutableArray<int>>? skews = SweepSchedule.Find(2, [[1, 0], [0, 1], [1, 1], [1, -1]]);

        Assert.That(SweepSchedule.Theta(skews!.Value), Is.EqualTo(new[] { 2, 1 }));
    }

    [Test]
    public void Schedules_PutEveryDependenceForward([Range(0, 49)] int seed)
    {
        var random = new Random(seed);
        int rank = random.Next(2, 5);
        List<long[]> distances = [];
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            long[] distance = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(-2, 3))];
            long first = Array.Find(distance, d => d != 0);
            if (first != 0)
            {
                distances.Add([.. distance.Select(d => d * Math.Sign(first))]);
            }
        }

        ImmutableArray<ImmutableArray<int>> skews = SweepSchedule.Find(rank, distances)!.Value;

        ImmutableArray<int> theta = SweepSchedule.Theta(skews);
        Assert.That(distances.Select(d => d.Zip(theta, (o, t) => o * t).Sum()), Is.All.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void TooFarBackwards_HasNoSchedule() => Assert.That(SweepSchedule.Find(2, [[1, -4]]), Is.Null);

    [TestCase(0, "runs as wavefronts of tiles along (2, 1)")]
    [TestCase(1, "runs in order on one worker: it reads itself at [%0 - 1, %1 + 1] with a periodic border, which is not a fixed distance away")]
    [TestCase(2, "runs in order on one worker: it is small")]
    [TestCase(3, "runs in order on one worker: an element may stop it")]
    public void Note_SaysHowTheSweepRuns(int variant, string expected)
    {
        var numbers = new ValueNumbers();
        Value i = numbers.New(ScalarType.I64);
        Value j = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        var access = new Access(0, 0, [AffineIndex.Of(i) + -1, AffineIndex.Of(j) + 1], variant == 1 ? BorderKind.Wrap : BorderKind.None, null, [], true,
            variant == 3 ? BoundsProof.CheckElement : BoundsProof.Proven, SourceSpan.None);
        Value read = b.Pure(ScalarType.F64, r => new LoadInstruction(r, access));
        var kernel = new Kernel(2, [new KernelOperand(2, [ScalarType.F64])], b.Finish([i, j], read));
        var domain = RandomDomains.Of(new Box([1, 0], variant == 2 ? [9, 9] : [900, 900]));
        var sweep = new SweepOperation(domain, new KernelUse(kernel, [0], []), 0) { Outputs = [new ArrayType(ElementLayout.Of(typeof(double)), [1000, 1000])] };

        LoweredOperation lowered = OperationLowering.Lower(new GraphNode(sweep, [GraphValue.Parameter(0)], []));

        Assert.That(lowered.Note, Is.EqualTo(expected));
    }
}
