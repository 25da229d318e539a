using Avial.Graph;

namespace Avial.Execution.Ranks;

/// <summary>Hashes of a region and of each of its tasks, equal in every process that recorded the same lines. Remembered by structure.</summary>
internal sealed class TaskHashes
{
    private const int Most = 1000;

    private readonly Dictionary<RegionKey, (ulong Whole, ulong[] Tasks)> _known = [];

    public (ulong Whole, ulong[] Tasks) Of(Region region)
    {
        if (_known.TryGetValue(region.Key, out (ulong, ulong[]) hashes))
        {
            return hashes;
        }
        if (_known.Count >= Most)
        {
            _known.Clear();
        }
        hashes = Compute(region);
        _known.Add(region.Key, hashes);
        return hashes;
    }

    private static (ulong Whole, ulong[] Tasks) Compute(Region region)
    {
        var whole = new StableHash();
        foreach (ArrayType parameter in region.Parameters)
        {
            whole.Add(parameter.ToString());
        }
        var tasks = new ulong[region.Nodes.Length];
        for (int n = 0; n < tasks.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            var task = new StableHash();
            // Equal captured numbers share a position: that is a matter of the numbers, which are compared for themselves.
            task.Add(GraphPrinter.Print(node with { Scalars = [.. Enumerable.Range(0, node.Scalars.Length)] }));
            task.Add(node.Span.Place);
            tasks[n] = task.Value;
            whole.Add(task.Value);
        }
        foreach (GraphValue result in region.Results)
        {
            whole.Add(result.ToString());
        }
        return (whole.Value, tasks);
    }
}
