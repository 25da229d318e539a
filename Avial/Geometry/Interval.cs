using Avial.IR;

namespace Avial.Geometry;

/// <summary>The integers Min … Max, both included. 128 bits, so that sums and products of 64-bit values stay exact.</summary>
internal readonly record struct Interval(Int128 Min, Int128 Max)
{
    public static Interval Long { get; } = new(long.MinValue, long.MaxValue);

    public bool IsEmpty => Max < Min;

    public bool IsPoint => Min == Max;

    public static Interval Of(Int128 value) => new(value, value);

    /// <summary>The values of an integer type (Bool: 0 and 1).</summary>
    public static Interval OfType(ScalarType type) => type switch
    {
        ScalarType.Bool => new(0, 1),
        ScalarType.I8 => new(sbyte.MinValue, sbyte.MaxValue),
        ScalarType.I16 => new(short.MinValue, short.MaxValue),
        ScalarType.I32 => new(int.MinValue, int.MaxValue),
        ScalarType.I64 => Long,
        ScalarType.U8 => new(0, byte.MaxValue),
        ScalarType.U16 => new(0, ushort.MaxValue),
        ScalarType.U32 => new(0, uint.MaxValue),
        ScalarType.U64 => new(0, ulong.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Not an integer type."),
    };

    public bool Contains(Interval other) => other.IsEmpty || Min <= other.Min && other.Max <= Max;

    public bool Contains(Int128 value) => Min <= value && value <= Max;

    public Interval Hull(Interval other) => IsEmpty ? other : other.IsEmpty ? this : new(Int128.Min(Min, other.Min), Int128.Max(Max, other.Max));

    public Interval Intersect(Interval other) => new(Int128.Max(Min, other.Min), Int128.Min(Max, other.Max));

    public static Interval operator +(Interval a, Interval b) => new(a.Min + b.Min, a.Max + b.Max);

    public static Interval operator -(Interval a, Interval b) => new(a.Min - b.Max, a.Max - b.Min);

    /// <summary>All products; operands of at most 64 bits.</summary>
    public static Interval operator *(Interval a, Interval b)
    {
        Int128 p = a.Min * b.Min;
        Int128 q = a.Min * b.Max;
        Int128 r = a.Max * b.Min;
        Int128 s = a.Max * b.Max;
        return new(Int128.Min(Int128.Min(p, q), Int128.Min(r, s)), Int128.Max(Int128.Max(p, q), Int128.Max(r, s)));
    }

    public override string ToString() => $"{Min}..={Max}";
}
