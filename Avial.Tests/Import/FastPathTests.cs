using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Graph;
using Avial.Import;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

/// <summary>A call site that is recorded again gets the same kernel; only captures differ.</summary>
internal sealed class FastPathTests
{
    private static Array2D<float> NewArray() => Array2D.From(new float[4, 4]);

    /// <summary>One call site.</summary>
    private static Imported Blur(Array2D<float> x, float factor) =>
        BodyHarness.Import((Expression<Func<long, long, float>>)((i, j) => factor * (x[i - 1, j] + x[i + 1, j])));

    private static Imported Pair(Array2D<float> x, Array2D<float> y) =>
        BodyHarness.Import((Expression<Func<long, long, float>>)((i, j) => x[i, j] + y[i, j]));

    private static NodeOutput OutputOf(IArrayHandle array) => array.Output;

    [Test]
    public void Number_Changed_ChangesScalarsOnly()
    {
        Array2D<float> x = NewArray();

        Imported first = Blur(x, 0.5f);
        Imported second = Blur(x, 0.25f);

        Assert.That(second.Use, Is.SameAs(first.Use));
        Assert.That(second.Inputs, Is.EqualTo(first.Inputs));
        Assert.That(first.Scalars, Is.EqualTo([BitConverter.SingleToUInt32Bits(0.5f)]));
        Assert.That(second.Scalars, Is.EqualTo([BitConverter.SingleToUInt32Bits(0.25f)]));
    }

    [Test]
    public void Array_Changed_ChangesInputsOnly()
    {
        Array2D<float> x = NewArray();
        Array2D<float> y = NewArray();

        Imported first = Blur(x, 0.5f);
        Imported second = Blur(y, 0.5f);

        Assert.That(second.Use, Is.SameAs(first.Use));
        Assert.That(first.Inputs, Is.EqualTo([OutputOf(x)]));
        Assert.That(second.Inputs, Is.EqualTo([OutputOf(y)]));
        Assert.That(second.Scalars, Is.EqualTo(first.Scalars));
    }

    [Test]
    public void ManyRecordings_ReadTheSameAsTheFirst()
    {
        // Enough for captures to be read by compiled code.
        for (int n = 0; n < 50; n++)
        {
            Array2D<float> x = NewArray();
            Imported imported = Blur(x, n);

            Assert.That(imported.Scalars, Is.EqualTo([BitConverter.SingleToUInt32Bits(n)]));
            Assert.That(imported.Inputs, Is.EqualTo([OutputOf(x)]));
        }
    }

    [Test]
    public void LoopVariable_IsReadAtTheCall()
    {
        Array1D<float> x = Array1D.From([1f, 2, 3]);
        var scalars = new List<ulong>();
        for (int k = 0; k < 3; k++)
        {
            scalars.AddRange(BodyHarness.Import((Expression<Func<long, float>>)(i => x[i] + k)).Scalars);
        }

        Assert.That(scalars, Is.EqualTo([0, 1, 2]));
    }

    [Test]
    public void ArrayCapturedTwice_IsOneInput()
    {
        Array2D<float> x = NewArray();
        Array2D<float> y = NewArray();

        Imported same = Pair(x, x);
        Imported different = Pair(x, y);
        Imported sameAgain = Pair(y, y);

        Assert.That(same.Inputs, Is.EqualTo([OutputOf(x)]));
        Assert.That(different.Inputs, Is.EqualTo([OutputOf(x), OutputOf(y)]));
        Assert.That(sameAgain.Inputs, Is.EqualTo([OutputOf(y)]));
        Assert.That(sameAgain.Use, Is.SameAs(same.Use));
        Assert.That(different.Use, Is.Not.SameAs(same.Use));
    }

    [Test]
    public void Shape_Changed_IsAnotherKernel()
    {
        Imported Record(Expression<Func<long, long, double>> body) => LambdaImporter.Import([body], 2, new("Shapes.cs", 1, "f"), 100);

        Imported difference = Record((i, j) => i - j);
        Imported reversed = Record((i, j) => j - i);
        Imported swapped = Record((j, i) => j - i);
        Imported constant = Record((i, j) => i - 2.0);
        Imported other = Record((i, j) => i - 3.0);
        Imported zero = Record((i, j) => 0.0);
        Imported negativeZero = Record((i, j) => -0.0);

        Assert.That(swapped.Use, Is.SameAs(difference.Use));
        Assert.That(reversed.Use, Is.Not.SameAs(difference.Use));
        Assert.That(other.Use, Is.Not.SameAs(constant.Use));
        Assert.That(negativeZero.Use, Is.Not.SameAs(zero.Use));
        Assert.That(Record((i, j) => i - 2.0).Use, Is.SameAs(constant.Use));
    }

    [Test]
    public void Function_Changed_IsAnotherKernel()
    {
        Imported Record(Func<double, double> f) => BodyHarness.Import((Expression<Func<long, double>>)(i => f(i)));
        Func<double, double> twice = Function((double x) => 2 * x);
        Func<double, double> thrice = Function((double x) => 3 * x);

        Imported first = Record(twice);
        Imported second = Record(thrice);

        Assert.That(second.Use, Is.Not.SameAs(first.Use));
        Assert.That(Record(Function((double x) => 2 * x)).Use, Is.SameAs(first.Use));
    }

    [Test]
    public void CapturesOfFunctions_AreReadAgain()
    {
        Imported Record(Func<double, double> f) => BodyHarness.Import((Expression<Func<long, double>>)(i => f(i) + f(2)));
        Func<double, double> Times(double factor) => Function((double x) => factor * x);

        Imported first = Record(Times(2));
        Imported second = Record(Times(3));

        Assert.That(second.Use, Is.SameAs(first.Use));
        Assert.That(second.Scalars, Is.EqualTo([BitConverter.DoubleToUInt64Bits(3)]));
    }

    [Test]
    public void LargeNumbers_HaveAKernelOfTheirOwn()
    {
        Array1D<float> x = Array1D.From([1f, 2, 3]);
        Imported Record(int n) => BodyHarness.Import((Expression<Func<long, float>>)(i => x[n - 1 - i]));

        Imported small = Record(3);

        Assert.That(Record(2).Use, Is.SameAs(small.Use));
        Assert.That(Record(int.MinValue).Use, Is.Not.SameAs(small.Use));
    }

    [Test]
    public void Domains_OfOtherSizes_ShareAKernelUnlessItDepends()
    {
        Array1D<float> x = Array1D.From([1f, 2, 3]);
        Imported Plain(long size) => BodyHarness.Import((Expression<Func<long, float>>)(i => x[i + 1]), magnitude: size);
        Imported Narrowed(long size) => BodyHarness.Import((Expression<Func<long, float>>)(i => x[(int)i + 1]), magnitude: size);

        Assert.That(Plain(1L << 40).Use, Is.SameAs(Plain(10).Use));
        Assert.That(Narrowed(1L << 40).Use, Is.Not.SameAs(Narrowed(10).Use));
        Assert.That(Narrowed(11).Use, Is.SameAs(Narrowed(10).Use));
    }

    [Test]
    public void ArraysInAnArray_AreCaptured()
    {
        Array1D<float>[] layers = [Array1D.From([1f, 2, 3]), Array1D.From([4f, 5, 6])];
        Imported Record(int k) => BodyHarness.Import((Expression<Func<long, float>>)(i => layers[k][i] + layers[0][i]));

        Imported first = Record(1);
        layers[1] = Array1D.From([7f]);

        Assert.That(first.Inputs, Has.Length.EqualTo(2));
        Assert.That(Record(0).Inputs, Is.EqualTo([OutputOf(layers[0])]));
        Assert.That(Record(1).Inputs, Is.EqualTo([OutputOf(layers[1]), OutputOf(layers[0])]));
    }

    [Test]
    public void HostArrays_AreCopiedAtEachRecording()
    {
        double[] numbers = [1, 2, 3];
        Imported Record() => BodyHarness.Import((Expression<Func<long, double>>)(i => numbers[i] + numbers[0]));

        Imported first = Record();
        numbers[1] = 5;
        Imported second = Record();

        Assert.That(second.Use, Is.SameAs(first.Use));
        Assert.That(first.Inputs, Has.Length.EqualTo(1));
        Assert.That(BodyHarness.Run(first, 1).Results, Is.EqualTo([BitConverter.DoubleToUInt64Bits(3)]));
        Assert.That(BodyHarness.Run(second, 1).Results, Is.EqualTo([BitConverter.DoubleToUInt64Bits(6)]));
    }

    [Test]
    public void Variable_NamesTheArrayItHolds()
    {
        Array2D<float> blurred = NewArray();
        BodyHarness.Import((Expression<Func<long, long, float>>)((i, j) => blurred[i, j]));

        Assert.That(OutputOf(blurred).Node.VariableName, Is.EqualTo("blurred"));
    }

    [Test]
    public void Templates_KeepNoArrayAlive()
    {
        WeakReference array = RecordAndForget();

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.That(array.IsAlive, Is.False);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference RecordAndForget()
    {
        Array2D<float> x = NewArray();
        Func<float, float> f = Function((float v) => v + x[0, 0]);
        for (int n = 0; n < 3; n++)
        {
            BodyHarness.Import((Expression<Func<long, long, float>>)((i, j) => f(x[i, j])));
        }
        return new WeakReference(x);
    }

    [Test]
    public void Threads_ShareOneKernel()
    {
        Array2D<float> x = NewArray();
        var uses = new KernelUse[64];

        Parallel.For(0, uses.Length, n => uses[n] = BodyHarness.Import((Expression<Func<long, long, float>>)((i, j) => x[i, j] * n)).Use);

        Assert.That(uses, Is.All.SameAs(uses[0]));
    }
}
