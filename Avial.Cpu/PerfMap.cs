using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Avial.Backends.Cpu.Objects;

namespace Avial.Backends.Cpu;

/// <summary>
/// Tells profilers the names of compiled functions: a line each in <c>/tmp/perf-PID.map</c>, as <c>perf</c> reads them. Written where .NET is asked for the same (<c>DOTNET_PerfMapEnabled</c>).
/// </summary>
internal static unsafe class PerfMap
{
    private static readonly Lock s_lock = new();

    private static readonly bool s_isOn = Environment.GetEnvironmentVariable("DOTNET_PerfMapEnabled") is "1" or "2" or "3";

    [SuppressMessage("Design", "CA1031", Justification = "A profile without names is no reason to stop.")]
    public static void Add(LoadedObject code, string name)
    {
        if (!s_isOn)
        {
            return;
        }
        try
        {
            lock (s_lock)
            {
                File.AppendAllText(
                    Path.Combine(Path.GetTempPath(), $"perf-{Environment.ProcessId}.map"),
                    string.Create(CultureInfo.InvariantCulture, $"{(nint)code.Entry:x} {code.CodeSize:x} avial::{name.Replace('\n', ' ')}\n"));
            }
        }
        catch (Exception)
        {
            // The profile shows addresses.
        }
    }
}
