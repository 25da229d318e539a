using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>The most memory that a rank's plan holds at a time: windows from where they are made to where they are given back.</summary>
internal sealed class PlanMemory
{
    // Of the steps of a loop, and of one inside it, how many windows are looked at.
    private const int MostSteps = 1024;
    private const int MostInnerSteps = 32;

    private readonly List<Held> _live = [];
    private int _depth;
    private long _bytes;
    private long _peak = -1;
    private ImmutableArray<Held> _peakLive = [];

    /// <summary>A buffer, and the bytes of its memory.</summary>
    internal sealed record Held(RankBuffer Buffer, long Bytes);

    /// <param name="Rank">The rank.</param>
    /// <param name="Bytes">The most bytes at a time.</param>
    /// <param name="Live">The buffers that hold them.</param>
    internal sealed record Peak(RankId Rank, long Bytes, ImmutableArray<Held> Live);

    public static Peak Of(RankPlan plan, ulong[] scalars)
    {
        var memory = new PlanMemory();
        var held = new Held?[plan.Body.Buffers.Length];
        foreach (int parameter in plan.Body.Parameters)
        {
            if (parameter >= 0 && held[parameter] is null)
            {
                memory.Make(plan.Body, null, parameter, held);
            }
        }
        memory.Follow(plan.Body, null, held, scalars);
        memory.Note();
        return new Peak(plan.Rank, memory._peak, memory._peakLive);
    }

    // held: for each buffer that has memory, the buffer that it was made for.
    private void Follow(RankBody body, BufferRoom? room, Held?[] held, ulong[] scalars)
    {
        foreach (RankStep step in body.Steps)
        {
            switch (step)
            {
                case AllocateStep allocate:
                    Make(body, room, allocate.Buffer, held);
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
    private void Loop(RankBody body, LoopStep loop, Held?[] held, ulong[] scalars)
    {
        Note();
        GraphNode node = body.Region.Nodes[loop.Node];
        Held[] before = [.. _live];
        long bytes = _bytes;
        long count = (long)scalars[node.Scalars[0]];
        BufferRoom? room = loop.Bodies.IsMoving ? BufferRoom.Of(loop.Bodies, count, _depth == 0 ? MostSteps : MostInnerSteps) : null;
        _depth++;
        foreach (long step in LoopSteps.Samples(loop.Bodies, count))
        {
            RankBody inner = loop.Bodies.At(step);
            var given = new Held?[inner.Buffers.Length];
            for (int k = 0; k < loop.Initial.Length; k++)
            {
                given[inner.Parameters[k]] = held[loop.Initial[k]];
            }
            foreach ((int inside, int outside) in loop.Imports)
            {
                given[inside] = held[outside];
            }
            if (inner.Parameters[loop.Initial.Length] is >= 0 and int counter)
            {
                Make(inner, null, counter, given);
            }
            Follow(inner, room, given, [.. node.Scalars.Select(s => scalars[s])]);
            Note();
            _live.Clear();
            _live.AddRange(before);
            _bytes = bytes;
        }
        _depth--;
        for (int k = 0; k < loop.Initial.Length; k++)
        {
            Held? state = held[loop.Initial[k]];
            held[loop.Initial[k]] = null;
            held[loop.Outputs[k]] = state;
        }
    }

    private void Make(RankBody body, BufferRoom? room, int buffer, Held?[] held)
    {
        RankBuffer made = body.Buffers[buffer];
        var memory = new Held(made, room?.BytesOf(made) ?? made.Bytes);
        held[buffer] = memory;
        _live.Add(memory);
        _bytes = checked(_bytes + memory.Bytes);
    }

    private void Drop(int buffer, Held?[] held)
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
