using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial.Benchmarks.Quick;

/// <summary>The work that compiled code is measured with, as tasks; bodies are lambdas on one type, so it stands here for each.</summary>
internal abstract class CompiledKernels<T> where T : unmanaged
{
    public abstract Array1D<T> Copy(Array1D<T> x);

    public abstract Array1D<T> Scale(Array1D<T> x, T k);

    public abstract Array1D<T> Add(Array1D<T> x, Array1D<T> y);

    public abstract Array1D<T> Triad(Array1D<T> x, Array1D<T> y, T k);

    public abstract Array1D<T> Step(Array1D<T> x, Array1D<T> y, T k);

    public abstract Scalar<T> Dot(Array1D<T> x, Array1D<T> y);

    public abstract Scalar<T> Total(Array1D<T> x);

    public abstract Scalar<T> Least(Array1D<T> x);

    public abstract Scalar<T> Distance(Array1D<T> x, Array1D<T> y);

    public abstract Array2D<T> Jacobi(Array2D<T> x);

    public abstract Array3D<T> Heat(Array3D<T> x);

    public abstract Array2D<T> Product(Array2D<T> x, Array2D<T> y, long n);

    public abstract Array1D<T> Bodies(Array1D<T> x, Array1D<T> y, long n);
}

/// <summary>The work on doubles.</summary>
internal sealed class DoubleKernels : CompiledKernels<double>
{
    public override Array1D<double> Copy(Array1D<double> x) => Task.On(Cpu).Run(x.Domain, i => x[i]);

    public override Array1D<double> Scale(Array1D<double> x, double k) => Task.On(Cpu).Run(x.Domain, i => k * x[i]);

    public override Array1D<double> Add(Array1D<double> x, Array1D<double> y) => Task.On(Cpu).Run(x.Domain, i => x[i] + y[i]);

    public override Array1D<double> Triad(Array1D<double> x, Array1D<double> y, double k) => Task.On(Cpu).Run(x.Domain, i => x[i] + k * y[i]);

    public override Array1D<double> Step(Array1D<double> x, Array1D<double> y, double k) => Task.On(Cpu).Run(x.Domain, i => x[i] * k + y[i]);

    public override Scalar<double> Dot(Array1D<double> x, Array1D<double> y) => Task.On(Cpu).Reduce(x.Domain, i => x[i] * y[i], Reduction.Sum);

    public override Scalar<double> Total(Array1D<double> x) => Task.On(Cpu).Reduce(x.Domain, i => x[i], Reduction.Sum);

    public override Scalar<double> Least(Array1D<double> x) => Task.On(Cpu).Reduce(x.Domain, i => x[i], Reduction.Min);

    public override Scalar<double> Distance(Array1D<double> x, Array1D<double> y) => Task.On(Cpu).Reduce(x.Domain, i => (x[i] - y[i]) * (x[i] - y[i]), Reduction.Sum);

    public override Array2D<double> Jacobi(Array2D<double> x) => Task.On(Cpu).Run(x.Interior(1), (i, j) =>
        0.2 * (x[i, j] + x[i, j - 1] + x[i, j + 1] + x[i + 1, j] + x[i - 1, j])).Over(x);

    public override Array3D<double> Heat(Array3D<double> x) => Task.On(Cpu).Run(x.Interior(1), (i, j, l) =>
        0.125 * (x[i + 1, j, l] - 2 * x[i, j, l] + x[i - 1, j, l]) + 0.125 * (x[i, j + 1, l] - 2 * x[i, j, l] + x[i, j - 1, l])
        + 0.125 * (x[i, j, l + 1] - 2 * x[i, j, l] + x[i, j, l - 1]) + x[i, j, l]).Over(x);

    public override Array2D<double> Product(Array2D<double> x, Array2D<double> y, long n) => Task.On(Cpu).Run((n, n), (i, j) => Sum(0, n, k => x[i, k] * y[k, j]));

    public override Array1D<double> Bodies(Array1D<double> x, Array1D<double> y, long n) => Task.On(Cpu).Run(n, i => Sum(0, n, j =>
        Let(x[j] - x[i], dx => Let(y[j] - y[i], dy => Let(dx * dx + dy * dy + 0.01, d => dx / (d * Math.Sqrt(d)))))));
}

/// <summary>The work on floats.</summary>
internal sealed class FloatKernels : CompiledKernels<float>
{
    public override Array1D<float> Copy(Array1D<float> x) => Task.On(Cpu).Run(x.Domain, i => x[i]);

    public override Array1D<float> Scale(Array1D<float> x, float k) => Task.On(Cpu).Run(x.Domain, i => k * x[i]);

    public override Array1D<float> Add(Array1D<float> x, Array1D<float> y) => Task.On(Cpu).Run(x.Domain, i => x[i] + y[i]);

    public override Array1D<float> Triad(Array1D<float> x, Array1D<float> y, float k) => Task.On(Cpu).Run(x.Domain, i => x[i] + k * y[i]);

    public override Array1D<float> Step(Array1D<float> x, Array1D<float> y, float k) => Task.On(Cpu).Run(x.Domain, i => x[i] * k + y[i]);

    public override Scalar<float> Dot(Array1D<float> x, Array1D<float> y) => Task.On(Cpu).Reduce(x.Domain, i => x[i] * y[i], Reduction.Sum);

    public override Scalar<float> Total(Array1D<float> x) => Task.On(Cpu).Reduce(x.Domain, i => x[i], Reduction.Sum);

    public override Scalar<float> Least(Array1D<float> x) => Task.On(Cpu).Reduce(x.Domain, i => x[i], Reduction.Min);

    public override Scalar<float> Distance(Array1D<float> x, Array1D<float> y) => Task.On(Cpu).Reduce(x.Domain, i => (x[i] - y[i]) * (x[i] - y[i]), Reduction.Sum);

    public override Array2D<float> Jacobi(Array2D<float> x) => Task.On(Cpu).Run(x.Interior(1), (i, j) =>
        0.2f * (x[i, j] + x[i, j - 1] + x[i, j + 1] + x[i + 1, j] + x[i - 1, j])).Over(x);

    public override Array3D<float> Heat(Array3D<float> x) => Task.On(Cpu).Run(x.Interior(1), (i, j, l) =>
        0.125f * (x[i + 1, j, l] - 2 * x[i, j, l] + x[i - 1, j, l]) + 0.125f * (x[i, j + 1, l] - 2 * x[i, j, l] + x[i, j - 1, l])
        + 0.125f * (x[i, j, l + 1] - 2 * x[i, j, l] + x[i, j, l - 1]) + x[i, j, l]).Over(x);

    public override Array2D<float> Product(Array2D<float> x, Array2D<float> y, long n) => Task.On(Cpu).Run((n, n), (i, j) => Sum(0, n, k => x[i, k] * y[k, j]));

    public override Array1D<float> Bodies(Array1D<float> x, Array1D<float> y, long n) => Task.On(Cpu).Run(n, i => Sum(0, n, j =>
        Let(x[j] - x[i], dx => Let(y[j] - y[i], dy => Let(dx * dx + dy * dy + 0.01f, d => dx / (d * MathF.Sqrt(d)))))));
}
