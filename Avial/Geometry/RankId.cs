namespace Avial.Geometry;

/// <summary>One of the ranks that run a program together, counted from 0.</summary>
internal readonly record struct RankId(int Value)
{
    public override string ToString() => $"rank {Value}";
}
