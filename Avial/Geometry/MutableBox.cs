using System.Runtime.InteropServices;

namespace Avial.Geometry;

/// <summary>
/// Boxes whose ends are written over by the one who made them, so that a loop whose boxes move allocates nothing. Whoever is shown one sees it move, and nobody keeps it longer.
/// </summary>
internal static class MutableBox
{
    /// <summary>The same box with ends of its own.</summary>
    public static Box Copy(Box box) => new([.. box.Low.AsSpan()], [.. box.High.AsSpan()]);

    /// <summary>The low ends, to write.</summary>
    public static Span<long> Low(Box box) => ImmutableCollectionsMarshal.AsArray(box.Low);

    /// <summary>The high ends, to write.</summary>
    public static Span<long> High(Box box) => ImmutableCollectionsMarshal.AsArray(box.High);

    /// <summary>The array of the low ends, or of the high ones.</summary>
    public static long[] Ends(Box box, bool isHigh) => ImmutableCollectionsMarshal.AsArray(isHigh ? box.High : box.Low)!;
}
