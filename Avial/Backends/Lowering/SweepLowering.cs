using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// A sweep: the domain in lexicographic order, each axis in its direction, read and written in place. The output's memory already holds the start, so
/// what precedes is new and all else old. Where its dependences are fixed distances, tiles run in wavefronts; the bits are the same.
/// </summary>
internal static partial class SweepLowering
{
    // Below this many elements the fronts are not worth starting.
    private const long FewElements = 1 << 14;

    public static LoweredOperation Lower(GraphNode node, SweepOperation operation, InPlaceInputs inPlace, ImmutableArray<int> slant = default)
    {
        string? obstacle = Obstacle(operation, out ImmutableArray<ImmutableArray<int>> skews);
        return obstacle is null
            ? new LoweredOperation([InTiles(node, operation, skews, inPlace, slant)], [])
            {
                Note = $"runs as wavefronts of tiles along ({string.Join(", ", SweepSchedule.Theta(skews))})",
            }
            : new LoweredOperation([InOrder(node, operation, inPlace, slant)], []) { Note = $"runs in order on one worker: {obstacle}" };
    }

    private static string? Obstacle(SweepOperation operation, out ImmutableArray<ImmutableArray<int>> skews)
    {
        skews = [];
        int rank = operation.Domain.Rank;
        if (rank < 2)
        {
            return "it has one axis";
        }
        if (operation.Domain.IsConstant && operation.Domain.ToBox().Count < FewElements)
        {
            return "it is small";
        }
        // The first element to stop in the order of the sweep must be the one that is reported.
        if (!KernelWork.IsTrapFree(operation.Use.Kernel.Body))
        {
            return "an element may stop it";
        }
        var dependences = new SweepDependences(operation);
        if (dependences.Obstacle is { } unknown)
        {
            return unknown;
        }
        if (SweepSchedule.Find(rank, dependences.Distances) is not { } found)
        {
            return "its elements depend on one another too far ahead";
        }
        skews = found;
        return null;
    }

    private static LoweredStage InOrder(GraphNode node, SweepOperation operation, InPlaceInputs inPlace, ImmutableArray<int> slant)
    {
        var function = new FunctionBuilder(node, "", operation.Domain.Rank);
        var kernel = new KernelLowering(function, operation.Use, self: 0, inPlace);
        var output = new OutputColumns(function, operation.Outputs);
        SlantedBand? band = slant.IsDefaultOrEmpty ? null : new SlantedBand(function, slant);
        EmitAxis(function, operation, band, [], index => output.Store(index, kernel.Emit(index)));
        return function.Finish(new DomainBox(0), CutKind.None);
    }

    private static void EmitAxis(FunctionBuilder function, SweepOperation operation, SlantedBand? band, ImmutableArray<Value> outer, Action<ImmutableArray<Value>> body)
    {
        int axis = outer.Length;
        if (axis == operation.Domain.Rank)
        {
            body(outer);
            return;
        }
        Value low = function.BoxLow[axis];
        Value high = function.BoxHigh[axis];
        bool isNarrowed = band?.Narrows(axis) ?? false;
        if (isNarrowed)
        {
            (low, high) = band!.Of(outer, low, high);
        }
        function.For(low, high, position =>
        {
            Value index = operation.Domain.Axes[axis].IsReversed
                ? function.Subtract(function.Add(low, function.Add(high, -1)), position)
                : position;
            EmitAxis(function, operation, band, outer.Add(index), body);
        }, isOverBox: !isNarrowed);
    }
}
