using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>Memory while the plan is followed, with the buffers that show it.</summary>
internal sealed class MemoryState(long bytes)
{
    public long Bytes => bytes;

    public List<int> Shown { get; } = [];
}

/// <summary>Where a rank stands in a body: steps that have started and ended, and what its buffers hold.</summary>
internal sealed class RankState
{
    public RankState(RankSteps steps, StepPrecedence order)
    {
        Steps = steps;
        Order = order;
        HasEnded = new bool[steps.Body.Steps.Length];
        Contents = new BufferContents?[steps.Body.Buffers.Length];
        Memory = new MemoryState?[steps.Body.Buffers.Length];
    }

    public RankSteps Steps { get; }

    public StepPrecedence Order { get; }

    public RankId Rank => Steps.Rank;

    public RankBody Body => Steps.Body;

    /// <summary>The step that is reached next; those before have started.</summary>
    public int Next { get; set; }

    public bool[] HasEnded { get; }

    /// <summary>By buffer: what it holds; null while it has no memory.</summary>
    public BufferContents?[] Contents { get; }

    public MemoryState?[] Memory { get; }

    /// <summary>By buffer: the bytes of its memory where that keeps room for the windows of other steps; null: where all are those of their windows.</summary>
    public long[]? Room { get; set; }

    /// <summary>The inspections made, by their numbers, and what they are about.</summary>
    public Dictionary<int, (InspectStep Step, NodeAccess Access)> Inspections { get; } = [];

    /// <summary>Buffers that belong to others: never written in their protected part, never given back.</summary>
    public Dictionary<int, Box?> Borrowed { get; } = [];

    public long Bytes { get; private set; }

    public long PeakBytes { get; private set; }

    public List<RankBuffer> PeakLive { get; private set; } = [];

    public bool IsDone => Next == Body.Steps.Length;

    /// <summary>True when every step that the next one waits for has ended.</summary>
    public bool IsReady
    {
        get
        {
            foreach (int earlier in Body.Steps[Next].After)
            {
                if (!HasEnded[earlier])
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>Gives a buffer memory of its own, which counts unless another body counts it.</summary>
    public void Make(int buffer, bool counts = true)
    {
        Contents[buffer] = new BufferContents();
        Memory[buffer] = new MemoryState(!counts ? 0 : Room?[buffer] ?? Body.Buffers[buffer].Bytes);
        Memory[buffer]!.Shown.Add(buffer);
        Count(Memory[buffer]!.Bytes);
    }

    /// <summary>Lets a buffer show the memory of another.</summary>
    public void Show(int from, int to)
    {
        Contents[to] = new BufferContents();
        Memory[to] = Memory[from];
        Memory[to]!.Shown.Add(to);
    }

    public void Drop(int buffer)
    {
        MemoryState memory = Memory[buffer]!;
        memory.Shown.Remove(buffer);
        if (memory.Shown.Count == 0)
        {
            Count(-memory.Bytes);
        }
        Memory[buffer] = null;
        Contents[buffer] = null;
    }

    /// <summary>Writes a value; what other buffers show of the same memory is no longer known.</summary>
    public void Write(int buffer, Box box, ulong columns, int value)
    {
        Contents[buffer]!.Write(box, columns, value);
        ForgetShown(buffer);
    }

    /// <summary>Writes over a box what was taken elsewhere: several values in places where they are equal, none where nothing is defined.</summary>
    public void Write(int buffer, Box box, ulong columns, List<Held> taken)
    {
        Contents[buffer]!.Forget(box, columns);
        taken.ForEach(Contents[buffer]!.Add);
        ForgetShown(buffer);
    }

    private void ForgetShown(int buffer)
    {
        foreach (int other in Memory[buffer]!.Shown)
        {
            if (other != buffer)
            {
                Contents[other]!.Clear();
            }
        }
    }

    /// <summary>Notes what was brought after an inspection; what other buffers show of the same memory is no longer known.</summary>
    public void Gather(int buffer, Gathered gathered, List<Box> boxes, List<Held> there)
    {
        Contents[buffer]!.Gather(gathered, boxes, there);
        ForgetShown(buffer);
    }

    /// <summary>A body inside held so much at a time.</summary>
    public void CountInner(RankState inner)
    {
        if (Bytes + inner.PeakBytes > PeakBytes)
        {
            PeakBytes = Bytes + inner.PeakBytes;
            PeakLive = [.. Live(), .. inner.PeakLive];
        }
    }

    private void Count(long bytes)
    {
        Bytes += bytes;
        if (Bytes > PeakBytes)
        {
            PeakBytes = Bytes;
            PeakLive = Live();
        }
    }

    private List<RankBuffer> Live()
    {
        var live = new List<RankBuffer>();
        for (int buffer = 0; buffer < Memory.Length; buffer++)
        {
            if (Memory[buffer] is { Bytes: > 0 })
            {
                live.Add(Body.Buffers[buffer]);
            }
        }
        return live;
    }
}
