using Avial.Tests.Backends;

namespace Avial.Tests.Llvm;

/// <summary>Which libLLVM is used, and what is said where there is none. In processes of their own.</summary>
[Category("Slow")]
public sealed class LlvmLibraryTests
{
    private const string Folder = "/usr/lib/x86_64-linux-gnu";
    private const string Sum = "sum 164175, last 4900.5";

    private string _cache = "";

    [SetUp]
    public void CreateFolder()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("Code is generated through LLVM on Linux.");
        }
        _cache = Directory.CreateTempSubdirectory("avial-cache-").FullName;
    }

    [TearDown]
    public void DeleteFolder()
    {
        if (_cache.Length > 0)
        {
            Directory.Delete(_cache, recursive: true);
        }
    }

    [Test]
    public void Default_WithLibLlvm_CompilesOnceAndThenDoesWithoutIt()
    {
        CodeGenerators.RequireLlvm();

        string cold = Run([], "squares");
        string warm = Run([], "squares");

        Assert.That(cold, Does.Match($"^{Sum}, Llvm\nlibLLVM is loaded\n[1-9][0-9]* compiled\n$"));
        Assert.That(warm, Is.EqualTo($"{Sum}, Llvm\nlibLLVM is not loaded\n0 compiled\n"));
    }

    [Test]
    public async Task TwoProcesses_OnOneColdCache_AreRight()
    {
        CodeGenerators.RequireLlvm();

        string[] outputs = await System.Threading.Tasks.Task.WhenAll(Enumerable.Range(0, 2).Select(_ => System.Threading.Tasks.Task.Run(() => Run([], "squares"))));

        Assert.That(outputs, Is.All.StartWith($"{Sum}, Llvm\n"));
    }

    [Test]
    public void Cache_ThatCannotBeWritten_IsSaidOnceAndCompiledCodeRuns()
    {
        CodeGenerators.RequireLlvm();
        string file = Path.Combine(_cache, "file");
        File.WriteAllText(file, "");

        string output = Run(new() { ["AVIAL_CACHE"] = file }, "squares");

        Assert.That(output, Does.StartWith($"{Sum}, Llvm\nlibLLVM is loaded\n"));
        Assert.That(output, Does.Contain($"Avial: Compiled code is not kept in {file}/objects, and is compiled again by the next process: "));
        Assert.That(output.Split("is not kept in"), Has.Length.EqualTo(2));
        Assert.That(output, Does.EndWith("Set AVIAL_CACHE to a folder that can be written to.\n"));
    }

    [Test]
    public void Llvm_SwitchedOff_IsManagedExecutionWithoutAWord() =>
        Assert.That(Run(new() { ["AVIAL_LLVM"] = "off" }, "squares"), Is.EqualTo($"{Sum}, Managed\nlibLLVM is not loaded\n0 compiled\n"));

    [Test]
    public void Llvm_AtAPathThatIsNoLibrary_IsManagedExecutionAndSaysWhy([Values("/nonexistent/libLLVM.so", "/etc/passwd")] string path) =>
        AssertFallsBack(path, $"AVIAL_LLVM={path} cannot be loaded");

    [Test]
    public void Llvm_ThatIsAnotherLibrary_IsManagedExecutionAndSaysWhy() => AssertFallsBack("libm.so.6", "AVIAL_LLVM=libm.so.6 is no libLLVM");

    [TestCase("libLLVM-14.so.1", "15 or older")]
    [TestCase("libLLVM-15.so.1", "15 or older")]
    [TestCase("libLLVM-16.so.1", "16")]
    public void Llvm_ThatIsTooOld_IsManagedExecutionAndSaysWhy(string name, string version)
    {
        string path = Installed(name);

        AssertFallsBack(path, $"AVIAL_LLVM={path} is LLVM {version}; 17 or newer is needed");
    }

    [Test]
    public void AVL0655_LlvmAskedForWhereThereIsNone_IsRefused()
    {
        (int exitCode, string output) = ChildProgram.Run(new Dictionary<string, string> { ["AVIAL_LLVM"] = "off" }, "squares", "Llvm");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Is.EqualTo("AVL0655: Engine.Llvm cannot be used here: AVIAL_LLVM=off. Mend that, or leave the engine out for the fastest that there is.\n"));
    }

    [Test]
    public void AVL0654_AWrongAvialEngine_IsRefused()
    {
        (int exitCode, string output) = ChildProgram.Run(new Dictionary<string, string> { ["AVIAL_ENGINE"] = "gpu" }, "squares");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output, Is.EqualTo("AVL0654: AVIAL_ENGINE is 'gpu'; it must be llvm, managed, interpreter or loops. Correct it, or unset it for the fastest that there is.\n"));
    }

    [TestCase("managed", "Managed")]
    [TestCase(" Interpreter", "Interpreter")]
    [TestCase("loops", "LoopsInterpreter")]
    public void AvialEngine_NamesTheEngine(string setting, string engine) =>
        Assert.That(Run(new() { ["AVIAL_ENGINE"] = setting }, "squares"), Is.EqualTo($"{Sum}, {engine}\nlibLLVM is not loaded\n0 compiled\n"));

    [TestCase("libLLVM.so.22.1")]
    [TestCase("libLLVM.so.19.1")]
    [TestCase("libLLVM-17.so.1")]
    [TestCase("libLLVM-18.so.1")]
    public void RandomLoopsAndKernels_ThroughAnInstalledVersion_GiveTheInterpretersBits(string name)
    {
        string path = Installed(name);

        Assert.That(Run(new() { ["AVIAL_LLVM"] = path }, "squares"), Does.StartWith($"{Sum}, Llvm\nlibLLVM is loaded\n"));
        Assert.That(Run(new() { ["AVIAL_LLVM"] = path }, "loops", "1000", "1040"), Does.EndWith("40 seeds, 0 failed, managed and LLVM\n"));
        Assert.That(Run(new() { ["AVIAL_LLVM"] = path }, "kernels", "1000", "1040"), Does.EndWith("40 seeds, 0 failed, managed and LLVM\n"));
    }

    [Test]
    public void GeneratedKernels_ByTheHundred_DoNotEndTheProcess()
    {
        CodeGenerators.RequireLlvm();

        Assert.That(Run([], "kernels", "2000", "2200"), Does.EndWith("200 seeds, 0 failed, managed and LLVM\n"));
    }

    [Test]
    public void Operations_BetweenPagesWithoutAccess_TouchNothingOutside()
    {
        CodeGenerators.RequireLlvm();

        Assert.That(Run([], "guarded"), Does.EndWith("all inside\n"));
        Assert.That(ChildProgram.Run(new Dictionary<string, string>(), "outside").ExitCode, Is.Not.Zero, "a read outside must show");
    }

    [Test]
    public void DebugLevels_OfLlvm_ShowItsIrAndAssemblyOfTheTaskThatIsAskedFor()
    {
        CodeGenerators.RequireLlvm();

        string five = Run(new() { ["AVIAL_DEBUG"] = "5@total" }, "squares");
        string six = Run(new() { ["AVIAL_DEBUG"] = "6@total" }, "squares");
        string managed = Run(new() { ["AVIAL_DEBUG"] = "6", ["AVIAL_ENGINE"] = "managed" }, "squares");

        Assert.That(five, Does.Contain("-- loops of total (ChildProgram.cs:").And.Contain("-- LLVM IR of ").And.Contain("define void @kernel("));
        Assert.That(five, Does.Not.Contain("-- assembly of ").And.Not.Contain("-- loops of squares"));
        Assert.That(six, Does.Contain("-- LLVM IR of ").And.Contain("-- optimised LLVM IR of ").And.Match("-- assembly of .* for [a-z0-9-]+\n").And.Contain("kernel:").And.Contain("\tretq\n"));
        Assert.That(managed, Does.Contain("-- loops of ").And.Contain("-- machine code: set DOTNET_JitDisasm='*").And.Not.Contain("LLVM IR"));
    }

    // A library that was looked at may stay loaded.
    private void AssertFallsBack(string library, string problem) => Assert.That(Run(new() { ["AVIAL_LLVM"] = library }, "squares").Replace("libLLVM is loaded\n", "libLLVM is not loaded\n"), Is.EqualTo(
        $"{Sum}, Managed\nlibLLVM is not loaded\n0 compiled\nAvial: managed execution, which is slower than LLVM: {problem}. AVIAL_ENGINE=managed asks for it and says nothing.\n"));

    private string Run(Dictionary<string, string> environment, params string[] arguments)
    {
        environment.TryAdd("AVIAL_CACHE", _cache);
        (int exitCode, string output) = ChildProgram.Run(environment, arguments);
        Assert.That(exitCode, Is.Zero, output.Length > 4000 ? output[^4000..] : output);
        return output;
    }

    private static string Installed(string name)
    {
        string path = Path.Combine(Folder, name);
        if (!File.Exists(path))
        {
            Assert.Ignore($"{path} is not installed.");
        }
        return path;
    }
}
