namespace Avial.Examples.Flood;

/// <summary>
/// The water over one cell: depth in metres, and depth times velocity (m²/s) along the columns (<see cref="Hu"/>, positive
/// to the right) and along the rows (<see cref="Hv"/>, positive downwards in the picture).
/// </summary>
public readonly record struct Cell(double H, double Hu, double Hv);

/// <summary>Water at one side of a face: depth above the higher bed, velocity through the face and along it.</summary>
public readonly record struct Side(double H, double U, double V);

/// <summary>
/// What crosses a face, each a metre of its length and a second: mass, momentum along the face, and momentum through the face as
/// the cell before it (<see cref="Before"/>) and the cell behind it (<see cref="Behind"/>) see it; these two differ by the push
/// of the bed's step.
/// </summary>
public readonly record struct Face(double Mass, double Before, double Behind, double Along);
