// Teaches: Clamp repeats the edge of an image, host arrays are captured like numbers, and fused passes need no buffers of yours.

using Avial;
using Avial.Examples;
using static Avial.KernelMath;
using static Avial.Targets;

const int reach = 4;
const double sigma = 2;
double[] weights = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma)))];
double total = weights.Sum();
Array1D<double> weight = Array1D.From<double>([.. weights.Select(w => w / total)]);

var relief = new ShadedRelief(Terrain.Load(5), pixelsPerMetre: 0.5).Draw();
Array2D<Rgb> image = Array2D.From(relief.ToArray());
Array2D<Rgb> across = Task.On(Auto).Run(image.Domain, (i, j) => new Rgb(
    Sum(0, 2 * reach + 1, k => weight[k] * image.Clamp[i, j + k - reach].R),
    Sum(0, 2 * reach + 1, k => weight[k] * image.Clamp[i, j + k - reach].G),
    Sum(0, 2 * reach + 1, k => weight[k] * image.Clamp[i, j + k - reach].B)));
Array2D<Rgb> blurred = Task.On(Auto).Run(image.Domain, (i, j) => new Rgb(
    Sum(0, 2 * reach + 1, k => weight[k] * across.Clamp[i + k - reach, j].R),
    Sum(0, 2 * reach + 1, k => weight[k] * across.Clamp[i + k - reach, j].G),
    Sum(0, 2 * reach + 1, k => weight[k] * across.Clamp[i + k - reach, j].B)));
Array2D<Rgb> sharpened = Task.On(Auto).Run(image.Domain, (i, j) => new Rgb(
    Sharpen(image[i, j].R, blurred[i, j].R), Sharpen(image[i, j].G, blurred[i, j].G), Sharpen(image[i, j].B, blurred[i, j].B)));

Session.Current.WriteLine($"image     {relief.Width}×{relief.Height}, contrast {Contrast(image):0.0000}");
Session.Current.WriteLine($"blurred   contrast {Contrast(blurred):0.0000}");
Session.Current.WriteLine($"sharpened contrast {Contrast(sharpened):0.0000}");
if (args is [var folder])
{
    Directory.CreateDirectory(folder);
    Picture.From(blurred.ToArray()).Save(Path.Combine(folder, "blurred.png"));
    Picture.From(sharpened.ToArray()).Save(Path.Combine(folder, "sharpened.png"));
}

// The mean difference of neighbours: what blurring takes and sharpening gives.
static double Contrast(Array2D<Rgb> x) => Task.On(Auto).Reduce(
    x.Interior(1), (i, j) => Math.Abs(x[i, j + 1].G - x[i, j].G) + Math.Abs(x[i + 1, j].G - x[i, j].G), Reduction.Mean);

internal static partial class Program
{
    private static readonly Func<double, double, double> Sharpen = Function((double own, double mean) =>
        Math.Clamp(own + Strength * (own - mean), 0.0, 1.0));

    private const double Strength = 1.5;
}
