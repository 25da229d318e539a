// Teaches: While is a loop inside a body that each point leaves when it likes; its state is a record struct of yours.

using Avial;
using Avial.Examples;
using static Avial.KernelMath;
using static Avial.Targets;

const int rows = 600, columns = 900, most = 500;
const double side = 3.0 / columns;      // the rectangle -2.1…0.9 × -1…1

Array2D<int> steps = Task.On(Auto).Run((rows, columns), (i, j) =>
    Let(-2.1 + (j + 0.5) * side, -1 + (i + 0.5) * side, (x, y) =>
        While(new Orbit(0, 0, 0),
            z => z.Step < most && z.X * z.X + z.Y * z.Y <= 4,
            z => new Orbit(z.X * z.X - z.Y * z.Y + x, 2 * z.X * z.Y + y, z.Step + 1)).Step));
Scalar<int> inside = Task.On(Auto).Reduce((rows, columns), (i, j) => steps[i, j] == most ? 1 : 0, Reduction.Sum);
Scalar<int> mirrored = Task.On(Auto).Reduce((rows, columns), (i, j) => steps[i, j] == steps[rows - 1 - i, j] ? 1 : 0, Reduction.Sum);

Session.Current.WriteLine($"area     {inside.Value * side * side:0.000}, known 1.507");
Session.Current.WriteLine($"mirrored {100.0 * mirrored.Value / (rows * columns):0.0} %");

if (args is [var path])
{
    var picture = new Picture(columns, rows);
    var counts = steps.ToArray();
    for (var i = 0; i < rows; i++)
    {
        for (var j = 0; j < columns; j++)
        {
            var t = counts[i, j] == most ? 0 : Math.Sqrt((double)counts[i, j] / most);
            picture[i, j] = new Rgb(Math.Min(1, 2.2 * t * t), 0.15 * Math.Sign(t) + 0.9 * t, 0.3 * Math.Sign(t) + 0.7 * Math.Sqrt(t));
        }
    }
    picture.Save(path);
}

internal readonly record struct Orbit(double X, double Y, int Step);
