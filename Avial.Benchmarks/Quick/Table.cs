using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Avial.Benchmarks.Quick;

/// <summary>A table of results, in Markdown.</summary>
internal sealed class Table(string name, string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>The group's name on the command line and its file's.</summary>
    public string Name => name;

    /// <summary>Adds a row; its cells in the order of the columns.</summary>
    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"A row of {columns.Length} cells got {cells.Length}.", nameof(cells));
        }
        _rows.Add(cells);
    }

    /// <summary>A row of the usual columns: work, Avial's time, the loop's, their ratio, the machine's limit.</summary>
    public void Compare(string work, double avial, double plain, string limit = "") => Add(work, Time(avial), Time(plain), Number(avial / plain, "0.00"), limit);

    /// <summary>A time in the unit a person would use.</summary>
    public static string Time(double seconds) => seconds switch
    {
        >= 1 => Number(seconds, "0.00") + " s",
        >= 1e-3 => Number(seconds * 1e3, "0.000") + " ms",
        >= 1e-6 => Number(seconds * 1e6, "0.00") + " µs",
        _ => Number(seconds * 1e9, "0.0") + " ns",
    };

    /// <summary>A number as text, the same in every country.</summary>
    public static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    public override string ToString()
    {
        var text = new StringBuilder($"# {title}\n\n| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select((_, i) => i == 0 ? "---|" : "--:|"))}\n");
        foreach (string[] row in _rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
        }
        return text.ToString();
    }

    /// <summary>Writes the table, the machine and the command that repeats it.</summary>
    public void Write(string folder)
    {
        string machine = $"{Machine.Processor}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}, {DateTime.UtcNow:yyyy-MM-dd}";
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, Name + ".md"), $"{this}\nMachine: {machine}.\n\nRepeat: `dotnet run -c Release --project Avial.Benchmarks -- --quick {Name} --write`\n");
    }
}
