using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial;

/// <summary>
/// Linear algebra written in the language itself: each call records ordinary tasks, which fuse with what is around them. All of it is lazy; the shapes are checked when
/// recorded (AVL0040, AVL0041).
/// </summary>
public static partial class LinearAlgebra
{
    /// <summary>The matrix product: n×k times k×m gives n×m, each element summed in the order of <see cref="KernelMath.Sum{T}"/>.</summary>
    public static Array2D<float> MatMul(this Array2D<float> a, Array2D<float> b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckProduct(a, b, new SourceSpan(file, line, "MatMul"));
        return Task.On(Auto).Run((a.GetLength(0), b.GetLength(1)), (i, j) => Sum(0, a.GetLength(1), k => a[i, k] * b[k, j]), file: file, line: line);
    }

    /// <summary>The matrix product: n×k times k×m gives n×m, each element summed in the order of <see cref="KernelMath.Sum{T}"/>.</summary>
    public static Array2D<double> MatMul(this Array2D<double> a, Array2D<double> b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckProduct(a, b, new SourceSpan(file, line, "MatMul"));
        return Task.On(Auto).Run((a.GetLength(0), b.GetLength(1)), (i, j) => Sum(0, a.GetLength(1), k => a[i, k] * b[k, j]), file: file, line: line);
    }

    /// <summary>The matrix product: n×k times k×m gives n×m, each element summed in the order of <see cref="KernelMath.Sum{T}"/>.</summary>
    public static Array2D<int> MatMul(this Array2D<int> a, Array2D<int> b, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckProduct(a, b, new SourceSpan(file, line, "MatMul"));
        return Task.On(Auto).Run((a.GetLength(0), b.GetLength(1)), (i, j) => Sum(0, a.GetLength(1), k => a[i, k] * b[k, j]), file: file, line: line);
    }

    /// <summary>Matrix times vector: n×k times k gives n.</summary>
    public static Array1D<float> MatVec(this Array2D<float> a, Array1D<float> x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckProduct(a, x, new SourceSpan(file, line, "MatVec"));
        return Task.On(Auto).Run(a.GetLength(0), i => Sum(0, a.GetLength(1), k => a[i, k] * x[k]), file: file, line: line);
    }

    /// <summary>Matrix times vector: n×k times k gives n.</summary>
    public static Array1D<double> MatVec(this Array2D<double> a, Array1D<double> x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckProduct(a, x, new SourceSpan(file, line, "MatVec"));
        return Task.On(Auto).Run(a.GetLength(0), i => Sum(0, a.GetLength(1), k => a[i, k] * x[k]), file: file, line: line);
    }

    /// <summary>Matrix times vector: n×k times k gives n.</summary>
    public static Array1D<int> MatVec(this Array2D<int> a, Array1D<int> x, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        CheckProduct(a, x, new SourceSpan(file, line, "MatVec"));
        return Task.On(Auto).Run(a.GetLength(0), i => Sum(0, a.GetLength(1), k => a[i, k] * x[k]), file: file, line: line);
    }

    private static void CheckProduct<T>(Array2D<T> a, NdArray<T> b, SourceSpan span) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.GetLength(1) != b.GetLength(0))
        {
            throw Throw.ProductShapes(a.Whole.Type, a.Whole.Node.Name, b.Whole.Type, b.Whole.Node.Name, span);
        }
    }
}
