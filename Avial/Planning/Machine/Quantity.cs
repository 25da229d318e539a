using System.Globalization;

namespace Avial.Planning.Machine;

/// <summary>Sizes, times and rates as people write them: a number, then optionally a unit: <c>16 GiB</c>, <c>1.5 µs</c>, <c>10 GB/s</c>.</summary>
internal sealed class Quantity
{
    /// <summary>Bytes.</summary>
    public static readonly Quantity Size = new("16 GiB", BinaryAndDecimal(""));

    /// <summary>Seconds.</summary>
    public static readonly Quantity Time = new("1.5 µs", ("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("μs", 1e-6), ("ms", 1e-3), ("s", 1));

    /// <summary>Bytes a second.</summary>
    public static readonly Quantity Rate = new("10 GB/s", BinaryAndDecimal("/s"));

    /// <summary>Simple operations a second.</summary>
    public static readonly Quantity Speed = new("2 Gop/s", ("op/s", 1), ("kop/s", 1e3), ("Mop/s", 1e6), ("Gop/s", 1e9), ("Top/s", 1e12));

    private readonly (string Name, double Factor)[] _units;

    private Quantity(string example, params (string Name, double Factor)[] units)
    {
        Example = example;
        _units = units;
    }

    /// <summary>How one may look.</summary>
    public string Example { get; }

    /// <summary>The number in the base unit; null where the text is none. Signs are read, so that a message can say what is wrong with them.</summary>
    public double? Parse(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan().Trim();
        int end = rest.Length;
        while (end > 0 && !char.IsAsciiDigit(rest[end - 1]) && rest[end - 1] != '.')
        {
            end--;
        }
        ReadOnlySpan<char> unit = rest[end..].Trim();
        return FactorOf(unit) is { } factor
            && double.TryParse(rest[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)
            ? number * factor
            : null;
    }

    private double? FactorOf(ReadOnlySpan<char> unit)
    {
        if (unit.IsEmpty)
        {
            return 1;
        }
        foreach ((string name, double factor) in _units)
        {
            if (unit.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return factor;
            }
        }
        return null;
    }

    private static (string Name, double Factor)[] BinaryAndDecimal(string per) =>
    [
        ($"B{per}", 1),
        ($"kB{per}", 1e3), ($"MB{per}", 1e6), ($"GB{per}", 1e9), ($"TB{per}", 1e12),
        ($"KiB{per}", 1L << 10), ($"MiB{per}", 1L << 20), ($"GiB{per}", 1L << 30), ($"TiB{per}", 1L << 40),
    ];
}
