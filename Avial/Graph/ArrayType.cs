using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Extents and columns. A scalar has rank 0. Arrays start at index 0 on every axis.</summary>
internal sealed class ArrayType : IEquatable<ArrayType>
{
    private static readonly ImmutableArray<long>[] s_origins = [[], [0], [0, 0], [0, 0, 0], [0, 0, 0, 0]];

    public ArrayType(ElementLayout element, ImmutableArray<long> extents)
    {
        Element = element;
        Extents = extents;
        Box = new Geometry.Box(extents.Length < s_origins.Length ? s_origins[extents.Length] : [.. new long[extents.Length]], extents);
    }

    public ElementLayout Element { get; }

    /// <summary>The extents, outermost first.</summary>
    public ImmutableArray<long> Extents { get; }

    public int Rank => Extents.Length;

    /// <summary>The number of elements.</summary>
    public long Count
    {
        get
        {
            long count = 1;
            foreach (long extent in Extents)
            {
                count = checked(count * extent);
            }
            return count;
        }
    }

    /// <summary>The bytes of all columns.</summary>
    public long Bytes => checked(Count * Element.PackedSize);

    /// <summary>All indices.</summary>
    public Geometry.Box Box { get; }

    public bool Equals(ArrayType? other) => other is not null && Element == other.Element && Extents.AsSpan().SequenceEqual(other.Extents.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as ArrayType);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Element);
        foreach (long extent in Extents)
        {
            hash.Add(extent);
        }
        return hash.ToHashCode();
    }

    /// <summary><c>f32[4096×4096]</c>; a scalar is <c>f32</c>.</summary>
    public override string ToString() => Rank == 0 ? $"{Element}" : $"{Element}[{Shape}]";

    /// <summary><c>4096×4096</c>.</summary>
    public string Shape => string.Join("×", Extents);
}
