using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Planning;

internal sealed class NodeNeedsPropertyTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Evaluate_RandomKernels_HoldsWhatIsReadAndGrowsWithThePart(int start)
    {
        int exact = 0;
        int loose = 0;
        int wider = 0;
        for (int seed = start * 70_000; seed < start * 70_000 + 500; seed++)
        {
            var random = new RandomKernel(seed);
            NodeNeeds needs = NodeNeedsTests.Find(random.Maker, random.Kernel, random.Domain);
            long[] symbols = [.. needs.Symbols.Select((s, n) => needs.ValueOf(n, random.Maker.Scalars[s.Position]))];
            var pick = new Random(seed);
            Box larger = PartOf(pick, new Box([.. random.Low], [.. random.High]));
            Box part = PartOf(pick, larger);
            List<(LoadInstruction Load, long[] Index)> reads = ReadsOf(random, part, seed);
            Footprints footprints = Footprints.Of(random.Maker.Query(random.Kernel, random.Domain), part);
            ImmutableArray<LoadSite> loads = KernelStructure.Of(random.Kernel).Loads;
            foreach (NeedFormula formula in needs.Inputs.SelectMany(i => i.Accesses))
            {
                Box? found = formula.Evaluate(part, symbols);
                foreach (LoadSite site in formula.Sites)
                {
                    long[] extents = random.Extents[site.Access.Operand];
                    Box? truth = Hull(reads.Where(r => ReferenceEquals(r.Load, site.Load)).Select(r => r.Index), site.Access.Border, extents);
                    Footprint before = footprints.Accesses[loads.IndexOf(site)];
                    string about = $"seed {seed}: {site.Access} in {part} of {random.Domain}: {formula} gives {found}, read {truth}, footprint {before}\n{random.Kernel}";
                    if (truth is { } hull)
                    {
                        Assert.That(found is { } box && Holds(box, hull, site.Access.Border, extents), Is.True, about);
                    }
                    if (site.Access.Border != BorderKind.Wrap && found is { } ours && (before.Box is not { } b || !b.Contains(ours)))
                    {
                        wider++;
                    }
                    if (formula.IsExact)
                    {
                        exact++;
                        Assert.That(found, Is.EqualTo(Shown(truth, site.Access.Border, extents)), about);
                    }
                    else
                    {
                        loose++;
                    }
                }
                Box? more = formula.Evaluate(larger, symbols);
                Assert.That(found is null || more is { } m && Holds(m, found.Value, formula.IsWrapping.Contains(true) ? BorderKind.Wrap : BorderKind.None, Extents(random, formula)),
                    Is.True, $"seed {seed}: {formula} over {part} gives {found}, over {larger} {more}");
            }
        }
        TestContext.Out.WriteLine($"exact {exact}, loose {loose}, wider than footprints {wider}");
        Assert.That(exact, Is.GreaterThan(900));
        Assert.That(wider, Is.LessThan(15), "footprints know the captured numbers and the part; formulas lose little");
    }

    [TestCase(1)]
    [TestCase(2)]
    public void Hull_RandomKernels_HoldsTheNeedsOfEveryValue(int start)
    {
        for (int seed = start * 90_000; seed < start * 90_000 + 300; seed++)
        {
            var random = new RandomKernel(seed);
            NodeNeeds needs = NodeNeedsTests.Find(random.Maker, random.Kernel, random.Domain);
            if (needs.Symbols.IsEmpty)
            {
                continue;
            }
            Box part = PartOf(new Random(seed), new Box([.. random.Low], [.. random.High]));
            foreach (NeedFormula formula in needs.Inputs.SelectMany(i => i.Accesses))
            {
                Box? hull = formula.Hull(part, [-2], [3]);
                for (long value = -2; value <= 3; value++)
                {
                    Box? one = formula.Evaluate(part, [value]);
                    Assert.That(one is null || hull is { } h && Holds(h, one.Value, formula.IsWrapping.Contains(true) ? BorderKind.Wrap : BorderKind.None, Extents(random, formula)),
                        Is.True, $"seed {seed}: {formula} over {part} for {value} gives {one}, for all {hull}");
                }
            }
        }
    }

    private static long[] Extents(RandomKernel random, NeedFormula formula) => random.Extents[formula.Sites[0].Access.Operand];

    private static Box PartOf(Random pick, Box box)
    {
        long[] low = [.. box.Low.Zip(box.High, (l, h) => l + pick.NextInt64(h - l))];
        return new Box([.. low], [.. low.Zip(box.High, (l, h) => l + 1 + pick.NextInt64(h - l))]);
    }

    private static List<(LoadInstruction Load, long[] Index)> ReadsOf(RandomKernel random, Box part, int seed)
    {
        var reads = new List<(LoadInstruction Load, long[] Index)>();
        foreach (long[] point in random.Points().Where(p => part.Contains(new Box([.. p], [.. p.Select(i => i + 1)]))))
        {
            reads.AddRange(AccessTracer.Trace(random.Kernel, [.. random.Extents], random.Parameters, point, seed));
        }
        return reads;
    }

    /// <summary>The hull of the places that reads show: unwrapped ones for a periodic border.</summary>
    private static Box? Hull(IEnumerable<long[]> indices, BorderKind border, long[] extents)
    {
        Box? hull = null;
        foreach (long[] index in indices)
        {
            long[] place = border == BorderKind.Clamp ? [.. index.Zip(extents, (i, e) => Math.Clamp(i, 0, e - 1))] : index;
            if (border is BorderKind.None or BorderKind.Or && place.Zip(extents).Any(p => p.First < 0 || p.First >= p.Second))
            {
                continue;
            }
            var one = new Box([.. place], [.. place.Select(p => p + 1)]);
            hull = hull?.Hull(one) ?? one;
        }
        return hull;
    }

    /// <summary>True when a box holds another; with a periodic border, modulo the extents.</summary>
    private static bool Holds(Box box, Box other, BorderKind border, long[] extents)
    {
        if (border != BorderKind.Wrap)
        {
            return box.Contains(other);
        }
        for (int axis = 0; axis < box.Rank; axis++)
        {
            long extent = extents[axis];
            long turn = (long)Math.Floor((other.Low[axis] - box.Low[axis]) / (double)extent);
            bool isWhole = box.Length(axis) >= extent;
            if (!isWhole && other.High[axis] - turn * extent > box.High[axis])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>What a formula should say of a hull of unwrapped places.</summary>
    private static Box? Shown(Box? truth, BorderKind border, long[] extents)
    {
        if (truth is not { } box || border != BorderKind.Wrap)
        {
            return truth;
        }
        for (int axis = 0; axis < box.Rank; axis++)
        {
            long extent = extents[axis];
            bool isOutside = box.High[axis] <= 0 || box.Low[axis] >= extent;
            long turn = isOutside ? (long)Math.Floor(box.Low[axis] / (double)extent) : 0;
            box = box.Length(axis) > extent ? box.With(axis, 0, extent) : box.With(axis, box.Low[axis] - turn * extent, box.High[axis] - turn * extent);
        }
        return box;
    }
}
