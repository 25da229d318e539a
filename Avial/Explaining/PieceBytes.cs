using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>How many bytes a piece of a message is.</summary>
internal static class PieceBytes
{
    public static long Of(Piece piece, ArrayType type)
    {
        long bytes = 0;
        for (int column = 0; column < type.Element.Columns.Length; column++)
        {
            bytes += piece.Has(column) ? piece.Box.Count * type.Element.Columns[column].Type.Size() : 0;
        }
        return bytes;
    }
}
