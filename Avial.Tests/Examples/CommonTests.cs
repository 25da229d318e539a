using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Avial.Examples;

namespace Avial.Tests.Examples;

/// <summary>The files the examples read and the pictures they write.</summary>
public sealed class CommonTests
{
    [Test]
    public void Png_Written_DecodesToThePixels()
    {
        byte[] pixels = [.. Enumerable.Range(0, 3 * 7 * 5).Select(k => (byte)(37 * k))];
        using var stream = new MemoryStream();

        Png.Write(stream, 7, 5, pixels);

        var chunks = Chunks(stream.ToArray());
        Assert.That(chunks.Keys, Is.EqualTo(["IHDR", "IDAT", "IEND"]));
        Assert.That(chunks["IHDR"], Is.EqualTo((byte[])[0, 0, 0, 7, 0, 0, 0, 5, 8, 2, 0, 0, 0]));
        Assert.That(Unfilter(chunks["IDAT"], 7, 5), Is.EqualTo(pixels));
    }

    [Test]
    public void Png_OfTheWrongSize_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => Png.Write(Stream.Null, 7, 5, new byte[10]));
        Assert.That(error!.Message, Does.StartWith("A picture of 7 × 5 pixels needs 105 bytes and got 10."));
    }

    [Test]
    public void Picture_FromItsPixels_IsTheSame()
    {
        var pixels = new Rgb[,] { { new(0, 0.5, 1), Rgb.Hex(0x336699) }, { new(1, 1, 1), default } };

        Assert.That(Picture.From(pixels).ToArray(), Is.EqualTo(pixels));
    }

    [Test]
    public void Csv_WithQuotes_IsRead()
    {
        var table = Table("name,n\r\n\"a, \"\"b\"\"\nc\",1\r\nd,2.5");

        Assert.That(table.Rows, Is.EqualTo(2));
        Assert.That(table.Text("name"), Is.EqualTo(["a, \"b\"\nc", "d"]));
        Assert.That(table.Numbers<double>("n"), Is.EqualTo([1, 2.5]));
    }

    [TestCase("", "t.csv is empty; expected a header line.")]
    [TestCase("a,b\n1\n", "t.csv, line 2: 1 fields where the header has 2.")]
    [TestCase("a,b\n1,\"2\n", "t.csv, line 2: a quoted field is not closed.")]
    public void Csv_Damaged_IsRefusedWithTheLine(string text, string message) =>
        Assert.That(() => Table(text), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(message));

    [Test]
    public void Csv_AskedForWhatItLacks_SaysWhatItHas()
    {
        var table = Table("a,b\n1,x\n");

        Assert.That(() => table.Text("c"), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("t.csv has no column 'c'; it has a, b."));
        Assert.That(() => table.Numbers<int>("b"), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo("t.csv, line 2: 'x' in column b is not a number."));
    }

    [TestCase("zipcodes.csv", 42049)]
    [TestCase("flights-airport.csv", 5366)]
    [TestCase("airports.csv", 3376)]
    public void DataFiles_AreWhole(string name, int rows) => Assert.That(CsvTable.Load(name).Rows, Is.EqualTo(rows));

    [Test]
    public void DataFile_Missing_SaysWhichThereAre() =>
        Assert.That(() => DataFile.Open("etna.json"), Throws.InstanceOf<FileNotFoundException>().With.Message.Contains("there is no data file 'etna.json'").IgnoreCase
            .And.Message.Contains("volcano.json"));

    [Test]
    public void Terrain_Refined_KeepsTheSurveyedPoints()
    {
        var survey = Terrain.Load();
        var fine = Terrain.Load(2);     // five cells to a surveyed one: the third has its centre at the surveyed point

        Assert.That((survey.Rows, survey.Columns, fine.Rows, fine.Columns), Is.EqualTo((61, 87, 305, 435)));
        Assert.That(survey.Values.Min(), Is.EqualTo(94));
        Assert.That(survey.Values.Max(), Is.EqualTo(195));
        for (var row = 0; row < survey.Rows; row++)
        {
            for (var column = 0; column < survey.Columns; column++)
            {
                Assert.That(fine[5 * row + 2, 5 * column + 2], Is.EqualTo(survey[row, column]).Within(1e-12));
            }
        }
    }

    [TestCase(3)]
    [TestCase(0)]
    [TestCase(20)]
    public void Terrain_RefinedToCellsThatDoNotFit_IsRefused(double cell) =>
        Assert.That(() => Terrain.Load(cell), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("10, 5, 2, 1 or 0.5"));

    [TestCase("{ \"width\": 2, \"height\": 2, \"values\": [1, 2, 3] }", "v.json: 3 values where 2 × 2 = 4 are announced.")]
    [TestCase("{ \"width\": 2, \"height\": 0, \"values\": [] }", "v.json: width 2 and height 0 must be positive.")]
    public void Terrain_Damaged_IsRefused(string json, string message) =>
        Assert.That(() => Terrain.Read(Bytes(json), "v.json"), Throws.InstanceOf<InvalidDataException>().With.Message.EqualTo(message));

    [TestCase("{ \"width\": 2, ")]
    [TestCase("{ \"width\": 2 }")]
    [TestCase("{ \"width\": \"x\", \"height\": 1, \"values\": [] }")]
    public void Terrain_NotAGrid_IsRefused(string json) =>
        Assert.That(() => Terrain.Read(Bytes(json), "v.json"), Throws.InstanceOf<InvalidDataException>().With.Message.StartsWith("v.json is not an elevation grid: "));

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private static CsvTable Table(string text) => CsvTable.Read(Bytes(text), "t.csv");

    private static Dictionary<string, byte[]> Chunks(byte[] file)
    {
        Assert.That(file.AsSpan(0, 8).ToArray(), Is.EqualTo((byte[])[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]));
        var chunks = new Dictionary<string, byte[]>();
        for (var at = 8; at < file.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            var crc = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(at + 8 + length));
            Assert.That(Crc32(file.AsSpan(at + 4, 4 + length)), Is.EqualTo(crc));
            chunks.Add(Encoding.ASCII.GetString(file, at + 4, 4), file.AsSpan(at + 8, length).ToArray());
            at += 12 + length;
        }
        return chunks;
    }

    // Bit by bit, as the standard writes it: the twin of the table in the writer.
    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }

    private static byte[] Unfilter(byte[] compressed, int width, int height)
    {
        using var zlib = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var rows = new MemoryStream();
        zlib.CopyTo(rows);
        var bytes = rows.ToArray();
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
        {
            Assert.That(bytes[y * (3 * width + 1)], Is.EqualTo(2));
            for (var x = 0; x < 3 * width; x++)
            {
                var above = y == 0 ? 0 : pixels[(y - 1) * 3 * width + x];
                pixels[y * 3 * width + x] = (byte)(bytes[y * (3 * width + 1) + 1 + x] + above);
            }
        }
        return pixels;
    }
}
