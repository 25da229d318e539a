namespace Avial.Examples;

/// <summary>Numbers on square cells, row by row from the top left. <see cref="Cell"/> is the side of a cell in metres.</summary>
public sealed record Grid(int Rows, int Columns, double Cell, double[] Values)
{
    /// <summary>The value of one cell.</summary>
    public double this[int row, int column] => Values[row * Columns + column];

    /// <summary>Width in metres.</summary>
    public double Width => Columns * Cell;

    /// <summary>Height in metres.</summary>
    public double Height => Rows * Cell;

    /// <summary>A grid of the same cells with new values.</summary>
    public Grid With(double[] values) => this with { Values = values };

    /// <summary>The value at the point (<paramref name="x"/>, <paramref name="y"/>) metres from the top left corner, bilinear between cell centres.</summary>
    public double At(double x, double y)
    {
        var (column, fx) = Split(x / Cell - 0.5, Columns);
        var (row, fy) = Split(y / Cell - 0.5, Rows);
        var (right, below) = (Math.Min(column + 1, Columns - 1), Math.Min(row + 1, Rows - 1));
        var upper = this[row, column] + fx * (this[row, right] - this[row, column]);
        var lower = this[below, column] + fx * (this[below, right] - this[below, column]);
        return upper + fy * (lower - upper);
    }

    private static (int Index, double Fraction) Split(double position, int count)
    {
        var index = Math.Clamp((int)Math.Floor(position), 0, count - 1);
        return (index, Math.Clamp(position - index, 0, 1));
    }
}
