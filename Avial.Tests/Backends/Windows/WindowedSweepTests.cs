using System.Collections.Immutable;
using Avial.Backends;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Programs;

namespace Avial.Tests.Backends.Windows;

/// <summary>Sweeps slab after slab along the first axis, each on its own window of the array.</summary>
public sealed class WindowedSweepTests
{
    private const int Batch = 10;
    private const int Reach = 2;
    private static readonly WorkerPool s_pool = new(2);

    [Test]
    public void Sweeps_InSlabsInTheirOrder_GiveTheBitsOfTheWhole([Range(0, 5)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            var random = new Random(seed);
            Box domain = RandomDomains.Next(random);
            domain = new Box([.. domain.Low.Select(l => Math.Abs(l))], [.. domain.High.Zip(domain.Low, (h, l) => h - l + Math.Abs(l))]);
            ImmutableArray<long> extents = [.. domain.High.Select(h => h + random.Next(3))];
            Kernel kernel = OrderedLoweringTests.Recurrence(random, domain.Rank);
            int[] reversed = [.. Enumerable.Range(0, domain.Rank).Where(_ => random.Next(3) == 0)];
            var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), extents);
            IterationDomain iteration = RandomDomains.Of(domain, reversed);
            // A domain that is known to be small runs in order; tiles are wanted too.
            bool isTiled = random.Next(2) == 0 && domain.Rank > 1;
            var sweep = new SweepOperation(isTiled ? RandomDomains.Symbolic(iteration, 1, 3) : iteration, LoweringCase.Use(kernel), 0) { Outputs = [type] };
            Storage start = LoweringCase.RandomArray(random, type.Element, extents);
            var one = new WindowedCase(sweep, [start, LoweringCase.Number(3)], [], domain);
            Box[] slabs = [.. RandomParts.Of(domain, random, [0]).OrderBy(p => p.Low[0]).ThenBy(p => p.High[0])];
            if (reversed.Contains(0))
            {
                Array.Reverse(slabs);
            }
            foreach (ICodeGenerator generator in WindowedCase.Generators)
            {
                string about = $"{generator.Name}: seed {seed}, slabs {string.Join(", ", slabs)} of {sweep.Domain}, {one.Lowered.Note}, {type}\n{kernel}";
                CompiledOperation compiled = CompiledOperation.Compile(one.Lowered, generator);
                Storage expected = one.Start(type, 0);
                StageLauncher.Launch(compiled, one.Context([], [expected], null, random), 0, s_pool);
                Storage found = one.Start(type, 0);
                foreach (Box slab in slabs)
                {
                    Box window = Grown(slab, type);
                    Storage part = InputWindows.Copy(found, window);
                    StageLauncher.Launch(compiled, one.Context([], [part], slab, random), 0, s_pool);
                    GuardedMemory.AssertUntouched(part, about);
                    StorageCopy.Box(part, found, slab);
                }

                Assert.That(StorageBits.Difference([expected], [found]), Is.Null, about);
            }
        }
    }

    // What the recurrence reads, clamped into the array; a clamped read far outside shows an edge that no neighbour has.
    private static Box Grown(Box slab, ArrayType type)
    {
        ImmutableArray<long> low = [.. slab.Low.Select((l, axis) => Math.Clamp(l - Reach, 0, Math.Max(0, type.Extents[axis] - 1)))];
        ImmutableArray<long> high = [.. slab.High.Select((h, axis) => Math.Clamp(h + Reach, Math.Min(1, type.Extents[axis]), type.Extents[axis]))];
        return slab.IsEmpty ? slab : new Box(low, high);
    }
}
