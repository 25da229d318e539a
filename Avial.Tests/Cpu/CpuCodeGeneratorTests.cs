using Avial.Backends.Cpu;
using Avial.Backends.Cpu.Objects;
using Avial.IR;
using Avial.Tests.Backends;

namespace Avial.Tests.CpuBackend;

/// <summary>Compiled functions are found again: by structure in the process, on disk from one to the next.</summary>
public sealed class CpuCodeGeneratorTests
{
    private const int Functions = 6;
    private string _folder = "";

    [SetUp]
    public void CreateFolder()
    {
        CodeGenerators.RequireLlvm();
        _folder = Directory.CreateTempSubdirectory("avial-objects-").FullName;
    }

    [TearDown]
    public void DeleteFolder()
    {
        if (_folder.Length > 0)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public void Compile_OfTheSameStructure_CompilesOnce()
    {
        CpuCodeGenerator generator = Generator();
        LoopsFunction first = new RandomLoops(new Random(1)).Next();

        Assert.That(generator.Compile(first with { Name = "other" }), Is.SameAs(generator.Compile(first)));
        Assert.That(generator.CompiledCount, Is.EqualTo(1));
    }

    [Test]
    public void Compile_InASecondProcess_FindsAllOnDisk()
    {
        CompileAll(Generator());
        CpuCodeGenerator second = Generator();
        CompileAll(second);

        Assert.That(second.CompiledCount, Is.Zero);
        AssertRight(second);
    }

    [Test]
    public void Compile_OfEntriesThatAreDamagedInEveryWay_CompilesAnew()
    {
        CompileAll(Generator());
        string[] files = Directory.GetFiles(_folder);
        Action<string>[] damages =
        [
            file => File.WriteAllBytes(file, []),
            file => File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]),
            file => File.WriteAllBytes(file, [.. File.ReadAllBytes(file).Select((b, i) => i == 100 ? (byte)~b : b)]),
            file => File.WriteAllText(file, "of another program"),
            // Whole as a file and no object of ours: what it holds is refused by the loader.
            file => new ObjectCache(_folder, long.MaxValue, _ => { }).Keep(Path.GetFileNameWithoutExtension(file), "no object"u8),
            File.Delete,
        ];
        for (int i = 0; i < damages.Length; i++)
        {
            damages[i](files[i]);
        }

        CpuCodeGenerator again = Generator();
        CompileAll(again);
        Assert.That(again.CompiledCount, Is.EqualTo(damages.Length));
        AssertRight(again);
        CpuCodeGenerator healed = Generator();
        CompileAll(healed);
        Assert.That(healed.CompiledCount, Is.Zero);
    }

    [Test]
    public void Compile_OnManyThreadsAndGeneratorsAtOnce_IsRight()
    {
        CpuCodeGenerator[] generators = [Generator(), Generator(), Generator()];

        Parallel.For(0, 3 * Functions, new ParallelOptions { MaxDegreeOfParallelism = 6 }, i => generators[i % 3].Compile(Function(i / 3)));

        foreach (CpuCodeGenerator generator in generators)
        {
            AssertRight(generator);
        }
        Assert.That(Directory.GetFiles(_folder), Has.Length.EqualTo(Functions));
    }

    [Test]
    public void Compile_WhereTheFolderCannotBeWritten_CompilesAndSaysSoOnce()
    {
        var said = new List<string>();
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var generator = new CpuCodeGenerator(new ObjectCache(file, ObjectCache.DefaultLimit, said.Add));

        CompileAll(generator);

        Assert.That(generator.CompiledCount, Is.EqualTo(Functions));
        Assert.That(said, Has.Count.EqualTo(1));
    }

    private CpuCodeGenerator Generator() => new(new ObjectCache(_folder, ObjectCache.DefaultLimit, text => Assert.Fail(text)));

    private static LoopsFunction Function(int seed) => new RandomLoops(new Random(seed)).Next();

    private static void CompileAll(CpuCodeGenerator generator)
    {
        for (int seed = 0; seed < Functions; seed++)
        {
            generator.Compile(Function(seed));
        }
    }

    private static void AssertRight(CpuCodeGenerator generator)
    {
        for (int seed = 0; seed < Functions; seed++)
        {
            LoopsRun.AssertSameRandom(seed, generator);
        }
    }
}
