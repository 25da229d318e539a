using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>What the field calls a transfer.</summary>
internal static class TransferKind
{
    public static string Of(Transfer transfer)
    {
        if (transfer.From == transfer.To)
        {
            return "halo";
        }
        bool isToAll = transfer.Needs.All(n => n.Consumer.Kind == DistributionKind.Everywhere);
        bool isToOne = transfer.Needs.All(n => n.Consumer.Kind == DistributionKind.OnOne);
        return (transfer.Owner.Kind, isToAll, isToOne) switch
        {
            (DistributionKind.OnOne, true, _) => "broadcast",
            (DistributionKind.OnOne, _, true) => "move",
            (DistributionKind.OnOne, _, _) => "scatter",
            (_, true, _) => "all-gather",
            (_, _, true) => "gather",
            _ => "redistribution",
        };
    }
}
