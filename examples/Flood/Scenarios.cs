namespace Avial.Examples.Flood;

/// <summary>The floods one can ask for.</summary>
public static class Scenarios
{
    // Short grass and scoria.
    private const double Manning = 0.03;

    // The crater's deepest point, metres from the top left corner.
    private const double CraterX = 295;
    private const double CraterY = 275;

    // The lowest point of the crater's rim is 168 m high: a fuller crater would spill.
    private const double Rim = 168;

    /// <summary>The names of the scenarios.</summary>
    public static readonly IReadOnlyList<string> Names = ["dam-break", "rain", "lake-at-rest"];

    /// <summary>Prepares a scenario on cells of <paramref name="cell"/> metres.</summary>
    public static FloodModel Create(string name, double cell)
    {
        var terrain = Terrain.Load(cell);
        return name switch
        {
            "dam-break" => DamBreak(terrain),
            "rain" => Rain(terrain),
            "lake-at-rest" => LakeAtRest(terrain),
            _ => throw new ArgumentException($"There is no scenario '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
        };
    }

    /// <summary>The crater is a lake full to the rim when the rim's lowest side gives way.</summary>
    public static FloodModel DamBreak(Grid terrain)
    {
        var water = new Cell[terrain.Values.Length];
        var broken = Breach(terrain);
        foreach (var at in Basin(terrain, CraterX, CraterY, Rim)) water[at] = new Cell(Rim - broken.Values[at], 0, 0);
        return new FloodModel(broken, water, Manning);
    }

    /// <summary>A cloudburst of 120 mm an hour on dry ground.</summary>
    public static FloodModel Rain(Grid terrain) => new(terrain, new Cell[terrain.Values.Length], Manning, Rain: 0.120 / 3600);

    /// <summary>Two lakes with islands, one in the crater and one around the hill; nothing may move.</summary>
    public static FloodModel LakeAtRest(Grid terrain)
    {
        const double Sea = 118.4;
        var water = new Cell[terrain.Values.Length];
        for (var at = 0; at < water.Length; at++) water[at] = new Cell(Math.Max(0, Sea - terrain.Values[at]), 0, 0);
        foreach (var at in Basin(terrain, CraterX, CraterY, 161.3)) water[at] = new Cell(161.3 - terrain.Values[at], 0, 0);
        return new FloodModel(terrain, water, Manning);
    }

    // A gash through the rim, from the crater's floor down to the slope outside and wider at the top.
    private static Grid Breach(Grid terrain)
    {
        const double From = 300, To = 470, Middle = 255;
        const double FloorFrom = 152, FloorTo = 147.5;
        const double HalfWidth = 20, FlankHeight = 10;

        double[] bed = [.. terrain.Values];
        for (var row = 0; row < terrain.Rows; row++)
        {
            for (var column = 0; column < terrain.Columns; column++)
            {
                var (x, y) = ((column + 0.5) * terrain.Cell, (row + 0.5) * terrain.Cell);
                if (x < From || x > To) continue;
                var floor = FloorFrom + (x - From) / (To - From) * (FloorTo - FloorFrom);
                var cut = floor + FlankHeight * Math.Pow((y - Middle) / HalfWidth, 2);
                bed[row * terrain.Columns + column] = Math.Min(terrain[row, column], cut);
            }
        }
        return terrain.With(bed);
    }

    // The cells below the level that water reaches from the point: neighbour by neighbour, as a lake fills.
    private static List<int> Basin(Grid terrain, double x, double y, double level)
    {
        var first = (int)(y / terrain.Cell) * terrain.Columns + (int)(x / terrain.Cell);
        var isReached = new bool[terrain.Values.Length];
        var reached = new List<int>();
        Reach(first);
        for (var next = 0; next < reached.Count; next++)
        {
            var (row, column) = Math.DivRem(reached[next], terrain.Columns);
            if (column > 0) Reach(reached[next] - 1);
            if (column + 1 < terrain.Columns) Reach(reached[next] + 1);
            if (row > 0) Reach(reached[next] - terrain.Columns);
            if (row + 1 < terrain.Rows) Reach(reached[next] + terrain.Columns);
        }
        return reached;

        void Reach(int at)
        {
            if (isReached[at] || terrain.Values[at] >= level) return;
            isReached[at] = true;
            reached.Add(at);
        }
    }
}
