using Avial.IR;

namespace Avial.Backends;

/// <summary>What a code generator wants of loops where several shapes give the same bits.</summary>
internal sealed record LoweringChoices
{
    /// <summary>For code that keeps few values in registers.</summary>
    public static LoweringChoices Plain { get; } = new();

    /// <summary>The most instructions of a term whose sums run side by side for neighbouring elements: more would not stay in registers.</summary>
    public int MostTermInstructions { get; init; } = 8;

    /// <summary>The part of a matrix product that is kept in registers; null: products are computed row by row.</summary>
    public ProductTile? Product { get; init; }
}

/// <summary>Rows × columns of a matrix product whose sums run side by side.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="RowBytes">The bytes of a row: a few vectors.</param>
internal sealed record ProductTile(int Rows, int RowBytes)
{
    /// <summary>How many columns.</summary>
    public int Columns(ScalarType type) => RowBytes / type.Size();
}
