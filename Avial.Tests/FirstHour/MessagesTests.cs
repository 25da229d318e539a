using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Tests.FirstHour;

/// <summary>What the public surface says to mistakes, with its whole text. Places are left out: they stand in a line of their own.</summary>
public sealed class MessagesTests
{
    private readonly record struct Pair(float A, float B);

    private static Array1D<double> Three => Task.On(Cpu).Named("three").Run(3, i => (double)i);

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Of(() => Task.On(Cpu).Run(2..7, i => i)[3],
            "AVL0010: This array is known on [2..7] only, which does not start at 0, so it is not a whole array. Say what shows outside: .Over(base) for another array's elements, .Or(v)[...] in a body for a value, or .Rebase() to number it from 0.");
        yield return Of(() => Task.Repeat(3, Scalar.Of(1.0), (s, t) => t > 2 ? s : s).Value,
            "AVL0011: The step of a loop has no value while the loop is recorded: it is a symbol, usable in bodies and in the bounds of domains and slices. For scalar arithmetic with it write Task.On(Cpu).Run(() => ...).");
        yield return Of(() => Task.On(Cpu).Run(2..^1, i => i),
            "AVL0013: The range 2..^1 counts from the end, but a domain does not know its array's extent. Write the end as a number: 1..n, or new Domain1D(1, n - 1) for long bounds.");
        yield return Of(() => Array1D.Fill(3, 1.0).Reshape(2, 2), "AVL0014: An array of 3 has 3 elements and cannot be seen as 2×2, which has 4.");
        yield return Of(() => Task.On(Cpu).Run(-3, i => i), "AVL0016: The domain 0..-3 ends before it starts (dimension 0). An empty domain has equal ends.");
        yield return Of(() => Task.On(Cpu).Reduce((3, 3), (i, j) => 1.0, Reduction.Sum, axis: 2), "AVL0019: Axis 2 does not exist or is named twice: the domain has 2 dimensions, numbered from 0.");
        yield return Of(() => Three.Slice(1..5), "AVL0020: 1..5 in dimension 0 is not inside 'three', which is 3.");
        yield return Of(() => Three.Strided(0), "AVL0021: A stride of 0 is not possible: it must be 1 or more. For the opposite order use .Reversed(axis).");
        yield return Of(() => Three + Task.On(Cpu).Named("two").Run(2, i => 1.0), "AVL0022: 'three' is 3 and 'two' is 2; element-wise operators need equal shapes. Slice one of them, or write the combination as a Run over a domain.");
        yield return Of(() => Task.Repeat(-1, Scalar.Of(1), s => s), "AVL0024: A loop cannot run -1 times; 0 leaves the state as it is.");
        yield return Of(() => Task.Repeat(3, new int[3], s => s),
            "AVL0027: The state of a loop holds arrays and scalars, alone or in a tuple; 'Int32[]' is neither. Turn a number into a scalar with Scalar.Of(value), and capture what does not change.");
        yield return Of(() => Task.Repeat(3, Three, s => Task.On(Cpu).Run(2, i => s[i + 1])), "AVL0028: Item 1 of the loop's state is f64[3] before a step but f64[2] after it. A step must give back the same types and shapes.");
        yield return Of(() => Three[-1], "AVL0031: Element [-1] is outside 'three', which is 3: index -1 in dimension 0, where 0..2 exist.");
        yield return Of(() => default(Scalar<int>).Value, "AVL0033: This Scalar<Int32> was never assigned. Scalars come from Reduce, Run(() => ...) or Scalar.Of(value).");
        yield return Of(() => Array1D.From(['a']), "AVL0101: 'Char' cannot be an array element. Elements are bool, the integers of 8 to 64 bits, Half, float, double, and unmanaged structs of these (nested too).");
        yield return Of(() => Array1D.Fill(3, 1).Reduce(Reduction.Mean), "AVL0110: 'mean' does not apply to Int32: convert in the body: (double)x.");
        yield return Of(() => Array1D.Fill(3, (byte)1).Reduce(Reduction.Sum), "AVL0110: 'sum' does not apply to Byte: it would overflow. Convert in the body: (int)x or (long)x.");
        yield return Of(() => Array1D.Fill(3, true).Reduce(Reduction.Sum), "AVL0110: 'sum' does not apply to Boolean: count in the body: x ? 1 : 0.");
        yield return Of(() => Three.Reduce(Reduction.Any), "AVL0110: 'any' does not apply to Double: give a condition: x > 0.");
        yield return Of(() => Array1D.Fill(3, new Pair(1, 2)).Reduce(Reduction.Sum),
            "AVL0111: 'sum' applies to numbers, but the values are {A:f32, B:f32}. Reduce one field at a time, or give a combination of your own with Reduction.Of(identity, (a, b) => ...).");
        yield return Of(() => Three.Reduce(Reduction.Last), "AVL0112: Reduction.Last is for Scatter only. For one element use its index.");
        yield return Of(() => Task.On(Cpu).Scan(3, i => 1.0, Reduction.Mean), "AVL0113: 'mean' has no running form. Scan with Sum and divide, or use Reduce.");
        yield return Of(() => Task.On(Cpu).Scatter(3, Array1D.Fill(3, 0.0), i => i, i => 1.0, Reduction.Mean), "AVL0114: 'mean' cannot be scattered. Scatter sums and counts, then divide.");
        yield return Of(() => Array1D.Fill(3, new Pair(1, 2)) + Array1D.Fill(3, new Pair(1, 2)), "AVL0116: Arithmetic operators need arrays of numbers; this one is {A:f32, B:f32}[3]. Write the operation as a Run over the domain.");
        yield return Of(() => Array1D.Uniform<int>(3, 1), "AVL0117: Random arrays are of float or double, not Int32. Make one of double and convert it in a body.");
        yield return Of(() => Task.On(Gpu).Named("far").Run(3, i => i).ToArray(), "AVL0403: 'far' asks for a GPU, and this session has none. Write On(Auto), which takes one where there is one, or On(Cpu).");
        yield return Of(() => Task.On(Cpu).Named("least").Run(3, i => Min(0, i, k => k)).ToArray(),
            "AVL0423: 'least' takes the smallest or largest of nothing: its range is empty. Guard against the empty case; Sum, Product, Any and All of nothing exist.");
        yield return Of(() => Session.Create(o => o with { Threads = 0 }), "AVL0602: A session cannot have 0 threads; give 1 or more.");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistake_OnTheSurface_SaysWhatWasFoundAndWhatToDo(Func<object> mistake, string expected)
    {
        AvialException thrown = Assert.Throws<AvialException>(() => mistake())!;
        Assert.That(thrown.Message.Split("\n  at ")[0], Is.EqualTo(expected));
        Assert.That(expected, Does.StartWith(thrown.Id));
    }

    [Test]
    public void ReadOutside_InASweep_NamesTheArrayAsTheBodyDoes() =>
        Assert.That(() => Task.On(Cpu).Sweep(Three, 3, (self, i) => self[i - 1] + i), Throws.InstanceOf<AvialException>().With.Message.StartsWith(
            "AVL0301: The body reads self[i - 1] for i = 0, that is element -1; the elements of self (3) are 0 to 2. Run over self.Interior(1); read self.Clamp[…]"));

    [Test]
    public void Indexer_OfAClassOfTheUser_SaysToCopyTheElements()
    {
        List<double> w = [1, 2, 3];
        Assert.That(() => Task.On(Cpu).Run(3, i => w[(int)i]), Throws.InstanceOf<AvialException>().With.Message.StartsWith(
            "AVL0202: 'w[(int)i]' calls List<double>.get_Item, whose code a body cannot see into. Remedy: copy the elements before the task, to a .NET array or by Array1D.From, and read that."));
    }

    [Test]
    public void Null_InPlaceOfAnArgument_IsRefused()
    {
        Assert.That(() => Task.On(Cpu).Run(3, (System.Linq.Expressions.Expression<Func<long, int>>)null!), Throws.ArgumentNullException);
        Assert.That(() => Task.On(Cpu).Reduce(3, (System.Linq.Expressions.Expression<Func<long, int>>)null!, Reduction.Sum), Throws.ArgumentNullException);
        Assert.That(() => Compute.Evaluate(Three, null!), Throws.ArgumentNullException);
        Assert.That(() => Plan.For(Three, null!), Throws.ArgumentNullException);
    }

    private static TestCaseData Of<T>(Func<T> mistake, string message) => new TestCaseData((Func<object>)(() => mistake()!), message).SetArgDisplayNames(message[..7] + " " + message.Split(' ')[^2]);
}
