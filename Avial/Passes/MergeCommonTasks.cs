using System.Collections.Immutable;
using Avial.Graph;

namespace Avial.Passes;

/// <summary>
/// Computes equal tasks once: the same operation of the same inputs and captured numbers. Why: library operations and C# helpers record the same task again.
/// Calls are never merged.
/// <code>a = map f x; b = map f x; return a, b  →  a = map f x; return a, a</code>
/// </summary>
internal static class MergeCommonTasks
{
    public static Region Apply(Region region)
    {
        var first = new Dictionary<Key, int>();
        var same = new int[region.Nodes.Length];
        bool isChanged = false;
        for (int n = 0; n < same.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            same[n] = n;
            if (node.Operation is CallOperation || RegionEdit.HasEffect(node.Operation))
            {
                continue;
            }
            var key = new Key(node.Operation, [.. node.Inputs.Select(Representative)], node.Scalars, node.Target, node.Precision);
            if (!first.TryAdd(key, n))
            {
                same[n] = first[key];
                isChanged = true;
            }
        }
        return isChanged ? RegionEdit.Prune(region, region.Nodes, Representative) : region;

        GraphValue Representative(GraphValue value) => value.IsParameter ? value : value with { Node = same[value.Node] };
    }

    private readonly record struct Key(Operation Operation, ImmutableArray<GraphValue> Inputs, ImmutableArray<int> Scalars, Target Target, Precision Precision)
    {
        public bool Equals(Key other) => Operation.Equals(other.Operation) && Inputs.AsSpan().SequenceEqual(other.Inputs.AsSpan())
            && Scalars.AsSpan().SequenceEqual(other.Scalars.AsSpan()) && Target == other.Target && Precision == other.Precision;

        public override int GetHashCode() => HashCode.Combine(Operation.GetHashCode(), Inputs.Length == 0 ? default : Inputs[0], Scalars.Length);
    }
}
