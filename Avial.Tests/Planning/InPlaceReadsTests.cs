using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.Planning;

/// <summary>Which nodes may write over what they read: of programs, and of random kernels, in one piece or two, against every pair of points.</summary>
internal sealed class InPlaceReadsTests
{
    private const int N = 12;

    [Test]
    public void Elimination_ReadsOfRowAndColumnOfTheStep_MayBeInPlace()
    {
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, N), new(t + 1, N)), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a)), Is.True);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, N), new(t, t + 1)), (i, j) => a[i, j] / a[t, t]).Over(a)), Is.True);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t, t + 1), new(t, t + 1)), (i, j) => Math.Sqrt(a[i, j])).Over(a)), Is.True);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, N), new(t + 1, N)), (i, j) => j <= i ? a[i, j] - a[i, t] * a[j, t] : a[i, j]).Over(a)), Is.True);
    }

    [Test]
    public void Elimination_ThatWritesTheRowItReads_MayNot()
    {
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t, N), new(t + 1, N)), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a)), Is.False);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, N), new(t, N)), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a)), Is.False);
    }

    [Test]
    public void Rows_FromTheOneBefore_MayBeInPlace()
    {
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => a[i, j] + a[i - 1, N - 1 - j]).Over(a)), Is.True);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => a.Clamp[i - 1, j] + a.Or(1)[i + 1, j]).Over(a)), Is.False, "clamped");
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => a.Or(1)[i + 1, j - 40]).Over(a)), Is.True, "never inside");
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => a[i, 0]).Over(a)), Is.False);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => Sum(0, i, k => a[k, j])).Over(a)), Is.True);
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => Sum(0, i + 1, k => a[k, j])).Over(a)), Is.True, "its own at the end");
        Assert.That(OfStep((a, t) => Task.On(Auto).Run(new Domain2D(new(t + 1, t + 2), new(0, N)), (i, j) => Sum(0, j + 1, k => a[i, k])).Over(a)), Is.False);
    }

    [Test]
    public void Stencil_MayNot_ReadsOfTheEdgeMay()
    {
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => a[i, j] + a[i - 1, j]).Over(a)), Is.False);
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => 2 * a[i, j]).Over(a)), Is.True);
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => a[i, j] + a[0, j] + a[N - 1, j] + a[i, 0]).Over(a)), Is.True);
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => i == j ? a[i, j] : a[j, j]).Over(a)), Is.False);
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => i == j ? a[j, i] : 0).Over(a)), Is.True, "where it is read it is its own");
    }

    [Test]
    public void Sweep_ThatAlsoReadsItsStart_MayWhereItIsItsOwnElement()
    {
        Assert.That(OfStep((a, _) => Task.On(Auto).Sweep(a, a.Interior(1), (x, i, j) => a[i, j] + x[i - 1, j])), Is.True);
        Assert.That(OfStep((a, _) => Task.On(Auto).Sweep(a, a.Interior(1), (x, i, j) => a[i - 1, j] + x[i - 1, j])), Is.False);
    }

    [Test]
    public void Reads_ThroughDataOrAnotherShape_MayNot()
    {
        Array1D<int> order = Array1D.FromIndex(N, i => (int)(N - 1 - i));
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => a[order[i], j]).Over(a)), Is.False);
        Assert.That(OfStep((a, _) => Task.On(Auto).Run(a.Interior(1), (i, j) => a[0, order[j]]).Over(a)), Is.True, "row 0 is not written");
        Assert.That(OfStep((a, _) =>
        {
            Array1D<double> flat = a.Reshape(N * N);
            return Task.On(Auto).Run(a.Interior(1), (i, j) => flat[i * N + j]).Over(a);
        }), Is.False);
    }

    [Test]
    public void RandomKernels_AllowedInPlace_NeverReadWhatAnotherPointWrites()
    {
        const int extent = 6;
        int allowed = 0, safe = 0;
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            var maker = new KernelMaker(2);
            int array = maker.Operand(extent, extent);
            (Value step, _) = maker.Symbol();
            (LinearBound Low, LinearBound High)[] box = [Range(random), Range(random)];
            IterationDomain domain = KernelMaker.Domain(box);
            int[][] reads = [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => (int[])[.. RandomForm(random, 0), .. RandomForm(random, 1)])];
            int[] guard = [random.Next(-1, 2), random.Next(-1, 2), random.Next(-1, 2), random.Next(-2, 4)];
            bool isGuarded = random.Next(2) == 0;
            Value sum = maker.Body.Constant(ScalarType.F32, 0);
            foreach (int[] read in reads)
            {
                AffineIndex[] at = [Index(maker, step, read[..4]), Index(maker, step, read[4..])];
                Value value = isGuarded
                    ? maker.If(maker.Body, maker.Compare(maker.Body, CompareOp.GreaterOrEqual, Index(maker, step, guard), KernelMaker.At(0)), block => maker.Load(block, array, at))
                    : maker.Load(maker.Body, array, at);
                sum = maker.Body.Binary(BinaryOp.Add, sum, value);
            }
            KernelUse use = maker.Use(maker.Build(sum));
            MapPiece[] pieces = box[0].Low.IsConstant && box[0].High.IsConstant
                ? [new(KernelMaker.Domain((box[0].Low, 3), box[1]), use), new(KernelMaker.Domain((3, box[0].High), box[1]), use)]
                : [new(domain, use)];
            var node = new GraphNode(new MapOperation([.. pieces], [0], [0, 0]) { Outputs = [maker.Inputs[0]] }, [GraphValue.Parameter(0), GraphValue.Parameter(1)], []);
            var region = new Region([.. maker.Inputs], [node], []);

            bool may = InPlaceReads.MayOverwrite(region, node, 0);

            bool isSafe = IsSafe(domain, reads, isGuarded ? guard : null, extent);
            Assert.That(!may || isSafe, $"seed {seed}: {domain} {use.Kernel}");
            allowed += may ? 1 : 0;
            safe += isSafe ? 1 : 0;
        }
        Assert.That(allowed, Is.GreaterThan(safe * 9 / 10), $"of {safe}");
    }

    private static bool IsSafe(IterationDomain domain, int[][] reads, int[]? guard, int extent)
    {
        for (long t = 0; t < 2 * extent; t++)
        {
            long step = t;
            Avial.Geometry.Box box = domain.ToBox(_ => step);
            if (box.IsEmpty || box.Low.Any(l => l < 0) || box.High.Any(h => h > extent))
            {
                continue; // nothing runs, or it is refused
            }
            for (long i = box.Low[0]; i < box.High[0]; i++)
            {
                for (long j = box.Low[1]; j < box.High[1]; j++)
                {
                    foreach (int[] read in reads)
                    {
                        if (guard is not null && At(guard, i, j, t) < 0)
                        {
                            continue;
                        }
                        (long row, long column) = (At(read[..4], i, j, t), At(read[4..], i, j, t));
                        if ((row, column) != (i, j) && row >= box.Low[0] && row < box.High[0] && column >= box.Low[1] && column < box.High[1])
                        {
                            return false;
                        }
                    }
                }
            }
        }
        return true;

        static long At(int[] form, long i, long j, long t) => form[0] * i + form[1] * j + form[2] * t + form[3];
    }

    /// <summary>Factors of i, j and t, and a constant: mostly the index of this axis and a little more.</summary>
    private static int[] RandomForm(Random random, int axis) =>
        [.. Enumerable.Range(0, 3).Select(n => random.Next(4) == 0 ? random.Next(-1, 2) : n == axis ? random.Next(2) : 0), random.Next(2) == 0 ? 0 : random.Next(-1, 3)];

    private static AffineIndex Index(KernelMaker maker, Value step, int[] form) => maker.I * form[0] + maker.J * form[1] + KernelMaker.At(step) * form[2] + form[3];

    private static (LinearBound Low, LinearBound High) Range(Random random) => random.Next(4) switch
    {
        0 => (random.Next(3), 3 + random.Next(4)),
        1 => (Of(random.Next(2)), 6),
        2 => (0, Of(random.Next(1, 3))),
        _ => (Of(1), Of(2)),
    };

    private static LinearBound Of(int constant) => new(constant, [new BoundTerm(1, 1)]);

    /// <summary>The answer for the one task of a step.</summary>
    private static bool OfStep(Func<Array2D<double>, Step, Array2D<double>> step)
    {
        Array2D<double> start = Array2D.FromIndex((N, N), (i, j) => 1.0 / (1 + i + j));
        Region region = Optimiser.Optimise(RegionBuilder.OfRoots([Task.Repeat(N - 2, start, step).Whole], []).Region, isFusing: true, null);
        Region body = region.Nodes.Select(n => n.Operation).OfType<LoopOperation>().Single().Body;
        GraphNode node = body.Nodes.Last(n => n.Operation is MapOperation or SweepOperation);
        return InPlaceReads.MayOverwrite(body, node, node.Operation is MapOperation map ? map.Bases[0] : ((SweepOperation)node.Operation).Start);
    }
}
