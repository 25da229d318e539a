namespace Avial.Examples.Flood;

/// <summary>A flood to compute: the ground in metres, the water at the start, Manning's n in s/m^(1/3), and rain in m/s.</summary>
public sealed record FloodModel(Grid Bed, Cell[] Start, double Manning = 0, double Rain = 0);
