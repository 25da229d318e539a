using System.Text.Json;

namespace Avial.Diagnostics;

/// <content>The machine that plans are made for: AVL066x settings, AVL074x machine files.</content>
internal static partial class Throw
{
    public static AvialException InvalidMemoryPerRank(string found) => new("AVL0661",
        $"AVIAL_MEMORY_PER_RANK is '{found}'; it must be a size of 1 byte or more, such as 2 GiB. Correct it, or unset it to have no limit.", SourceSpan.None);

    public static AvialException WrongMemoryPerRank(long bytes) => new("AVL0662",
        $"A rank cannot have {bytes} bytes of memory; give MemoryPerRank 1 or more, or null to have no limit.", SourceSpan.None);

    public static AvialException UnreadableMachineFile(string path, Exception exception) => new("AVL0741",
        exception is FileNotFoundException or DirectoryNotFoundException
            ? $"The machine file '{path}' does not exist (seen from {Environment.CurrentDirectory}). Correct MachineFile or AVIAL_MACHINE, or leave it out to have the machine measured."
            : $"The machine file '{path}' cannot be read: {exception.Message} Correct MachineFile or AVIAL_MACHINE, or leave it out to have the machine measured.",
        SourceSpan.None, exception);

    public static AvialException EmptyMachineFile(string path) => new("AVL0742",
        $"The machine file '{path}' is empty. The least that it says is {{ \"nodes\": [{{ \"ranksPerNode\": 4 }}] }}.", SourceSpan.None);

    public static AvialException DamagedMachineFile(string path, Exception exception) => new("AVL0743",
        $"The machine file '{path}' is not JSON{Place(exception as JsonException)}: {Reason(exception.Message)} Correct it there.", SourceSpan.None, exception);

    public static AvialException MistakesInMachineFile(string path, IReadOnlyList<string> mistakes) => new("AVL0744", mistakes.Count == 1
        ? $"The machine file '{path}', {mistakes[0]}."
        : $"The machine file '{path}' has {mistakes.Count} mistakes:\n  {string.Join("\n  ", mistakes)}.", SourceSpan.None);

    public static AvialException WrongRanksOfMachine(string path, long found, int ranks) => new("AVL0745",
        $"The machine file '{path}' names {found} rank{(found == 1 ? "" : "s")}, the program runs on {ranks}. "
        + $"Run it on {found}, or give the file's nodes {ranks} rank{(ranks == 1 ? "" : "s")} together.", SourceSpan.None);

    private static string Place(JsonException? exception) => exception is { LineNumber: { } line, BytePositionInLine: { } place } ? $" (line {line + 1}, column {place + 1})" : "";

    // What .NET says, without its own way to name the place.
    private static string Reason(string message)
    {
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return place < 0 ? message : message[..place];
    }
}
