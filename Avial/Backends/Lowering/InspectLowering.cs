using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Inspecting;

namespace Avial.Backends.Lowering;

/// <summary>
/// Finds where a node reads an input: an input behind the others, one byte for each element, gets a 1 at each place. Any number of points may mark one place.
/// <code>
/// for v in box.low .. box.high
///     for k in first[v] .. first[v + 1]: marks[col[k]] = 1
/// </code>
/// </summary>
internal static class InspectLowering
{
    public static LoweredOperation Lower(GraphNode node, InspectedRead read)
    {
        var stages = ImmutableArray.CreateBuilder<object>();
        for (int piece = 0; piece < read.Slices.Length; piece++)
        {
            if (read.Slices[piece] is { } slice)
            {
                stages.Add(Lower(node, slice, piece));
            }
        }
        return new LoweredOperation(stages.ToImmutable(), []);
    }

    private static LoweredStage Lower(GraphNode node, KernelUse slice, int piece)
    {
        int rank = slice.Kernel.Rank;
        var function = new FunctionBuilder(node, $"_places_{piece}", rank);
        var kernel = new KernelLowering(function, slice, marks: node.Inputs.Length);
        BoxNest.Emit(function, kernel, rank, (index, isInterior) => kernel.Emit(index, isInterior), isOrdered: true);
        return function.Finish(new DomainBox(piece), CutKind.Any) with { Work = KernelWork.Executed(slice.Kernel.Body) };
    }
}
