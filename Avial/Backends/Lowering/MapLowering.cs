using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

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
    public static LoweredOperation Lower(GraphNode node, MapOperation operation, InPlaceInputs inPlace, LoweringChoices choices) => new(
        [.. operation.Pieces.Select((piece, number) => (object)LowerPiece(node, operation, piece, number, inPlace, choices))], []);

    private static LoweredStage LowerPiece(GraphNode node, MapOperation operation, MapPiece piece, int number, InPlaceInputs inPlace, LoweringChoices choices)
    {
        int rank = piece.Domain.Rank;
        var function = new FunctionBuilder(node, operation.Pieces.Length == 1 ? "" : $"_{number}", rank);
        var kernel = new KernelLowering(function, piece.Use, inPlace: inPlace);
        var outputs = new OutputColumns(function, operation.Outputs, operation.Origin);
        if (choices.Product is { } tile && kernel.FindContraction(choices) is { } contraction)
        {
            ProductLowering.Emit(function, kernel, contraction, outputs, tile, rank, row => EmitSummingRow(function, kernel, row, outputs));
        }
        else if (rank > 0 && kernel.MaySumTogether(choices))
        {
            BoxNest.EmitRows(function, rank, [], row => EmitSummingRow(function, kernel, row, outputs));
        }
        else
        {
            BoxNest.Emit(function, kernel, rank, (indices, isInterior) => outputs.Store(indices, kernel.Emit(indices, isInterior)));
        }
        return function.Finish(new DomainBox(number), CutKind.Any) with { Work = KernelWork.Executed(piece.Use.Kernel.Body) };
    }

    // Unroll and jam: the order of one element's inner sum is fixed, but neighbours are independent. Side by side they hide the latency of fma, and
    // share what does not depend on the innermost index.
    private static void EmitSummingRow(FunctionBuilder function, KernelLowering kernel, DomainRow row, OutputColumns outputs)
    {
        const int Together = 8; // one vector of floats, two of doubles; more would spill on 16 registers
        Value length = function.Subtract(row.High, row.Low);
        Value whole = function.Add(row.Low, function.Binary(BinaryOp.And, length, function.Constant(-Together)));
        function.For(row.Low, whole, place =>
        {
            ImmutableArray<Value>[] elements = [.. Enumerable.Range(0, Together).Select(i => row.At(function.Add(place, i)))];
            Value[][] results = kernel.EmitTogether(elements);
            for (int i = 0; i < elements.Length; i++)
            {
                outputs.Store(elements[i], results[i]);
            }
        }, step: Together);
        function.For(whole, row.High, place => outputs.Store(row.At(place), kernel.Emit(row.At(place))));
    }
}
