using System.Buffers.Binary;
using System.IO.Compression;

namespace Avial.Examples;

/// <summary>Writes pictures of 8-bit red, green and blue as PNG (ISO/IEC 15948).</summary>
public static class Png
{
    private static readonly uint[] s_crcTable = CrcTable();

    /// <summary>Writes a file. <paramref name="rgb"/> holds three bytes a pixel, row by row from the top left.</summary>
    public static void Save(string path, int width, int height, ReadOnlySpan<byte> rgb)
    {
        using var file = File.Create(path);
        Write(file, width, height, rgb);
    }

    /// <summary>Writes a stream. <paramref name="rgb"/> holds three bytes a pixel, row by row from the top left.</summary>
    public static void Write(Stream stream, int width, int height, ReadOnlySpan<byte> rgb)
    {
        if (width < 1 || height < 1 || rgb.Length != 3L * width * height)
        {
            throw new ArgumentException($"A picture of {width} × {height} pixels needs {3L * width * height} bytes and got {rgb.Length}.", nameof(rgb));
        }
        stream.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);

        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;      // bits a sample
        header[9] = 2;      // red, green, blue
        header[10..].Clear();   // deflate, adaptive filters, not interlaced
        WriteChunk(stream, "IHDR"u8, header);
        WriteChunk(stream, "IDAT"u8, Compress(width, height, rgb));
        WriteChunk(stream, "IEND"u8, []);
    }

    private static byte[] Compress(int width, int height, ReadOnlySpan<byte> rgb)
    {
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            // Each row as its difference from the row above (filter 2): smooth pictures shrink to about a half.
            var row = new byte[1 + 3 * width];
            row[0] = 2;
            for (var y = 0; y < height; y++)
            {
                var current = rgb.Slice(3 * width * y, 3 * width);
                var above = y == 0 ? default : rgb.Slice(3 * width * (y - 1), 3 * width);
                for (var x = 0; x < current.Length; x++) row[1 + x] = (byte)(current[x] - (y == 0 ? 0 : above[x]));
                zlib.Write(row);
            }
        }
        return compressed.ToArray();
    }

    private static void WriteChunk(Stream stream, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> word = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
        stream.Write(word);
        stream.Write(type);
        stream.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(word, ~Crc(Crc(uint.MaxValue, type), data));
        stream.Write(word);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes) crc = s_crcTable[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return crc;
    }

    private static uint[] CrcTable()
    {
        var table = new uint[256];
        for (var n = 0u; n < 256; n++)
        {
            var crc = n;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? 0xEDB88320 ^ (crc >> 1) : crc >> 1;
            table[n] = crc;
        }
        return table;
    }
}
