using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Backends.Lowering;

/// <summary>
/// Lowers an analysed operation to stages of loops. This is the one place where the orders of floating-point operations become explicit loops,
/// lanes and chunks: no backend owns an order.
/// </summary>
internal static class OperationLowering
{
    /// <summary>The stages of a map, fill, reduce, scan, scatter or sweep; other operations are the executor's own.</summary>
    /// <param name="node">The node.</param>
    /// <param name="inPlace">Inputs that a map or sweep reads where an output is written over them.</param>
    /// <param name="slant">The normal of the slanted bands in which parts of a sweep are computed; default: whole parts.</param>
    /// <param name="choices">What the code generator wants; null: loops that suit all.</param>
    public static LoweredOperation Lower(
        GraphNode node, InPlaceInputs inPlace = default, ImmutableArray<int> slant = default, LoweringChoices? choices = null) => node.Operation switch
        {
            MapOperation map => MapLowering.Lower(node, map, inPlace, choices ?? LoweringChoices.Plain),
            FillOperation fill => FillLowering.Lower(node, fill),
            ReduceOperation reduce => ReduceLowering.Lower(node, reduce),
            ScanOperation scan => ScanLowering.Lower(node, scan),
            ScatterOperation scatter => ScatterLowering.Lower(node, scatter),
            SweepOperation sweep => SweepLowering.Lower(node, sweep, inPlace, slant),
            _ => throw new InternalErrorException($"{node.Operation.GetType().Name} is not lowered to loops."),
        };
}
