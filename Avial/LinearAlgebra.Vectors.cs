using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial;

/// <content>Vectors.</content>
public static partial class LinearAlgebra
{
    /// <summary>The inner product of two arrays of n elements, summed in the order of <see cref="Reduction.Sum"/>.</summary>
    public static Scalar<float> Dot(this Array1D<float> x, Array1D<float> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Dot"));
        return Task.On(Auto).Reduce(x.Length, i => x[i] * y[i], Reduction.Sum, file: file, line: line);
    }

    /// <summary>The inner product of two arrays of n elements, summed in the order of <see cref="Reduction.Sum"/>.</summary>
    public static Scalar<double> Dot(this Array1D<double> x, Array1D<double> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Dot"));
        return Task.On(Auto).Reduce(x.Length, i => x[i] * y[i], Reduction.Sum, file: file, line: line);
    }

    /// <summary>The inner product of two arrays of n elements, summed in the order of <see cref="Reduction.Sum"/>.</summary>
    public static Scalar<int> Dot(this Array1D<int> x, Array1D<int> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Dot"));
        return Task.On(Auto).Reduce(x.Length, i => x[i] * y[i], Reduction.Sum, file: file, line: line);
    }

    /// <summary>The Euclidean norm √(Σ x²) of n elements. Squares are summed as they are: elements above the square root of the type's range overflow.</summary>
    public static Scalar<float> Norm(this Array1D<float> x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Scalar<float> squares = x.Dot(x, file, line);
        return Task.On(Auto).Run(() => MathF.Sqrt(squares), file: file, line: line);
    }

    /// <summary>The Frobenius norm √(Σ a²) of n×m elements.</summary>
    public static Scalar<float> Norm(this Array2D<float> a, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(a);
        Scalar<float> squares = Task.On(Auto).Reduce(a.Domain, (i, j) => a[i, j] * a[i, j], Reduction.Sum, file: file, line: line);
        return Task.On(Auto).Run(() => MathF.Sqrt(squares), file: file, line: line);
    }

    /// <summary>The Euclidean norm √(Σ x²) of n elements. Squares are summed as they are: elements above the square root of the type's range overflow.</summary>
    public static Scalar<double> Norm(this Array1D<double> x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Scalar<double> squares = x.Dot(x, file, line);
        return Task.On(Auto).Run(() => Math.Sqrt(squares), file: file, line: line);
    }

    /// <summary>The Frobenius norm √(Σ a²) of n×m elements.</summary>
    public static Scalar<double> Norm(this Array2D<double> a, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(a);
        Scalar<double> squares = Task.On(Auto).Reduce(a.Domain, (i, j) => a[i, j] * a[i, j], Reduction.Sum, file: file, line: line);
        return Task.On(Auto).Run(() => Math.Sqrt(squares), file: file, line: line);
    }

    /// <summary>αx + y for two arrays of n elements.</summary>
    public static Array1D<float> Axpy(float alpha, Array1D<float> x, Array1D<float> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Axpy"));
        return Task.On(Auto).Run(x.Length, i => alpha * x[i] + y[i], file: file, line: line);
    }

    /// <summary>αx + y for two arrays of n elements. The factor is a lazy scalar, so that it can depend on the state of a loop.</summary>
    public static Array1D<float> Axpy(Scalar<float> alpha, Array1D<float> x, Array1D<float> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Axpy"));
        return Task.On(Auto).Run(x.Length, i => alpha * x[i] + y[i], file: file, line: line);
    }

    /// <summary>αx + y for two arrays of n elements.</summary>
    public static Array1D<double> Axpy(double alpha, Array1D<double> x, Array1D<double> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Axpy"));
        return Task.On(Auto).Run(x.Length, i => alpha * x[i] + y[i], file: file, line: line);
    }

    /// <summary>αx + y for two arrays of n elements. The factor is a lazy scalar, so that it can depend on the state of a loop.</summary>
    public static Array1D<double> Axpy(Scalar<double> alpha, Array1D<double> x, Array1D<double> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Axpy"));
        return Task.On(Auto).Run(x.Length, i => alpha * x[i] + y[i], file: file, line: line);
    }

    /// <summary>αx + y for two arrays of n elements.</summary>
    public static Array1D<int> Axpy(int alpha, Array1D<int> x, Array1D<int> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Axpy"));
        return Task.On(Auto).Run(x.Length, i => alpha * x[i] + y[i], file: file, line: line);
    }

    /// <summary>αx + y for two arrays of n elements. The factor is a lazy scalar, so that it can depend on the state of a loop.</summary>
    public static Array1D<int> Axpy(Scalar<int> alpha, Array1D<int> x, Array1D<int> y, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckLengths(x, y, new SourceSpan(file, line, "Axpy"));
        return Task.On(Auto).Run(x.Length, i => alpha * x[i] + y[i], file: file, line: line);
    }

    private static void CheckLengths<T>(Array1D<T> x, Array1D<T> y, SourceSpan span) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Length != y.Length)
        {
            throw Throw.LengthsDiffer(x.Whole.Type, x.Whole.Node.Name, y.Whole.Type, y.Whole.Node.Name, span);
        }
    }
}
