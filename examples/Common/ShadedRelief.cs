namespace Avial.Examples;

/// <summary>Draws terrain as a shaded map, with water over it.</summary>
public sealed class ShadedRelief
{
    private static readonly (double Height, Rgb Colour)[] s_land =
    [
        (0.00, Rgb.Hex(0x5E8C61)), (0.18, Rgb.Hex(0x8DAA6D)), (0.40, Rgb.Hex(0xC9C083)),
        (0.62, Rgb.Hex(0xCFA56B)), (0.82, Rgb.Hex(0xA97B55)), (1.00, Rgb.Hex(0xE9DFD0)),
    ];

    // Depth in metres; opacity grows with it so that a film of rain still shows the ground.
    private static readonly (double Depth, Rgb Colour)[] s_water =
    [
        (0.0, Rgb.Hex(0x9ADBEF)), (0.5, Rgb.Hex(0x4DB4E0)), (2.0, Rgb.Hex(0x1F7FC4)), (8.0, Rgb.Hex(0x0F4C9A)), (25.0, Rgb.Hex(0x08265E)),
    ];

    private readonly Grid _bed;
    private readonly Picture _land;

    /// <summary>Prepares the map of <paramref name="terrain"/>, <paramref name="pixelsPerMetre"/> fine.</summary>
    public ShadedRelief(Grid terrain, double pixelsPerMetre = 1.5)
    {
        var (width, height) = ((int)Math.Round(terrain.Width * pixelsPerMetre), (int)Math.Round(terrain.Height * pixelsPerMetre));
        _bed = Terrain.Resample(terrain, height, width);
        _land = DrawLand(Soften(_bed));
    }

    /// <summary>The map without water.</summary>
    public Picture Draw() => Draw(null, 0.02);

    /// <summary>The map with water of the given depths in metres; films thinner than <paramref name="film"/> fade out.</summary>
    public Picture Draw(Grid? depth, double film = 0.02)
    {
        var picture = new Picture(_land.Width, _land.Height);
        var surface = depth is null ? null : Surface(depth);
        for (var row = 0; row < picture.Height; row++)
        {
            for (var column = 0; column < picture.Width; column++)
            {
                var land = _land[row, column];
                picture[row, column] = surface is null || depth is null ? land : DrawWater(depth, surface, film, land, row, column);
            }
        }
        return picture;
    }

    private Grid Surface(Grid depth)
    {
        var values = new double[_bed.Values.Length];
        for (var row = 0; row < _bed.Rows; row++)
        {
            for (var column = 0; column < _bed.Columns; column++)
            {
                values[row * _bed.Columns + column] = depth.At((column + 0.5) * _bed.Cell, (row + 0.5) * _bed.Cell);
            }
        }
        return _bed.With(values);
    }

    private Rgb DrawWater(Grid depth, Grid depths, double film, Rgb land, int row, int column)
    {
        var h = depths[row, column];
        if (h <= 0.1 * film) return land;

        // Light on the surface makes bores and ripples visible; far from the shore only, where the surface has a slope of its own.
        var (dx, dy) = Slope(row, column, (r, c) => _bed[r, c] + depths[r, c], Math.Max(1, (int)Math.Round(depth.Cell / _bed.Cell)));
        var glint = Math.Clamp(-1.6 * (dx + dy), -0.25, 0.35) * Math.Min(1, h);
        var colour = Colour(s_water, h).Scale(1 + glint);
        var opacity = Math.Min(0.92, 0.30 + 0.62 * (1 - Math.Exp(-h / 0.6))) * Math.Clamp((h - 0.1 * film) / film, 0, 1);
        return land.Mix(colour, opacity);
    }

    private static Picture DrawLand(Grid ground)
    {
        var picture = new Picture(ground.Columns, ground.Rows);
        var (lowest, highest) = (ground.Values.Min(), ground.Values.Max());
        var span = Math.Max(1e-9, highest - lowest);
        for (var row = 0; row < ground.Rows; row++)
        {
            for (var column = 0; column < ground.Columns; column++)
            {
                var (dx, dy) = Slope(row, column, (r, c) => ground[Clamp(r, ground.Rows), Clamp(c, ground.Columns)], 2);
                var shade = 0.60 * Light(dx, dy, 315, 40) + 0.25 * Light(dx, dy, 270, 55) + 0.15 * Light(dx, dy, 0, 60);
                var colour = Colour(s_land, (ground[row, column] - lowest) / span);
                picture[row, column] = colour.Scale(0.30 + 0.93 * shade).Mix(Rgb.Hex(0x4A3B2A), Contour(ground, row, column));
            }
        }
        return picture;
    }

    // Surveys in whole metres make steps in gentle slopes. Three box filters are nearly a Gaussian of about 4 m, below the survey's spacing.
    private static Grid Soften(Grid ground)
    {
        var reach = (int)Math.Round(4 / ground.Cell);
        var values = ground.Values;
        for (var pass = 0; pass < 3; pass++)
        {
            values = Box(values, ground.Rows, ground.Columns, ground.Columns, 1, reach);
            values = Box(values, ground.Columns, ground.Rows, 1, ground.Columns, reach);
        }
        return ground.With(values);
    }

    // The mean of 2·reach + 1 neighbours along a line; the ends of the line are repeated.
    private static double[] Box(double[] values, int lines, int length, int lineStride, int stride, int reach)
    {
        var result = new double[values.Length];
        for (var line = 0; line < lines; line++)
        {
            var first = line * lineStride;
            var sum = 0.0;
            for (var k = -reach; k <= reach; k++) sum += values[first + Clamp(k, length) * stride];
            for (var k = 0; k < length; k++)
            {
                result[first + k * stride] = sum / (2 * reach + 1);
                sum += values[first + Clamp(k + reach + 1, length) * stride] - values[first + Clamp(k - reach, length) * stride];
            }
        }
        return result;
    }

    // A thin line every 10 m, half a pixel soft on both sides; every fifth one is stronger.
    private static double Contour(Grid ground, int row, int column)
    {
        const double Interval = 10;
        var z = ground[row, column] - 0.5;      // half a metre off: surveys in whole metres have plateaus at whole metres
        var (dx, dy) = Slope(row, column, (r, c) => ground[Clamp(r, ground.Rows), Clamp(c, ground.Columns)], 1);
        var rise = Math.Max(1e-3, Math.Sqrt(dx * dx + dy * dy) * ground.Cell);
        var nearest = Math.Round(z / Interval);
        var pixels = Math.Abs(z - nearest * Interval) / rise;
        return Math.Clamp(1.1 - pixels, 0, 1) * (nearest % 5 == 0 ? 0.45 : 0.22);
    }

    private static int Clamp(int index, int count) => Math.Clamp(index, 0, count - 1);

    private (double Dx, double Dy) Slope(int row, int column, Func<int, int, double> height, int reach) =>
        Slope(row, column, (r, c) => height(Clamp(r, _bed.Rows), Clamp(c, _bed.Columns)), reach, _bed.Cell);

    private static (double Dx, double Dy) Slope(int row, int column, Func<int, int, double> height, int reach, double cell = 1) =>
        ((height(row, column + reach) - height(row, column - reach)) / (2 * reach * cell),
         (height(row + reach, column) - height(row - reach, column)) / (2 * reach * cell));

    // Lambert's law for a light from the azimuth (0 is up in the picture, clockwise) and altitude, heights exaggerated twice.
    private static double Light(double dx, double dy, double azimuth, double altitude)
    {
        const double Exaggeration = 2;
        var (sinA, cosA) = Math.SinCos(double.DegreesToRadians(azimuth));
        var (sinH, cosH) = Math.SinCos(double.DegreesToRadians(altitude));
        var (nx, ny) = (-Exaggeration * dx, -Exaggeration * dy);
        return Math.Max(0, (nx * sinA * cosH - ny * cosA * cosH + sinH) / Math.Sqrt(nx * nx + ny * ny + 1));
    }

    private static Rgb Colour((double At, Rgb Colour)[] palette, double value)
    {
        for (var i = 1; i < palette.Length; i++)
        {
            var (low, high) = (palette[i - 1], palette[i]);
            if (value <= high.At) return low.Colour.Mix(high.Colour, Math.Clamp((value - low.At) / (high.At - low.At), 0, 1));
        }
        return palette[^1].Colour;
    }
}
