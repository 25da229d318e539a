using Avial.Diagnostics;
using Avial.Graph;
using Avial.Tests.IR;

namespace Avial.Tests.Graph;

public sealed class GraphVerifierTests
{
    private const string Read = "kernel rank 1 (%0) reads (a0: f32[]) { %1 = load.f32 a0[%0] return %1 }";
    private const string Scale = "kernel rank 1 (%0; %1: f32) reads (a0: f32[]) { %2 = load.f32 a0[%0] %3 = mul.f32 %1, %2 return %3 }";
    private const string Two = "kernel rank 1 (%0) { return %0, %0 }";
    private const string Max = "kernel rank 0 (; %0: f32, %1: f32) { %2 = max.f32 %0, %1 return %2 }";

    /// <summary>Nodes after @0: f32[8], @1: f64, @2: i64, @3: f32[4×2]; the table has two numbers.</summary>
    [TestCase("%0 = source (@0) : f32[8]", "%0 source: it has inputs or captured numbers")]
    [TestCase("%0 = source () : f32[8], f32[8]", "%0 source: there are 2 outputs, not 1")]
    [TestCase("%0 = source () : f32[-8]", "%0 source: the extents of f32[-8] are negative")]
    [TestCase("%0 = symbol () : f32", "%0 symbol: symbols are parameters in a region")]
    [TestCase("%0 = fill (; #0, #1) : f32[8]", "%0 fill: there are 2 numbers for an element of f32[8]")]
    [TestCase("%0 = fill (; #2) : f32[8] named \"zeros\"", "%0 fill 'zeros': there is no captured number #2")]
    [TestCase("%0 = fill (@0; #0) : f32[8]", "%0 fill: it has inputs")]
    [TestCase("%0 = file () : f32[8] { path \"\" }", "%0 file: the path is empty")]
    [TestCase("%0 = reshape (@4) : f32[8]", "%0 reshape: @4 is not defined before")]
    [TestCase("%0 = reshape (%0) : f32[8]", "%0 reshape: %0 is not defined before")]
    [TestCase("%0 = reshape (%1) : f32[8] %1 = fill (; #0) : f32[8]", "%0 reshape: %1 is not defined before")]
    [TestCase("%0 = fill (; #0) : f32[8] %1 = reshape (%0.1) : f32[8]", "%1 reshape: %0.1 is not defined before")]
    [TestCase("%0 = reshape (@0) : f32[7]", "%0 reshape: f32[8] cannot be reshaped to f32[7]")]
    [TestCase("%0 = reshape (@0) : i32[8]", "%0 reshape: f32[8] cannot be reshaped to i32[8]")]
    [TestCase("%0 = reshape () : f32[8]", "%0 reshape: the array reshaped is input $0, but there are 0 inputs")]
    [TestCase("%0 = reshape (@0)", "%0 reshape: there are 0 outputs, not 1")]
    [TestCase("return %0", "return: there is no value %0")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..7] reads $0 " + Read + "}", "%0 map: the pieces do not cover f32[8], and there is no base")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..9] reads $0 " + Read + "}", "%0 map: the domain [0..9] leaves the output [0..8]")]
    [TestCase("%0 = map (@0) : f32[8] { origin 1 domain [0..8] reads $0 " + Read + "}", "%0 map: the domain [0..8] leaves the output [0..8]")]
    [TestCase("%0 = map (@0) : f32[8] { origin 1, 1 domain [0..8] reads $0 " + Read + "}", "%0 map: the origin has 2 axes, the output 1")]
    [TestCase("%0 = map (@0) : f32[8] { over $0 domain [0..4] reads $0 " + Read + " domain [3..6] reads $0 " + Read + "}", "%0 map: the pieces [0..4] and [3..6] overlap")]
    [TestCase("%0 = map (@0, @1) : f32[8] { over $1 domain [0..4] reads $0 " + Read + "}", "%0 map: the base is f64, not f32[8]")]
    [TestCase("%0 = map (@0) : f32[8] { over $2 domain [0..4] reads $0 " + Read + "}", "%0 map: the base is input $2, but there are 1 inputs")]
    [TestCase("%0 = map (@0) : f32[8] { over $0, $0 domain [0..4] reads $0 " + Read + "}", "%0 map: there are 2 bases for 1 outputs")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..8, 0..1] reads $0 " + Read + "}", "%0 map: the piece [0..8, 0..1] has rank 2, the output 1")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..8, 0..1] reads $0 " + Read + "}", "%0 map: a kernel of rank 1 is run over [0..8, 0..1]")]
    [TestCase("%0 = map (@0) { domain [0..8] reads $0 " + Read + "}", "%0 map: there is no output")]
    [TestCase("%0 = map () : i64[8], i64[7] { domain [0..8] " + Two + "}", "%0 map: the outputs' extents differ")]
    [TestCase("%0 = map (@0) : f64[8] { domain [0..8] reads $0 " + Read + "}", "%0 map: a kernel gives (f32), not (f64)")]
    [TestCase("%0 = map () : i64[8] { domain [0..8] " + Two + "}", "%0 map: a kernel gives (i64, i64), not (i64)")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..8] " + Read + "}", "%0 map: a kernel with 1 operands is given 0")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..8] reads $1 " + Read + "}", "%0 map: operand a0 is input $1, but there are 1 inputs")]
    [TestCase("%0 = map (@3) : f32[8] { domain [0..8] reads $0 " + Read + "}", "%0 map: operand a0 of rank 1 and columns (f32) is given f32[4×2]")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..8] reads $0 " + Scale + "}", "%0 map: a kernel with 1 parameters is given 0")]
    [TestCase("%0 = map (@0; #0) : f32[8] { domain [0..8] reads $0 with s1 " + Scale + "}", "%0 map: parameter %1 is number s1, but there are 1")]
    [TestCase("%0 = map (@0) : f32[8] { domain [0..8] reads $0 with $0 " + Scale + "}", "%0 map: parameter %1 is $0, f32[8], not a scalar")]
    [TestCase("%0 = map (@0, @1) : f32[8] { domain [0..8] reads $0 with $1 " + Scale + "}", "%0 map: parameter %1 is f64, not f32")]
    [TestCase("%0 = map (@0, @1) : f32[8] { domain [0..8] reads $0 with $1.1 " + Scale + "}", "%0 map: parameter %1 is column 1 of f64")]
    [TestCase("%0 = map (@0, @1) : f32[8] { over $0 domain [0..$1] reads $0 " + Read + "}", "%0 map: the bound $1 names f64, not an i64")]
    [TestCase("%0 = map (@0) : f32[8] { over $0 domain [0..$1] reads $0 " + Read + "}", "%0 map: a term of the bound $1 is input $1, but there are 1 inputs")]
    [TestCase("%0 = map () : f32[8] { domain [0..8] kernel rank 1 (%0) { return %0 } }", "%0 map: a kernel gives (i64), not (f32)")]
    [TestCase("%0 = map () : i64[8] { domain [0..8] kernel rank 1 (%0) { %1 = not.f32 %0 return %0 } }", "%0 map: %1 = not.f32 %0: not defined for f32")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 1 reads $0 " + Read + " by sum }", "%0 reduce: the axes (1) are not axes of [0..8]")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0, 0 reads $0 " + Read + " by sum }", "%0 reduce: the axes (0, 0) are not axes of [0..8]")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] reads $0 " + Read + " by sum }", "%0 reduce: the output f32 has rank 0, not 1")]
    [TestCase("%0 = reduce (@0) : f32[7] { domain [0..8] reads $0 " + Read + " by sum }", "%0 reduce: axis 0 of the output f32[7] is not as long as 0..8")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0 reads $0 " + Read + " by any }", "%0 reduce: any is not defined for (f32)")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0 reads $0 " + Read + " by last }", "%0 reduce: last cannot be used here")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0 reads $0 " + Read + " by argmax }", "%0 reduce: argmax over 1 axes gives that many i64 and a value, not f32")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0 reads $0 " + Read + " by fold " + Read + " }", "%0 reduce: the kernel of a fold reads no array and has no index")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0 reads $0 " + Read + " by fold kernel rank 0 (; %0: f32) { return %0 } }", "%0 reduce: the kernel of a fold does not make (f32) of two of them")]
    [TestCase("%0 = reduce (@0) : f32 { domain [0..8] axes 0 reads $0 " + Read + " by fold " + Max + " identity (0, 0x0) }", "%0 reduce: the identity has 2 columns, not 1")]
    [TestCase("%0 = scan (@0) : f32[8] { domain [0..8] axis 1 reads $0 " + Read + " by sum }", "%0 scan: axis 1 is no axis of [0..8]")]
    [TestCase("%0 = scan (@0) : f32[7] { domain [0..8] axis 0 reads $0 " + Read + " by sum }", "%0 scan: axis 0 of the output f32[7] is not as long as 0..8")]
    [TestCase("%0 = scan (@0) : f32[8] { domain [0..8] axis 0 reads $0 " + Read + " by mean }", "%0 scan: mean cannot be used here")]
    [TestCase("%0 = scatter (@0) : f32[4] { domain [0..8] into $0 kernel rank 1 (%0) { %1 = const.f32 1 return %0, %1 } by sum }", "%0 scatter: the target is f32[8], not f32[4]")]
    [TestCase("%0 = scatter (@0) : f32[8] { domain [0..8] into $0 reads $0 " + Read + " by sum }", "%0 scatter: a kernel gives (f32), not (i64, f32)")]
    [TestCase("%0 = scatter (@0) : f32[8] { domain [0..8] into $0 kernel rank 1 (%0) { %1 = const.f32 1 return %0, %1 } by argmin }", "%0 scatter: argmin cannot be used here")]
    [TestCase("%0 = sweep (@0) : f32[8] { domain [0..9] start $0 reads $0 " + Read + "}", "%0 sweep: the domain [0..9] leaves the output [0..8]")]
    [TestCase("%0 = sweep (@0, @3) : f32[8] { domain [0..8] start $1 reads $0 " + Read + "}", "%0 sweep: the start is f32[4×2], not f32[8]")]
    [TestCase("%0 = sweep (@0) : f32[8] { domain [0..8] start $0 kernel rank 1 (%0) { %1 = const.f32 1 return %1 } }", "%0 sweep: the kernel has no operand for the array itself")]
    [TestCase("%0 = view (@0) : f32[8] { maps (d0, 0) }", "%0 view: there are 2 maps for the 1 axes of f32[8]")]
    [TestCase("%0 = view (@0) : f32[8] { maps (d1) }", "%0 view: the maps (%1) name axes that f32[8] does not have")]
    [TestCase("%0 = view (@0) : f32[8] { maps (d0 + 1) }", "%0 view: axis 0 of f32[8] is shown at 1..9")]
    [TestCase("%0 = view (@0) : f32[8] { maps (-d0) }", "%0 view: axis 0 of f32[8] is shown at -7..1")]
    [TestCase("%0 = view (@0) : f32[8] { maps (d0) offsets (1) }", "%0 view: axis 0 of f32[8] is shown at 1..9")]
    [TestCase("%0 = view (@0) : f32[8] { maps (d0) offsets ($0) }", "%0 view: the bound $0 names f32[8], not an i64")]
    [TestCase("%0 = view (@0) : f32[8] { maps (d0) offsets (0, 1) }", "%0 view: there are 2 offsets for 1 maps")]
    [TestCase("%0 = view (@0) : f64[8] { maps (d0) }", "%0 view: a view of f32[8] has elements f64")]
    [TestCase("%0 = call (@0) { code \"c\" }", "%0 call: nothing needs it: it has no output and is no effect")]
    public void Verify_OfABrokenNode_FindsTheProblem(string nodes, string problem)
    {
        Region region = GraphParser.Parse($"graph {{ @0: f32[8] @1: f64 @2: i64 @3: f32[4×2] {nodes} }}");

        Assert.That(GraphVerifier.Verify(region, scalars: 2), Does.Contain(problem));
    }

    private static IEnumerable<TestCaseData> BrokenLoops()
    {
        Region loops = GraphSamples.Loop();
        var loop = (LoopOperation)loops.Nodes[0].Operation;
        Region body = loop.Body;
        Region With(LoopOperation changed) => loops with { Nodes = [loops.Nodes[0] with { Operation = changed }] };
        yield return new TestCaseData(With(loop with { Every = 0 }), "%0 loop 'march': it is tested every 0 steps").SetArgDisplayNames("every");
        yield return new TestCaseData(With(loop with { Carried = 3 }), "%0 loop 'march': 3 values are carried, of 2 inputs").SetArgDisplayNames("carried");
        yield return new TestCaseData(With(loop with { HasUntil = false }), "%0 loop 'march': the results of the body are (f32[32], i1), not (f32[32])").SetArgDisplayNames("until");
        yield return new TestCaseData(With(loop with { Outputs = [GraphSamples.Of<float>(32)] }), "%0 loop 'march': the outputs are (f32[32]), not (f32[32], i64)").SetArgDisplayNames("outputs");
        yield return new TestCaseData(With(loop with { Body = body with { Results = [GraphSamples.Node(0), GraphSamples.Node(1)] } }),
            "%0 loop 'march': the results of the body are (f32[32], f32[32]), not (f32[32], i1)").SetArgDisplayNames("results");
        yield return new TestCaseData(With(loop with { Body = body with { Results = [GraphSamples.Node(9), GraphSamples.Node(2)] } }),
            "%0 loop 'march' body return: there is no value %9").SetArgDisplayNames("missing result");
        yield return new TestCaseData(With(loop with { Body = body with { Parameters = body.Parameters.SetItem(1, GraphSamples.Of<int>()) } }),
            "%0 loop 'march': the parameters of the body are (f32[32], i32, f32[64×32]), not (f32[32], i64, f32[64×32])").SetArgDisplayNames("step");
        yield return new TestCaseData(With(loop with { Body = body with { Nodes = body.Nodes.SetItem(1, body.Nodes[1] with { Scalars = [2] }) } }),
            "%0 loop 'march' body %1 map: there is no captured number #2").SetArgDisplayNames("captured number");
        yield return new TestCaseData(loops with { Nodes = [loops.Nodes[0] with { Scalars = [] }] },
            "%0 loop 'march': the number of steps is missing from its captured numbers").SetArgDisplayNames("count");
    }

    [TestCaseSource(nameof(BrokenLoops))]
    public void Verify_OfABrokenLoop_FindsTheProblem(object region, string problem) =>
        Assert.That(GraphVerifier.Verify((Region)region), Does.Contain(problem));

    [Test]
    public void Verify_OfABrokenFold_FindsTheProblem()
    {
        Region region = GraphSamples.Reduce();
        var reduce = (ReduceOperation)region.Nodes[0].Operation;
        ReduceOperation broken = reduce with { Combiner = new Combiner(CombinerKind.Sum, KernelSamples.MaxCombiner()) };

        Assert.That(GraphVerifier.Verify(region with { Nodes = [region.Nodes[0] with { Operation = broken }], Results = [] }),
            Is.EqualTo(["%0 reduce: a kernel goes with a fold alone"]));
    }

    [Test]
    public void Verify_OfAMapWithoutPieces_FindsTheProblem()
    {
        var map = new MapOperation([], [], []) { Outputs = [GraphSamples.Of<float>(3)] };

        Assert.That(GraphVerifier.Verify(new Region([], [new GraphNode(map, [], [])], [])), Is.EqualTo(["%0 map: there is no piece"]));
    }

    [Test]
    public void Verify_OfAKernelUsedTwice_ReportsItOnce()
    {
        string broken = "k0 = kernel rank 1 (%0) { %1 = not.f32 %0 return %0 }";
        Region region = GraphParser.Parse($"graph {{ {broken} %0 = map () : i64[8] {{ domain [0..8] k0 }} %1 = map () : i64[8] {{ domain [0..8] k0 }} }}");

        Assert.That(GraphVerifier.Verify(region), Has.Length.EqualTo(2)); // not.f32 of an i64: two problems
    }

    [Test]
    public void Check_OfABrokenGraph_ShowsProblemAndText() =>
        Assert.That(() => GraphVerifier.Check(GraphParser.Parse("graph { @0: f32[2] return @1 }")),
            Throws.TypeOf<InternalErrorException>().With.Message.Contains("A graph is not valid:\n  return: there is no value @1\ngraph {\n  @0: f32[2]\n  return @1\n}"));
}
