namespace Avial.IR;

internal static class KernelPrinter
{
    public static string Print(Kernel kernel) => $"kernel rank {kernel.Rank}";
}
