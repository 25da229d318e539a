using System.Text;
using Avial.Numerics;

namespace Avial.Tests.Numerics;

/// <summary>Pins the bits of every canonical order; all backends and rank counts must give these.</summary>
public sealed class OrdersGoldenTests
{
    private const string Preamble =
        """
        # Results of the canonical orders, as the bits of the result in hexadecimal.
        # dotnet test --filter OrdersGolden, AVIAL_UPDATE_GOLDEN=1 to rewrite.
        # Element number p of a domain, counted row-major from its corner, with u(s) = Philox 4x32-10 uniform in [0, 1), seed 2026, stream s, index p:
        #   sum, scan      x = (2 u(0) - 1) * 2^(e - 10), e = the 32 bits at stream 1 modulo 21
        #   product        x = 0.5 + u(2)
        #   inner          fma of x (as for sum) and 0.5 + u(2); plain: x alone; element number p belongs to k = lo + p
        #   scan           the bits of the last element, then FNV-1a (64 bits) over the bytes of all elements, low byte first

        """;

    private static readonly string[] s_domains =
    [
        "0:0", "0:1", "0:7", "0:63", "0:64", "0:65", "0:127", "0:255", "0:256", "0:257", "0:509", "0:1009", "0:4099",
        "5:70", "-3:200", "63:65", "64:128", "1000:1777",
        "0:0,0:5", "0:5,0:0", "0:1,0:1", "0:3,0:65", "0:64,0:64", "0:7,0:257", "0:31,0:63", "0:257,0:3", "1:7,63:129", "-2:5,-70:3",
        "0:3,0:5,0:67", "0:2,0:1,0:256", "0:5,0:7,0:11", "1:4,2:4,60:321",
    ];

    private static readonly string[] s_ranges =
    [
        "0:0", "0:1", "0:63", "0:64", "0:65", "0:255", "0:256", "0:257", "0:509", "0:1009", "7:300", "-5:261",
        "0:16383", "0:16384", "0:16385", "0:49999", "300:65537", "16000:131101",
    ];

    [Test]
    public void Orders_AreAsPinned()
    {
        var text = new StringBuilder(Preamble);
        foreach (string name in s_domains)
        {
            (long[] lo, long[] hi) = ParseBox(name);
            text.Append($"sum f64 [{name}] {Hex(CanonicalSum.Sum(lo, hi, i => OrderInputs.Double(OrderInputs.Position(lo, hi, i))))}\n");
            text.Append($"sum f32 [{name}] {Hex(CanonicalSum.Sum(lo, hi, i => OrderInputs.Single(OrderInputs.Position(lo, hi, i))))}\n");
        }

        foreach (string name in s_domains)
        {
            (long[] lo, long[] hi) = ParseBox(name);
            double f64 = CanonicalFold.Fold(lo, hi, i => OrderInputs.Factor(OrderInputs.Position(lo, hi, i)), 1.0, (a, b) => a * b);
            float f32 = CanonicalFold.Fold(lo, hi, i => OrderInputs.FactorSingle(OrderInputs.Position(lo, hi, i)), 1f, (a, b) => a * b);
            text.Append($"product f64 [{name}] {Hex(f64)}\n");
            text.Append($"product f32 [{name}] {Hex(f32)}\n");
        }

        foreach (string name in s_ranges)
        {
            (long[] lo, long[] hi) = ParseBox(name);
            text.Append($"inner f64 [{name}] {Hex(Inner64(lo[0], hi[0], isProduct: true))}\n");
            text.Append($"inner f32 [{name}] {Hex(Inner32(lo[0], hi[0], isProduct: true))}\n");
            text.Append($"inner plain f64 [{name}] {Hex(Inner64(lo[0], hi[0], isProduct: false))}\n");
            text.Append($"inner plain f32 [{name}] {Hex(Inner32(lo[0], hi[0], isProduct: false))}\n");
        }

        foreach (string name in s_domains.Where(name => !name.Contains(',')))
        {
            (long[] lo, long[] hi) = ParseBox(name);
            int length = (int)(hi[0] - lo[0]);
            double[] f64 = [.. Enumerable.Range(0, length).Select(i => OrderInputs.Double(i))];
            float[] f32 = [.. Enumerable.Range(0, length).Select(i => OrderInputs.Single(i))];
            foreach (bool isInclusive in (bool[])[true, false])
            {
                string kind = isInclusive ? "inclusive" : "exclusive";
                double[] scan64 = new double[length];
                float[] scan32 = new float[length];
                CanonicalScan.Scan(f64, scan64, lo[0], isInclusive, 0.0, (a, b) => a + b);
                CanonicalScan.Scan(f32, scan32, lo[0], isInclusive, 0f, (a, b) => a + b);
                text.Append($"scan {kind} f64 [{name}] {Last(scan64, Hex)} {Fnv(scan64.SelectMany(BitConverter.GetBytes))}\n");
                text.Append($"scan {kind} f32 [{name}] {Last(scan32, Hex)} {Fnv(scan32.SelectMany(BitConverter.GetBytes))}\n");
            }
        }

        Golden.Check(text.ToString(), "orders.txt");
    }

    private static double Inner64(long lo, long hi, bool isProduct)
    {
        InnerSum64 sum = default;
        sum.Begin(lo);
        for (long k = lo; k < hi; k++)
        {
            if (isProduct)
            {
                sum.AddProduct(OrderInputs.Double(k - lo), OrderInputs.Factor(k - lo));
            }
            else
            {
                sum.Add(OrderInputs.Double(k - lo));
            }
        }

        return sum.Result();
    }

    private static float Inner32(long lo, long hi, bool isProduct)
    {
        InnerSum32 sum = default;
        sum.Begin(lo);
        for (long k = lo; k < hi; k++)
        {
            if (isProduct)
            {
                sum.AddProduct(OrderInputs.Single(k - lo), OrderInputs.FactorSingle(k - lo));
            }
            else
            {
                sum.Add(OrderInputs.Single(k - lo));
            }
        }

        return sum.Result();
    }

    private static (long[] Lo, long[] Hi) ParseBox(string text)
    {
        long[][] axes = [.. text.Split(',').Select(axis => axis.Split(':').Select(long.Parse).ToArray())];
        return ([.. axes.Select(axis => axis[0])], [.. axes.Select(axis => axis[1])]);
    }

    private static string Hex(double x) => BitConverter.DoubleToUInt64Bits(x).ToString("x16");

    private static string Hex(float x) => BitConverter.SingleToUInt32Bits(x).ToString("x8");

    private static string Last<T>(T[] values, Func<T, string> hex) => values.Length == 0 ? "-" : hex(values[^1]);

    private static string Fnv(IEnumerable<byte> bytes) =>
        bytes.Aggregate(0xcbf29ce484222325ul, (hash, b) => (hash ^ b) * 0x100000001b3ul).ToString("x16");
}
