using System.Text.RegularExpressions;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed partial class BoundsPropertyTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Prove_RandomKernels_AgreesWithEnumeration(int start)
    {
        int proven = 0;
        int refused = 0;
        int checks = 0;
        int needless = 0;
        for (int seed = start * 10_000; seed < start * 10_000 + 700; seed++)
        {
            var random = new RandomKernel(seed);
            var reads = new List<(LoadInstruction Load, long[] Index)>();
            foreach (long[] point in random.Points())
            {
                reads.AddRange(AccessTracer.Trace(random.Kernel, [.. random.Extents], random.Parameters, point, seed));
            }
            bool Leaves((LoadInstruction Load, long[] Index) read) => read.Load.Access.Border == BorderKind.None
                && read.Index.Zip(random.Extents[read.Load.Access.Operand]).Any(p => p.First < 0 || p.First >= p.Second);

            try
            {
                Kernel result = BoundsAnalysis.ProveAnew(random.Maker.Query(random.Kernel, random.Domain));
                var loads = KernelStructure.Of(random.Kernel).Loads.Zip(KernelStructure.Of(result).Loads);
                foreach ((LoadSite before, LoadSite after) in loads)
                {
                    bool violated = reads.Any(r => ReferenceEquals(r.Load, before.Load) && Leaves(r));
                    if (after.Access.Proof == BoundsProof.Proven)
                    {
                        proven++;
                        Assert.That(violated, Is.False, $"seed {seed}: {before.Access} in {random.Domain}");
                    }
                    else
                    {
                        checks++;
                        needless += violated ? 0 : 1;
                    }
                }
            }
            catch (AvialException e) when (e.Id == "AVL0301")
            {
                refused++;
                Match match = Position().Match(e.Message);
                Assert.That(match.Success, Is.True, $"seed {seed}: {e.Message}");
                long low = long.Parse(match.Groups[1].Value);
                long high = match.Groups[2].Success ? long.Parse(match.Groups[2].Value) : low;
                Assert.That(reads.Where(Leaves).SelectMany(r => r.Index).Any(i => i >= low && i <= high), Is.True, $"seed {seed}: {e.Message}");
            }
        }
        TestContext.Out.WriteLine($"proven {proven}, refused {refused}, checked {checks} ({needless} of them never leave)");
        Assert.That(proven, Is.GreaterThan(100));
        Assert.That(refused, Is.GreaterThan(100));
    }

    [GeneratedRegex(@"that is [a-z]+ (-?\d+)(?: to (-?\d+))?")]
    private static partial Regex Position();
}
