using System.Runtime.CompilerServices;
using Avial.IR;

namespace Avial.Graph;

/// <summary>A kernel restricted to some of its results; one object per (kernel, range), so that plans are found again.</summary>
internal static class KernelResults
{
    private static readonly ConditionalWeakTable<Kernel, Dictionary<(int, int), Kernel>> s_parts = [];

    public static Kernel Take(Kernel kernel, int first, int count)
    {
        if (first == 0 && count == kernel.Body.Results.Length)
        {
            return kernel;
        }
        Dictionary<(int, int), Kernel> parts = s_parts.GetOrCreateValue(kernel);
        lock (parts)
        {
            if (!parts.TryGetValue((first, count), out Kernel? part))
            {
                part = kernel with { Body = kernel.Body with { Results = [.. kernel.Body.Results.AsSpan(first, count)] }, Identity = 0 };
                parts[(first, count)] = part;
            }
            return part;
        }
    }
}
