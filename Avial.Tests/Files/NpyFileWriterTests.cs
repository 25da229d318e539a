using System.Text;
using Avial.Files;
using Avial.IR;

namespace Avial.Tests.Files;

public sealed class NpyFileWriterTests
{
    [Test]
    public void Write_OfAVector_GivesNumPysBytes()
    {
        // numpy.save("v.npy", numpy.array([1, 2, -1], dtype="<i2"))
        string text = "{'descr': '<i2', 'fortran_order': False, 'shape': (3,), }".PadRight(117) + "\n";
        byte[] expected = NpyTestFile.Bytes(1, text, 1, 0, 2, 0, 255, 255);
        using var file = new NpyTestFile();

        Write<short>(file, NpyHeader.Create(NpyElement.Plain(ScalarType.I16), [3]), [1, 2, -1]);

        Assert.That(File.ReadAllBytes(file.Path), Is.EqualTo(expected));
    }

    [TestCase("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", ScalarType.F64)]
    [TestCase("{'descr': '|b1', 'fortran_order': True, 'shape': (2, 3), }", ScalarType.Bool, 2, 3)]
    [TestCase("{'descr': '<f2', 'fortran_order': False, 'shape': (0, 5, 1), }", ScalarType.F16, 0, 5, 1)]
    public void Encode_WritesTheDictionaryAsNumPy(string text, ScalarType type, params int[] shape)
    {
        bool isFortranOrder = text.Contains("True", StringComparison.Ordinal);

        var header = NpyHeader.Create(NpyElement.Plain(type), [.. shape.Select(i => (long)i)], isFortranOrder);

        Assert.That(Encoding.Latin1.GetString(header.Encode())[10..].TrimEnd(' ', '\n'), Is.EqualTo(text));
        Assert.That(header.Encode(), Has.Length.EqualTo(128));
    }

    [Test]
    public void Encode_OfNestedRecords_WritesNestedLists()
    {
        var element = NpyElement.Record(
            [("H", ScalarType.F32), ("u.x", ScalarType.F64), ("u.it's", ScalarType.U8), ("last", ScalarType.I32)]);

        Assert.That(element.Descr(), Is.EqualTo("[('H', '<f4'), ('u', [('x', '<f8'), (\"it's\", '|u1')]), ('last', '<i4')]"));
        Assert.That(element.Size, Is.EqualTo(17));
    }

    [TestCase("[('', '|V2'), ('a', '<f4'), ('', '|V1'), ('b', [('c', '>i2'), ('', '|V3')]), ('', '|V4')]")]
    [TestCase("'>u8'")]
    public void Descr_OfWhatWasRead_IsTheSame(string descr)
    {
        NpyElement element = NpyElement.Parse(PythonLiteral.Parse(descr));

        Assert.That(NpyElement.Parse(PythonLiteral.Parse(element.Descr())).Columns, Is.EqualTo(element.Columns));
        Assert.That(NpyElement.Parse(PythonLiteral.Parse(element.Descr())).Size, Is.EqualTo(element.Size));
    }

    [Test]
    public void Create_ChoosesTheOldestVersionThatFits()
    {
        var manyFields = NpyElement.Record(Enumerable.Range(0, 4000).Select(i => ($"field{i}", ScalarType.F32)));

        Assert.That(NpyHeader.Create(NpyElement.Record([("é", ScalarType.F32)]), [1]).Version, Is.EqualTo(1));
        Assert.That(NpyHeader.Create(manyFields, [1]).Version, Is.EqualTo(2));
        Assert.That(NpyHeader.Create(NpyElement.Record([("ρ", ScalarType.F32)]), [1]).Version, Is.EqualTo(3));
    }

    [Test]
    public void Create_OfEveryTextLength_AlignsTheData([Range(1, 70)] int nameLength, [Values(1, 2, 3)] int version)
    {
        var header = NpyHeader.Create(NpyElement.Record([(new string('n', nameLength), ScalarType.F32)]), [1, 2], version: version);

        byte[] bytes = header.Encode();

        Assert.That(bytes.Length % 64, Is.Zero);
        Assert.That(header.DataOffset, Is.EqualTo(bytes.Length));
        Assert.That(bytes[^2..], Is.EqualTo(" \n"u8.ToArray()));
    }

    [Test]
    public void Write_ThenRead_GivesTheSame([Values] bool isFortranOrder, [Values] bool isBigEndian, [Values(1, 2, 3)] int version)
    {
        double[] values = [.. Enumerable.Range(0, 3 * 4 * 5).Select(i => i * 1.1)];
        using var file = new NpyTestFile();

        Write(file, NpyHeader.Create(NpyElement.Plain(ScalarType.F64, isBigEndian), [3, 4, 5], isFortranOrder, version), values);

        Assert.That(file.Read<double>(), Is.EqualTo(values));
        Assert.That(file.ReadBox<double>([2, 1, 0], [3, 3, 2]), Is.EqualTo([values[45], values[46], values[50], values[51]]));
    }

    [Test]
    public unsafe void WriteBox_OfPartsFromSeveralWriters_GivesTheWhole([Values] bool isFortranOrder)
    {
        // Two ranks own the left and the right half of records (float a, byte b).
        var header = NpyHeader.Create(NpyElement.Record([("a", ScalarType.F32), ("b", ScalarType.U8)]), [2, 4], isFortranOrder);
        using var file = new NpyTestFile();
        float[] left = [0, 1, 10, 11];
        float[] right = [2, 3, 12, 13];
        byte[] leftBytes = [0, 1, 10, 11];
        byte[] rightBytes = [2, 3, 12, 13];

        using (var first = NpyFileWriter.Create(file.Path, header))
        {
            fixed (float* a = left, c = right)
            {
                fixed (byte* b = leftBytes, d = rightBytes)
                {
                    first.WriteBox([0, 0], [2, 2], [(nint)a, (nint)b]);
                    using var second = NpyFileWriter.OpenPart(first.TemporaryPath, header);
                    second.WriteBox([0, 2], [2, 4], [(nint)c, (nint)d]);
                    second.Flush();
                }
            }

            first.Commit();
        }

        Assert.That(file.Read<float>(0), Is.EqualTo([0f, 1, 2, 3, 10, 11, 12, 13]));
        Assert.That(file.Read<byte>(1), Is.EqualTo([0, 1, 2, 3, 10, 11, 12, 13]));
    }

    [Test]
    public void Dispose_WithoutCommit_LeavesWhatWasThere()
    {
        using var file = new NpyTestFile([1, 2, 3]);
        string temporary;

        using (var writer = NpyFileWriter.Create(file.Path, NpyHeader.Create(NpyElement.Plain(ScalarType.F32), [2])))
        {
            temporary = writer.TemporaryPath;
            Assert.That(temporary, Does.Exist);
        }

        Assert.That(temporary, Does.Not.Exist);
        Assert.That(File.ReadAllBytes(file.Path), Is.EqualTo([1, 2, 3]));
    }

    [Test]
    public void Write_OverAFile_ReplacesIt()
    {
        using var file = new NpyTestFile([1, 2, 3]);

        Write<byte>(file, NpyHeader.Create(NpyElement.Plain(ScalarType.U8), []), [42]);

        Assert.That(file.Read<byte>(), Is.EqualTo([42]));
    }

    [Test]
    public void Create_OfAShapeBeyondAnyFile_IsRefused() =>
        Assert.That(() => NpyHeader.Create(NpyElement.Plain(ScalarType.F64), [1L << 40, 1L << 40]), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static unsafe void Write<T>(NpyTestFile file, NpyHeader header, T[] values)
        where T : unmanaged
    {
        fixed (T* source = values)
        {
            NpyFileWriter.Write(file.Path, header, [(nint)source]);
        }
    }
}
