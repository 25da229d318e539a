using Avial.Geometry;

namespace Avial.Backends;

/// <summary>How a stage's box is cut into a grid of parts: the outermost axis first, the next when that is too short.</summary>
internal readonly unsafe struct PartCuts(LoweredStage stage, long* low, long* high, int* cuts, int rank)
{
    // Instructions a part should have at least: some 20 µs, against the microsecond or so that handing out a part costs.
    private const double LeastWork = 1 << 16;

    // So that a thread that was slow to start leaves parts to the others.
    private const int PartsPerThread = 4;
    private const double MostWork = 1 << 26; // some 50 ms: a cancelled run ends within a part
    private const int MostParts = 4096;

    public LoweredStage Stage => stage;

    public int Rank => rank;

    /// <summary>The low bounds of the box.</summary>
    public long* Low => low;

    /// <summary>The high bounds of the box.</summary>
    public long* High => high;

    /// <summary>Chooses the cuts; gives the number of parts.</summary>
    public int Cut(int threads, int forcedParts)
    {
        for (int axis = 0; axis < rank; axis++)
        {
            cuts[axis] = 1;
        }
        int most = stage.MostParts > 0 ? stage.MostParts : int.MaxValue;
        int left = Math.Min(most, forcedParts > 0 ? forcedParts : Wanted(threads));
        int parts = 1;
        for (int axis = 0; axis < rank && left > 1 && stage.Cut != CutKind.None; axis++)
        {
            if (!MayCut(axis))
            {
                continue;
            }
            cuts[axis] = (int)Math.Min(left, Units(axis));
            parts *= cuts[axis];
            left = Math.Min((left + cuts[axis] - 1) / cuts[axis], most / parts);
        }
        return parts;
    }

    /// <summary>The bounds of a part.</summary>
    public void Bounds(int part, long* partLow, long* partHigh)
    {
        for (int axis = rank - 1; axis >= 0; axis--)
        {
            int number = part % cuts[axis];
            part /= cuts[axis];
            partLow[axis] = Boundary(axis, number);
            partHigh[axis] = Boundary(axis, number + 1);
        }
    }

    private int Wanted(int threads)
    {
        double work = Math.Max(1, stage.Work);
        for (int axis = 0; axis < rank; axis++)
        {
            work *= high[axis] - low[axis];
        }
        double balanced = threads == 1 ? 1 : (double)threads * PartsPerThread;
        return (int)Math.Clamp(work / LeastWork, 1, Math.Max(balanced, Math.Min(work / MostWork, MostParts)));
    }

    private bool MayCut(int axis) => axis != stage.SequentialAxis && (stage.Cut != CutKind.Axes || stage.CutAxes.Contains(axis));

    private bool IsSnapped(int axis) => stage.Cut == CutKind.Snapped && stage.Snap > 1 && axis == (stage.SnapAxis < 0 ? rank - 1 : stage.SnapAxis);

    // What may be cut between: indices, or stretches between multiples of Snap.
    private long Units(int axis) => IsSnapped(axis)
        ? Floor.Divide(high[axis] - 1, stage.Snap) - Floor.Divide(low[axis], stage.Snap) + 1
        : high[axis] - low[axis];

    private long Boundary(int axis, int number)
    {
        if (number == 0)
        {
            return low[axis];
        }
        if (number == cuts[axis])
        {
            return high[axis];
        }
        long units = (long)((Int128)Units(axis) * number / cuts[axis]);
        return IsSnapped(axis) ? (Floor.Divide(low[axis], stage.Snap) + units) * stage.Snap : low[axis] + units;
    }
}
