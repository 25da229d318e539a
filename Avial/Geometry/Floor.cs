namespace Avial.Geometry;

/// <summary>Division by a positive number, rounded down for negative ones too, where C# rounds towards zero.</summary>
internal static class Floor
{
    public static long Divide(long a, long b) => a >= 0 ? a / b : -((-(a + 1)) / b) - 1;

    public static Int128 Divide(Int128 a, Int128 b) => b == 1 ? a : a >= 0 ? a / b : -((-a + b - 1) / b);
}
