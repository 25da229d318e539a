namespace Avial.Examples.Flood;

/// <summary>What the water adds up to.</summary>
public sealed class Balance
{
    // Thinner films are damp ground.
    private const double Wet = 1e-3;

    /// <summary>Adds up the water of <paramref name="cells"/> over <paramref name="bed"/>.</summary>
    public Balance(ReadOnlySpan<Cell> cells, Grid bed)
    {
        var (sum, lost, wet) = (0.0, 0.0, 0);
        foreach (var cell in cells)
        {
            // Kahan's sum: what is measured is the scheme's error, not that of adding up.
            var term = cell.H - lost;
            var next = sum + term;
            lost = next - sum - term;
            sum = next;
            Deepest = Math.Max(Deepest, cell.H);
            if (cell.H < Wet) continue;
            wet++;
            Fastest = Math.Max(Fastest, Math.Sqrt(cell.Hu * cell.Hu + cell.Hv * cell.Hv) / cell.H);
        }
        Volume = sum * bed.Cell * bed.Cell;
        WetShare = (double)wet / cells.Length;
    }

    /// <summary>All water in m³.</summary>
    public double Volume { get; }

    /// <summary>The greatest depth in metres.</summary>
    public double Deepest { get; }

    /// <summary>The greatest speed in m/s where water is at least a millimetre deep.</summary>
    public double Fastest { get; }

    /// <summary>The share of the ground under at least a millimetre of water.</summary>
    public double WetShare { get; }
}
