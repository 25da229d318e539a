using Avial.Backends.Cpu.Objects;

namespace Avial.Tests.CpuBackend.Objects;

public sealed class ObjectCacheTests
{
    private static readonly byte[] s_content = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 7))];

    private readonly List<string> _said = [];
    private string _folder = "";

    [SetUp]
    public void CreateFolder()
    {
        _folder = Directory.CreateTempSubdirectory("avial-objects-").FullName;
        _said.Clear();
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Find_OfWhatWasKept_GivesItInThisAndOtherCaches()
    {
        ObjectCache cache = Cache();
        cache.Keep("key", s_content);
        cache.Keep("empty", []);

        Assert.That(cache.Find("key"), Is.EqualTo(s_content));
        Assert.That(Cache().Find("key"), Is.EqualTo(s_content));
        Assert.That(Cache().Find("empty"), Is.Empty);
        Assert.That(cache.Find("other"), Is.Null);
        Assert.That(Files(), Has.Length.EqualTo(2), "nothing half written is left");
    }

    [Test]
    public void KeyOf_EachPart_Counts()
    {
        string[] parts = ["define void @kernel()", "passes", "libLLVM.so.19.1 129 7", "AuthenticAMD", "of Avial"];
        string[] keys =
        [
            ObjectCache.KeyOf(parts),
            .. parts.Select((_, changed) => ObjectCache.KeyOf([.. parts.Select((p, i) => i == changed ? p + "'" : p)])),
            // The same letters, divided in another way.
            ObjectCache.KeyOf([parts[0] + parts[1][..1], parts[1][1..], .. parts[2..]]),
            ObjectCache.KeyOf(parts.AsSpan(0, parts.Length - 1)),
            ObjectCache.KeyOf([.. parts, ""]),
        ];

        Assert.That(keys, Is.Unique);
        Assert.That(ObjectCache.KeyOf(parts), Is.EqualTo(keys[0]));
        Assert.That(keys, Is.All.Match("^[0-9a-f]{64}$"));
    }

    [Test]
    public void Find_OfAFileCutShort_RemovesIt([Values(0, 1, 7, 8, 15, 16, 47, 48, 49, 1047)] int length) =>
        AssertIsRemoved(bytes => bytes[..length]);

    [Test]
    public void Find_OfAFileThatGrew_RemovesIt() => AssertIsRemoved(bytes => [.. bytes, 0]);

    [Test]
    public void Find_OfAFileWithAFlippedByte_RemovesIt([Values(0, 7, 8, 12, 15, 16, 40, 47, 48, 500, 1047)] int place) => AssertIsRemoved(bytes =>
    {
        bytes[place] ^= 0x10;
        return bytes;
    });

    [Test]
    public void Find_OfAnotherProgramsFile_RemovesIt() => AssertIsRemoved(_ => "#!/bin/sh\nexit 1\n"u8.ToArray());

    [Test]
    public void Forget_RemovesWhatWasKept()
    {
        ObjectCache cache = Cache();
        cache.Keep("key", s_content);
        cache.Forget("key");
        cache.Forget("never kept");

        Assert.That(cache.Find("key"), Is.Null);
        Assert.That(Files(), Is.Empty);
    }

    [Test]
    public void Keep_WhereTheFolderIsAFile_SaysSoOnceAndGoesOn()
    {
        string file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "in the way");
        var cache = new ObjectCache(file, ObjectCache.DefaultLimit, _said.Add);

        cache.Keep("a", s_content);
        cache.Keep("b", s_content);

        Assert.That(cache.Find("a"), Is.Null);
        Assert.That(_said, Has.Count.EqualTo(1));
        Assert.That(_said[0], Does.StartWith($"Compiled code is not kept in {file}, and is compiled again by the next process: "));
        Assert.That(_said[0], Does.EndWith(" Set AVIAL_CACHE to a folder that can be written to."));
    }

    [Test]
    public void Keep_WhereAFolderIsInTheFilesPlace_LeavesNothingHalfWritten()
    {
        ObjectCache cache = Cache();
        Directory.CreateDirectory(Path.Combine(_folder, "key.object", "inside"));

        cache.Keep("key", s_content);

        Assert.That(cache.Find("key"), Is.Null);
        Assert.That(Files(), Is.Empty);
        Assert.That(_said, Has.Count.EqualTo(1));
    }

    [Test]
    public void Cache_WithoutAFolder_KeepsNothingAndSaysNothing()
    {
        var cache = new ObjectCache(null, ObjectCache.DefaultLimit, _said.Add);
        cache.Keep("key", s_content);
        cache.Forget("key");

        Assert.That(cache.Find("key"), Is.Null);
        Assert.That(_said, Is.Empty);
    }

    [Test]
    public void Keep_BeyondTheLimit_RemovesWhatWasUsedLongestAgo()
    {
        const int Kept = 1048;
        ObjectCache cache = Cache(limit: 8 * Kept);
        for (int i = 0; i < 8; i++)
        {
            cache.Keep($"{i}", s_content);
            File.SetLastWriteTimeUtc(PathOf($"{i}"), DateTime.UtcNow.AddDays(i - 10));
        }
        // Reading counts as use.
        Assert.That(Cache().Find("0"), Is.Not.Null);
        string half = PathOf("half") + ".0123456789abcdef";
        File.WriteAllBytes(half, s_content);
        File.SetLastWriteTimeUtc(half, DateTime.UtcNow.AddDays(-20));

        // A process that has just begun measures the folder at its first file.
        Cache(limit: 8 * Kept).Keep("8", s_content);

        Assert.That(Files(), Is.EquivalentTo(new[] { "0", "4", "5", "6", "7", "8" }));
        Assert.That(File.Exists(half), Is.False);
    }

    [Test]
    public void Cache_UsedByManyThreads_GivesWholeObjects()
    {
        ObjectCache[] caches = [.. Enumerable.Range(0, 4).Select(_ => Cache(limit: 20_000))];
        byte[][] contents = [.. Enumerable.Range(0, 8).Select(k => Enumerable.Repeat((byte)k, 500 + 300 * k).ToArray())];

        Parallel.For(0, 2000, i =>
        {
            int key = i * 7 % contents.Length;
            if (caches[i % caches.Length].Find($"{key}") is { } found)
            {
                Assert.That(found, Is.EqualTo(contents[key]));
            }
            else
            {
                caches[i % caches.Length].Keep($"{key}", contents[key]);
            }
        });

        Assert.That(_said, Is.Empty);
        Assert.That(new DirectoryInfo(_folder).EnumerateFiles().All(f => f.Extension == ".object"), "nothing half written is left");
    }

    private void AssertIsRemoved(Func<byte[], byte[]> damage)
    {
        ObjectCache cache = Cache();
        cache.Keep("key", s_content);
        File.WriteAllBytes(PathOf("key"), damage(File.ReadAllBytes(PathOf("key"))));

        Assert.That(cache.Find("key"), Is.Null);
        Assert.That(Files(), Is.Empty);

        cache.Keep("key", s_content);
        Assert.That(cache.Find("key"), Is.EqualTo(s_content));
        Assert.That(_said, Is.Empty);
    }

    private ObjectCache Cache(long limit = ObjectCache.DefaultLimit) => new(_folder, limit, _said.Add);

    private string PathOf(string key) => Path.Combine(_folder, key + ".object");

    private string[] Files() => [.. Directory.EnumerateFiles(_folder).Select(f => Path.GetFileNameWithoutExtension(f))];
}
