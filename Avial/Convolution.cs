using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using static Avial.KernelMath;
using static Avial.Targets;

namespace Avial;

/// <summary>What part of a convolution is kept.</summary>
public enum ConvolutionMode
{
    /// <summary>As many elements as the array has, the weights centred; outside the array counts as 0.</summary>
    Same,
    /// <summary>Only where the weights lie inside the array: n − m + 1 elements.</summary>
    Valid,
}

/// <summary>Convolution written in the language itself: y[i] = Σ w[k] x[i + c − k], lazy. Reads outside the array count as 0.</summary>
public static class Convolution
{
    /// <summary>The convolution of n elements with m weights: n elements, or n − m + 1 for <see cref="ConvolutionMode.Valid"/>. AVL0044 when the weights are none or too many.</summary>
    public static Array1D<float> Convolve(this Array1D<float> x, Array1D<float> weights, ConvolutionMode mode = ConvolutionMode.Same, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        (long[] extents, long[] centre) = Plan(x, weights, mode, new SourceSpan(file, line, "Convolve"));
        long c = centre[0];
        return Task.On(Auto).Run(extents[0], i => Sum(0, weights.Length, k => weights[k] * x.Or(0f)[i + c - k]), file: file, line: line);
    }

    /// <summary>The convolution of n elements with m weights: n elements, or n − m + 1 for <see cref="ConvolutionMode.Valid"/>. AVL0044 when the weights are none or too many.</summary>
    public static Array1D<double> Convolve(this Array1D<double> x, Array1D<double> weights, ConvolutionMode mode = ConvolutionMode.Same, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        (long[] extents, long[] centre) = Plan(x, weights, mode, new SourceSpan(file, line, "Convolve"));
        long c = centre[0];
        return Task.On(Auto).Run(extents[0], i => Sum(0, weights.Length, k => weights[k] * x.Or(0.0)[i + c - k]), file: file, line: line);
    }

    /// <summary>The convolution of n elements with m weights: n elements, or n − m + 1 for <see cref="ConvolutionMode.Valid"/>. AVL0044 when the weights are none or too many.</summary>
    public static Array1D<int> Convolve(this Array1D<int> x, Array1D<int> weights, ConvolutionMode mode = ConvolutionMode.Same, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        (long[] extents, long[] centre) = Plan(x, weights, mode, new SourceSpan(file, line, "Convolve"));
        long c = centre[0];
        return Task.On(Auto).Run(extents[0], i => Sum(0, weights.Length, k => weights[k] * x.Or(0)[i + c - k]), file: file, line: line);
    }

    /// <summary>The convolution of n×m elements with p×q weights: n×m elements, or (n − p + 1)×(m − q + 1) for <see cref="ConvolutionMode.Valid"/>.</summary>
    public static Array2D<float> Convolve(this Array2D<float> x, Array2D<float> weights, ConvolutionMode mode = ConvolutionMode.Same, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        (long[] extents, long[] centre) = Plan(x, weights, mode, new SourceSpan(file, line, "Convolve"));
        (long r, long c) = (centre[0], centre[1]);
        return Task.On(Auto).Run((extents[0], extents[1]), (i, j) => Sum(0, weights.GetLength(0), k =>
            Sum(0, weights.GetLength(1), l => weights[k, l] * x.Or(0f)[i + r - k, j + c - l])), file: file, line: line);
    }

    /// <summary>The convolution of n×m elements with p×q weights: n×m elements, or (n − p + 1)×(m − q + 1) for <see cref="ConvolutionMode.Valid"/>.</summary>
    public static Array2D<double> Convolve(this Array2D<double> x, Array2D<double> weights, ConvolutionMode mode = ConvolutionMode.Same, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        (long[] extents, long[] centre) = Plan(x, weights, mode, new SourceSpan(file, line, "Convolve"));
        (long r, long c) = (centre[0], centre[1]);
        return Task.On(Auto).Run((extents[0], extents[1]), (i, j) => Sum(0, weights.GetLength(0), k =>
            Sum(0, weights.GetLength(1), l => weights[k, l] * x.Or(0.0)[i + r - k, j + c - l])), file: file, line: line);
    }

    /// <summary>The convolution of n×m elements with p×q weights: n×m elements, or (n − p + 1)×(m − q + 1) for <see cref="ConvolutionMode.Valid"/>.</summary>
    public static Array2D<int> Convolve(this Array2D<int> x, Array2D<int> weights, ConvolutionMode mode = ConvolutionMode.Same, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        (long[] extents, long[] centre) = Plan(x, weights, mode, new SourceSpan(file, line, "Convolve"));
        (long r, long c) = (centre[0], centre[1]);
        return Task.On(Auto).Run((extents[0], extents[1]), (i, j) => Sum(0, weights.GetLength(0), k =>
            Sum(0, weights.GetLength(1), l => weights[k, l] * x.Or(0)[i + r - k, j + c - l])), file: file, line: line);
    }

    /// <summary>The extents of the result, and what the weights' index is subtracted from.</summary>
    private static (long[] Extents, long[] Centre) Plan<T>(NdArray<T> x, NdArray<T> weights, ConvolutionMode mode, SourceSpan span) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weights);
        var extents = new long[x.Dimensions];
        var centre = new long[x.Dimensions];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            long n = x.GetLength(axis);
            long m = weights.GetLength(axis);
            if (m == 0 || mode == ConvolutionMode.Valid && m > n)
            {
                throw Throw.WrongWeights(weights.Whole.Type, weights.Whole.Node.Name, x.Whole.Type, x.Whole.Node.Name, span);
            }
            extents[axis] = mode == ConvolutionMode.Same ? n : n - m + 1;
            centre[axis] = mode == ConvolutionMode.Same ? (m - 1) / 2 : m - 1;
        }
        return (extents, centre);
    }
}
