using System.Globalization;
using Avial.Diagnostics;

namespace Avial.Planning.Machine;

/// <content>What explanations of plans say about the machine.</content>
internal sealed partial record MachineModel
{
    /// <summary>One line: <c>machine: measured: 1.2 µs a message, 5.1 GB/s between ranks, 1.3 Gop/s and 12 GB/s a rank</c>.</summary>
    public override string ToString()
    {
        string messages = Latency == 0 && SecondsPerByte == 0 ? "free messages" : $"{Time(Latency)} a message, {Rate(SecondsPerByte, "B/s")} between ranks";
        string limit = MemoryPerRank is { } bytes ? $", which holds at most {Throw.Bytes(bytes)}" : "";
        return $"machine: {Origin}: {messages}, {OfRanks(SecondsPerOperation, "op/s")} and {OfRanks(SecondsPerByteOfMemory, "B/s")} a rank{limit}";
    }

    /// <summary>A time in the unit a person would use, two digits of it.</summary>
    public static string Time(double seconds) => seconds switch
    {
        0 => "no time",
        >= 1 => $"{Digits(seconds)} s",
        >= 1e-3 => $"{Digits(seconds * 1e3)} ms",
        >= 1e-6 => $"{Digits(seconds * 1e6)} µs",
        _ => $"{Digits(seconds * 1e9)} ns",
    };

    private static string Rate(double secondsPer, string unit)
    {
        if (secondsPer == 0)
        {
            return "any rate";
        }
        (double rate, string prefix) = Scaled(1 / secondsPer);
        return $"{Digits(rate)} {prefix}{unit}";
    }

    // Of the slowest to the fastest rank.
    private string OfRanks(double secondsPer, string unit)
    {
        long slowest = long.MaxValue;
        long fastest = 0;
        foreach (long weight in Weights.Classes)
        {
            slowest = Math.Min(slowest, weight);
            fastest = Math.Max(fastest, weight);
        }
        string best = Rate(secondsPer / fastest, unit);
        if (slowest == fastest || secondsPer == 0)
        {
            return best;
        }
        (double _, string prefix) = Scaled(fastest / secondsPer);
        return $"{Digits(slowest / secondsPer / UnitOf(prefix))} to {best}";
    }

    private static (double Number, string Prefix) Scaled(double number)
    {
        string prefix = number switch { >= 1e12 => "T", >= 1e9 => "G", >= 1e6 => "M", >= 1e3 => "k", _ => "" };
        return (number / UnitOf(prefix), prefix);
    }

    private static double UnitOf(string prefix) => prefix switch { "T" => 1e12, "G" => 1e9, "M" => 1e6, "k" => 1e3, _ => 1 };

    private static string Digits(double number) => number.ToString(number < 9.95 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
