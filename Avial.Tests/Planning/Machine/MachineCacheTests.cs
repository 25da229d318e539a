using Avial.Planning.Machine;

namespace Avial.Tests.Planning.Machine;

public sealed class MachineCacheTests
{
    private static readonly MachineKey s_key = new("Some processor", 8, "1.2.3");
    private static readonly MachineConstants s_constants = new(1.23456789e-6, 0.1e-9 / 3, 0.3e-9, 0.07e-9, 0.02e-9, 2e-6);

    [Test]
    public void Find_OfWhatWasKept_IsTheSameToTheLastBit()
    {
        using var place = new MachineTestFile();
        string folder = Path.Combine(place.Folder, "new", "avial");
        new MachineCache(folder).Keep(s_key, s_constants);

        Assert.That(new MachineCache(folder).Find(s_key), Is.EqualTo(s_constants));
        Assert.That(Directory.GetFiles(folder), Is.EqualTo([Path.Combine(folder, s_key.FileName)]));
    }

    [Test]
    public void Find_OfAnotherMachine_IsNothing()
    {
        using var place = new MachineTestFile();
        var cache = new MachineCache(place.Folder);
        cache.Keep(s_key, s_constants);

        Assert.That(cache.Find(s_key with { Processor = "Other processor" }), Is.Null);
        Assert.That(cache.Find(s_key with { Cores = 9 }), Is.Null);
        Assert.That(cache.Find(s_key with { Version = "1.2.4" }), Is.Null);
        Assert.That(new MachineCache(Path.Combine(place.Folder, "elsewhere")).Find(s_key), Is.Null);
    }

    [Test]
    public void Find_OfADamagedFile_IsNothingOrTheSame()
    {
        using var place = new MachineTestFile();
        var cache = new MachineCache(place.Folder);
        cache.Keep(s_key, s_constants);
        string file = Path.Combine(place.Folder, s_key.FileName);
        byte[] whole = File.ReadAllBytes(file);

        for (int length = 0; length < whole.Length - Environment.NewLine.Length; length++)
        {
            File.WriteAllBytes(file, whole[..length]);
            Assert.That(cache.Find(s_key), Is.Null, $"the first {length} bytes");
        }
        foreach (string number in new[] { "NaN", "-1", "0", "1e300", "fast" })
        {
            string[] lines = System.Text.Encoding.UTF8.GetString(whole).Split('\n');
            lines[4] = "per operation: " + number;
            File.WriteAllText(file, string.Join('\n', lines));
            Assert.That(cache.Find(s_key), Is.Null, number);
        }
    }

    [Test]
    public void Constants_OfADamagedFile_AreMeasuredAgainAndKept()
    {
        using var place = new MachineTestFile();
        var cache = new MachineCache(place.Folder);
        File.WriteAllText(Path.Combine(place.Folder, s_key.FileName), "not constants");
        int measured = 0;

        for (int run = 0; run < 3; run++)
        {
            Assert.That(MachineChoice.Constants(cache, s_key, Measure), Is.EqualTo(s_constants));
        }

        Assert.That(measured, Is.EqualTo(1));

        MachineConstants Measure()
        {
            measured++;
            return s_constants;
        }
    }

    [Test]
    public void Keep_WhereNothingCanBeWritten_KeepsNothing()
    {
        using var place = new MachineTestFile("a file where the folder should be");
        var cache = new MachineCache(place.Path);
        var none = new MachineCache(null);

        cache.Keep(s_key, s_constants);
        none.Keep(s_key, s_constants);

        Assert.That(cache.Find(s_key), Is.Null);
        Assert.That(none.Find(s_key), Is.Null);
        Assert.That(MachineChoice.Constants(cache, s_key, () => s_constants), Is.EqualTo(s_constants));
    }

    [Test]
    public void Keep_ByManyAtOnce_LeavesOneWholeFile()
    {
        using var place = new MachineTestFile();

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var cache = new MachineCache(place.Folder);
            cache.Keep(s_key, s_constants with { Latency = (i + 1) * 1e-7 });
            Assert.That(cache.Find(s_key)?.PerByte, Is.EqualTo(s_constants.PerByte));
        });

        Assert.That(Directory.GetFiles(place.Folder), Has.Length.EqualTo(1));
    }
}
