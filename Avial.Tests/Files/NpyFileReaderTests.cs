using System.Text;
using Avial.Files;
using Avial.IR;

namespace Avial.Tests.Files;

public sealed class NpyFileReaderTests
{
    [TestCase("'<i2'", ScalarType.I16)]
    [TestCase("'=i2'", ScalarType.I16)]
    [TestCase("'i2'", ScalarType.I16)]
    [TestCase("\"<i2\"", ScalarType.I16)]
    [TestCase("u'<u2'", ScalarType.U16)]
    public void Read_LittleEndian_GivesTheValues(string descr, ScalarType type)
    {
        using var file = NpyTestFile.Of(NpyTestFile.Header(descr, "(3,)"), 1, 0, 2, 1, 255, 127);
        using var reader = NpyFileReader.Open(file.Path);

        Assert.That(reader.Header.Element.Columns.Single(), Is.EqualTo(new NpyColumn("", type)));
        Assert.That(reader.Header.Shape, Is.EqualTo([3L]));
        Assert.That(file.Read<short>(), Is.EqualTo([1, 258, 32767]));
    }

    [Test]
    public void Read_BigEndian_IsReversed()
    {
        using var shorts = NpyTestFile.Of(NpyTestFile.Header("'>i2'", "(2,)"), 1, 0, 0, 2);
        using var floats = NpyTestFile.Of(NpyTestFile.Header("'>f4'", "(2,)"), 0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0);
        using var doubles = NpyTestFile.Of(NpyTestFile.Header("'>f8'", "(1,)"), 0x40, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18);

        Assert.That(shorts.Read<short>(), Is.EqualTo([256, 2]));
        Assert.That(floats.Read<float>(), Is.EqualTo([1f, -2.5f]));
        Assert.That(doubles.Read<double>(), Is.EqualTo([Math.PI]));
    }

    [TestCase("'|b1'", ScalarType.Bool, 1)]
    [TestCase("'?'", ScalarType.Bool, 1)]
    [TestCase("'|i1'", ScalarType.I8, 1)]
    [TestCase("'<i4'", ScalarType.I32, 4)]
    [TestCase("'<i8'", ScalarType.I64, 8)]
    [TestCase("'|u1'", ScalarType.U8, 1)]
    [TestCase("'>u4'", ScalarType.U32, 4)]
    [TestCase("'<u8'", ScalarType.U64, 8)]
    [TestCase("'<f2'", ScalarType.F16, 2)]
    [TestCase("'<f4'", ScalarType.F32, 4)]
    [TestCase("'<f8'", ScalarType.F64, 8)]
    public void Open_OfEachType_FindsItsColumn(string descr, ScalarType type, int size)
    {
        using var file = NpyTestFile.Of(NpyTestFile.Header(descr, "()"), new byte[size]);
        using var reader = NpyFileReader.Open(file.Path);

        Assert.That(reader.Require(type), Is.Zero);
        Assert.That(reader.Header.Element.Size, Is.EqualTo(size));
        Assert.That(reader.Header.Count, Is.EqualTo(1));
    }

    [Test]
    public void Read_Booleans_AreZeroOrOne()
    {
        using var file = NpyTestFile.Of(NpyTestFile.Header("'|b1'", "(4,)"), 0, 1, 2, 255);

        Assert.That(file.Read<byte>(), Is.EqualTo([0, 1, 1, 1]));
    }

    [Test]
    public void Read_OfVersions2And3_IsThatOf1([Values(1, 2, 3)] int version)
    {
        using var file = new NpyTestFile(NpyTestFile.Bytes(version, NpyTestFile.Header("[('h', '|u1')]", "(2,)"), 7, 9));

        Assert.That(file.Read<byte>(), Is.EqualTo([7, 9]));
    }

    [Test]
    public void Open_OfVersion3_ReadsUtf8Names()
    {
        using var file = new NpyTestFile(NpyTestFile.Bytes(3, NpyTestFile.Header("[('ρ', '<f4')]", "(0,)")));
        using var reader = NpyFileReader.Open(file.Path);

        Assert.That(reader.Header.Element.Columns[0].Name, Is.EqualTo("ρ"));
    }

    [Test]
    public void Read_FortranOrder_IsRowMajorInMemory()
    {
        // [[0, 1, 2], [10, 11, 12]] column by column.
        using var file = NpyTestFile.Of(NpyTestFile.Header("'|u1'", "(2, 3)", isFortranOrder: true), 0, 10, 1, 11, 2, 12);

        Assert.That(file.Read<byte>(), Is.EqualTo([0, 1, 2, 10, 11, 12]));
        Assert.That(file.ReadBox<byte>([1, 1], [2, 3]), Is.EqualTo([11, 12]));
        Assert.That(file.ReadBox<byte>([0, 1], [2, 2]), Is.EqualTo([1, 11]));
    }

    [Test]
    public void Read_Records_GivesColumns()
    {
        using var file = NpyTestFile.Of(
            NpyTestFile.Header("[('H', '<i2'), ('Hu', '>i2'), ('', '|V1'), ('inner', [('a', '|u1'), (('title', 'b'), '<i2')])]", "(2,)"),
            1, 0, 0, 2, 99, 3, 4, 0,
            5, 0, 0, 6, 99, 7, 8, 0);
        using var reader = NpyFileReader.Open(file.Path);

        Assert.That(reader.Header.Element.Columns.Select(c => (c.Name, c.Offset)), Is.EqualTo([("H", 0), ("Hu", 2), ("inner.a", 5), ("inner.b", 6)]));
        Assert.That(reader.Header.Element.Size, Is.EqualTo(8));
        Assert.That(file.Read<short>(0), Is.EqualTo([1, 5]));
        Assert.That(file.Read<short>(1), Is.EqualTo([2, 6]));
        Assert.That(file.Read<byte>(2), Is.EqualTo([3, 7]));
        Assert.That(file.Read<short>(3), Is.EqualTo([4, 8]));
        Assert.That(reader.RequireFields([("inner.b", ScalarType.I16), ("H", ScalarType.I16)]), Is.EqualTo([3, 0]));
    }

    [Test]
    public void ReadBox_OfAnyBox_GivesItsElements([Range(1, 30)] int seed, [Values] bool isFortranOrder)
    {
        var random = new Random(seed);
        int rank = random.Next(1, 5);
        long[] shape = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(1, 7))];
        long[] lo = [.. shape.Select(extent => random.NextInt64(extent))];
        long[] hi = [.. shape.Select((extent, axis) => random.NextInt64(lo[axis], extent + 1))];
        int[] inFile = new int[shape.Aggregate(1L, (a, b) => a * b)];
        List<int> expected = [];
        foreach (long[] index in Indices(shape))
        {
            int value = (int)index.Aggregate(0L, (a, i) => a * 10 + i);
            inFile[Position(index, shape, isFortranOrder)] = value;
            if (index.Select((i, axis) => i >= lo[axis] && i < hi[axis]).All(isInside => isInside))
            {
                expected.Add(value);
            }
        }

        string text = NpyTestFile.Header("'<i4'", $"({string.Join(", ", shape)},)", isFortranOrder);
        using var file = NpyTestFile.Of(text, [.. inFile.SelectMany(BitConverter.GetBytes)]);

        Assert.That(file.ReadBox<int>(lo, hi), Is.EqualTo(expected));
    }

    [Test]
    public void Read_OfManyChunks_GivesTheValues([Values] bool isFortranOrder)
    {
        // Records of 16 bytes: 5 chunks of a megabyte.
        const int Rows = 700;
        const int Columns = 450;
        byte[] data = new byte[Rows * Columns * 16];
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
            {
                long at = Position([i, j], [Rows, Columns], isFortranOrder) * 16;
                BitConverter.TryWriteBytes(data.AsSpan((int)at + 8), i * 1000 + j);
            }
        }

        string text = NpyTestFile.Header("[('a', '<f8'), ('b', '<i4'), ('c', '<f4')]", $"({Rows}, {Columns})", isFortranOrder);
        using var file = NpyTestFile.Of(text, data);

        int[] read = file.Read<int>(1);

        Assert.That(read, Is.EqualTo(Enumerable.Range(0, Rows * Columns).Select(p => p / Columns * 1000 + p % Columns)));
    }

    [Test]
    public void ReadBox_OutsideTheFile_IsRefused()
    {
        using var file = NpyTestFile.Of(NpyTestFile.Header("'|u1'", "(2,)"), 1, 2);

        Assert.That(() => file.ReadBox<byte>([0], [3]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("[0, 3)"));
        Assert.That(() => file.ReadBox<byte>([0, 0], [1, 1]), Throws.ArgumentException);
    }

    // Every damaged file is refused with what was found and what to do.
    [TestCase("'|O'", "its elements are of the type '|O' (Python objects)")]
    [TestCase("'<c16'", "its elements are of the type '<c16' (complex numbers)")]
    [TestCase("'<U5'", "its elements are of the type '<U5' (text)")]
    [TestCase("'|S3'", "its elements are of the type '|S3' (text)")]
    [TestCase("'<M8[ns]'", "its elements are of the type '<M8[ns]' (dates and times)")]
    [TestCase("'|V8'", "its elements are of the type '|V8' (raw bytes)")]
    [TestCase("'<f16'", "its elements are of the type '<f16' (extended precision)")]
    [TestCase("'<i3'", "its elements are of the type '<i3'")]
    [TestCase("''", "its elements are of the type ''")]
    [TestCase("7", "the type of its elements is not written as NumPy writes types")]
    [TestCase("[]", "its elements have no fields")]
    [TestCase("[('', '|V2147483647'), ('a', '<f8')]", "its elements are larger than 2 GiB")]
    [TestCase("[('a', '<f4'), ('a', '<f4')]", "its elements have two fields 'a'")]
    [TestCase("[('a', '<f4', (3,))]", "its field 'a' is arrays")]
    [TestCase("('<f4', (3,))", "its elements are arrays")]
    [TestCase("[('a', '|O')]", "its field 'a' is of the type '|O' (Python objects)")]
    [TestCase("[(1, '<f4')]", "a field's name is not a string")]
    [TestCase("['<f4']", "its fields are not written as (name, type)")]
    public void Open_OfUnsupportedElements_IsRefused(string descr, string found) =>
        Refuse(NpyTestFile.Bytes(1, NpyTestFile.Header(descr, "(0,)")), found, "save it with elements of bool");

    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)", "its header is no Python dictionary: it has the end at character 54 where ',' or '}' was expected")]
    [TestCase("hello", "its header is no Python dictionary: it has 'hello' at character 0 where a value was expected")]
    [TestCase("{'descr': '<f4", "its header is no Python dictionary: it has the end at character 14 where the closing quote was expected")]
    [TestCase("{} extra", "its header is no Python dictionary: it has 'extra' at character 3 where nothing more was expected")]
    [TestCase("{'a': '\\q'}", "its header is no Python dictionary: it has the unknown escape '\\q' at character 7")]
    [TestCase("{'a': '\\u12'}", "its header is no Python dictionary: it has a damaged escape before character 13")]
    [TestCase("{}", "its header should be a dictionary with the keys descr, fortran_order and shape, but has none")]
    [TestCase("(1, 2)", "its header should be a dictionary with the keys descr, fortran_order and shape, but has none")]
    [TestCase("{'descr': '<f4', 'shape': ()}", "its header should be a dictionary with the keys descr, fortran_order and shape, but has descr, shape")]
    [TestCase("{'descr': '<f4', 'fortran_order': 1, 'shape': ()}", "its header's fortran_order is neither True nor False")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': 3}", "its header's shape is not a tuple of non-negative integers")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", "its header's shape is not a tuple of non-negative integers")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "its header is no Python dictionary: its number '99999999999999999999' at character 51 does not fit into 64 bits")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "its shape (4294967296, 4294967296) with elements of 4 bytes is more than a file can hold")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 4294967296, 4294967296)}", "its shape (0, 4294967296, 4294967296) with elements of 4 bytes is more than a file can hold")]
    public void Open_OfADamagedHeader_IsRefused(string header, string found) =>
        Refuse(NpyTestFile.Bytes(1, header), found, "save it again with numpy.save");

    [Test]
    public void Open_OfDeeplyNestedText_IsRefused() =>
        Refuse(NpyTestFile.Bytes(1, new string('(', 10_000)), "its header is no Python dictionary: it nests deeper than 64 levels at character 64", "save it again");

    [Test]
    public void Open_OfAnotherKindOfFile_IsRefused([Values("", "PK\u0003\u0004 an .npz archive", "\u0093NUMPY")] string content) =>
        Refuse(Encoding.Latin1.GetBytes(content), "it does not start with the magic bytes \\x93NUMPY", "give a file that numpy.save wrote");

    [Test]
    public void Open_OfAnUnknownVersion_IsRefused()
    {
        byte[] bytes = NpyTestFile.Bytes(1, NpyTestFile.Header("'<f4'", "()"), 0, 0, 0, 0);
        bytes[6] = 4;

        Refuse(bytes, "it has format version 4.0", "save it in version 1.0, 2.0 or 3.0");
    }

    [Test]
    public void Open_OfATruncatedFile_IsRefused()
    {
        byte[] whole = NpyTestFile.Bytes(1, NpyTestFile.Header("'<f4'", "(2,)"), 0, 0, 0, 0, 0, 0, 0, 0);
        Assert.That(whole, Has.Length.EqualTo(76));

        Refuse(whole[..9], "its header should have 58 bytes, but the file has 9", "it was cut short");
        Refuse(whole[..40], "its header should have 58 bytes, but the file has 40", "it was cut short");
        Refuse(
            whole[..^1],
            "its header promises (2,) elements of 4 bytes, 76 bytes with the header, but the file has 75",
            "it was cut short: copy or save it again");
    }

    [Test]
    public void Open_OfAnAbsurdHeaderLength_IsRefused()
    {
        byte[] bytes = NpyTestFile.Bytes(2, NpyTestFile.Header("'<f4'", "()"), 0, 0, 0, 0);
        bytes[11] = 0xff;

        Assert.That(() => Open(bytes), Throws.InstanceOf<NpyFormatException>().With.Message.Contains("its header should have 42781"));
    }

    [Test]
    public void Require_OfAnotherType_SaysBoth()
    {
        using var file = NpyTestFile.Of(NpyTestFile.Header("'<f4'", "()"), 0, 0, 0, 0);
        using var reader = NpyFileReader.Open(file.Path);

        Assert.That(
            () => reader.Require(ScalarType.F64),
            Throws.InstanceOf<NpyFormatException>().With.Property("Found").EqualTo("it holds elements of Single, but Double was asked for"));
        Assert.That(
            () => reader.RequireFields([("H", ScalarType.F32), ("Hu", ScalarType.F32)]),
            Throws.InstanceOf<NpyFormatException>().With.Property("Found")
                .EqualTo("it holds elements of Single, but (Single H, Single Hu) was asked for"));
    }

    private static void Refuse(byte[] bytes, string found, string remedy)
    {
        var error = Assert.Throws<NpyFormatException>(() => Open(bytes));

        Assert.That(error!.Found, Is.EqualTo(found));
        Assert.That(error.Remedy, Does.StartWith(remedy));
        Assert.That(error.Message, Does.StartWith(error.Path + ": "));
    }

    private static void Open(byte[] bytes)
    {
        using var file = new NpyTestFile(bytes);
        using var reader = NpyFileReader.Open(file.Path);
    }

    private static IEnumerable<long[]> Indices(long[] shape)
    {
        long count = shape.Aggregate(1L, (a, b) => a * b);
        for (long position = 0; position < count; position++)
        {
            long[] index = new long[shape.Length];
            long rest = position;
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, shape[axis]);
            }

            yield return index;
        }
    }

    private static long Position(long[] index, long[] shape, bool isFortranOrder)
    {
        long position = 0;
        for (int i = 0; i < index.Length; i++)
        {
            int axis = isFortranOrder ? index.Length - 1 - i : i;
            position = position * shape[axis] + index[axis];
        }

        return position;
    }
}
