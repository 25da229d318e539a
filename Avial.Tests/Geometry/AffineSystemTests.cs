using Avial.Geometry;

namespace Avial.Tests.Geometry;

internal sealed class AffineSystemTests
{
    private const int Size = 5;

    [Test]
    public void IsInfeasible_Parity_IsFoundByRounding()
    {
        // 2x = 2y + 1 has no integer solution.
        var system = new AffineSystem();
        AffineForm difference = AffineForm.OfVariable(0) * 2 - AffineForm.OfVariable(1) * 2 - 1;
        system.Require(difference);
        system.Require(-difference);
        Assert.That(system.IsInfeasible(), Is.True);
    }

    [Test]
    public void IsInfeasible_TriangularLoop_ProvesTheLowerBound()
    {
        // 0 <= k < i: i - k - 1 cannot be below 0.
        var system = new AffineSystem();
        AffineForm i = AffineForm.OfVariable(0);
        AffineForm k = AffineForm.OfVariable(1);
        system.Require(k);
        system.Require(i - k - 1);
        Assert.That(system.With(-(i - k - 1) - 1).IsInfeasible(), Is.True);
        Assert.That(system.IsInfeasible(), Is.False);
    }

    [Test]
    public void IsInfeasible_TooManyVariables_IsNotKnown()
    {
        var system = new AffineSystem();
        for (int v = 0; v < 40; v++)
        {
            system.Require(AffineForm.OfVariable(v) - AffineForm.OfVariable(v + 1) - 1);
        }
        system.Require(AffineForm.OfVariable(40) - AffineForm.OfVariable(0));
        Assert.That(system.IsInfeasible(), Is.False);
        Assert.That(system.TryFindPoint(out _), Is.False);
    }

    [Test]
    public void IsInfeasible_TooManyVariablesWithOneThatCannotBe_IsFoundByBounds()
    {
        // 40 variables of at least 5, and one that is at least 15 more than twice one of them and the next.
        var system = new AffineSystem();
        for (int v = 0; v < 40; v++)
        {
            system.Require(AffineForm.OfVariable(v) - 5);
            system.Require(AffineForm.OfVariable(40) - AffineForm.OfVariable(v) * 2 - AffineForm.OfVariable((v + 1) % 40) - 15);
        }
        Assert.That(system.With(-AffineForm.OfVariable(40) + 30).IsInfeasible(), Is.False);
        Assert.That(system.With(-AffineForm.OfVariable(40) + 29).IsInfeasible(), Is.True);
        Assert.That(system.With(-AffineForm.OfVariable(40) + 32).Range(AffineForm.OfVariable(7)), Is.EqualTo(new FormRange(5, 6, false)));
    }

    [TestCase(1)]
    [TestCase(2)]
    public void BoundPropagation_OfRandomSystems_HoldsEveryPoint(int seed)
    {
        var random = new Random(seed);
        int contradictions = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            int variables = random.Next(1, 4);
            AffineForm[] conditions = [.. Enumerable.Range(0, variables).SelectMany(v => new[] { AffineForm.OfVariable(v), -AffineForm.OfVariable(v) + (Size - 1) }),
                .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => RandomForm(random, variables, 3))];
            AffineForm asked = RandomForm(random, variables, 3);
            Int128[] values = [.. Points(variables).Where(p => conditions.All(c => c.Evaluate(v => p[v]) >= 0)).Select(p => asked.Evaluate(v => p[v]))];
            string about = $"seed {seed}, trial {trial}: {string.Join(", ", conditions.Select(c => $"{c} >= 0"))}; asked {asked}";

            var bounds = new BoundPropagation(conditions);

            contradictions += bounds.IsContradiction ? 1 : 0;
            Assert.That(bounds.IsContradiction && values.Length > 0, Is.False, about);
            if (!bounds.IsContradiction && bounds.RangeOf(asked) is var (min, max))
            {
                Assert.That(Array.TrueForAll(values, v => !(v < min) && !(v > max)), Is.True, about);
            }
        }
        Assert.That(contradictions, Is.GreaterThan(20));
    }

    [Test]
    public void Require_HugeCoefficient_IsForgottenSafely()
    {
        var system = new AffineSystem();
        system.Require(AffineForm.OfVariable(0) * (Int128.One << 70) - 1);
        Assert.That(system.IsPartial, Is.True);
        Assert.That(system.IsInfeasible(), Is.False);
        Assert.That(system.TryFindPoint(out _), Is.False);
    }

    [Test]
    public void Range_Quotient_IsRounded()
    {
        // 0 <= x <= 10, 3q <= x <= 3q + 2: q is 0 to 3.
        var system = new AffineSystem();
        AffineForm x = AffineForm.OfVariable(0);
        AffineForm q = AffineForm.OfVariable(1);
        system.RequireWithin(x, new Interval(0, 10));
        system.RequireWithin(x - q * 3, new Interval(0, 2));
        Assert.That(system.Range(q), Is.EqualTo(new FormRange(0, 3, true)));
        Assert.That(system.Range(q * 3 - x), Is.EqualTo(new FormRange(-2, 0, true)).Or.EqualTo(new FormRange(-2, 0, false)));
    }

    [Test]
    public void Range_Unbounded_HasNoEnd()
    {
        var system = new AffineSystem();
        system.Require(AffineForm.OfVariable(3) - 4);
        Assert.That(system.Range(AffineForm.OfVariable(3) + 1), Is.EqualTo(new FormRange(5, null, false)));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void Answers_RandomSystems_AgreeWithEnumeration(int seed)
    {
        var random = new Random(seed);
        int found = 0;
        int exact = 0;
        for (int trial = 0; trial < 400; trial++)
        {
            int variables = random.Next(1, 4);
            var system = new AffineSystem();
            for (int v = 0; v < variables; v++)
            {
                system.RequireWithin(AffineForm.OfVariable(v), new Interval(0, Size - 1));
            }
            for (int c = random.Next(0, 4); c > 0; c--)
            {
                system.Require(RandomForm(random, variables, 3));
            }
            AffineForm asked = RandomForm(random, variables, 3);
            List<long[]> points = [.. Points(variables).Where(p => system.Conditions.All(c => c.Evaluate(v => p[v]) >= 0))];
            string about = $"seed {seed}, trial {trial}: {system}; asked {asked}";

            bool infeasible = system.IsInfeasible();
            Assert.That(infeasible && points.Count > 0, Is.False, about);
            bool hasPoint = system.TryFindPoint(out Dictionary<int, long> point);
            Assert.That(hasPoint && points.Count == 0, Is.False, about);
            if (hasPoint)
            {
                found++;
                Assert.That(points.Any(p => Enumerable.Range(0, variables).All(v => p[v] == point[v])), Is.True, about);
            }
            if (points.Count > 0)
            {
                Assert.That(hasPoint, Is.True, about);
                FormRange range = system.Range(asked);
                long min = (long)points.Min(p => asked.Evaluate(v => p[v]));
                long max = (long)points.Max(p => asked.Evaluate(v => p[v]));
                Assert.That(range.Min, Is.LessThanOrEqualTo(min), about);
                Assert.That(range.Max, Is.GreaterThanOrEqualTo(max), about);
                if (range.IsExact)
                {
                    exact++;
                    Assert.That((range.Min, range.Max), Is.EqualTo(((long?)min, (long?)max)), about);
                }
            }
        }
        Assert.That(found, Is.GreaterThan(100));
        Assert.That(exact, Is.GreaterThan(50));
    }

    private static AffineForm RandomForm(Random random, int variables, int size)
    {
        AffineForm form = AffineForm.Of(random.Next(-6, 7));
        for (int v = 0; v < variables; v++)
        {
            form += AffineForm.OfVariable(v) * random.Next(-size, size + 1);
        }
        return form;
    }

    private static IEnumerable<long[]> Points(int variables)
    {
        int count = (int)Math.Pow(Size, variables);
        for (int n = 0; n < count; n++)
        {
            var point = new long[variables];
            for (int v = 0, rest = n; v < variables; v++, rest /= Size)
            {
                point[v] = rest % Size;
            }
            yield return point;
        }
    }
}
