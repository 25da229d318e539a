using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.Import;
using Avial.IR;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

/// <summary>Lazy scalars, steps of loops, partial arrays, sweeps and folds.</summary>
internal sealed class CapturedHandlesTests
{
    private static readonly SourceSpan s_span = new("Program.cs", 7, "the lambda");

    private static NodeOutput OutputOf(IScalarHandle scalar) => scalar.Output;

    private static double Number(Imported imported, params long[] index) => BitConverter.UInt64BitsToDouble(BodyHarness.Run(imported, index).Results[0]);

    [Test]
    public void LazyScalar_IsARank0Input()
    {
        Scalar<double> s = Scalar.Of(2.5);
        Scalar<int> n = Scalar.Of(3);
        Array1D<double> x = Array1D.From([1.0, 2, 3]);
        Imported imported = BodyHarness.Import((Expression<Func<long, double>>)(i => s * x[i] + s.Value + n + (double)n.Value));

        Assert.That(imported.Inputs, Is.EqualTo([((IArrayHandle)x).Output, OutputOf(s), OutputOf(n)]));
        Assert.That(imported.Use.Arguments, Is.EqualTo([new KernelArgument(ArgumentKind.Input, 1), new KernelArgument(ArgumentKind.Input, 2)]));
        Assert.That(Number(imported, 1), Is.EqualTo(2.5 * 2 + 2.5 + 6));
    }

    [Test]
    public void LazyScalar_OfAStruct_HasAColumnEach()
    {
        Scalar<Flow> s = Scalar.Of(new Flow(1, 2, 3));
        Imported imported = BodyHarness.Import((Expression<Func<double>>)(() => s.Value.U + s.Value.Cell), 0);

        Assert.That(imported.Use.Arguments.Select(a => a.Column), Is.EqualTo([0, 1, 2]));
        Assert.That(imported.Inputs, Has.Length.EqualTo(1));
        Assert.That(Number(imported), Is.EqualTo(5));
    }

    [Test]
    public void ScalarArithmetic_ComparesValues()
    {
        Scalar<int> a = Scalar.Of(3);
        Scalar<int> b = Scalar.Of(3);
        Imported imported = BodyHarness.Import((Expression<Func<bool>>)(() => a == b && a.Value < 4), 0);

        Assert.That(BodyHarness.Run(imported).Results, Is.EqualTo([1]));
    }

    [Test]
    public void Step_IsAnAffineSymbol()
    {
        var t = new Step(OutputOf(Scalar.Of(2L)));
        Array1D<double> x = Array1D.From([1.0, 2, 3]);
        Imported imported = BodyHarness.Import((Expression<Func<long, double>>)(i => x[t - 1] + x[i + t] * t + (t > 1 && i < t ? 1 : 0)));

        string text = imported.Use.Kernel.ToString();
        Assert.That(Number(imported, 0), Is.EqualTo(2 + 3 * 2 + 1), text);
        Assert.That(text, Does.Contain("%1 - 1").And.Contain("%0 + %1"));
    }

    [Test]
    public void Bound_IsItsConstantAndSteps()
    {
        NodeOutput step = OutputOf(Scalar.Of(2L));
        var t = new Step(step);
        Array1D<double> x = Array1D.From([1.0, 2, 3, 4, 5, 6]);
        Imported Record(Bound b) => BodyHarness.Import((Expression<Func<long, double>>)(i => x[b] + i));

        Imported next = Record(t + 1);
        Imported after = Record(t + 3);
        Imported twice = Record(2 * t);
        Imported constant = Record(4);

        Assert.That(after.Use, Is.SameAs(next.Use));
        Assert.That(twice.Use, Is.Not.SameAs(next.Use));
        Assert.That(next.Inputs, Is.EqualTo([((IArrayHandle)x).Output, step]));
        Assert.That(constant.Inputs, Has.Length.EqualTo(1));
        Assert.That(new[] { next, after, twice, constant }.Select(r => Number(r, 0)), Is.EqualTo([4.0, 6, 5, 5]));
    }

    [Test]
    public void DomainBounds_AreCaptured()
    {
        Domain2D d = (3, 4);
        Imported imported = BodyHarness.Import((Expression<Func<long, long>>)(i => d.Columns.End - 1 + d.Rows.Length + i));

        Assert.That(BodyHarness.Run(imported, 10).Results, Is.EqualTo([16]));
    }

    [Test]
    public void PartialArray_IsReadThroughOrOnly()
    {
        Array1D<double> x = Array1D.From([1.0, 2, 3, 4, 5]);
        Array1D<double> part = Task.On(Targets.Cpu).Run(x.Interior(1), i => 10 * x[i]);
        AvialException error = Assert.Throws<AvialException>(() => LambdaImporter.Import([(Expression<Func<long, double>>)(i => part[i])], 1, s_span, 5))!;
        Imported imported = BodyHarness.Import((Expression<Func<long, double>>)(i => part.Or(-1)[i + 1]));

        Assert.That(error.Message, Is.EqualTo("AVL0213: 'part' was computed on a domain that does not start at 0, so that it has no elements there. "
            + "Remedy: give it a background, 'part = ....Over(base)', read it with a value outside, 'part.Or(0)[...]', or shift it to 0, 'part.Rebase()'.\n  at Program.cs:7: the lambda"));
        Assert.That(imported.Scalars, Is.EqualTo([1]));
        Assert.That(imported.Use.Kernel.ToString(), Does.Contain("%0 - %1 + 1"));
    }

    [Test]
    public void Sweep_ReadsItselfAsOperand0()
    {
        Array2D<double> f = Array2D.From(new double[3, 3]);
        Expression<Func<Array2D<double>, long, long, double>> body = (u, i, j) => 0.25 * (u[i - 1, j] + u[i + 1, j] + f[i, j]) + u.GetLength(1);
        Imported imported = LambdaImporter.ImportSweep(body, 2, ElementLayout.Of(typeof(double)), s_span, 3);

        KernelVerifier.Check(imported.Use.Kernel);
        Assert.That(imported.Use.Operands, Is.EqualTo([-1, 0]));
        Assert.That(imported.Inputs, Is.EqualTo([((IArrayHandle)f).Output]));
        Assert.That(imported.Use.Kernel.Rank, Is.EqualTo(2));
        Assert.That(LambdaImporter.ImportSweep(body, 2, ElementLayout.Of(typeof(double)), s_span, 3).Use, Is.SameAs(imported.Use));
    }

    [Test]
    public void SeveralBodies_AreOneKernel()
    {
        Array1D<float> x = Array1D.From([1f, 2, 3]);
        Expression<Func<long, float>> first = i => x[i] * 2;
        Expression<Func<long, Flow>> second = i => new Flow(x[i], 1, 2);
        Imported imported = LambdaImporter.Import([first, second], 1, s_span, 3);

        Assert.That(imported.Use.Kernel.ResultTypes, Is.EqualTo([ScalarType.F32, ScalarType.F32, ScalarType.F32, ScalarType.I32]));
        Assert.That(imported.ResultLayouts.Select(l => l.Type), Is.EqualTo([typeof(float), typeof(Flow)]));
        Assert.That(imported.Use.Kernel.Body.Instructions.OfType<LoadInstruction>().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Combiner_TakesTwoElements()
    {
        double eps = 0.5;
        Kernel Record() => LambdaImporter.ImportCombiner((Expression<Func<V2, V2, V2>>)((a, b) => new V2(a.X + b.X * eps, Math.Max(a.Y, b.Y))), s_span);

        Kernel kernel = KernelVerifier.Check(Record());
        eps = 0.25;

        Assert.That(kernel.Rank, Is.Zero);
        Assert.That(kernel.Body.Parameters, Has.Length.EqualTo(4));
        Assert.That(Record(), Is.Not.SameAs(kernel));
        eps = 0.5;
        Assert.That(Record(), Is.SameAs(kernel));
    }

    [Test]
    public void Combiner_OfCapturedArray_IsRefused()
    {
        Array1D<double> x = Array1D.From([1.0]);
        AvialException error = Assert.Throws<AvialException>(() => LambdaImporter.ImportCombiner((Expression<Func<double, double, double>>)((a, b) => a + b * x[0]), s_span))!;

        Assert.That(error.Message, Does.StartWith("AVL0201: 'x' is an array or lazy scalar captured by a fold, which a body cannot hold. Remedy: fold only the two values"));
    }

    [Test]
    public void Constants_ThatAreHandles_AreCaptures()
    {
        // How RepeatUntil puts its state into a condition.
        Scalar<double> residual = Scalar.Of(0.5);
        var state = (Array1D.From([1.0, 2]), residual);
        Expression tuple = Expression.Constant(state, state.GetType());
        Expression half = Expression.Convert(Expression.Constant(residual, typeof(Scalar<double>)), typeof(double));
        Expression second = Expression.Convert(Expression.Field(tuple, "Item2"), typeof(double));
        for (int n = 0; n < 30; n++)
        {
            Imported imported = LambdaImporter.Import([Expression.Lambda(Expression.LessThan(Expression.Multiply(half, second), Expression.Constant(0.3)))], 0, s_span, 0);

            Assert.That(BodyHarness.Run(imported).Results, Is.EqualTo([1]));
            Assert.That(imported.Inputs, Has.Length.EqualTo(2));
        }
    }

    [Test]
    public void EachKernel_HasAnIdentity()
    {
        Imported first = BodyHarness.Import((Expression<Func<long, double>>)(i => i * 2.0));
        Imported second = BodyHarness.Import((Expression<Func<long, double>>)(i => i * 3.0));

        Assert.That(first.Use.Kernel.Identity, Is.Not.Zero.And.Not.EqualTo(second.Use.Kernel.Identity));
    }
}
