using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.IR;

public sealed class KernelVerifierTests
{
    private const string Reads = "kernel rank 1 (%0; %1: f32) reads (a0: {f32, i32}[], a1: f64[,])";

    [TestCase("%2 = add.f32 %1, %0 return %2", "%2 = add.f32 %1, %0: operand %0 is i64, not f32")]
    [TestCase("%2 = neg.i32 %1 return %2", "%2 = neg.i32 %1: operand %1 is f32, not i32")]
    [TestCase("%2 = neg.checked.f32 %1 return %2", "%2 = neg.checked.f32 %1: not defined for f32")]
    [TestCase("%2 = not.f32 %1 return %2", "%2 = not.f32 %1: not defined for f32")]
    [TestCase("%2 = const.i1 true %3 = add.i1 %2, %2 return %3", "%3 = add.i1 %2, %2: not defined for i1")]
    [TestCase("%2 = const.i1 true %3 = lt.i1 %2, %2 return %3", "%3 = lt.i1 %2, %2: not defined for i1")]
    [TestCase("%2 = and.f32 %1, %1 return %2", "%2 = and.f32 %1, %1: not defined for f32")]
    [TestCase("%2 = shl.i64 %0, %0 return %2", "%2 = shl.i64 %0, %0: shift count %0 is i64, not i32")]
    [TestCase("%2 = const.i32 1 %3 = shl.f32 %1, %2 return %3", "%3 = shl.f32 %1, %2: not defined for f32")]
    [TestCase("%2 = eq.f32 %1, %0 return %2", "%2 = eq.f32 %1, %0: operand %0 is i64, not f32")]
    [TestCase("%2 = convert.i1 %1 return %2", "%2 = convert.i1 %1: no conversion from f32 to i1")]
    [TestCase("%2 = const.i1 true %3 = convert.f32 %2 return %3", "%3 = convert.f32 %2: no conversion from i1 to f32")]
    [TestCase("%2 = select.f32 %0, %1, %1 return %2", "%2 = select.f32 %0, %1, %1: condition %0 is i64, not i1")]
    [TestCase("%2 = fma.i64 %0, %0, %0 return %2", "%2 = fma.i64 %0, %0, %0: not defined for i64")]
    [TestCase("%2 = random.uniform.i32 %0, %0, %0 return %2", "%2 = random.uniform.i32 %0, %0, %0: not defined for i32")]
    [TestCase("%2 = random.bits.u32 %0, %0, %1 return %2", "%2 = random.bits.u32 %0, %0, %1: index %1 is f32, not i64")]
    [TestCase("%2 = const.i8 0xff return %2", "%2 = const.i8 0xff: the bits are no i8")]
    [TestCase("%2 = math.f32 MathF.Sin %1 %3 = math.f64 MathF.Sin %1 return %2", "%3 = math.f32 MathF.Sin %1: results are (f64), not (f32)")]
    [TestCase("%2, %3 = math.i64 Math.Abs %0 return %2", "%2, %3 = math.i64 Math.Abs %0: results are (i64, i1), not (i64)")]
    [TestCase("trap %0 overflow return %1", "trap %0 overflow: condition %0 is i64, not i1")]
    [TestCase("%2 = const.i1 true trap %2 overflow at %0 return %1", "trap %2 overflow at %0: a kernel's trap names no index variables and no site")]
    [TestCase("%2 = const.i1 true trap %2 overflow site 0 return %1", "trap %2 overflow site 0: a kernel's trap names no index variables and no site")]
    [TestCase("%2 = const.i1 true trap %2 out_of_range details %1, %0 return %1", "trap %2 out_of_range details %1, %0: details are (f32, i64), not (i64, i64)")]
    [TestCase("%2 = extent a2 axis 0 return %2", "%2 = extent a2 axis 0: there is no operand a2")]
    [TestCase("%2 = extent a1 axis 2 return %2", "%2 = extent a1 axis 2: a1 has rank 2, no axis 2")]
    [TestCase("%2 = load.f32 a2[%0] return %2", "%2 = load.f32 a2[%0]: there is no operand a2")]
    [TestCase("%2 = load.f32 a0.2[%0] return %2", "%2 = load.f32 a0.2[%0]: a0 has 2 columns, no column 2")]
    [TestCase("%2 = load.f32 a0.1[%0] return %2", "%2 = load.f32 a0.1[%0]: result %2 is f32, not i32")]
    [TestCase("%2 = load.f64 a1[%0] return %2", "%2 = load.f64 a1[%0]: a1 has rank 2, but there are 1 indices")]
    [TestCase("%2 = load.f32 a0.0[2*%1 + 3] return %2", "%2 = load.f32 a0.0[2*%1 + 3]: index %1 is f32, not i64")]
    [TestCase("%2 = load.f32 a0.0[%0] guard (%1 >= 0) return %2", "%2 = load.f32 a0.0[%0] guard (%1 >= 0): index %1 is f32, not i64")]
    [TestCase("%2 = load.f32 a0.0[%0] or %0 return %2", "%2 = load.f32 a0.0[%0] or %0: value outside %0 is i64, not f32")]
    [TestCase("%2 = load.f32 a0.0[%0] wrap check_element return %2", "%2 = load.f32 a0.0[%0] wrap check_element: a read with a border needs no check")]
    [TestCase("%2 = if %0 : f32 { yield %1 } else { yield %1 } return %2", "%2 = if %0 : f32: condition %0 is i64, not i1")]
    [TestCase("%2 = const.i1 true %3 = if %2 : f32 { yield %1 } return %3", "%3 = if %2 : f32: results of the second arm are (), not (f32)")]
    [TestCase("%2 = const.i1 true %3 = if %2 : f32 { yield %0 } else { yield %1 } return %3", "%3 = if %2 : f32: results of the first arm are (i64), not (f32)")]
    [TestCase("%2 = for %1 .. %0 (%3; %4 = %1) : f32 { yield %4 } return %2", "%2 = for %1 .. %0 (%3; %4 = %1) : f32: start %1 is f32, not i64")]
    [TestCase("%2 = for %0 .. %1 (%3; %4 = %1) : f32 { yield %4 } return %2", "%2 = for %0 .. %1 (%3; %4 = %1) : f32: end %1 is f32, not i64")]
    [TestCase("%2 = for %0 .. %0 (%3; %4 = %1) : i64 { yield %4 } return %2", "%2 = for %0 .. %0 (%3; %4 = %1) : i64: results are (i64), not (f32)")]
    [TestCase("%2 = for %0 .. %0 (%3; %4 = %1) : f32 { yield %3 } return %2", "%2 = for %0 .. %0 (%3; %4 = %1) : f32: next carried values are (i64), not (f32)")]
    [TestCase("%2 = for %0 .. %0 simd (%3; %4 = %1) : f32 { yield %4 } return %2", "%2 = for %0 .. %0 simd (%3; %4 = %1) : f32: a kernel's loop is serial with step 1")]
    [TestCase("%2 = for %0 .. %0 step 2 (%3; %4 = %1) : f32 { yield %4 } return %2", "%2 = for %0 .. %0 step 2 (%3; %4 = %1) : f32: a kernel's loop is serial with step 1")]
    [TestCase("%2 = for %0 .. %0 step 0 (%3; %4 = %1) : f32 { yield %4 } return %2", "%2 = for %0 .. %0 step 0 (%3; %4 = %1) : f32: step 0 is not positive")]
    [TestCase("%2 = sum.i64 %0 .. %0 (%3) { yield %3 } return %2", "%2 = sum.i64 %0 .. %0 (%3): an inner sum is of floats, not of i64")]
    [TestCase("%2 = sum.f32 %0 .. %0 (%3) { yield %1, %1, %1 } return %2", "%2 = sum.f32 %0 .. %0 (%3): a term is one value or the two of a product, not 3")]
    [TestCase("%2 = sum.f32 %0 .. %0 (%3) { yield %3 } return %2", "%2 = sum.f32 %0 .. %0 (%3): terms are (i64), not (f32)")]
    [TestCase("%2 = sum.f32 %1 .. %0 (%3) { yield %1 } return %2", "%2 = sum.f32 %1 .. %0 (%3): start %1 is f32, not i64")]
    [TestCase("%2 = while (%3 = %1) cap 4 : f32 { yield %3 } do (%4) { yield %4 } return %2", "%2 = while (%3 = %1) cap 4 : f32: results of the condition are (f32), not (i1)")]
    [TestCase("%2 = const.i1 true %5 = while (%3 = %1) cap -1 : f32 { yield %2 } do (%4) { yield %4 } return %5", "%5 = while (%3 = %1) cap -1 : f32: the cap is -1")]
    [TestCase("%2 = const.i1 true %5 = while (%3 = %1) cap 4 : f32 { yield %2 } do (%4) { yield %0 } return %5", "%5 = while (%3 = %1) cap 4 : f32: next carried values are (i64), not (f32)")]
    [TestCase("%2 = neg.f32 %1 %2 = neg.f32 %2 return %2", "%2 = neg.f32 %2: %2 is defined twice")]
    [TestCase("%2 = const.i1 true %3 = if %2 : f32 { %4 = neg.f32 %1 yield %4 } else { yield %4 } return %3", "%3 = if %2 : f32: %4 is not defined before, here or around")]
    [TestCase("%2 = const.i1 true %3 = if %2 : f32 { %4 = neg.f32 %1 yield %4 } else { yield %1 } return %4", "%4 is not defined before, here or around")]
    [TestCase("%2 = for %0 .. %0 (%3; %4 = %1) : f32 { yield %4 } %5 = neg.f32 %4 return %5", "%5 = neg.f32 %4: %4 is not defined before, here or around")]
    [TestCase("accumulator.f32 s0 binned return %1", "accumulator.f32 s0 binned: does not belong in a kernel")]
    [TestCase("%2 = overflow.add.i64 %0, %0 return %2", "%2 = overflow.add.i64 %0, %0: does not belong in a kernel")]
    [TestCase("%2 = read.f32 #0[%0] return %2", "%2 = read.f32 #0[%0]: does not belong in a kernel")]
    [TestCase("", "there is no result")]
    public void Verify_OfABrokenKernel_FindsTheProblem(string body, string problem)
    {
        ImmutableArray<string> problems = KernelVerifier.Verify(KernelParser.Parse($"{Reads} {{ {body} }}"));

        Assert.That(problems, Does.Contain(problem));
    }

    [Test]
    public void Verify_OfABrokenHeader_FindsTheProblem()
    {
        Kernel saxpy = KernelSamples.Saxpy();

        Assert.That(KernelVerifier.Verify(saxpy with { Rank = 3 }), Does.Contain("rank 3, but the body has 2 parameters"));
        Assert.That(KernelVerifier.Verify(saxpy with { Rank = 2 }), Does.Contain("index variable %1 is f32, not i64"));
        Assert.That(KernelVerifier.Verify(saxpy with { Operands = [saxpy.Operands[0], new KernelOperand(-1, [])] }),
            Is.SupersetOf(new[] { "operand a1 has rank -1", "operand a1 has no columns" }));
    }

    [Test]
    public void Verify_OfAValueUsedWithAnotherType_FindsTheProblem()
    {
        Kernel saxpy = KernelSamples.Saxpy();
        Value other = saxpy.Body.Results[0] with { Type = ScalarType.F64 };

        Assert.That(KernelVerifier.Verify(saxpy with { Body = saxpy.Body with { Results = [other] } }), Is.EqualTo(["%5 is f32, used as f64"]));
    }

    [Test]
    public void Verify_OfAValueOutsideWithoutItsBorder_FindsTheProblem()
    {
        Kernel kernel = KernelParser.Parse($"{Reads} {{ %2 = load.f32 a0.0[%0] or %1 return %2 }}");
        var load = (LoadInstruction)kernel.Body.Instructions[0];
        Kernel broken = kernel with { Body = kernel.Body with { Instructions = [load with { Access = load.Access with { Border = BorderKind.Wrap } }] } };

        Assert.That(KernelVerifier.Verify(broken).Single(), Does.EndWith("a value outside goes with the border 'or' alone"));
    }

    [Test]
    public void Verify_WithoutAnInstructionWhoseResultIsUsed_FindsAProblem()
    {
        int broken = 0;
        for (int seed = 0; seed < 100; seed++)
        {
            Kernel kernel = KernelGenerator.Generate(seed).Kernel;
            for (int at = 0; at < kernel.Body.Instructions.Length; at++)
            {
                Kernel without = kernel with { Body = kernel.Body with { Instructions = kernel.Body.Instructions.RemoveAt(at) } };
                if (!IsUsed(without.Body, kernel.Body.Instructions[at].Results))
                {
                    continue;
                }
                broken++;
                Assert.That(KernelVerifier.Verify(without), Is.Not.Empty, $"seed {seed} without {kernel.Body.Instructions[at]}");
            }
        }

        Assert.That(broken, Is.GreaterThan(500));
    }

    [Test]
    public void Check_OfABrokenKernel_ShowsProblemAndText()
    {
        Kernel broken = KernelParser.Parse("kernel rank 0 (; %0: f32) { %1 = not.f32 %0 return %1 }");

        Assert.That(() => KernelVerifier.Check(broken), Throws.TypeOf<InternalErrorException>().With.Message.Contains(
            "A kernel is not valid:\n  %1 = not.f32 %0: not defined for f32\nkernel rank 0 (; %0: f32) {\n  %1 = not.f32 %0\n  return %1\n}"));
    }

    private static bool IsUsed(Block block, ImmutableArray<Value> values) => block.Results.Any(values.Contains)
        || block.Instructions.Any(i => i.Operands().Any(values.Contains) || i.Blocks().Any(b => IsUsed(b, values)));
}
