using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>
/// What a sweep costs whose parts are computed as a pipeline: the last rank begins when a tile has been computed on each rank before it, and then all work at the same time.
/// <code>
/// time(tiles) = (tiles + ranks before the last one) · (start + work / tiles + messages · latency + border / tiles)
/// </code>
/// More tiles fill the pipeline sooner and send more messages.
/// </summary>
/// <param name="Stages">How many parts lie before the last one, each waiting for the one before.</param>
/// <param name="Start">Seconds that each tile takes however small it is: starting it, and the messages it waits for.</param>
/// <param name="Work">Seconds that a part takes in all: its points, and the bytes of its border.</param>
/// <param name="Lead">How much of a part a rank lies behind the one before, beyond a tile: slanted tiles begin in a corner, where they are short.</param>
internal readonly record struct SweepPipeline(int Stages, double Start, double Work, double Lead)
{
    /// <summary>Of a sweep whose parts <paramref name="work"/> gives the seconds of.</summary>
    public static SweepPipeline Of(NodeParts parts, ImmutableArray<int> normal, PointWork work, SymbolScope scope, MachineModel machine)
    {
        Distribution owner = parts.Owner;
        (int stages, int cuts) = (0, 0);
        (double border, double lead) = (0, 0);
        Box part = owner.Own(new RankId(0));
        for (int axis = 0; axis < owner.Grid.Length; axis++)
        {
            if (owner.Grid[axis] > 1)
            {
                stages += owner.Grid[axis] - 1;
                cuts++;
                border += part.Volume / Math.Max(1, part.Length(axis)) * parts.Body.Region.Nodes[parts.Node].Operation.Outputs[0].Element.PackedSize;
                lead += Math.Abs(normal[axis]) * (double)part.Length(axis);
            }
        }
        double span = lead + Enumerable.Range(0, normal.Length).Where(a => owner.Grid[a] == 1).Sum(a => Math.Abs(normal[a]) * (double)part.Length(a));
        double seconds = work.Longest(parts, scope);
        double start = machine.SecondsPerLaunch + cuts * machine.Latency;
        return new SweepPipeline(stages, start, Math.Max(0, seconds - machine.SecondsPerLaunch) + border * machine.SecondsPerByte, span > 0 ? lead / span : 0);
    }

    /// <summary>The number of tiles that takes the least time.</summary>
    public int BestTiles(int most)
    {
        double best = Start > 0 ? Math.Sqrt(Stages * Work / Start) : most;
        int low = (int)Math.Clamp(Math.Floor(best), 1, most);
        int high = Math.Min(low + 1, most);
        return Time(high) < Time(low) ? high : low;
    }

    /// <summary>The predicted seconds with so many tiles; with one, parts run one after another.</summary>
    public double Time(int tiles) => tiles == 1
        ? (1 + Stages) * (Start + Work)
        : (tiles + Stages) * (Start + Work / tiles) + Stages * Lead * (Work + tiles * Start);
}
