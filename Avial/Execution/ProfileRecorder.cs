using System.Diagnostics;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>Adds up the time of each task of a run.</summary>
internal sealed class ProfileRecorder
{
    private readonly Dictionary<GraphNode, (long Runs, long Ticks)> _tasks = new(ReferenceEqualityComparer.Instance);
    private readonly List<GraphNode> _order = [];

    /// <param name="node">The task.</param>
    /// <param name="ticks">The time in it.</param>
    /// <param name="goesOn">True for a further part of a run that was counted.</param>
    public void Add(GraphNode node, long ticks, bool goesOn)
    {
        ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_tasks, node, out bool exists);
        if (!exists)
        {
            _order.Add(node);
        }
        entry = (entry.Runs + (goesOn && exists ? 0 : 1), entry.Ticks + ticks);
    }

    public Profile Finish(Region region, long started, long peakBytes)
    {
        List<TaskProfile> tasks = [.. _order.Select(node => new TaskProfile(node.Name, _tasks[node].Runs, Stopwatch.GetElapsedTime(0, _tasks[node].Ticks), BytesOf(node)))];
        return new Profile(tasks, Stopwatch.GetElapsedTime(started), peakBytes);

        long BytesOf(GraphNode node) => node.Operation.Outputs.Sum(o => o.Bytes) + InputBytes(region, node);
    }

    private static long InputBytes(Region region, GraphNode node)
    {
        Region? home = Find(region, node);
        return home is null ? 0 : node.Inputs.Distinct().Sum(i => home.TypeOf(i).Bytes);
    }

    private static Region? Find(Region region, GraphNode node)
    {
        if (region.Nodes.Any(n => ReferenceEquals(n, node)))
        {
            return region;
        }
        return region.Nodes.Select(n => n.Operation is LoopOperation loop ? Find(loop.Body, node) : null).FirstOrDefault(r => r is not null);
    }
}
