using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class KernelWorkTests
{
    private const long N = 64;

    private static KernelWork Of(KernelMaker maker, Value value, params (Avial.Graph.LinearBound Low, Avial.Graph.LinearBound High)[] axes) =>
        KernelWork.Of(maker.Query(maker.Build(value), KernelMaker.Domain(axes)));

    [Test]
    public void Of_Stencil_CountsEachPlaceOnce()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, N);
        BlockBuilder body = maker.Body;
        Value sum = body.Binary(BinaryOp.Add, maker.Load(body, a, maker.I + -1, maker.J), maker.Load(body, a, maker.I + 1, maker.J));
        sum = body.Binary(BinaryOp.Add, sum, maker.Load(body, a, maker.I + 1, maker.J));
        Value scaled = body.Binary(BinaryOp.Multiply, sum, body.Constant(ScalarType.F32, 0));
        KernelWork work = Of(maker, scaled, (1, N - 1), (0, N));
        Assert.That((work[WorkKind.Add], work[WorkKind.Multiply], work.BytesRead, work.BytesWritten), Is.EqualTo((2.0, 1.0, 8.0, 4.0)));
        Assert.That(work.FootprintBytes, Is.EqualTo(N * N * 4));
        Assert.That(work.ToString(), Is.EqualTo("2 add, 1 multiply; 8 B read, 4 B written; 0.37 operations/B"));
    }

    [Test]
    public void Of_MatrixProduct_CountsTheLoop()
    {
        var maker = new KernelMaker(2);
        int a = maker.Operand(N, 32);
        int b = maker.Operand(32, N);
        BlockBuilder inner = maker.Body.Nested();
        Value k = maker.Numbers.New(ScalarType.I64);
        Value left = maker.Load(inner, a, maker.I, KernelMaker.At(k));
        Value right = maker.Load(inner, b, KernelMaker.At(k), maker.J);
        Value result = maker.Numbers.New(ScalarType.F32);
        maker.Body.Add(new InnerSumInstruction(result, maker.Body.Constant(0), maker.Body.Constant(32), inner.Finish([k], left, right)));
        KernelWork work = Of(maker, result, (0, N), (0, N));
        Assert.That((work[WorkKind.Fma], work.Operations, work.BytesRead), Is.EqualTo((32.0, 64.0, 256.0)));
        Assert.That(work.IsPerIteration, Is.False);
        Assert.That(work.Intensity, Is.EqualTo(64.0 / (4 + 4)).Within(1e-12));
    }

    [Test]
    public void Of_TriangularLoop_CountsItsMean()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Indices[0], (b, k) => maker.Load(b, a, KernelMaker.At(k)));
        Assert.That(Of(maker, sum, (0, 11))[WorkKind.Add], Is.EqualTo(5));
    }

    [Test]
    public void Of_LoopOverData_IsPerIteration()
    {
        var maker = new KernelMaker(1);
        int starts = maker.Operand(ScalarType.I64, N + 1);
        int a = maker.Operand([N]);
        BlockBuilder body = maker.Body;
        Value sum = maker.Sum(body, maker.Load(body, starts, maker.I), maker.Load(body, starts, maker.I + 1), (b, k) => maker.Load(b, a, KernelMaker.At(k)));
        KernelWork work = Of(maker, sum, (0, N));
        Assert.That(work.IsPerIteration, Is.True);
        Assert.That(work.ToString(), Does.StartWith("1 add (inner loops counted once); 20 B read, 4 B written; "));
    }

    [Test]
    public void Of_Choice_CountsTheDearerArm()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([N]);
        BlockBuilder body = maker.Body;
        Value value = maker.If(body, maker.Compare(body, CompareOp.Less, maker.I, KernelMaker.At(3)),
            b => b.Fma(maker.Load(b, a, maker.I), maker.Load(b, a, maker.I), b.Constant(ScalarType.F32, 0)));
        KernelWork work = Of(maker, value, (0, N));
        Assert.That((work[WorkKind.Fma], work[WorkKind.Other], work.BytesRead), Is.EqualTo((1.0, 1.0, 4.0)));
    }
}
