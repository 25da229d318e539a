using Avial.Graph;

namespace Avial.Backends.Lowering;

/// <summary>
/// A map: one stage per piece, a nest over the part of the piece's box that the call is given. Where the operation has a base, the output's memory
/// already holds it (in place or copied): stages write their pieces only.
/// <code>
/// for i in box.low0 .. box.high0
///     for j in box.low1 .. box.high1: out[i - origin0, j - origin1] = kernel(i, j)
/// </code>
/// With borders, the innermost loop is split into an edge, an interior that no border reaches, and an edge, row by row.
/// </summary>
internal static class MapLowering
{
    public static LoweredOperation Lower(GraphNode node, MapOperation operation) => new(
        [.. operation.Pieces.Select((piece, number) => (object)LowerPiece(node, operation, piece, number))], []);

    private static LoweredStage LowerPiece(GraphNode node, MapOperation operation, MapPiece piece, int number)
    {
        int rank = piece.Domain.Rank;
        var function = new FunctionBuilder(node, operation.Pieces.Length == 1 ? "" : $"_{number}", rank);
        var kernel = new KernelLowering(function, piece.Use);
        var outputs = new OutputColumns(function, operation.Outputs, operation.Origin);
        BoxNest.Emit(function, kernel, rank, (indices, isInterior) => outputs.Store(indices, kernel.Emit(indices, isInterior)));
        return function.Finish(new DomainBox(number), CutKind.Any) with { Work = KernelWork.Executed(piece.Use.Kernel.Body) };
    }
}
