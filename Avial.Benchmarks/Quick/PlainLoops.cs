namespace Avial.Benchmarks.Quick;

/// <summary>
/// What a careful programmer writes in C# without Avial: one core, flat arrays, everything a loop needs in parameters and locals (a loop inside
/// a lambda reads its captured variables anew at each iteration and would be an easy opponent).
/// </summary>
internal static class PlainLoops
{
    public static void Saxpy(float a, float[] x, float[] y, float[] z)
    {
        for (int i = 0; i < z.Length && i < x.Length && i < y.Length; i++)
        {
            z[i] = a * x[i] + y[i];
        }
    }

    public static void Stencil(int n, float[] x, float[] y)
    {
        for (int i = 1; i < n - 1; i++)
        {
            // Spans of one length each: the range checks of the inner loop fall away.
            Span<float> to = y.AsSpan(i * n + 1, n - 2);
            ReadOnlySpan<float> above = x.AsSpan((i - 1) * n + 1, to.Length);
            ReadOnlySpan<float> left = x.AsSpan(i * n, to.Length);
            ReadOnlySpan<float> right = x.AsSpan(i * n + 2, to.Length);
            ReadOnlySpan<float> below = x.AsSpan((i + 1) * n + 1, to.Length);
            for (int j = 0; j < to.Length; j++)
            {
                to[j] = 0.25f * (above[j] + below[j] + left[j] + right[j]);
            }
        }
    }

    public static double Sum(double[] x)
    {
        double sum = 0;
        foreach (double value in x)
        {
            sum += value;
        }
        return sum;
    }

    /// <summary>The order of loops that runs along the rows of all three matrices.</summary>
    public static void MatrixProduct(int n, double[] a, double[] b, double[] c)
    {
        for (int i = 0; i < n; i++)
        {
            Span<double> to = c.AsSpan(i * n, n);
            to.Clear();
            for (int k = 0; k < n; k++)
            {
                double factor = a[i * n + k];
                ReadOnlySpan<double> row = b.AsSpan(k * n, to.Length);
                for (int j = 0; j < to.Length; j++)
                {
                    to[j] += factor * row[j];
                }
            }
        }
    }

    public static void OptionPrices(double[] spots, double strike, double spread, double drift, double discounted, double[] prices)
    {
        for (int i = 0; i < prices.Length && i < spots.Length; i++)
        {
            double d = (Math.Log(spots[i] / strike) + drift) / spread;
            prices[i] = spots[i] * NormalCdf(d) - discounted * NormalCdf(d - spread);
        }
    }

    private static double NormalCdf(double x) => 1 / (1 + Math.Exp(-1.5976 * x - 0.070566 * x * x * x));
}
