using System.Collections.Immutable;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>Decides in how many tiles ranks compute their parts of a sweep. Any number gives a correct plan; this is about speed alone. Deterministic, the same on all ranks.</summary>
internal interface ITileChooser
{
    /// <summary>The number of tiles of a part. <paramref name="normal"/>: the normal of the planes between tiles.</summary>
    int Count(NodeParts parts, ImmutableArray<int> normal);
}

/// <summary>The same number always.</summary>
internal sealed class FixedTiles(int count) : ITileChooser
{
    public static FixedTiles One { get; } = new(1);

    public int Count(NodeParts parts, ImmutableArray<int> normal) => count;
}

/// <summary>A number by a seed, to try plans that no cost model would choose.</summary>
internal sealed class RandomTiles(int seed) : ITileChooser
{
    public int Count(NodeParts parts, ImmutableArray<int> normal) => new Random(unchecked(seed * 31 + parts.Node)).Next(1, 9);
}
