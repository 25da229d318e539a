namespace Avial.Tests.Library;

/// <summary>Small whole numbers, so that sums are exact in every type and any order.</summary>
internal static class Samples
{
    public static T[] Vector<T>(int n, int seed) where T : System.Numerics.INumber<T>
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, n).Select(_ => T.CreateChecked(random.Next(-9, 10)))];
    }

    public static T[,] Matrix<T>(int n, int m, int seed) where T : System.Numerics.INumber<T>
    {
        var random = new Random(seed);
        var matrix = new T[n, m];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
            {
                matrix[i, j] = T.CreateChecked(random.Next(-9, 10));
            }
        }
        return matrix;
    }

    /// <summary>A matrix by its elements.</summary>
    public static T[,] Make<T>(int n, int m, Func<int, int, T> element)
    {
        var matrix = new T[n, m];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < m; j++)
            {
                matrix[i, j] = element(i, j);
            }
        }
        return matrix;
    }

    public static T Sum<T>(int n, Func<int, T> term) where T : System.Numerics.INumber<T>
    {
        T sum = T.Zero;
        for (int k = 0; k < n; k++)
        {
            sum += term(k);
        }
        return sum;
    }
}
