using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Avial.Execution;

namespace Avial.Planning.Machine;

/// <summary>
/// Keeps what was measured of machines in a folder, a small text file each. Many processes may use it at once: a file is written beside and then renamed. What cannot
/// be read or written is simply not kept.
/// </summary>
/// <param name="folder">The folder; made when something is kept. Null: nothing is kept.</param>
internal sealed class MachineCache(string? folder)
{
    private const string Heading = "avial machine 1";
    private static readonly string[] s_names = ["latency", "per byte", "per operation", "per byte of memory", "per byte of shared memory", "per launch"];

    /// <summary>What was kept for a machine; null when nothing was, or it is damaged.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is wrong with the file, the machine is measured again.")]
    public MachineConstants? Find(MachineKey key)
    {
        if (folder is null)
        {
            return null;
        }
        try
        {
            return Parse(File.ReadAllLines(Path.Combine(folder, key.FileName)), key);
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Keeps the constants of a machine, where that is possible.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A folder that cannot be written to keeps nothing; that is no mistake.")]
    public void Keep(MachineKey key, MachineConstants constants)
    {
        if (folder is null)
        {
            return;
        }
        try
        {
            CacheFolder.Write(Path.Combine(folder, key.FileName), Encoding.UTF8.GetBytes(string.Concat(Lines(key, constants).Select(l => l + Environment.NewLine))));
        }
        catch (Exception)
        {
            // It is measured again.
        }
    }

    private static string[] Lines(MachineKey key, MachineConstants constants)
    {
        double[] numbers =
            [constants.Latency, constants.PerByte, constants.PerOperation, constants.PerByteOfMemory, constants.PerByteOfSharedMemory, constants.PerLaunch];
        return [Heading, key.ToString(), .. numbers.Select((n, i) => $"{s_names[i]}: {n.ToString("R", CultureInfo.InvariantCulture)}"), "end"];
    }

    private static MachineConstants? Parse(string[] lines, MachineKey key)
    {
        if (lines.Length != s_names.Length + 3 || lines[0] != Heading || lines[1] != key.ToString() || lines[^1] != "end")
        {
            return null;
        }
        double[] numbers = new double[s_names.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            string name = s_names[i] + ": ";
            if (!lines[i + 2].StartsWith(name, StringComparison.Ordinal)
                || !double.TryParse(lines[i + 2].AsSpan(name.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                return null;
            }
        }
        var constants = new MachineConstants(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        return constants == constants.Plausible(key.Cores) ? constants : null;
    }
}
