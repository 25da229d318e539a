using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Avial.Execution;

namespace Avial.Backends.Cpu.Objects;

/// <summary>
/// Keeps objects in a folder, a file each, named after what they were made from. Many processes may use it at once: a file is written beside and then renamed. A file that is
/// damaged is removed and made anew. When the folder grows beyond its limit the files that were used longest ago go.
/// </summary>
/// <param name="folder">The folder; made when something is kept. Null: nothing is kept.</param>
/// <param name="limit">The most bytes that it keeps.</param>
/// <param name="report">Told, once, why nothing is kept.</param>
internal sealed class ObjectCache(string? folder, long limit, Action<string> report)
{
    /// <summary>The most bytes that are kept unless said otherwise: some fifty thousand kernels.</summary>
    public const long DefaultLimit = 256L << 20;

    private const int DigestSize = 32;
    private const int HeaderSize = 8 + 8 + DigestSize;
    private const string Extension = ".object";

    // After so many new bytes the folder is measured again.
    private const long BytesBetweenChecks = 4L << 20;

    private static ReadOnlySpan<byte> Magic => "avialob1"u8;

    private long _sinceCheck = long.MaxValue / 2;
    private int _hasReported;

    /// <summary>The name of the file for what an object is made from.</summary>
    public static string KeyOf(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (string part in parts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What was kept under this key; null when nothing was, or it is damaged.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever is wrong with the file, the object is made anew.")]
    public byte[]? Find(string key)
    {
        if (folder is null)
        {
            return null;
        }
        string file = FileOf(key);
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }
            byte[] bytes = File.ReadAllBytes(file);
            if (!IsWhole(bytes))
            {
                CacheFolder.Remove(file);
                return null;
            }
            Touch(file);
            return bytes[HeaderSize..];
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Removes what was kept under this key: it turned out to be of no use.</summary>
    public void Forget(string key)
    {
        if (folder is not null)
        {
            CacheFolder.Remove(FileOf(key));
        }
    }

    /// <summary>Keeps an object, where that is possible.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A folder that cannot be written to keeps nothing, which is said.")]
    public void Keep(string key, ReadOnlySpan<byte> content)
    {
        if (folder is null)
        {
            return;
        }
        byte[] bytes = new byte[HeaderSize + content.Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), content.Length);
        SHA256.HashData(content, bytes.AsSpan(16, DigestSize));
        content.CopyTo(bytes.AsSpan(HeaderSize));
        try
        {
            CacheFolder.Write(FileOf(key), bytes);
            Shrink(bytes.Length);
        }
        catch (Exception exception)
        {
            if (Interlocked.Exchange(ref _hasReported, 1) == 0)
            {
                report($"Compiled code is not kept in {folder}, and is compiled again by the next process: {exception.Message} Set AVIAL_CACHE to a folder that can be written to.");
            }
        }
    }

    private string FileOf(string key) => Path.Combine(folder!, key + Extension);

    private static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderSize && bytes[..8].SequenceEqual(Magic) && BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]) == bytes.Length - HeaderSize
        && SHA256.HashData(bytes[HeaderSize..]).AsSpan().SequenceEqual(bytes.Slice(16, DigestSize));

    // Says that it was used, once a day at most: the time decides what goes first.
    private static void Touch(string file)
    {
        DateTime now = DateTime.UtcNow;
        if (now - File.GetLastWriteTimeUtc(file) > TimeSpan.FromDays(1))
        {
            File.SetLastWriteTimeUtc(file, now);
        }
    }

    // Down to three quarters of the limit, the oldest first. Others write and rename meanwhile: what is being written is left alone, unless its process must have ended long ago.
    private void Shrink(long added)
    {
        if (Interlocked.Add(ref _sinceCheck, added) < Math.Min(BytesBetweenChecks, limit / 4))
        {
            return;
        }
        Interlocked.Exchange(ref _sinceCheck, 0);
        DateTime longAgo = DateTime.UtcNow - TimeSpan.FromHours(1);
        FileInfo[] files =
        [
            .. new DirectoryInfo(folder!).EnumerateFiles($"*{Extension}*")
                .Where(f => f.Exists && (f.Extension == Extension || f.LastWriteTimeUtc < longAgo)).OrderBy(f => f.LastWriteTimeUtc),
        ];
        long size = files.Sum(f => f.Length);
        if (size <= limit)
        {
            return;
        }
        foreach (FileInfo file in files)
        {
            if (size <= limit / 4 * 3)
            {
                return;
            }
            size -= file.Length;
            CacheFolder.Remove(file.FullName);
        }
    }
}
