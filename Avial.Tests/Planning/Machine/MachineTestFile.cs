namespace Avial.Tests.Planning.Machine;

/// <summary>A machine file, or a folder, that lives as long as a test.</summary>
internal sealed class MachineTestFile : IDisposable
{
    public MachineTestFile(string text) : this() => File.WriteAllText(Path, text);

    public MachineTestFile()
    {
        Folder = Directory.CreateTempSubdirectory("avial").FullName;
        Path = System.IO.Path.Combine(Folder, "cluster.json");
    }

    public string Folder { get; }

    public string Path { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
