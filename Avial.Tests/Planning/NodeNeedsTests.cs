using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class NodeNeedsTests
{
    private const long N = 16;

    private static Box Of(params (long Low, long High)[] axes) => new([.. axes.Select(a => a.Low)], [.. axes.Select(a => a.High)]);

    private static NodeNeeds Find(KernelMaker maker, Value value, params (LinearBound Low, LinearBound High)[] axes) =>
        Find(maker, maker.Build(value), KernelMaker.Domain(axes));

    internal static NodeNeeds Find(KernelMaker maker, Kernel kernel, IterationDomain domain)
    {
        var operation = new ReduceOperation(domain, maker.Use(kernel), [.. Enumerable.Range(0, domain.Rank)], new Combiner(CombinerKind.Sum))
        {
            Outputs = [new ArrayType(ElementLayout.Of(typeof(float)), [])],
        };
        return NodeNeeds.Of(operation, [.. maker.Inputs], SourceSpan.None);
    }

    private static NeedFormula Only(NodeNeeds needs) => needs.Inputs.Single().Accesses.Single();

    [Test]
    public void Of_Stencil_IsThePartWithItsHalo()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, a, maker.I + -1, maker.J), maker.Load(maker.Body, a, maker.I, maker.J + 1));

        NodeNeeds needs = Find(maker, sum, (1, N - 1), (1, N - 1));

        ImmutableArray<NeedFormula> accesses = needs.Inputs.Single().Accesses;
        Assert.That(accesses.Select(f => f.ToString()), Is.EqualTo(new[]
        {
            "[(first0 - 1..=last0 - 1), (first1..=last1)]", "[(first0..=last0), (first1 + 1..=last1 + 1)]",
        }));
        Assert.That(accesses.All(f => f.IsExact && !f.DependsOnSymbols && f.DependsOnAxis(0)), Is.True);
        Assert.That(accesses[0].Linear, Is.EqualTo(accesses[1].Linear));
        Assert.That(accesses[0].Linear.Select(l => l.Axis), Is.EqualTo(new[] { 0, 1 }));
        Assert.That(accesses[0].Evaluate(Of((4, 8), (1, N - 1)), []), Is.EqualTo(Of((3, 7), (1, N - 1))));
        Assert.That(accesses[1].Evaluate(Of((4, 8), (10, 99)), []), Is.EqualTo(Of((4, 8), (11, N))), "only what lies in the domain is computed");
        Assert.That(accesses[1].Evaluate(Of((4, 4), (10, 12)), []), Is.Null);
        Assert.That(needs.Inputs[0].Hull(Of((4, 8), (4, 8)), []), Is.EqualTo(Of((3, 8), (4, 9))));
    }

    [Test]
    public void Of_EqualReads_AreOneFormulaWithAllSites()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, a, maker.I), maker.Load(maker.Body, a, maker.I));

        NeedFormula formula = Only(Find(maker, sum, (0, N)));

        Assert.That(formula.Sites, Has.Length.EqualTo(2));
        Assert.That(formula.Columns, Is.EqualTo(new[] { 0 }));
    }

    [Test]
    public void Of_MatrixProduct_IsARowAndAColumn()
    {
        // Sum(0, n, k => a[i, k] * b[k, j])
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        int b = maker.Operand(N, N);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Body.Constant(N), (inner, k) => inner.Binary(
            BinaryOp.Multiply, maker.Load(inner, a, maker.I, KernelMaker.At(k)), maker.Load(inner, b, KernelMaker.At(k), maker.J)));

        NodeNeeds needs = Find(maker, sum, (0, N), (0, N));

        Assert.That(needs.Find(0)!.Accesses.Single().ToString(), Is.EqualTo("[(first0..=last0), (0..=15)]"));
        Assert.That(needs.Find(1)!.Accesses.Single().ToString(), Is.EqualTo("[(0..=15), (first1..=last1)]"));
        Assert.That(string.Join(", ", needs.Find(0)!.Accesses[0].Linear), Is.EqualTo("i0, ..."));
        Assert.That(needs.Inputs.All(i => i.Accesses[0].IsExact), Is.True);
    }

    [Test]
    public void Of_StrideTransposeReversalDiagonal_AreExact()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(2 * N, N);
        Value value = maker.Load(maker.Body, a, maker.J * 2 + 1, maker.I * -1 + (N - 1));
        NeedFormula formula = Only(Find(maker, value, (0, N), (0, N)));
        var diagonal = new KernelMaker(1);
        Value both = diagonal.Load(diagonal.Body, diagonal.Operand(N, N), diagonal.I, diagonal.I);

        Assert.That(formula.Evaluate(Of((2, 5), (3, 7)), []), Is.EqualTo(Of((7, 14), (11, 14))));
        Assert.That(formula.IsExact, Is.True);
        Assert.That(formula.Linear.Select(l => l.ToString()), Is.EqualTo(new[] { "2*i1", "-1*i0" }));
        Assert.That(Only(Find(diagonal, both, (0, N))).Evaluate(Of((3, 5)), []), Is.EqualTo(Of((3, 5), (3, 5))));
    }

    [TestCase(BorderKind.Clamp, 0, 3, 0, 1)]
    [TestCase(BorderKind.Clamp, 5, 8, 3, 6)]
    [TestCase(BorderKind.Or, 0, 3, 0, 1)]
    [TestCase(BorderKind.Or, 5, 8, 3, 6)]
    [TestCase(BorderKind.Wrap, 0, 3, -2, 1)]
    [TestCase(BorderKind.Wrap, 0, 2, 14, 16)]
    [TestCase(BorderKind.Wrap, 5, 8, 3, 6)]
    [TestCase(BorderKind.Wrap, 0, 16, -2, 14)]
    public void Of_Border_IsWhatItShows(BorderKind border, long from, long to, long low, long high)
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([N]), border, [], true, maker.I + -2);

        NeedFormula formula = Only(Find(maker, value, (0, N)));

        Assert.That(formula.Evaluate(Of((from, to)), []), Is.EqualTo(Of((low, high))));
        Assert.That(formula.IsExact, Is.True);
        Assert.That(formula.IsWrapping[0], Is.EqualTo(border == BorderKind.Wrap));
    }

    [Test]
    public void Hull_OfPeriodicNeighbours_IsOneRunAroundThePart()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, a, BorderKind.Wrap, [], true, maker.I + -1),
            maker.Load(maker.Body, a, BorderKind.Wrap, [], true, maker.I + 1));
        InputNeeds input = Find(maker, sum, (0, N)).Inputs.Single();
        Assert.That(input.Accesses[0].Evaluate(Of((0, 1)), []), Is.EqualTo(Of((N - 1, N))));
        Assert.That(input.Hull(Of((0, 1)), []), Is.EqualTo(Of((-1, 2))));
        Assert.That(input.Hull(Of((N - 1, N)), []), Is.EqualTo(Of((N - 2, N + 1))));
        Assert.That(input.Hull(Of((1, N)), []), Is.EqualTo(Of((0, N))), "goes round");
    }

    [Test]
    public void Of_WrapThatGoesRound_IsTheWholeAxis()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([N]), BorderKind.Wrap, [], true, maker.I * 2);
        NeedFormula formula = Only(Find(maker, value, (0, 2 * N)));
        Assert.That(formula.Evaluate(Of((0, 8)), []), Is.EqualTo(Of((0, 15))));
        Assert.That(formula.Evaluate(Of((0, 9)), []), Is.EqualTo(Of((0, N))));
        Assert.That(formula.Evaluate(Of((9, 11)), []), Is.EqualTo(Of((2, 5))));
    }

    [Test]
    public void Of_OrThatIsAlwaysOutside_IsEmptyAlways()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([N]), BorderKind.Or, [], true, maker.I + -N);
        NeedFormula formula = Only(Find(maker, value, (0, N)));
        Assert.That(formula.IsEmptyAlways, Is.True);
        Assert.That(formula.Evaluate(Of((0, N)), []), Is.Null);
    }

    [Test]
    public void Of_TriangularSums_FollowThePart()
    {
        // Sum(0, i, k => a[k]) + Sum(i + 1, n, k => b[k])
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        int b = maker.Operand([N]);
        Value below = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (inner, k) => maker.Load(inner, a, KernelMaker.At(k)));
        Value above = maker.Sum(maker.Body, maker.Body.Index(maker.I + 1), maker.Body.Constant(N), (inner, k) => maker.Load(inner, b, KernelMaker.At(k)));

        NodeNeeds needs = Find(maker, maker.Body.Binary(BinaryOp.Add, below, above), (0, N));

        Assert.That(needs.Find(0)!.Hull(Of((4, 6)), []), Is.EqualTo(Of((0, 5))));
        Assert.That(needs.Find(0)!.Hull(Of((0, 1)), []), Is.Null, "the loop is empty at 0");
        Assert.That(needs.Find(1)!.Hull(Of((4, 6)), []), Is.EqualTo(Of((5, N))));
        Assert.That(needs.Find(1)!.Hull(Of((N - 1, N)), []), Is.Null);
        Assert.That(needs.Inputs.All(i => i.Accesses[0].IsExact), Is.True);
    }

    [Test]
    public void Of_Guard_CutsThePart()
    {
        // i > 0 ? a[i - 1] : 0
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value value = maker.If(maker.Body, maker.Compare(maker.Body, CompareOp.Greater, maker.I, KernelMaker.At(0)), b => maker.Load(b, a, maker.I + -1));

        NeedFormula formula = Only(Find(maker, value, (0, N)));

        Assert.That(formula.Evaluate(Of((0, 4)), []), Is.EqualTo(Of((0, 3))));
        Assert.That(formula.Evaluate(Of((0, 1)), []), Is.Null);
        Assert.That(formula.IsExact, Is.True);
    }

    [Test]
    public void Of_BorderByHand_SplitsIntoCases()
    {
        // a[i == 0 ? n - 1 : i - 1] and b[Min(i + 1, n - 1)]
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        int b = maker.Operand([N]);
        Value before = maker.Body.Select(maker.Compare(maker.Body, CompareOp.Equal, maker.I, KernelMaker.At(0)),
            maker.Body.Constant(N - 1), maker.Body.Index(maker.I + -1));
        Value after = maker.Body.Binary(BinaryOp.Min, maker.Body.Index(maker.I + 1), maker.Body.Constant(N - 1));
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, a, KernelMaker.At(before)), maker.Load(maker.Body, b, KernelMaker.At(after)));

        NodeNeeds needs = Find(maker, sum, (0, N));

        Assert.That(needs.Find(0)!.Hull(Of((4, 8)), []), Is.EqualTo(Of((3, 7))));
        Assert.That(needs.Find(0)!.Hull(Of((0, 4)), []), Is.EqualTo(Of((0, N))));
        Assert.That(needs.Find(0)!.Hull(Of((0, 1)), []), Is.EqualTo(Of((N - 1, N))));
        Assert.That(needs.Find(1)!.Hull(Of((4, 8)), []), Is.EqualTo(Of((5, 9))));
        Assert.That(needs.Find(1)!.Hull(Of((N - 2, N)), []), Is.EqualTo(Of((N - 1, N))));
    }

    [Test]
    public void Of_HalfOfTheIndex_IsHalfOfThePart()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value half = maker.Body.Binary(BinaryOp.Divide, maker.Indices[0], maker.Body.Constant(2));
        NeedFormula formula = Only(Find(maker, maker.Load(maker.Body, a, KernelMaker.At(half)), (0, 2 * N)));
        Assert.That(formula.Evaluate(Of((5, 9)), []), Is.EqualTo(Of((2, 5))));
    }

    [Test]
    public void Of_CapturedOffset_IsASymbol()
    {
        var maker = new KernelMaker(1);
        int x = maker.Operand([N]);
        Value s = maker.Parameter(3);

        NodeNeeds needs = Find(maker, maker.Load(maker.Body, x, maker.I + KernelMaker.At(s)), (0, N));

        NeedFormula formula = Only(needs);
        Assert.That(needs.Symbols, Is.EqualTo(new[] { new NeedSymbol(ArgumentKind.Scalar, 0, 0) }));
        Assert.That(formula.DependsOnSymbols, Is.True);
        Assert.That(formula.Linear[0].ToString(), Is.EqualTo("i0 + s0"));
        Assert.That(formula.Evaluate(Of((4, 8)), [3]), Is.EqualTo(Of((7, 11))));
        Assert.That(formula.Evaluate(Of((4, 8)), [-6]), Is.EqualTo(Of((0, 2))), "what is outside traps");
        Assert.That(formula.Evaluate(Of((4, 8)), [100]), Is.Null);
        Assert.That(formula.Evaluate(Of((4, 8)), [long.MaxValue]), Is.EqualTo(Of((0, N))), "beyond what formulas are made for");
        Assert.That(formula.Hull(Of((4, 8)), [-2], [3]), Is.EqualTo(Of((2, 11))));
    }

    [Test]
    public void Of_NumberThatDecidesNoPlace_IsNoSymbol()
    {
        var maker = new KernelMaker(1);
        Value factor = maker.Parameter(3, ScalarType.F32);
        Value load = maker.Load(maker.Body, maker.Operand([N]), maker.I);
        Assert.That(Find(maker, maker.Body.Binary(BinaryOp.Multiply, load, factor), (0, N)).Symbols, Is.Empty);
    }

    [Test]
    public void Of_FloydWarshallStep_NeedsARowAndAColumn()
    {
        // d[i, t] + d[t, j]
        var maker = new KernelMaker(2);
        int d = maker.Operand(N, N);
        (Value t, int input) = maker.Symbol();
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Load(maker.Body, d, maker.I, KernelMaker.At(t)), maker.Load(maker.Body, d, KernelMaker.At(t), maker.J));

        NodeNeeds needs = Find(maker, sum, (0, N), (0, N));

        Assert.That(needs.Symbols, Is.EqualTo(new[] { new NeedSymbol(ArgumentKind.Input, input, 0) }));
        ImmutableArray<NeedFormula> accesses = needs.Inputs.Single().Accesses;
        Assert.That(accesses[0].Evaluate(Of((4, 8), (0, N)), [5]), Is.EqualTo(Of((4, 8), (5, 6))));
        Assert.That(accesses[1].Evaluate(Of((4, 8), (0, N)), [5]), Is.EqualTo(Of((5, 6), (0, N))));
        Assert.That(accesses[1].Hull(Of((4, 8), (2, 3)), [0], [N - 1]), Is.EqualTo(Of((0, N), (2, 3))));
        Assert.That(accesses.All(a => a.IsExact), Is.True);
    }

    [Test]
    public void Of_DomainThatMoves_NeedsWhatTheStepComputes()
    {
        // a[i - t] over t + 1 .. n
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        (Value t, int input) = maker.Symbol();
        Value value = maker.Load(maker.Body, a, maker.I - KernelMaker.At(t));

        NodeNeeds needs = Find(maker, value, (new LinearBound(1, [new BoundTerm(input, 1)]), N));

        NeedFormula formula = Only(needs);
        Assert.That(needs.PieceDomain(0, [5]), Is.EqualTo(Of((6, N))));
        Assert.That(formula.Evaluate(Of((0, 10)), [5]), Is.EqualTo(Of((1, 5))));
        Assert.That(formula.Evaluate(Of((0, 6)), [5]), Is.Null);
        Assert.That(formula.Hull(Of((0, 10)), [0], [5]), Is.EqualTo(Of((1, 10))), "every step begins at 1");
        Assert.That(formula.DependsOnSymbols, Is.True);
    }

    [Test]
    public void Of_Gather_IsIndirectOnItsAxis()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N, 4);
        int data = maker.Operand(ScalarType.I64, N);
        Value value = maker.Load(maker.Body, a, KernelMaker.At(maker.Load(maker.Body, data, maker.I)), KernelMaker.At(2));

        NodeNeeds needs = Find(maker, value, (0, N));

        Assert.That(needs.Find(0)!.IsIndirect, Is.True);
        Assert.That(needs.Find(0)!.Accesses[0].IsIndirect, Is.EqualTo(new[] { true, false }));
        Assert.That(needs.Find(0)!.Hull(Of((4, 6)), []), Is.EqualTo(Of((0, N), (2, 3))));
        Assert.That(needs.Find(1)!.Hull(Of((4, 6)), []), Is.EqualTo(Of((4, 6))));
        Assert.That(needs.Find(1)!.IsIndirect, Is.False);
    }

    [Test]
    public void Of_CapturedFlag_DecidesThePlace()
    {
        // isLeft ? a[i - 1] : a[i + 1]
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value isLeft = maker.Parameter(1, ScalarType.Bool);
        Value value = maker.If(maker.Body, isLeft, b => maker.Load(b, a, maker.I + -1), b => maker.Load(b, a, maker.I + 1));

        NodeNeeds needs = Find(maker, value, (1, N - 1));

        Assert.That(needs.Inputs[0].Hull(Of((4, 8)), [1]), Is.EqualTo(Of((3, 7))));
        Assert.That(needs.Inputs[0].Hull(Of((4, 8)), [0]), Is.EqualTo(Of((5, 9))));
        Assert.That(needs.Inputs[0].Accesses.All(f => f.IsExact), Is.True);
    }

    [Test]
    public void Of_ArithmeticThatMayLeaveItsType_IsTheWholeAxis()
    {
        // a[(int)i * s] with an int s: the product may wrap
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value s = maker.Parameter(2, ScalarType.I32);
        Value product = maker.Body.Binary(BinaryOp.Multiply, maker.Body.Convert(maker.Indices[0], ScalarType.I32), s);
        Value place = maker.Body.Convert(product, ScalarType.I64);

        NeedFormula formula = Only(Find(maker, maker.Load(maker.Body, a, BorderKind.Clamp, [], true, KernelMaker.At(place)), (0, N)));

        Assert.That(formula.Evaluate(Of((4, 8)), [2]), Is.EqualTo(Of((0, N))));
        Assert.That(formula.IsExact, Is.False);
        Assert.That(formula.Linear[0].IsSpread, Is.True);
    }

    [Test]
    public void Of_IntArithmeticOfSmallNumbers_IsFollowed()
    {
        // a[(int)i + 2 * s] with an int s
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value s = maker.Parameter(2, ScalarType.I32);
        Value twice = maker.Body.Binary(BinaryOp.Multiply, s, maker.Body.Constant(ScalarType.I32, 2));
        Value sum = maker.Body.Binary(BinaryOp.Add, maker.Body.Convert(maker.Indices[0], ScalarType.I32), twice);
        Value place = maker.Body.Convert(sum, ScalarType.I64);

        NeedFormula formula = Only(Find(maker, maker.Load(maker.Body, a, BorderKind.Clamp, [], true, KernelMaker.At(place)), (0, N)));

        Assert.That(formula.Evaluate(Of((4, 8)), [2]), Is.EqualTo(Of((8, 12))));
        Assert.That(formula.Evaluate(Of((4, 8)), [int.MaxValue]), Is.EqualTo(Of((0, N))), "beyond what formulas are made for");
    }

    [Test]
    public void Of_MoreLoopsThanCanBeProjected_StillFollowsThePart()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([10 * N]);
        AffineIndex place = maker.I;
        Value Nest(BlockBuilder block, int depth) => depth == 0 ? maker.Load(block, a, BorderKind.Clamp, [], true, place)
            : maker.Sum(block, block.Constant(0), block.Constant(3), (inner, k) =>
            {
                place += KernelMaker.At(k);
                return Nest(inner, depth - 1);
            });

        NeedFormula formula = Only(Find(maker, Nest(maker.Body, 15), (0, N)));

        Assert.That(formula.Evaluate(Of((4, 8)), []), Is.EqualTo(Of((4, 8 + 30))));
        Assert.That(formula.IsExact, Is.False);
    }

    [Test]
    public void Of_EmptyInput_IsNeverRead()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([0]), BorderKind.Or, [], true, maker.I);
        Assert.That(Only(Find(maker, value, (0, N))).IsEmptyAlways, Is.True);
    }

    [Test]
    public void Of_MapWithOrigin_ComputesWhereTheDomainIs()
    {
        var maker = new KernelMaker(1);
        Kernel kernel = maker.Build(maker.Load(maker.Body, maker.Operand([N]), maker.I));
        var map = new MapOperation([new MapPiece(KernelMaker.Domain((4, 10)), maker.Use(kernel))], [], [4]) { Outputs = [new ArrayType(ElementLayout.Of(typeof(float)), [6])] };

        NodeNeeds needs = NodeNeeds.Of(map, [.. maker.Inputs], SourceSpan.None);

        Assert.That(needs.Inputs.Single().Hull(Of((0, N)), []), Is.EqualTo(Of((4, 10))), "parts are boxes of the domain, not of the output");
    }

    [Test]
    public void Of_View_IsTheCopyItStandsFor()
    {
        // rows 1, 3, 5 … of the transposed array
        var row = new Value(0, ScalarType.I64);
        var column = new Value(1, ScalarType.I64);
        var view = new ViewOperation([AffineIndex.Of(column), AffineIndex.Of(row) * 2 + 1], [0, 0]) { Outputs = [new ArrayType(ElementLayout.Of(typeof(float)), [N / 2, N])] };

        NodeNeeds needs = NodeNeeds.Of(view, [new ArrayType(ElementLayout.Of(typeof(float)), [N, N])], SourceSpan.None);

        Assert.That(needs.Inputs.Single().Hull(Of((2, 4), (0, 3)), []), Is.EqualTo(Of((0, 3), (5, 8))));
    }

    [Test]
    public void Of_SameOperation_IsFoundOnce()
    {
        var maker = new KernelMaker(1);
        Kernel kernel = maker.Build(maker.Load(maker.Body, maker.Operand([N]), maker.I));
        var scan = new ScanOperation(KernelMaker.Domain((0, N)), maker.Use(kernel), 0, false, new Combiner(CombinerKind.Sum))
        {
            Outputs = [new ArrayType(ElementLayout.Of(typeof(float)), [N])],
        };
        NodeNeeds needs = NodeNeeds.Of(scan, [.. maker.Inputs], SourceSpan.None);
        Assert.That(NodeNeeds.Of(scan, [.. maker.Inputs], SourceSpan.None), Is.SameAs(needs));
    }

    [Test]
    public void TryEvaluate_DoesNotAllocate()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        Value s = maker.Parameter(3);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (b, k) =>
            maker.Load(b, a, BorderKind.Wrap, [], true, KernelMaker.At(k) + 1, maker.J + KernelMaker.At(s)));
        NeedFormula formula = Only(Find(maker, sum, (0, N), (0, N)));
        Box part = Of((2, 5), (3, 7));
        Span<long> low = stackalloc long[2];
        Span<long> high = stackalloc long[2];
        Span<long> symbols = stackalloc long[1];
        symbols[0] = 4;
        bool isRead = formula.TryEvaluate(part, symbols, low, high);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 100; n++)
        {
            isRead &= formula.TryEvaluate(part, symbols, low, high);
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.That(isRead, Is.True);
        Assert.That(allocated, Is.Zero);
    }
}
