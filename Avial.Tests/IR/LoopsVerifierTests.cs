using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Tests.IR;

public sealed class LoopsVerifierTests
{
    private const string Header = """
        loops "f" {
          buffer x: f32
          buffer y: f32 written
          buffer parts: u8 written
          local ring: f32 length 4
          trap 0 overflow "x"
          scalars %0: i64, %1: f32, %2: i32
          box %3 .. %4
        """;

    [TestCase("%5 = read.f32 #7[%0]", "%5 = read.f32 #7[%0]: there is no buffer 7")]
    [TestCase("%5 = read.f64 x[%0]", "%5 = read.f64 x[%0]: buffer x holds f32, not f64")]
    [TestCase("%5 = read.f32 ring[%1]", "%5 = read.f32 ring[%1]: offset %1 is f32, not i64")]
    [TestCase("write.f32 x[%0], %1", "write.f32 x[%0], %1: buffer x is not declared as written")]
    [TestCase("write.i32 y[%0], %2", "write.i32 y[%0], %2: buffer y holds f32, not i32")]
    [TestCase("write.f32 y[%2], %1", "write.f32 y[%2], %1: offset %2 is i32, not i64")]
    [TestCase("accumulate s0, %1", "accumulate s0, %1: accumulator s0 is not declared here")]
    [TestCase("for %3 .. %4 (%5) { accumulator.f32 s0 binned } accumulate s0, %1", "accumulate s0, %1: accumulator s0 is not declared here")]
    [TestCase("accumulator.f64 s0 binned accumulate s0, %1", "accumulate s0, %1: added value %1 is f32, not f64")]
    [TestCase("accumulator.i32 s0 binned", "accumulator.i32 s0 binned: no accumulator of i32")]
    [TestCase("accumulator.f32 s0 binned accumulator.f64 s0 binned", "accumulator.f64 s0 binned: slot s0 has another kind or type elsewhere")]
    [TestCase("accumulator.f32 s0 binned %5 = accumulated.f64 s0", "%5 = accumulated.f64 s0: result %5 is f64, not f32")]
    [TestCase("%5 = accumulated.f64 s3", "%5 = accumulated.f64 s3: accumulator s3 is not declared here")]
    [TestCase("accumulator.f32 s0 binned accumulator.store s0, y[%0]", "accumulator.store s0, y[%0]: buffer y holds f32, not u8")]
    [TestCase("accumulator.store s0, parts[%0]", "accumulator.store s0, parts[%0]: accumulator s0 is not declared here")]
    [TestCase("accumulator.merge s0, parts[%0]", "accumulator.merge s0, parts[%0]: accumulator s0 is not declared here")]
    [TestCase("%5 = overflow.add.f32 %1, %1", "%5 = overflow.add.f32 %1, %1: not defined for f32")]
    [TestCase("%5 = overflow.sub.i32 %2, %0", "%5 = overflow.sub.i32 %2, %0: operand %0 is i64, not i32")]
    [TestCase("%5 = fits.f32 %1", "%5 = fits.f32 %1: no question whether f32 fits f32")]
    [TestCase("%5 = lt.i64 %0, %0 trap %5 overflow at %0", "trap %5 overflow at %0: there is no trap site -1")]
    [TestCase("%5 = lt.i64 %0, %0 trap %5 overflow at %0 site 1", "trap %5 overflow at %0 site 1: there is no trap site 1")]
    [TestCase("%5 = lt.i64 %0, %0 trap %5 loop_cap at %0 site 0", "trap %5 loop_cap at %0 site 0: trap site 0 is of kind overflow")]
    [TestCase("%5 = lt.i64 %0, %0 trap %5 overflow at %1 site 0", "trap %5 overflow at %1 site 0: index variables are (f32), not (i64)")]
    [TestCase("%5 = math.i32 Math.Abs %2", "%5 = math.i32 Math.Abs %2: results are (i32), not (i32, i1)")]
    [TestCase("%5, %6 = math.i32 Math.Abs %2", "nothing asks for the failure %6 of Math.Abs")]
    [TestCase("%5 = add.checked.i32 %2, %2", "%5 = add.checked.i32 %2, %2: does not belong in loops")]
    [TestCase("%5 = convert.checked.i32 %1", "%5 = convert.checked.i32 %1: does not belong in loops")]
    [TestCase("%5 = extent a0 axis 0", "%5 = extent a0 axis 0: does not belong in loops")]
    [TestCase("%5 = load.f32 a0[%0]", "%5 = load.f32 a0[%0]: does not belong in loops")]
    [TestCase("%5 = sum.f32 %0 .. %0 (%6) { yield %1 }", "%5 = sum.f32 %0 .. %0 (%6): does not belong in loops")]
    [TestCase("%5 = for %3 .. %4 simd (%6; %7 = %1) : f32 { yield %7 }", "%5 = for %3 .. %4 simd (%6; %7 = %1) : f32: a simd loop is straight-line and free of traps and carried values")]
    [TestCase("for %3 .. %4 simd (%5) { for %3 .. %4 (%6) { } }", "for %3 .. %4 simd (%5): a simd loop is straight-line and free of traps and carried values")]
    [TestCase("%9 = lt.i64 %0, %0 %5 = while (%6 = %1) cap 7 : f32 { yield %9 } do (%7) { yield %7 }", "%5 = while (%6 = %1) cap 7 : f32: the cap of a loop is a trap of its own, not 7")]
    [TestCase("%3 = neg.i64 %0", "%3 = neg.i64 %0: %3 is defined twice")]
    [TestCase("yield %0", "the body has parameters or results")]
    public void Verify_OfABrokenBody_FindsTheProblem(string body, string problem)
    {
        ImmutableArray<string> problems = LoopsVerifier.Verify(LoopsParser.Parse($"{Header} body {{ {body} }} }}"));

        Assert.That(problems, Does.Contain(problem));
    }

    [Test]
    public void Verify_OfABrokenHeader_FindsTheProblem()
    {
        LoopsFunction saxpy = LoopsSamples.Saxpy();
        LoopsFunction control = LoopsSamples.Control();
        Value bound = new(90, ScalarType.I32);

        Assert.That(LoopsVerifier.Verify(saxpy with { BoxHigh = [] }), Does.Contain("the box has 1 low and 0 high bounds"));
        Assert.That(LoopsVerifier.Verify(saxpy with { BoxLow = [bound], BoxHigh = [bound] }), Is.SupersetOf(new[] { "bound %90 is i32, not i64", "%90 is defined twice" }));
        Assert.That(LoopsVerifier.Verify(saxpy with { TrapSites = [new TrapSite(3, TrapKind.Overflow, SourceSpan.None, "")] }), Does.Contain("trap site 0 has the number 3"));
        Assert.That(LoopsVerifier.Verify(control with { Locals = [control.Locals[0] with { Length = 0 }] }), Does.Contain("local ring has length 0"));
        Assert.That(LoopsVerifier.Verify(saxpy with { Scalars = [] }), Does.Contain("%6 = mul.f32 %0, %4: %0 is not defined before, here or around"));
    }

    [Test]
    public void Check_OfABrokenFunction_ShowsProblemAndText() =>
        Assert.That(() => LoopsVerifier.Check(LoopsSamples.Saxpy() with { BoxHigh = [] }),
            Throws.TypeOf<InternalErrorException>().With.Message.Contains("Loops are not valid:\n  the box has 1 low and 0 high bounds\n").And.Message.Contains("loops \"saxpy\" {"));
}
