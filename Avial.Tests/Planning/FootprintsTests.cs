using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class FootprintsTests
{
    private const long N = 16;

    private static Box Of(params (long Low, long High)[] axes) => new([.. axes.Select(a => a.Low)], [.. axes.Select(a => a.High)]);

    private static Footprints Find(KernelMaker maker, Value value, Box part, params (LinearBound Low, LinearBound High)[] axes) =>
        Footprints.Of(maker.Query(maker.Build(value), KernelMaker.Domain(axes)), part);

    [Test]
    public void Of_StencilPart_IsThePartWithItsHalo()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, a, maker.I + -1, maker.J), maker.Load(maker.Body, a, maker.I, maker.J + 1));
        Footprints found = Find(maker, sum, Of((4, 8), (1, N - 1)), (1, N - 1), (1, N - 1));
        Assert.That(found.OfOperand(0), Is.EqualTo(Of((3, 8), (1, N))));
        Assert.That(found.IsExact(0), Is.True);
        Assert.That(found.Union(0), Is.EqualTo(new[] { Of((3, 7), (1, N - 1)), Of((4, 8), (2, N)) }));
    }

    [Test]
    public void Of_TransposeStrideAndBroadcast_AreExact()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        int row = maker.Operand([2 * N]);
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, a, maker.J, maker.I), maker.Load(maker.Body, row, maker.J * 2 + 1));
        Footprints found = Find(maker, sum, Of((2, 4), (3, 7)), (0, N), (0, N));
        Assert.That(found.OfOperand(0), Is.EqualTo(Of((3, 7), (2, 4))));
        Assert.That(found.OfOperand(1), Is.EqualTo(Of((7, 14))));
        Assert.That(found.IsExact(0) && found.IsExact(1), Is.True);
    }

    [TestCase(BorderKind.Clamp, 0, 3, 0, 1)]
    [TestCase(BorderKind.Or, 0, 3, 0, 1)]
    [TestCase(BorderKind.Wrap, 0, 3, 0, 16)]
    [TestCase(BorderKind.Wrap, 0, 2, 14, 16)]
    [TestCase(BorderKind.Wrap, 5, 8, 3, 6)]
    [TestCase(BorderKind.Clamp, 5, 8, 3, 6)]
    public void Of_Border_IsWhatItShows(BorderKind border, long from, long to, long low, long high)
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([N]), border, [], true, maker.I + -2);
        Footprints found = Find(maker, value, Of((from, to)), (0, N));
        Assert.That(found.OfOperand(0), Is.EqualTo(Of((low, high))));
        Assert.That(found.IsExact(0), Is.True);
    }

    [Test]
    public void Of_OrThatIsAlwaysOutside_ReadsNothing()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([N]), BorderKind.Or, [], true, maker.I + -5);
        Assert.That(Find(maker, value, Of((0, 3)), (0, N)).OfOperand(0), Is.Null);
    }

    [Test]
    public void Of_TriangularLoop_IsRefinedByTheInduction()
    {
        // Sum(0, i, k => a[k]) over i in 4..6 reads 0..5.
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (b, k) => maker.Load(b, a, KernelMaker.At(k)));
        Footprints found = Find(maker, sum, Of((4, 6)), (0, N));
        Assert.That(found.OfOperand(0), Is.EqualTo(Of((0, 5))));
        Assert.That(found.IsExact(0), Is.True);
        Assert.That(Find(maker, sum, Of((0, 1)), (0, N)).OfOperand(0), Is.Null, "the loop is empty at 0");
    }

    [Test]
    public void Of_Indirect_IsTheWholeAxis()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N, 4);
        int data = maker.Operand(ScalarType.I64, N);
        Value value = maker.Load(maker.Body, a, KernelMaker.At(maker.Load(maker.Body, data, maker.I)), KernelMaker.At(2));
        Footprints found = Find(maker, value, Of((4, 6)), (0, N));
        Assert.That(found.OfOperand(0), Is.EqualTo(Of((0, N), (2, 3))));
        Assert.That(found.IsExact(0), Is.False);
        Assert.That(found.OfOperand(1), Is.EqualTo(Of((4, 6))));
    }

    [Test]
    public void Of_SameKernelOverOtherParts_AnswersEach()
    {
        var maker = new KernelMaker(1);
        Kernel kernel = maker.Build(maker.Load(maker.Body, maker.Operand([N]), maker.I));
        IterationDomain domain = KernelMaker.Domain((0, N));
        foreach (Box part in new[] { Of((0, 4)), Of((4, 8)), Of((0, 4)) })
        {
            Assert.That(Footprints.Of(maker.Query(kernel, domain), part).OfOperand(0), Is.EqualTo(part));
            Assert.That(Footprints.Of(maker.Query(kernel, domain)).OfOperand(0), Is.EqualTo(Of((0, N))));
        }
        var kept = Footprints.Of(maker.Query(kernel, domain));

        Assert.That(Footprints.Of(maker.Query(kernel, domain)), Is.SameAs(kept));
    }

    [Test]
    public void Of_EmptyPart_IsNothing()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([N]), maker.I);
        Assert.That(Find(maker, value, Of((4, 4)), (0, N)).OfOperand(0), Is.Null);
    }

    [Test]
    public void Of_SymbolicDomain_HoldsEveryStep()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        (Value t, int input) = maker.Symbol(2, 5);
        Value value = maker.Load(maker.Body, a, maker.I - KernelMaker.At(t));
        Footprints found = Footprints.Of(maker.Query(maker.Build(value), KernelMaker.Domain((new LinearBound(1, [new BoundTerm(input, 1)]), 8))));
        Assert.That(found.OfOperand(0), Is.EqualTo(Of((1, 6))));
        Assert.That(found.IsExact(0), Is.True);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Of_RandomKernels_HoldsWhatIsRead(int start)
    {
        int exact = 0;
        int loose = 0;
        for (int seed = start * 50_000; seed < start * 50_000 + 600; seed++)
        {
            var random = new RandomKernel(seed);
            var pick = new Random(seed);
            long[] low = [.. random.Low.Zip(random.High).Select(b => b.First + pick.Next((int)(b.Second - b.First)))];
            long[] high = [.. low.Zip(random.High).Select(b => b.First + 1 + pick.Next((int)(b.Second - b.First)))];
            var part = new Box([.. low], [.. high]);
            Footprints found = Footprints.Of(random.Maker.Query(random.Kernel, random.Domain), part);
            var reads = new List<(LoadInstruction Load, long[] Index)>();
            foreach (long[] point in random.Points().Where(p => p.Zip(low).All(x => x.First >= x.Second) && p.Zip(high).All(x => x.First < x.Second)))
            {
                reads.AddRange(AccessTracer.Trace(random.Kernel, [.. random.Extents], random.Parameters, point, seed));
            }
            ImmutableArray<LoadSite> loads = KernelStructure.Of(random.Kernel).Loads;
            for (int n = 0; n < loads.Length; n++)
            {
                Access access = loads[n].Access;
                long[] extents = random.Extents[access.Operand];
                Box? truth = null;
                foreach (long[]? place in reads.Where(r => ReferenceEquals(r.Load, loads[n].Load)).Select(r => Place(access.Border, r.Index, extents)))
                {
                    if (place is not null)
                    {
                        var one = new Box([.. place], [.. place.Select(p => p + 1)]);
                        truth = truth?.Hull(one) ?? one;
                    }
                }
                string about = $"seed {seed}: {access} in {part}: found {found.Accesses[n]}, read {truth}";
                if (truth is { } hull)
                {
                    Assert.That(found.Accesses[n].Box is { } box && box.Contains(hull), Is.True, about);
                }
                if (found.Accesses[n].IsExact)
                {
                    exact++;
                    Assert.That(found.Accesses[n].Box, Is.EqualTo(truth), about);
                }
                else
                {
                    loose++;
                }
            }
        }
        TestContext.Out.WriteLine($"exact {exact}, loose {loose}");
        Assert.That(exact, Is.GreaterThan(500));
    }

    /// <summary>The element a read shows; null when it shows none.</summary>
    private static long[]? Place(BorderKind border, long[] index, long[] extents)
    {
        var place = new long[index.Length];
        for (int axis = 0; axis < index.Length; axis++)
        {
            long extent = extents[axis];
            place[axis] = border switch
            {
                BorderKind.Wrap => ((index[axis] % extent) + extent) % extent,
                BorderKind.Clamp => Math.Clamp(index[axis], 0, extent - 1),
                _ => index[axis],
            };
            if (place[axis] < 0 || place[axis] >= extent)
            {
                return null;
            }
        }
        return place;
    }
}
