using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class BoundsAnalysisTests
{
    private const long N = 16;

    [Test]
    public void Prove_FivePointStencilOnTheInterior_IsProven()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        Value sum = maker.Load(maker.Body, a, maker.I + -1, maker.J);
        foreach ((long di, long dj) in new[] { (1L, 0L), (0, -1), (0, 1), (0, 0) })
        {
            sum = maker.Body.Binary(BinaryOp.Add, sum, maker.Load(maker.Body, a, maker.I + di, maker.J + dj));
        }
        Assert.That(maker.Prove(sum, (1, N - 1), (1, N - 1)), Is.All.EqualTo(BoundsProof.Proven));
    }

    [Test]
    public void Prove_AlreadyProven_ReturnsTheSameKernel()
    {
        var maker = new KernelMaker(1);
        Kernel kernel = maker.Build(maker.Load(maker.Body, maker.Operand(N), maker.I));
        IterationDomain domain = KernelMaker.Domain((0, N));
        Kernel proven = BoundsAnalysis.Prove(maker.Query(kernel, domain));
        Assert.That(proven, Is.Not.SameAs(kernel));
        Assert.That(BoundsAnalysis.Prove(maker.Query(kernel, domain)), Is.SameAs(proven), "the second time comes from the cache");
        Assert.That(BoundsAnalysis.Prove(maker.Query(proven, domain)), Is.SameAs(proven));
    }

    [Test]
    public void Prove_TransposeAndDiagonal_AreProven()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, 2 * N);
        Value transposed = maker.Load(maker.Body, a, maker.J, maker.I);
        Value diagonal = maker.Load(maker.Body, a, maker.I + -N, maker.I + -N);
        Assert.That(maker.Prove(maker.Body.Binary(BinaryOp.Add, transposed, diagonal), (N, 2 * N), (0, N)), Is.All.EqualTo(BoundsProof.Proven));
    }

    [Test]
    public void Prove_Strided_DependsOnTheDomain()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Kernel kernel = maker.Build(maker.Load(maker.Body, a, maker.I * 2 + 1));
        Assert.That(maker.Prove(kernel, KernelMaker.Domain((0, N / 2))), Is.EqualTo(new[] { BoundsProof.Proven }));
        Assert.That(() => maker.Prove(kernel, KernelMaker.Domain((0, N / 2 + 1))), Throws.TypeOf<AvialException>().With.Property("Id").EqualTo("AVL0301"));
    }

    [Test]
    public void Prove_TriangularSum_IsProven()
    {
        // Sum(0, i, k => a[i - k - 1])
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (b, k) => maker.Load(b, a, maker.I - KernelMaker.At(k) + -1));
        Assert.That(maker.Prove(sum, (0, N + 1)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_LoopThatRunsOnlyInside_IsProven()
    {
        // Sum(0, i, k => a[i - 1]) never runs at i = 0.
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (b, k) => maker.Load(b, a, maker.I + -1));
        Assert.That(maker.Prove(sum, (0, N + 1)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_StructuralGuard_IsUsed()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value left = maker.If(maker.Body, maker.Compare(maker.Body, CompareOp.Greater, maker.I, KernelMaker.At(0)), b => maker.Load(b, a, maker.I + -1));
        Assert.That(maker.Prove(left, (0, N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_GuardOnTheAccess_IsUsed()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value left = maker.Load(maker.Body, a, BorderKind.None, [maker.I + -1], true, maker.I + -1);
        Assert.That(maker.Prove(left, (0, N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_ElseArmAndConjunction_AreUsed()
    {
        // !(j >= i && j < n - 1) ? 0 : a[i, j + 1]
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        BlockBuilder body = maker.Body;
        Value both = maker.If(body, maker.Compare(body, CompareOp.GreaterOrEqual, maker.J, maker.I), b => maker.Compare(b, CompareOp.Less, maker.J, KernelMaker.At(N - 1)));
        Value not = body.Unary(UnaryOp.Not, both);
        Value value = maker.If(body, not, b => b.Constant(ScalarType.F32, 0), b => maker.Load(b, a, maker.I, maker.J + 1));
        Assert.That(maker.Prove(value, (0, N), (0, N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_NotEqualAtTheEdge_IsUsed()
    {
        // i != 0 ? a[i - 1] : 0
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value left = maker.If(maker.Body, maker.Compare(maker.Body, CompareOp.NotEqual, maker.I, KernelMaker.At(0)), b => maker.Load(b, a, maker.I + -1));
        Assert.That(maker.Prove(left, (0, N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_GuardOfWrappingArithmetic_ProvesNothing()
    {
        // idx + 1 < n with idx from data: at long.MaxValue the sum wraps, the test holds, and the read is far outside.
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        int data = maker.Operand(ScalarType.I64, N);
        Value idx = maker.Load(maker.Body, data, maker.I);
        Value next = maker.Body.Binary(BinaryOp.Add, idx, maker.Body.Constant(1));
        Value test = maker.Body.Binary(BinaryOp.And, maker.Body.Compare(CompareOp.Less, next, maker.Body.Constant(N)), maker.Body.Compare(CompareOp.GreaterOrEqual, idx, maker.Body.Constant(0)));
        Value value = maker.If(maker.Body, test, b => maker.Load(b, a, KernelMaker.At(idx) + 1));
        Assert.That(maker.Prove(value, (0, N))[1], Is.EqualTo(BoundsProof.CheckElement));
    }

    [Test]
    public void Prove_DataGuardedByItsOwnRange_IsProven()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        int data = maker.Operand(ScalarType.I64, N);
        Value idx = maker.Load(maker.Body, data, maker.I);
        Value test = maker.Body.Binary(BinaryOp.And, maker.Body.Compare(CompareOp.Less, idx, maker.Body.Constant(N)), maker.Body.Compare(CompareOp.GreaterOrEqual, idx, maker.Body.Constant(0)));
        Value value = maker.If(maker.Body, test, b => maker.Load(b, a, KernelMaker.At(idx)));
        Assert.That(maker.Prove(value, (0, N)), Is.All.EqualTo(BoundsProof.Proven));
    }

    [Test]
    public void Prove_SparseRow_IsCheckedPerRange()
    {
        // Sum(rowStart[i], rowStart[i + 1], k => val[k] * x[col[k]])
        var maker = new KernelMaker(1);
        int rowStart = maker.Operand(ScalarType.I64, N + 1);
        int val = maker.Operand(100);
        int col = maker.Operand(ScalarType.I32, 100);
        int x = maker.Operand(N);
        BlockBuilder body = maker.Body;
        Value sum = maker.Sum(body, maker.Load(body, rowStart, maker.I), maker.Load(body, rowStart, maker.I + 1), (b, k) =>
        {
            Value v = maker.Load(b, val, KernelMaker.At(k));
            Value c = b.Convert(maker.Load(b, col, KernelMaker.At(k)), ScalarType.I64);
            return b.Binary(BinaryOp.Multiply, v, maker.Load(b, x, KernelMaker.At(c)));
        });
        Assert.That(maker.Prove(sum, (0, N)), Is.EqualTo(new[]
        {
            BoundsProof.Proven, BoundsProof.Proven, BoundsProof.CheckRange, BoundsProof.CheckRange, BoundsProof.CheckElement,
        }));
    }

    [Test]
    public void Prove_Indirect_IsCheckedPerElement()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        int data = maker.Operand(ScalarType.I64, N);
        Value value = maker.Load(maker.Body, a, KernelMaker.At(maker.Load(maker.Body, data, maker.I)));
        Assert.That(maker.Prove(value, (0, N)), Is.EqualTo(new[] { BoundsProof.Proven, BoundsProof.CheckElement }));
    }

    [Test]
    public void Prove_NarrowIndex_IsProvenWhenTheArrayHoldsItsType()
    {
        var maker = new KernelMaker(1);
        int table = maker.Operand(256);
        int data = maker.Operand(ScalarType.U8, N);
        Value index = maker.Body.Convert(maker.Load(maker.Body, data, maker.I), ScalarType.I64);
        Assert.That(maker.Prove(maker.Load(maker.Body, table, KernelMaker.At(index)), (0, N)), Is.All.EqualTo(BoundsProof.Proven));
    }

    [TestCase(BinaryOp.And)]
    [TestCase(BinaryOp.Min)]
    [TestCase(BinaryOp.Remainder)]
    [TestCase(BinaryOp.Divide)]
    [TestCase(BinaryOp.ShiftRight)]
    public void Prove_ArithmeticThatBoundsTheIndex_IsProven(BinaryOp op)
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value second = op switch
        {
            BinaryOp.And or BinaryOp.Min => maker.Body.Constant(N - 1),
            BinaryOp.Remainder => maker.Body.Constant(N),
            BinaryOp.Divide => maker.Body.Constant(4),
            _ => maker.Body.Constant(ScalarType.I32, 2),
        };
        Value index = maker.Body.Binary(op, maker.Indices[0], second);
        Assert.That(maker.Prove(maker.Load(maker.Body, a, KernelMaker.At(index)), (0, 4 * N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_PeriodicByHand_IsProven()
    {
        // a[i == 0 ? n - 1 : i - 1]
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        BlockBuilder body = maker.Body;
        Value left = body.Select(maker.Compare(body, CompareOp.Equal, maker.I, KernelMaker.At(0)), body.Constant(N - 1), body.Index(maker.I + -1));
        Assert.That(maker.Prove(maker.Load(body, a, KernelMaker.At(left)), (0, N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_RemainderOfANegative_IsNotProven()
    {
        // a[(i - 1) % n] is -1 at i = 0: found at a point, so refused.
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value index = maker.Body.Binary(BinaryOp.Remainder, maker.Body.Index(maker.I + -1), maker.Body.Constant(N));
        Kernel kernel = maker.Build(maker.Load(maker.Body, a, KernelMaker.At(index)));
        Assert.That(() => maker.Prove(kernel, KernelMaker.Domain((0, N))), Throws.TypeOf<AvialException>());
    }

    [Test]
    public void Prove_ArgMinOfALoop_IsBoundedByItsRange()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        BlockBuilder body = maker.Body;
        BlockBuilder inner = body.Nested();
        Value k = maker.Numbers.New(ScalarType.I64);
        Value best = maker.Numbers.New(ScalarType.F32);
        Value at = maker.Numbers.New(ScalarType.I64);
        Value term = maker.Load(inner, a, KernelMaker.At(k));
        Value isBetter = inner.Compare(CompareOp.Less, term, best);
        Block loop = inner.Finish([k, best, at], inner.Select(isBetter, term, best), inner.Select(isBetter, k, at));
        Value lowest = maker.Numbers.New(ScalarType.F32);
        Value where = maker.Numbers.New(ScalarType.I64);
        body.Add(new ForInstruction([lowest, where], body.Constant(0), body.Constant(N), [body.Constant(ScalarType.F32, 0), body.Constant(0)], loop));
        Assert.That(maker.Prove(maker.Load(body, a, KernelMaker.At(where)), (0, N)), Is.All.EqualTo(BoundsProof.Proven));
    }

    [TestCase(BorderKind.Wrap)]
    [TestCase(BorderKind.Clamp)]
    [TestCase(BorderKind.Or)]
    public void Prove_Border_IsProven(BorderKind border)
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand(N), border, [], true, maker.I + -5);
        Assert.That(maker.Prove(value, (0, N)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_EmptyDomain_IsProven()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand(ScalarType.F32, [0]), maker.I + -5);
        Assert.That(maker.Prove(value, (3, 3)), Is.EqualTo(new[] { BoundsProof.Proven }));
    }

    [Test]
    public void Prove_FactorisationStep_IsProven()
    {
        // Step t of LU: i and j from t + 1 to n; reads a[i, j], a[i, t], a[t, j], a[t, t].
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        (Value t, int input) = maker.Symbol(0, N - 1);
        AffineIndex step = KernelMaker.At(t);
        BlockBuilder body = maker.Body;
        Value value = maker.Load(body, a, maker.I, maker.J);
        value = body.Binary(BinaryOp.Add, value, maker.Load(body, a, maker.I, step));
        value = body.Binary(BinaryOp.Add, value, maker.Load(body, a, step, maker.J));
        value = body.Binary(BinaryOp.Add, value, maker.Load(body, a, step, step));
        value = body.Binary(BinaryOp.Add, value, maker.Load(body, a, step + 1, step));
        LinearBound low = new(1, [new BoundTerm(input, 1)]);
        Assert.That(maker.Prove(value, (low, N), (low, N)), Is.All.EqualTo(BoundsProof.Proven));
    }

    [Test]
    public void Prove_LoopThatMayStopEarly_RefusesOnlyItsFirstStep()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        (Value t, _) = maker.Symbol(0, N, isCertain: false);
        Kernel late = maker.Build(maker.Load(maker.Body, a, KernelMaker.At(t)));
        Assert.That(maker.Prove(late, KernelMaker.Domain((0, N))), Is.EqualTo(new[] { BoundsProof.CheckRange }));

        var other = new KernelMaker(1);
        int b = other.Operand(N);
        (Value s, _) = other.Symbol(0, N, isCertain: false);
        Kernel early = other.Build(other.Load(other.Body, b, KernelMaker.At(s) + -1));
        Assert.That(() => other.Prove(early, KernelMaker.Domain((0, N))), Throws.TypeOf<AvialException>());
    }

    [Test]
    public void Prove_ParameterOffset_IsUsedWhenKnown()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value offset = maker.Parameter(3);
        Kernel kernel = maker.Build(maker.Load(maker.Body, a, maker.I + KernelMaker.At(offset)));
        Assert.That(maker.Prove(kernel, KernelMaker.Domain((0, N - 3))), Is.EqualTo(new[] { BoundsProof.Proven }));
        BoundsQuery unknown = maker.Query(kernel, KernelMaker.Domain((0, N - 3)));
        Kernel checkedKernel = BoundsAnalysis.Prove(new BoundsQuery { Use = unknown.Use, Domain = unknown.Domain, Inputs = unknown.Inputs });
        Assert.That(KernelStructure.Of(checkedKernel).Loads[0].Access.Proof, Is.EqualTo(BoundsProof.CheckRange));
    }

    [Test]
    public void Prove_IndexThatWrapsIn64Bits_IsNotRefusedByItsExactValue()
    {
        // i * 2^62 * 4 is 0 in 64 bits, always inside.
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value huge = maker.Body.Binary(BinaryOp.Multiply, maker.Body.Index(maker.I * (1L << 62)), maker.Body.Constant(4));
        Assert.That(maker.Prove(maker.Load(maker.Body, a, KernelMaker.At(huge)), (0, N)), Is.EqualTo(new[] { BoundsProof.CheckElement }));
    }

    [Test]
    public void Prove_ReadUnderAMask_IsCheckedNotRefused()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        int mask = maker.Operand(ScalarType.I64, N);
        Value test = maker.Body.Compare(CompareOp.Equal, maker.Load(maker.Body, mask, maker.I), maker.Parameter(7));
        Kernel kernel = maker.Build(maker.If(maker.Body, test, b => maker.Load(b, a, maker.I + -1)));
        Assert.That(maker.Prove(kernel, KernelMaker.Domain((0, N))), Is.EqualTo(new[] { BoundsProof.Proven, BoundsProof.CheckRange }));
        Assert.That(ShapeParameters.Of(kernel), Is.Empty, "a label that data is compared with does not decide where is read");
    }

    [Test]
    public void ShapeParameters_OffsetsGuardsAndBounds_AreFound()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand(N);
        Value factor = maker.Parameter(5, ScalarType.F32);
        Value offset = maker.Parameter(1, ScalarType.I32);
        Value limit = maker.Parameter(4);
        Value from = maker.Parameter(0);
        maker.Parameter(9);
        BlockBuilder body = maker.Body;
        Value read = maker.Load(body, a, maker.I + KernelMaker.At(body.Convert(offset, ScalarType.I64)));
        Value guarded = maker.If(body, body.Compare(CompareOp.Less, maker.Indices[0], limit), b => maker.Load(b, a, maker.I));
        Value sum = maker.Sum(body, from, body.Constant(3), (b, k) => maker.Load(b, a, KernelMaker.At(k)));
        Value total = body.Fma(body.Binary(BinaryOp.Add, read, guarded), factor, sum);
        Assert.That(ShapeParameters.Of(maker.Build(total)), Is.EqualTo(new[] { 1, 2, 3 }));
    }
}
