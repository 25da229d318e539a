using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends;

/// <summary>
/// How ranks share a reduction whose order is a tree over leaves of 64 elements: each writes the values of its part's leaves into its window of the array of all
/// leaves, and who has the whole array folds the tree. That array has the domain's axes, the last one counted in leaves.
/// </summary>
/// <param name="Columns">The columns of a leaf.</param>
/// <param name="Values">The values of a part's leaves, into the window. Parts are cut at multiples of 64 along the last axis.</param>
/// <param name="Tree">One call: all leaves, which are written over, into the operation's output.</param>
internal sealed record LeafStages(ImmutableArray<ScalarType> Columns, LoweredStage Values, LoweredStage Tree)
{
    /// <summary>The elements of a leaf: cuts along the last axis are at multiples of this.</summary>
    public const long LeafLength = 64;

    /// <summary>The array of all leaves of a domain.</summary>
    public ArrayType TypeOf(Box domain) =>
        new(ElementLayout.Anonymous([.. Columns.Select((type, column) => ($"C{column}", type))]), BoxOf(domain, domain).High);

    /// <summary>The leaves of a part of a domain.</summary>
    public static Box BoxOf(Box domain, Box part)
    {
        int last = domain.Rank - 1;
        var low = ImmutableArray.CreateBuilder<long>(domain.Rank);
        var high = ImmutableArray.CreateBuilder<long>(domain.Rank);
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            long length = axis == last ? LeafLength : 1;
            long first = Floor.Divide(domain.Low[axis], length);
            low.Add(Floor.Divide(part.Low[axis], length) - first);
            high.Add(part.Length(axis) == 0 ? low[axis] : Floor.Divide(part.High[axis] - 1, length) + 1 - first);
        }
        return new Box(low.MoveToImmutable(), high.MoveToImmutable());
    }
}
