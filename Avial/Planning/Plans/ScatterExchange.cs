using Avial.Backends;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Inspecting;

namespace Avial.Planning.Plans;

/// <summary>How the contributions to a scatter come to the owners of their targets.</summary>
internal enum ScatterExchange : byte
{
    /// <summary>Not at all: every owner computes all contributions.</summary>
    Alone,
    /// <summary>In messages to the owners, which combine those of lower ranks first: parts follow one another in the domain's order.</summary>
    Ordered,
    /// <summary>In messages to the owners, with their source indices, by which these put them in order.</summary>
    Numbered,
    /// <summary>Combined by each rank into an array as large as the target; all ranks merge theirs.</summary>
    Merged,
}

/// <summary>Chooses how ranks exchange contributions and says what that costs at most.</summary>
/// <param name="Exchange">How.</param>
/// <param name="Bytes">The bytes that a rank with the largest part, or with the most targets, sends or gets at most.</param>
/// <param name="Messages">The messages that it sends at most.</param>
internal readonly record struct ScatterTraffic(ScatterExchange Exchange, double Bytes, double Messages)
{
    private const int NumberBytes = sizeof(long);

    /// <summary>The way that costs less: in most steps of loops in which places stay, or in a run.</summary>
    /// <param name="body">The body.</param>
    /// <param name="node">The scatter in it.</param>
    /// <param name="iteration">How its domain is shared out; null when each owner computes all of it.</param>
    /// <param name="target">How its target is.</param>
    public static ScatterTraffic Of(BodyPlan body, int node, Distribution? iteration, Distribution target)
    {
        var scatter = (ScatterOperation)body.Region.Nodes[node].Operation;
        if (iteration is null or { Kind: DistributionKind.Everywhere } || iteration.Kind == DistributionKind.OnOne && target.Kind == DistributionKind.OnOne && iteration.Root == target.Root)
        {
            return default;
        }
        double part = iteration.Own(iteration.Kind == DistributionKind.OnOne ? iteration.Root : new RankId(0)).Volume;
        bool isInAnyOrder = SharedScatter.IsInAnyOrder(scatter);
        ScatterExchange routed = isInAnyOrder || IsAscending(iteration) ? ScatterExchange.Ordered : ScatterExchange.Numbered;
        double all = iteration.Space.Volume;
        int ranks = target.Ranks;
        bool isKept = ScatterPlaces.LastingOf(body, node).Loops > 0;
        double messages = MessagesEach(isKept) * (target.Kind == DistributionKind.OnOne ? 1 : Math.Min(ranks - 1, target.Kind == DistributionKind.Everywhere ? ranks : target.Cells));
        double bytes = BytesEach(scatter, routed, isKept) * target.Kind switch
        {
            DistributionKind.Everywhere => part * (ranks - 1),
            DistributionKind.OnOne => all,
            _ => Math.Max(part, all / target.Cells),
        };
        double merged = (double)scatter.Outputs[0].Count * scatter.Outputs[0].Element.PackedSize * ValueTerm.Levels(ranks);
        return isInAnyOrder && iteration.Kind == DistributionKind.Blocks && merged <= bytes
            ? new ScatterTraffic(ScatterExchange.Merged, merged, ValueTerm.Levels(ranks))
            : new ScatterTraffic(routed, bytes, messages);
    }

    /// <summary>What one rank sends at most; <paramref name="isKept"/>: when others know the places.</summary>
    public static ScatterTraffic Of(ScatterOperation scatter, ScatterStep step, RankId rank, bool isKept)
    {
        Distribution target = step.Target;
        int ranks = target.Ranks;
        int others = target.Kind switch
        {
            DistributionKind.Everywhere => ranks - 1,
            DistributionKind.OnOne => target.Root == rank ? 0 : 1,
            _ => target.Cells - (rank.Value < target.Cells ? 1 : 0),
        };
        return step.Exchange switch
        {
            ScatterExchange.Alone => default,
            ScatterExchange.Merged => new ScatterTraffic(step.Exchange, (double)scatter.Outputs[0].Count * scatter.Outputs[0].Element.PackedSize * ValueTerm.Levels(ranks), ValueTerm.Levels(ranks)),
            _ => new ScatterTraffic(step.Exchange,
                BytesEach(scatter, step.Exchange, isKept) * step.Part.Volume * (target.Kind == DistributionKind.Everywhere ? others : Math.Min(1, others)),
                (MessagesEach(isKept) - (step.Part.IsEmpty ? 1 : 0)) * others),
        };
    }

    /// <summary>The bytes of one contribution in a message: its target and, where order asks for it, its source, unless these are known; its value.</summary>
    public static int BytesEach(ScatterOperation scatter, ScatterExchange exchange, bool isKept) =>
        NumberBytes * (isKept ? 0 : exchange == ScatterExchange.Numbered ? 2 : 1) + scatter.Outputs[0].Element.PackedSize;

    // How many come, unless that is known; then all of them.
    private static double MessagesEach(bool isKept) => isKept ? 1 : 2;

    /// <summary>True when all points of a rank come before those of the next one in the domain's row-major order.</summary>
    private static bool IsAscending(Distribution iteration)
    {
        int axis = 0;
        while (axis < iteration.Grid.Length && iteration.Space.Length(axis) == 1)
        {
            axis++;
        }
        for (axis++; axis < iteration.Grid.Length; axis++)
        {
            if (iteration.Grid[axis] > 1)
            {
                return false;
            }
        }
        return true;
    }
}
