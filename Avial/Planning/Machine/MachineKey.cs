using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace Avial.Planning.Machine;

/// <summary>What measured constants hold for: a processor, the cores this process may use of it, a version of Avial.</summary>
internal readonly record struct MachineKey(string Processor, int Cores, string Version)
{
    /// <summary>This machine's.</summary>
    public static MachineKey Current => new(ProcessorName(), Environment.ProcessorCount, VersionOfAvial());

    /// <summary>The name of its file: the same for the same machine, different for different ones.</summary>
    public string FileName => $"machine-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())).AsSpan(0, 8))}.txt";

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Cores} cores, Avial {Version}");

    private static string VersionOfAvial()
    {
        Assembly avial = typeof(MachineKey).Assembly;
        return avial.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? avial.GetName().Version?.ToString() ?? "";
    }

    private static string ProcessorName()
    {
        const string Linux = "/proc/cpuinfo";
        string? name = null;
        try
        {
            name = File.Exists(Linux) ? File.ReadLines(Linux).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1] : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Then the architecture has to do.
        }
        name ??= Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture.ToString();
        return string.Concat(name.Where(c => !char.IsControl(c))).Trim();
    }
}
