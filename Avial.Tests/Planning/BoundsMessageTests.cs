using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Planning;

internal sealed class BoundsMessageTests
{
    private const string Remedies = "read terrain.Clamp[…], terrain.Wrap[…] or terrain.Or(value)[…]; or guard the read: ";

    [TestCase(-1, 0, "i - 1, j", "i = 0", "row -1", "rows", "0 to 4095", 1, "i > 0")]
    [TestCase(2, 0, "i + 2, j", "i = 4094 to 4095", "rows 4096 to 4097", "rows", "0 to 4095", 2, "i < 4094")]
    [TestCase(0, -3, "i, j - 3", "j = 0 to 2", "columns -3 to -1", "columns", "0 to 99", 3, "j > 2")]
    [TestCase(0, 1, "i, j + 1", "j = 99", "column 100", "columns", "0 to 99", 1, "j < 99")]
    public void Prove_StencilOverTheWholeArray_NamesEachSide(int di, int dj, string read, string where, string position, string noun, string range, int margin, string guard)
    {
        var maker = new KernelMaker(2);
        Value value = maker.Load(maker.Body, maker.Operand(4096, 100), maker.I + di, maker.J + dj);
        Assert.That(maker.Refusal(value, $"(i, j) => terrain[{read}]", (0, 4096), (0, 100)), Is.EqualTo(
            $"AVL0301: 'blurred' reads terrain[{read}] for {where}, that is {position}; the {noun} of terrain (4096×100) are {range}. "
            + $"Run over terrain.Interior({margin}); {Remedies}{guard} ? … : ….\n  at Program.cs:12: (i, j) => terrain[{read}]"));
    }

    [Test]
    public void Prove_ElementsOfAVector_UseTheLambdasNames()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand(10), maker.I * 3 + -1);
        Assert.That(maker.Refusal(value, "cell => terrain[3 * cell - 1]", (0, 3)), Is.EqualTo(
            "AVL0301: 'blurred' reads terrain[3*cell - 1] for cell = 0, that is element -1; the elements of terrain (10) are 0 to 9. "
            + $"Read {Remedies[5..]}3*cell - 1 >= 0 ? … : ….\n  at Program.cs:12: cell => terrain[3 * cell - 1]"));
    }

    [TestCase(0, -1, "0 to 4", "index -1 on axis 0")]
    [TestCase(1, 1, "0 to 5", "index 6 on axis 1")]
    [TestCase(2, -1, "0 to 6", "index -1 on axis 2")]
    public void Prove_ThreeDimensions_NamesTheAxis(int axis, int offset, string range, string position)
    {
        var maker = new KernelMaker(3);
        AffineIndex[] indices = [.. maker.Indices.Select((v, a) => AffineIndex.Of(v) + (a == axis ? offset : 0))];
        Value value = maker.Load(maker.Body, maker.Operand(5, 6, 7), indices);
        Assert.That(maker.Refusal(value, "", (0, 5), (0, 6), (0, 7)), Does.Contain($"that is {position}; the indices on axis {axis} of terrain (5×6×7) are {range}. Run over terrain.Interior(1)"));
    }

    [Test]
    public void Prove_DomainLargerThanTheArray_SaysWhereToEnd()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([50]), maker.I);
        Assert.That(maker.Refusal(value, "i => terrain[i]", (0, 100)), Is.EqualTo(
            "AVL0301: 'blurred' reads terrain[i] for i = 50 to 99, that is elements 50 to 99; the elements of terrain (50) are 0 to 49. "
            + $"End the domain at 50 on this axis (it is half-open); {Remedies}i < 50 ? … : ….\n  at Program.cs:12: i => terrain[i]"));
    }

    [Test]
    public void Prove_ConstantIndex_HasNoGuardToOffer()
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand([50]), KernelMaker.At(50));
        Assert.That(maker.Refusal(value, "", (0, 100)), Is.EqualTo(
            "AVL0301: 'blurred' reads terrain[50], that is element 50; the elements of terrain (50) are 0 to 49. "
            + "Correct the index, or read terrain.Clamp[…], terrain.Wrap[…] or terrain.Or(value)[…].\n  at Program.cs:12"));
    }

    [Test]
    public void Prove_LoopIndex_GivesAPoint()
    {
        // Sum(0, i + 1, k => terrain[i - k - 1]): outside only at k = i.
        var maker = new KernelMaker(1);
        int a = maker.Operand([50]);
        Value sum = maker.Sum(maker.Body, maker.Body.Constant(0), maker.Body.Index(maker.I + 1), (b, k) => maker.Load(b, a, maker.I - KernelMaker.At(k) + -1));
        Assert.That(maker.Refusal(sum, "i => Sum(0, i + 1, k => terrain[i - k - 1])", (0, 50)), Does.StartWith(
            "AVL0301: 'blurred' reads terrain[i - k - 1] for i = 0 to 49 and k = 0 to 49 (first at i = 0, k = 0), that is element -1; "));
    }

    [Test]
    public void Prove_GuardedRead_NamesOnlyTheIndicesThatRun()
    {
        // i > 0 ? terrain[i - 2] : 0
        var maker = new KernelMaker(1);
        int a = maker.Operand([50]);
        Value value = maker.If(maker.Body, maker.Compare(maker.Body, CompareOp.Greater, maker.I, KernelMaker.At(0)), b => maker.Load(b, a, maker.I + -2));
        Assert.That(maker.Refusal(value, "i => …", (0, 50)), Does.StartWith("AVL0301: 'blurred' reads terrain[i - 2] for i = 1, that is element -1; "));
    }

    [Test]
    public void Prove_StepOfALoop_IsNamed()
    {
        var maker = new KernelMaker(1);
        int a = maker.Operand([50]);
        (Value t, _) = maker.Symbol(0, 60);
        Value value = maker.Load(maker.Body, a, KernelMaker.At(t));
        Assert.That(maker.Refusal(value, "i => terrain[t]", (0, 50)), Does.StartWith("AVL0301: 'blurred' reads terrain[step] for step = 50 to 60, that is elements 50 to 60; "));
    }

    [Test]
    public void Prove_EmptyArray_SaysSo()
    {
        var maker = new KernelMaker(2);
        Value value = maker.Load(maker.Body, maker.Operand(ScalarType.F32, 0, 4), maker.I, maker.J);
        Assert.That(maker.Refusal(value, "", (0, 3), (0, 4)), Does.Contain("terrain (0×4) has no rows. "));
    }

    [TestCase(BorderKind.Wrap, "Wrap")]
    [TestCase(BorderKind.Clamp, "Clamp")]
    public void Prove_BorderOfAnEmptyArray_IsRefused(BorderKind border, string name)
    {
        var maker = new KernelMaker(1);
        Value value = maker.Load(maker.Body, maker.Operand(ScalarType.F32, [0]), border, [], true, maker.I + -1);
        Assert.That(maker.Refusal(value, "i => …", (0, 3)), Is.EqualTo(
            $"AVL0302: 'blurred' reads terrain.{name}[i - 1], which has no elements: there is nothing for {name} to show. "
            + "Read it through .Or(value), or give it elements.\n  at Program.cs:12: i => …"));
    }
}
