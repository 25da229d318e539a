using Avial.Diagnostics;
using static Avial.Targets;

namespace Avial.Tests.Diagnostics;

/// <summary>The whole text of every refusal of a recording call: what was found, where, and what to do.</summary>
public sealed class RecordingDiagnosticsTests
{
    private readonly record struct Cell(double H, int N);

    private readonly record struct Stamped(double H, DateTime Time);

    private static Array2D<int> Grid => Task.On(Cpu).Named("grid").Run((3, 4), (i, j) => (int)(i + j));

    private static Array1D<int> Line => Task.On(Cpu).Named("line").Run(5, i => (int)i);

    [Test]
    public void AVL0010_APartThatIsNotAWholeArray() => Refused.With(() => Task.On(Cpu).Run(1..3, i => i).ToArray(),
        "AVL0010: This array is known on [1..3] only, which does not start at 0, so it is not a whole array. Say what shows outside: .Over(base) for another array's elements, "
        + ".Or(v)[...] in a body for a value, or .Rebase() to number it from 0.\n  at RecordingDiagnosticsTests.cs:#: i => i");

    [Test]
    public void AVL0011_TheStepOnTheHost() => Refused.With(() => Task.Repeat(3, Line, (s, t) => s + (int)(long)t),
        "AVL0011: The step of a loop has no value while the loop is recorded: it is a symbol, usable in bodies and in the bounds of domains and slices. "
        + "For scalar arithmetic with it write Task.On(Cpu).Run(() => ...).");

    [Test]
    public void AVL0012_AnExtentThatChanges() => Refused.With(() => Task.Repeat(3, Line, (s, t) => Task.On(Cpu).Run(new Domain1D(0, t + 1), i => s[i]).Rebase()),
        "AVL0012: An array on [0..t + 1] would have an extent that changes from step to step. Write .Run(domain, body).Over(base), so that the array keeps the shape of its base."
        + "\n  at RecordingDiagnosticsTests.cs:#: i => s[i]");

    [Test]
    public void AVL0013_ARangeFromTheEnd() => Refused.With(() => Task.On(Cpu).Run(1..^1, i => i),
        "AVL0013: The range 1..^1 counts from the end, but a domain does not know its array's extent. Write the end as a number: 1..n, or new Domain1D(1, n - 1) for long bounds.");

    [Test]
    public void AVL0014_AReshapeOfAnotherCount() => Refused.With(() => Grid.Reshape(5, 3),
        "AVL0014: An array of 3×4 has 12 elements and cannot be seen as 5×3, which has 15.\n  at RecordingDiagnosticsTests.cs:#: (i, j) => (int)(i + j)");

    [Test]
    public void AVL0015_TooFewElements() => Refused.With(() => Array2D.From<int>([1, 2, 3], (2, 2)),
        "AVL0015: 3 elements were given for a domain of 2×2, which has 4.\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0016_ANegativeExtent()
    {
        Refused.With(() => Array1D.Fill(-3, 1.0), "AVL0016: The domain 0..-3 ends before it starts (dimension 0). An empty domain has equal ends.\n  at RecordingDiagnosticsTests.cs:#");
        Refused.With(() => Task.On(Cpu).Run((2, -1), (i, j) => i).ToArray(),
            "AVL0016: The domain 0..-1 ends before it starts (dimension 1). An empty domain has equal ends.\n  at RecordingDiagnosticsTests.cs:#: (i, j) => i");
        Refused.With(() => Task.On(Cpu).Reduce(new Domain1D(3, 2), i => i, Reduction.Sum),
            "AVL0016: The domain 3..2 ends before it starts (dimension 0). An empty domain has equal ends.\n  at RecordingDiagnosticsTests.cs:#: i => i");
        Refused.With(() => Task.On(Cpu).Reduce(new Domain1D(3, 1).Interior(1), i => i, Reduction.Sum),
            "AVL0016: The domain 4..0 ends before it starts (dimension 0). An empty domain has equal ends.\n  at RecordingDiagnosticsTests.cs:#: i => i");
    }

    [Test]
    public void AVL0017_ADomainOutsideItsBase() => Refused.With(() => Task.On(Cpu).Run(3..6, i => 1).Over(Line),
        "AVL0017: The domain [3..6] is not inside the array of 5 that it is written to. Shrink the domain, for example with .Interior(1).\n  at RecordingDiagnosticsTests.cs:#: i => 1");

    [Test]
    public void AVL0019_AWrongAxis()
    {
        Refused.With(() => Task.On(Cpu).Reduce(Grid.Domain, (i, j) => i, Reduction.Sum, axis: 2),
            "AVL0019: Axis 2 does not exist or is named twice: the domain has 2 dimensions, numbered from 0.\n  at RecordingDiagnosticsTests.cs:#: (i, j) => i");
        Refused.With(() => Line.Reversed(1), "AVL0019: Axis 1 does not exist or is named twice: the domain has 1 dimension, numbered from 0.\n  at RecordingDiagnosticsTests.cs:#: i => (int)i");
    }

    [Test]
    public void AVL0020_ASliceOutside()
    {
        Refused.With(() => Grid.Slice(0..3, 2..5), "AVL0020: 2..5 in dimension 1 is not inside 'grid', which is 3×4.");
        Refused.With(() => Grid.Row(3), "AVL0020: 3 in dimension 0 is not inside 'grid', which is 3×4.");
        Refused.With(() => Grid.Column(-1), "AVL0020: -1 in dimension 1 is not inside 'grid', which is 3×4.");
    }

    [Test]
    public void AVL0021_AStrideBelowOne() => Refused.With(() => Line.Strided(0),
        "AVL0021: A stride of 0 is not possible: it must be 1 or more. For the opposite order use .Reversed(axis).\n  at RecordingDiagnosticsTests.cs:#: i => (int)i");

    [Test]
    public void AVL0022_ShapesThatDiffer() => Refused.With(() => Line + Line.Slice(1..5),
        "AVL0022: 'line' is 5 and 'View@RecordingDiagnosticsTests.cs:#' is 4; element-wise operators need equal shapes. Slice one of them, or write the combination as a Run over a domain.");

    [Test]
    public void AVL0023_AFillThatDoesNotStartAtZero() => Refused.With(() => Array1D.Fill(1..3, 1.0),
        "AVL0023: A whole array has indices from 0, but the domain is [1..3]. Give the extents, or compute on the sub-domain with Run and .Over(base).\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0024_ANegativeCount() => Refused.With(() => Task.Repeat(-1, Line, s => s),
        "AVL0024: A loop cannot run -1 times; 0 leaves the state as it is.\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0025_ATestEveryZeroSteps() => Refused.With(() => Task.RepeatUntil(Scalar.Of(1), s => s, s => s > 0, every: 0),
        "AVL0025: The condition cannot be tested every 0 steps: give 1 or more.\n  at RecordingDiagnosticsTests.cs:#: s => s > 0");

    [Test]
    public void AVL0026_ALimitOfNothing() => Refused.With(() => Task.RepeatUntil(Scalar.Of(1), s => s, s => s > 0, limit: 0),
        "AVL0026: A limit of 0 steps is not possible: the body runs at least once.\n  at RecordingDiagnosticsTests.cs:#: s => s > 0");

    [Test]
    public void AVL0027_AStateThatIsANumber() => Refused.With(() => Task.Repeat(3, (Line, 1), s => s),
        "AVL0027: The state of a loop holds arrays and scalars, alone or in a tuple; 'Int32' is neither. Turn a number into a scalar with Scalar.Of(value), and capture what does not change."
        + "\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0028_AStateThatChangesItsShape() => Refused.With(() => Task.Repeat(3, (Grid, Line), s => (s.Grid, s.Line.Slice(1..5))),
        "AVL0028: Item 2 of the loop's state is i32[5] before a step but i32[4] after it. A step must give back the same types and shapes.\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0029_AStateUsedAfterItsLoop()
    {
        Array1D<int>? leaked = null;
        Task.Repeat(3, Line, s => leaked = s + 1);
        Refused.With(() => leaked! + 1,
            "AVL0029: An array or step of the loop at RecordingDiagnosticsTests.cs:# is used after the loop. Inside the step it stands for the state of any step; the last state is what Repeat returns."
            + "\n  at RecordingDiagnosticsTests.cs:#");
    }

    [Test]
    public void AVL0030_AnEvaluationInsideALoop() => Refused.With(() => Task.Repeat(3, Line, s => s + s[0]),
        "AVL0030: 'Symbol@RecordingDiagnosticsTests.cs:#' depends on the state of the loop at RecordingDiagnosticsTests.cs:#, which has no value while the loop is recorded. "
        + "For scalar arithmetic inside a loop write Task.On(Cpu).Run(() => a / b); to stop on a condition use RepeatUntil.\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0031_AnElementOutsideOnTheHost()
    {
        Refused.With(() => Grid[2, 4], "AVL0031: Element [2, 4] is outside 'grid', which is 3×4: index 4 in dimension 1, where 0..3 exist.");
        Refused.With(() => Line[-1], "AVL0031: Element [-1] is outside 'line', which is 5: index -1 in dimension 0, where 0..4 exist.");
    }

    [Test]
    public void AVL0032_ADestinationTooShort() => Refused.With(() => Line.CopyTo(new int[4]),
        "AVL0032: The destination has room for 4 elements; the array of 5 has 5.\n  at RecordingDiagnosticsTests.cs:#: i => (int)i");

    [Test]
    public void AVL0033_AScalarNeverAssigned() => Refused.With(() => default(Scalar<double>).Value,
        "AVL0033: This Scalar<Double> was never assigned. Scalars come from Reduce, Run(() => ...) or Scalar.Of(value).");

    [Test]
    public void AVL0034_AnExtentOfNoAxis() => Refused.With(() => Grid.GetLength(2), "AVL0034: GetLength(2) of an array with 2 dimensions; they are numbered from 0.");

    [Test]
    public void AVL0035_ACallOnTooManyElements() => Refused.With(() => Task.On(Cpu).Call(Output.Of<byte>(3_000_000_000), r => r.Clear()),
        "AVL0035: Call hands whole arrays over as spans, which hold at most 2147483647 elements; this one is u8[3000000000].\n  at RecordingDiagnosticsTests.cs:#: r => r.Clear()");

    [Test]
    public void AVL0101_ElementsThatAreNoNumbers()
    {
        const string elements = "Elements are bool, the integers of 8 to 64 bits, Half, float, double, and unmanaged structs of these (nested too).";
        Refused.With(() => Array1D.Fill(3, 1m), $"AVL0101: 'Decimal' cannot be an array element. {elements}");
        Refused.With(() => Array1D.Fill(3, 'x'), $"AVL0101: 'Char' cannot be an array element. {elements}");
        Refused.With(() => Array1D.Fill(3, new Stamped(1, default)), $"AVL0101: 'Stamped' cannot be an array element: its field Time is a DateTime. {elements}");
        Refused.With(() => Array1D.Fill(3, (nint)1), $"AVL0101: 'IntPtr' cannot be an array element. {elements}");
    }

    [Test]
    public void AVL0110_AReductionOfTheWrongType()
    {
        Refused.With(() => Task.On(Cpu).Reduce(3, i => (byte)i, Reduction.Sum),
            "AVL0110: 'sum' does not apply to Byte: it would overflow. Convert in the body: (int)x or (long)x.\n  at RecordingDiagnosticsTests.cs:#: i => (byte)i");
        Refused.With(() => Task.On(Cpu).Reduce(3, i => i, Reduction.Mean), "AVL0110: 'mean' does not apply to Int64: convert in the body: (double)x.\n  at RecordingDiagnosticsTests.cs:#: i => i");
        Refused.With(() => Task.On(Cpu).Reduce(3, i => i, Reduction.Any), "AVL0110: 'any' does not apply to Int64: give a condition: x > 0.\n  at RecordingDiagnosticsTests.cs:#: i => i");
        Refused.With(() => Task.On(Cpu).Reduce(3, i => i > 0, Reduction.Max), "AVL0110: 'max' does not apply to Boolean: use Any or All.\n  at RecordingDiagnosticsTests.cs:#: i => i > 0");
    }

    [Test]
    public void AVL0111_AReductionOfStructs() => Refused.With(() => Array1D.Fill(3, new Cell(1, 2)).Reduce(Reduction.Sum),
        "AVL0111: 'sum' applies to numbers, but the values are {H:f64, N:i32}. Reduce one field at a time, or give a combination of your own with Reduction.Of(identity, (a, b) => ...)."
        + "\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0112_TheLastOutsideAScatter() => Refused.With(() => Line.Reduce(Reduction.Last),
        "AVL0112: Reduction.Last is for Scatter only. For one element use its index.\n  at RecordingDiagnosticsTests.cs:#: i => (int)i");

    [Test]
    public void AVL0113_AScanOfTheMean() => Refused.With(() => Task.On(Cpu).Scan(3, i => 1.0, Reduction.Mean),
        "AVL0113: 'mean' has no running form. Scan with Sum and divide, or use Reduce.\n  at RecordingDiagnosticsTests.cs:#: i => 1.0");

    [Test]
    public void AVL0114_AScatterOfTheMean() => Refused.With(() => Task.On(Cpu).Scatter(3, Array1D.Fill(3, 0.0), i => i, i => 1.0, Reduction.Mean),
        "AVL0114: 'mean' cannot be scattered. Scatter sums and counts, then divide.\n  at RecordingDiagnosticsTests.cs:#: i => 1.0");

    [Test]
    public void AVL0115_ACastOfWhatIsNoNumber()
    {
        Refused.With(() => Array1D.Fill(3, true).Cast<int>(),
            "AVL0115: Elements i1 cannot be cast to i32: casts are between numbers. Write the conversion as a Run over the domain.\n  at RecordingDiagnosticsTests.cs:#");
        Refused.With(() => Line.Cast<Cell>(),
            "AVL0115: Elements i32 cannot be cast to {H:f64, N:i32}: casts are between numbers. Write the conversion as a Run over the domain.\n  at RecordingDiagnosticsTests.cs:#: i => (int)i");
    }

    [Test]
    public void AVL0116_ArithmeticWithoutNumbers() => Refused.With(() => Array1D.Fill(3, true) + Array1D.Fill(3, false),
        "AVL0116: Arithmetic operators need arrays of numbers; this one is i1[3]. Write the operation as a Run over the domain.");

    [Test]
    public void AVL0117_RandomIntegers() => Refused.With(() => Array1D.Uniform<int>(3, seed: 1),
        "AVL0117: Random arrays are of float or double, not Int32. Make one of double and convert it in a body.\n  at RecordingDiagnosticsTests.cs:#");

    [Test]
    public void AVL0301_ReadsOutsideInEachDimensionAndDirection()
    {
        Array3D<double> x = Array3D.Fill((2, 3, 4), 1.0);
        Check(() => Task.On(Cpu).Run(x.Domain, (i, j, k) => x[i - 1, j, k]), "x[i - 1, j, k] for i = 0, that is index -1 on axis 0");
        Check(() => Task.On(Cpu).Run(x.Domain, (i, j, k) => x[i + 1, j, k]), "x[i + 1, j, k] for i = 1, that is index 2 on axis 0");
        Check(() => Task.On(Cpu).Run(x.Domain, (i, j, k) => x[i, j - 2, k]), "x[i, j - 2, k] for j = 0 to 1, that is indices -2 to -1 on axis 1");
        Check(() => Task.On(Cpu).Run(x.Domain, (i, j, k) => x[i, 2 * j, k]), "x[i, 2 * j, k] for j = 2, that is index 4 on axis 1");
        Check(() => Task.On(Cpu).Run(x.Domain, (i, j, k) => x[i, j, k - 1]), "x[i, j, k - 1] for k = 0, that is index -1 on axis 2");
        Check(() => Task.On(Cpu).Run(x.Domain, (i, j, k) => x[i, j, k + 3]), "x[i, j, k + 3] for k = 1 to 3, that is indices 4 to 6 on axis 2");

        static void Check(Action code, string found) => Assert.That(code, Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0301").And.Message.Contains(found));
    }
}
