using Avial.Graph;

namespace Avial;

/// <summary>A declared output of <c>Call</c>: its kind of array, element type and shape.</summary>
/// <typeparam name="TArray">The array type the call returns for it.</typeparam>
/// <typeparam name="T">The element type.</typeparam>
public sealed class Output<TArray, T> where T : unmanaged
{
    private readonly Func<NodeOutput, TArray> _wrap;

    internal Output(ArrayType type, Func<NodeOutput, TArray> wrap)
    {
        Type = type;
        _wrap = wrap;
    }

    internal ArrayType Type { get; }

    internal TArray Wrap(NodeOutput output) => _wrap(output);
}

/// <summary>Declares what a <c>Call</c> writes.</summary>
public static class Output
{
    /// <summary>A 1-D output on [0, length).</summary>
    public static Output<Array1D<T>, T> Of<T>(Domain1D domain) where T : unmanaged => new(TypeOf<T>(domain.Box), o => new Array1D<T>(o));

    /// <summary>A 2-D output.</summary>
    public static Output<Array2D<T>, T> Of<T>(Domain2D domain) where T : unmanaged => new(TypeOf<T>(domain.Box), o => new Array2D<T>(o));

    /// <summary>A 3-D output.</summary>
    public static Output<Array3D<T>, T> Of<T>(Domain3D domain) where T : unmanaged => new(TypeOf<T>(domain.Box), o => new Array3D<T>(o));

    /// <summary>A 4-D output.</summary>
    public static Output<Array4D<T>, T> Of<T>(Domain4D domain) where T : unmanaged => new(TypeOf<T>(domain.Box), o => new Array4D<T>(o));

    private static ArrayType TypeOf<T>(IndexBox box) => new(ElementLayout.Of(typeof(T)), [.. ArraySources.Extents(box)]);
}
