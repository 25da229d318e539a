namespace Avial.Tests.PolyBench;

/// <summary>Arrays by their elements, and their elements as one row.</summary>
internal static class Rows
{
    public static double[] Make(int n, Func<int, double> element) => [.. Enumerable.Range(0, n).Select(element)];

    public static double[,] Make(int n, int m, Func<int, int, double> element) => Library.Samples.Make(n, m, element);

    public static double[,,] Make(int n, int m, int p, Func<int, int, int, double> element)
    {
        var made = new double[n, m, p];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
            {
                for (int k = 0; k < p; k++)
                {
                    made[i, j, k] = element(i, j, k);
                }
            }
        }
        return made;
    }

    /// <summary>The elements of arrays of any rank, row-major, one array after another.</summary>
    public static double[] Flat(params ReadOnlySpan<Array> arrays)
    {
        var elements = new List<double>();
        foreach (Array array in arrays)
        {
            foreach (object element in array)
            {
                elements.Add(Convert.ToDouble(element, null));
            }
        }
        return [.. elements];
    }
}
