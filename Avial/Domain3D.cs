using Avial.Graph;

namespace Avial;

/// <summary>A box of 3-D indices, half-open on each axis. A tuple of extents or ranges converts to it: <c>(n, n, n)</c>, <c>(1..9, 1..9, 1..9)</c>.</summary>
/// <param name="Planes">The range of the first index.</param>
/// <param name="Rows">The range of the second index.</param>
/// <param name="Columns">The range of the third index.</param>
public readonly record struct Domain3D(Domain1D Planes, Domain1D Rows, Domain1D Columns)
{
    /// <summary>[0, extent) on each axis.</summary>
    public static implicit operator Domain3D((long Planes, long Rows, long Columns) shape) => new(shape.Planes, shape.Rows, shape.Columns);

    /// <summary>Ranges of int indices; ends counted from the end (<c>^1</c>) are refused (AVL0013).</summary>
    public static implicit operator Domain3D((Range Planes, Range Rows, Range Columns) box) => new(box.Planes, box.Rows, box.Columns);

    /// <summary>The number of points; refused when a bound depends on the step of a loop.</summary>
    public long Length => Planes.Length * Rows.Length * Columns.Length;

    /// <summary>The same domain visited from the high end on every axis, by <c>Sweep</c> and <c>Scan</c>.</summary>
    public Domain3D Reversed => new(Planes.Reversed, Rows.Reversed, Columns.Reversed);

    /// <summary>The points at least <paramref name="margin"/> away from every side.</summary>
    public Domain3D Interior(long margin) => new(Planes.Interior(margin), Rows.Interior(margin), Columns.Interior(margin));

    internal IndexBox Box => new([Planes, Rows, Columns]);

    /// <inheritdoc/>
    public override string ToString() => $"[{Planes}, {Rows}, {Columns}]";
}
