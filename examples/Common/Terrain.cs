using System.Text.Json;

namespace Avial.Examples;

/// <summary>The elevation of Maunga Whau (Mt Eden), Auckland: 870 m × 610 m, in metres above the sea.</summary>
public static class Terrain
{
    /// <summary>The distance of the surveyed points in metres.</summary>
    public const double Spacing = 10;

    /// <summary>Loads the survey as it is: 61 rows of 87 cells of 10 m.</summary>
    public static Grid Load()
    {
        using var stream = DataFile.Open("volcano.json");
        return Read(stream, "volcano.json");
    }

    /// <summary>Loads the survey and refines it to cells of <paramref name="cell"/> metres, such as 5, 2, 1 or 0.5.</summary>
    public static Grid Load(double cell) => Refine(Load(), cell);

    /// <summary>Reads a survey from JSON: <c>width</c>, <c>height</c> and <c>values</c> row by row.</summary>
    /// <exception cref="InvalidDataException">The file is damaged; the message says how.</exception>
    public static Grid Read(Stream stream, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(stream);
            var root = document.RootElement;
            var (columns, rows) = (root.GetProperty("width").GetInt32(), root.GetProperty("height").GetInt32());
            if (columns < 1 || rows < 1) throw new InvalidDataException($"{name}: width {columns} and height {rows} must be positive.");
            double[] values = [.. root.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
            return values.Length == (long)rows * columns
                ? new Grid(rows, columns, Spacing, values)
                : throw new InvalidDataException($"{name}: {values.Length} values where {rows} × {columns} = {(long)rows * columns} are announced.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"{name} is not an elevation grid: {error.Message}", error);
        }
    }

    /// <summary>
    /// Resamples at the centres of smaller cells with Catmull-Rom splines along rows, then columns: smooth, and exact at
    /// the surveyed points. Points are the centres of their cells; beyond the outermost ones the edge is repeated.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Cells of this size do not fill the grid.</exception>
    public static Grid Refine(Grid grid, double cell)
    {
        var (columns, rows) = (grid.Width / cell, grid.Height / cell);
        if (!(cell > 0 && cell <= grid.Cell && IsWhole(columns) && IsWhole(rows)))
        {
            throw new ArgumentOutOfRangeException(nameof(cell), cell,
                $"Cells must be at most {grid.Cell} m and fill {grid.Width} m × {grid.Height} m exactly, such as 10, 5, 2, 1 or 0.5.");
        }
        return Resample(grid, (int)Math.Round(rows), (int)Math.Round(columns));
    }

    /// <summary>Resamples to any number of rows and columns over the same ground, for pictures.</summary>
    public static Grid Resample(Grid grid, int rows, int columns)
    {
        var wide = new double[grid.Rows * columns];
        for (var column = 0; column < columns; column++)
        {
            var (first, weights) = Spline((column + 0.5) * grid.Columns / columns - 0.5);
            for (var row = 0; row < grid.Rows; row++)
            {
                var sum = 0.0;
                for (var k = 0; k < 4; k++) sum += weights[k] * grid[row, Math.Clamp(first + k, 0, grid.Columns - 1)];
                wide[row * columns + column] = sum;
            }
        }
        var values = new double[rows * columns];
        for (var row = 0; row < rows; row++)
        {
            var (first, weights) = Spline((row + 0.5) * grid.Rows / rows - 0.5);
            for (var column = 0; column < columns; column++)
            {
                var sum = 0.0;
                for (var k = 0; k < 4; k++) sum += weights[k] * wide[Math.Clamp(first + k, 0, grid.Rows - 1) * columns + column];
                values[row * columns + column] = sum;
            }
        }
        return new Grid(rows, columns, grid.Width / columns, values);
    }

    private static bool IsWhole(double value) => Math.Abs(value - Math.Round(value)) < 1e-6 * value;

    private static (int First, double[] Weights) Spline(double position)
    {
        var below = (int)Math.Floor(position);
        var t = position - below;
        return (below - 1,
        [
            0.5 * t * (t * (2 - t) - 1),
            0.5 * (t * t * (3 * t - 5) + 2),
            0.5 * t * (t * (4 - 3 * t) + 1),
            0.5 * t * t * (t - 1),
        ]);
    }
}
