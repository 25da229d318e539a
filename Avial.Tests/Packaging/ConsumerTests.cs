using System.IO.Compression;
using Avial.Tests.Backends;

namespace Avial.Tests.Packaging;

/// <summary>The package as a user meets it: restored from a feed into a project with implicit usings.</summary>
[Category("Slow")]
public sealed class ConsumerTests
{
    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Avial" Version="*" />
          </ItemGroup>
        </Project>
        """;

    private const string Feed = """
        <configuration>
          <packageSources>
            <clear />
            <add key="local" value="feed" />
          </packageSources>
        </configuration>
        """;

    private const string Source = """
        using Avial;
        using static Avial.Targets;

        using Session session = Session.Create(o => args is ["llvm"] ? o with { Engine = Engine.Llvm } : o);
        Console.WriteLine(string.Join(" ", await Squares(4)));
        await Wait();

        static async Task<long[]> Squares(int count)
        {
            Array1D<long> squares = Task.On(Cpu).Run(count, i => i * i);
            long sum = await Task.On(Cpu).Reduce(squares.Domain, i => squares[i], Reduction.Sum);
            long twice = await Task.Run(() => 2 * sum);
            return [.. (await squares).ToArray(), sum, twice];
        }

        static async Task Wait()
        {
            await Task.Delay(1);
            Console.WriteLine(await Task.FromResult("waited"));
        }
        """;

    private const string Output = "0 1 4 9 14 28\nwaited\n";

    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("avial-consumer-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Package_InAConsumerWithImplicitUsings_SharesAFileWithTheTasksOfDotNetAndRunsThroughLlvm()
    {
        // A cache of its own, so that no package of the same version from an earlier run is taken.
        var environment = new Dictionary<string, string>
        {
            ["NUGET_PACKAGES"] = Path.Combine(_folder, "packages"),
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["CI"] = "",
            ["AVIAL_CACHE"] = Path.Combine(_folder, "cache"),
            ["AVIAL_ENGINE"] = "managed",
        };
        string consumer = Path.Combine(_folder, "consumer");
        Directory.CreateDirectory(consumer);
        File.WriteAllText(Path.Combine(consumer, "consumer.csproj"), Project);
        File.WriteAllText(Path.Combine(consumer, "nuget.config"), Feed);
        File.WriteAllText(Path.Combine(consumer, "Program.cs"), Source);

        (int packed, string packing) = Command.Run("dotnet", Repository.Root, new Dictionary<string, string>(),
            "pack", "Avial", "-c", "Release", "-nologo", "-p:RunAnalyzers=false", "-o", Path.Combine(consumer, "feed"));
        Assert.That(packed, Is.Zero, packing);
        Assert.That(FilesOf("nupkg"), Is.SupersetOf(new[] { "Avial.dll", "Avial.xml", "Avial.Cpu.dll", "Avial.Cpu.xml" }.Select(f => $"lib/net10.0/{f}")));
        Assert.That(FilesOf("snupkg"), Is.SupersetOf(new[] { "lib/net10.0/Avial.pdb", "lib/net10.0/Avial.Cpu.pdb" }));
        (int built, string building) = Command.Run("dotnet", consumer, environment, "build", "-nologo", "-o", "out");
        Assert.That(built, Is.Zero, building);
        (int ran, string output) = Command.Run("dotnet", consumer, environment, Path.Combine("out", "consumer.dll"));

        Assert.That(ran, Is.Zero, output);
        Assert.That(output.ReplaceLineEndings("\n"), Is.EqualTo(Output));
        if (CodeGenerators.HasLlvm)
        {
            (ran, output) = Command.Run("dotnet", consumer, environment, Path.Combine("out", "consumer.dll"), "llvm");
            Assert.That(ran, Is.Zero, output);
            Assert.That(output.ReplaceLineEndings("\n"), Is.EqualTo(Output));
            Assert.That(Directory.EnumerateFiles(Path.Combine(_folder, "cache", "objects")), Is.Not.Empty);
        }
    }

    [Test]
    public void Package_Precompiled_CarriesCodeForLinuxBesideThatForEverySystem()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        if (!Directory.Exists(Path.Combine(packages, "microsoft.netcore.app.crossgen2.linux-x64")))
        {
            Assert.Ignore("The compiler of ReadyToRun code is not among the restored packages.");
        }
        (int packed, string packing) = Command.Run("dotnet", Repository.Root, new Dictionary<string, string>(),
            "pack", "Avial", "-c", "Release", "-nologo", "-p:RunAnalyzers=false", "-p:Precompile=true", "-o", Path.Combine(_folder, "consumer", "feed"));

        Assert.That(packed, Is.Zero, packing);
        Assert.That(FilesOf("nupkg"), Is.SupersetOf(new[]
        {
            "lib/net10.0/Avial.dll", "lib/net10.0/Avial.Cpu.dll", "runtimes/linux-x64/lib/net10.0/Avial.dll", "runtimes/linux-x64/lib/net10.0/Avial.Cpu.dll",
        }));
    }

    private string[] FilesOf(string kind)
    {
        using ZipArchive package = ZipFile.OpenRead(Directory.EnumerateFiles(Path.Combine(_folder, "consumer", "feed"), $"*.{kind}").Single());
        return [.. package.Entries.Select(e => e.FullName)];
    }
}
