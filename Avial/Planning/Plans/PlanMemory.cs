using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>The most memory that a rank's plan holds at a time: windows from where they are made to where they are given back.</summary>
internal sealed class PlanMemory
{
    private readonly List<RankBuffer> _live = [];
    private long _bytes;
    private long _peak = -1;
    private ImmutableArray<RankBuffer> _peakLive = [];

    /// <param name="Rank">The rank.</param>
    /// <param name="Bytes">The most bytes at a time.</param>
    /// <param name="Live">The buffers that hold them.</param>
    internal sealed record Peak(RankId Rank, long Bytes, ImmutableArray<RankBuffer> Live);

    public static Peak Of(RankPlan plan, ulong[] scalars)
    {
        var memory = new PlanMemory();
        var held = new RankBuffer?[plan.Body.Buffers.Length];
        foreach (int parameter in plan.Body.Parameters)
        {
            if (parameter >= 0 && held[parameter] is null)
            {
                memory.Make(plan.Body, parameter, held);
            }
        }
        memory.Follow(plan.Body, held, scalars);
        memory.Note();
        return new Peak(plan.Rank, memory._peak, memory._peakLive);
    }

    // held: for each buffer that has memory, the buffer that it was made for.
    private void Follow(RankBody body, RankBuffer?[] held, ulong[] scalars)
    {
        foreach (RankStep step in body.Steps)
        {
            switch (step)
            {
                case AllocateStep allocate:
                    Make(body, allocate.Buffer, held);
                    break;
                case FreeStep free:
                    Drop(free.Buffer, held);
                    break;
                case ReshapeStep reshape:
                    held[reshape.To] = held[reshape.From];
                    break;
                case LoopStep loop:
                    Loop(body, loop, held, scalars);
                    break;
            }
        }
    }

    // The memory of the state goes round: what a step leaves is as large as what it found.
    private void Loop(RankBody body, LoopStep loop, RankBuffer?[] held, ulong[] scalars)
    {
        Note();
        GraphNode node = body.Region.Nodes[loop.Node];
        RankBuffer[] before = [.. _live];
        long bytes = _bytes;
        foreach (long step in LoopSteps.Samples(loop.Bodies, (long)scalars[node.Scalars[0]]))
        {
            RankBody inner = loop.Bodies.At(step);
            var given = new RankBuffer?[inner.Buffers.Length];
            for (int k = 0; k < loop.Initial.Length; k++)
            {
                given[inner.Parameters[k]] = held[loop.Initial[k]];
            }
            foreach ((int inside, int outside) in loop.Imports)
            {
                given[inside] = held[outside];
            }
            Follow(inner, given, [.. node.Scalars.Select(s => scalars[s])]);
            Note();
            _live.Clear();
            _live.AddRange(before);
            _bytes = bytes;
        }
        for (int k = 0; k < loop.Initial.Length; k++)
        {
            RankBuffer? state = held[loop.Initial[k]];
            held[loop.Initial[k]] = null;
            held[loop.Outputs[k]] = state;
        }
    }

    private void Make(RankBody body, int buffer, RankBuffer?[] held)
    {
        RankBuffer made = body.Buffers[buffer];
        held[buffer] = made;
        _live.Add(made);
        _bytes = checked(_bytes + made.Bytes);
    }

    private void Drop(int buffer, RankBuffer?[] held)
    {
        Note();
        if (held[buffer] is { } made && _live.Remove(made))
        {
            _bytes -= made.Bytes;
        }
        held[buffer] = null;
    }

    // Memory is at its most just before some is given back, or at the end.
    private void Note()
    {
        if (_bytes > _peak)
        {
            _peak = _bytes;
            _peakLive = [.. _live];
        }
    }
}
