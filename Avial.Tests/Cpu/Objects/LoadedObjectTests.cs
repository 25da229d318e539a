using System.Buffers.Binary;
using Avial.Backends.Cpu.Objects;
using Avial.Llvm;
using Avial.Tests.Backends;

namespace Avial.Tests.CpuBackend.Objects;

/// <summary>Objects as LLVM makes them are read and loaded; damaged ones are refused, or loaded and never run, but never read or written outside.</summary>
public sealed class LoadedObjectTests
{
    // Constants to load, calls to known functions, a branch between them.
    private const string Source = """
        declare void @"known"(ptr)
        define void @kernel(ptr %a, ptr %b, ptr %c, ptr %d, ptr %e) {
          %x = load double, ptr %a, align 8
          %y = fmul double %x, 0x400921FB54442D18
          %v = load <4 x i64>, ptr %b, align 8
          %w = add <4 x i64> %v, <i64 1, i64 7, i64 5, i64 3>
          store <4 x i64> %w, ptr %b, align 8
          store double %y, ptr %a, align 8
          call void @"known"(ptr %a)
          ret void
        }
        """;

    private byte[] _object = [];

    [OneTimeSetUp]
    public void Compile()
    {
        CodeGenerators.RequireLlvm();
        _object = LlvmCompiler.OfHost.CompileObject(new LlvmModule(Source, ["known"]));
    }

    [Test]
    public void Load_OfAWholeObject_GivesItsCode()
    {
        LoadedObject loaded = Load(_object);

        Assert.That(loaded.CodeSize, Is.InRange(1, _object.Length));
        Assert.That(loaded.Size % Environment.SystemPageSize, Is.Zero);
    }

    [Test]
    public void Load_OfAnUnknownName_IsRefused() =>
        Assert.That(() => LoadedObject.Load(ElfObject.Read(_object), "kernel", _ => 0), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("it calls known, which is not there"));

    [Test]
    public void Load_WithoutTheFunction_IsRefused() =>
        Assert.That(() => LoadedObject.Load(ElfObject.Read(_object), "other", Resolve), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("it does not define other"));

    [Test]
    public void Load_CutShortAtAnyLength_IsRefused()
    {
        for (int length = 0; length < _object.Length; length++)
        {
            Assert.That(() => Load(_object[..length]), Throws.InstanceOf<InvalidDataException>(), $"{length} of {_object.Length} bytes");
        }
    }

    [Test]
    public void Load_WithFlippedBits_IsRefusedOrLoads([Range(0, 3)] int batch)
    {
        int refused = 0;
        for (int seed = batch * 1000; seed < (batch + 1) * 1000; seed++)
        {
            var random = new Random(seed);
            byte[] damaged = [.. _object];
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            }
            refused += IsRefused(damaged, $"seed {seed}") ? 1 : 0;
        }
        Assert.That(refused, Is.GreaterThan(100));
    }

    [Test]
    public void Load_WithExtremeNumbersAnywhere_IsRefusedOrLoads()
    {
        foreach (long number in (long[])[long.MaxValue, long.MinValue, -1, int.MaxValue, uint.MaxValue, 1L << 40, 0])
        {
            for (int place = 0; place <= _object.Length - sizeof(long); place += 4)
            {
                byte[] damaged = [.. _object];
                BinaryPrimitives.WriteInt64LittleEndian(damaged.AsSpan(place), number);
                IsRefused(damaged, $"{number} at {place}");
            }
        }
    }

    [Test]
    public void Read_OfAnotherKindOfFile_IsRefused()
    {
        byte[] other = [.. _object];
        other[18] = 183; // AArch64

        Assert.That(() => ElfObject.Read(other), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("not a relocatable object for x86-64"));
        Assert.That(() => ElfObject.Read("neither"u8.ToArray()), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("not a 64-bit little-endian ELF file"));
    }

    private static bool IsRefused(byte[] bytes, string about)
    {
        try
        {
            Load(bytes);
            return false;
        }
        catch (InvalidDataException)
        {
            return true;
        }
        catch (Exception exception) when (exception is not AssertionException)
        {
            Assert.Fail($"{about}: {exception}");
            throw;
        }
    }

    private static LoadedObject Load(byte[] bytes) => LoadedObject.Load(ElfObject.Read(bytes), "kernel", Resolve);

    private static nint Resolve(string name) => name == "known" ? 4096 : 0;
}
