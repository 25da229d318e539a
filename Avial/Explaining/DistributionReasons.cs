using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;

namespace Avial.Explaining;

/// <summary>Why values are distributed as they are, where the task itself leaves little choice.</summary>
internal static class DistributionReasons
{
    /// <summary>A few words; empty where the choice was free.</summary>
    public static string Of(DistributionSlot slot, Distribution chosen) => slot switch
    {
        { Node: null } => "as it is in memory",
        { Space.Rank: 0 } => "every rank has numbers",
        { Node.Operation: CallOperation } => "calls run on one rank",
        { IsMadeAnywhere: true } when chosen.Kind == DistributionKind.Everywhere => "each rank makes what it needs",
        { Node.Operation: ReshapeOperation } => "a reshape shows memory as a whole",
        { IsIteration: true, Fixed: not null } => "in an order that one rank keeps",
        { Space.IsEmpty: true } => "there is nothing to share out",
        _ when slot.MayCut.Contains(false) => $"axis {string.Join(", ", Enumerable.Range(0, slot.MayCut.Length).Where(a => !slot.MayCut[a]))} stays whole, as its order matters",
        _ => "",
    };
}
