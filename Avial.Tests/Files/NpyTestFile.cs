using System.Buffers.Binary;
using System.Text;
using Avial.Files;

namespace Avial.Tests.Files;

/// <summary>A .npy file put together byte by byte, removed at the end.</summary>
internal sealed class NpyTestFile : IDisposable
{
    public NpyTestFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

    public NpyTestFile()
    {
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"avial-{Guid.NewGuid():N}.npy");

    /// <summary>Magic, version, the length of the text, the text as it stands and the data.</summary>
    public static byte[] Bytes(int version, string header, params byte[] data)
    {
        byte[] text = version == 3 ? Encoding.UTF8.GetBytes(header) : Encoding.Latin1.GetBytes(header);
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        }

        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. length, .. text, .. data];
    }

    public static NpyTestFile Of(string header, params byte[] data) => new(Bytes(1, header, data));

    public static string Header(string descr, string shape, bool isFortranOrder = false) =>
        $"{{'descr': {descr}, 'fortran_order': {(isFortranOrder ? "True" : "False")}, 'shape': {shape}, }}\n";

    public unsafe T[] Read<T>(int column = 0)
        where T : unmanaged
    {
        using var reader = NpyFileReader.Open(Path);
        T[] values = new T[reader.Header.Count];
        fixed (T* target = values)
        {
            reader.Read(column, target);
        }

        return values;
    }

    public unsafe T[] ReadBox<T>(long[] lo, long[] hi, int column = 0)
        where T : unmanaged
    {
        using var reader = NpyFileReader.Open(Path);
        T[] values = new T[lo.Zip(hi, (a, b) => b - a).Aggregate(1L, (a, b) => a * b)];
        fixed (T* target = values)
        {
            reader.ReadBox(lo, hi, column, target);
        }

        return values;
    }

    public void Dispose() => File.Delete(Path);
}
