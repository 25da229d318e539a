using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Avial.Files;

/// <summary>Copies evenly spaced values between a chunk of a file and a column in memory.</summary>
internal static unsafe class NpyCopy
{
    /// <summary>
    /// Copies <paramref name="count"/> values of <paramref name="size"/> bytes, reversing the bytes of each if <paramref name="isSwapped"/>.
    /// Strides are in bytes; both sides must be valid for (count - 1) strides and one value.
    /// </summary>
    public static void Copy(byte* source, long sourceStride, byte* target, long targetStride, long count, int size, bool isSwapped)
    {
        if (sourceStride == size && targetStride == size)
        {
            Buffer.MemoryCopy(source, target, count * size, count * size);
            if (isSwapped)
            {
                Swap(target, count, size);
            }

            return;
        }

        switch (size)
        {
            case 1:
                CopyEach<byte>(source, sourceStride, target, targetStride, count);
                break;
            case 2:
                CopyEach<ushort>(source, sourceStride, target, targetStride, count);
                break;
            case 4:
                CopyEach<uint>(source, sourceStride, target, targetStride, count);
                break;
            default:
                CopyEach<ulong>(source, sourceStride, target, targetStride, count);
                break;
        }

        if (isSwapped)
        {
            for (long i = 0; i < count; i++)
            {
                Swap(target + i * targetStride, 1, size);
            }
        }
    }

    /// <summary>Reverses the bytes of each of <paramref name="count"/> values that lie side by side.</summary>
    public static void Swap(byte* values, long count, int size)
    {
        // Spans are limited to 2^31 elements.
        const int Step = 1 << 30;
        for (long done = 0; done < count; done += Step)
        {
            int length = (int)Math.Min(Step, count - done);
            switch (size)
            {
                case 2:
                    var shorts = new Span<ushort>(values + done * size, length);
                    BinaryPrimitives.ReverseEndianness(shorts, shorts);
                    break;
                case 4:
                    var ints = new Span<uint>(values + done * size, length);
                    BinaryPrimitives.ReverseEndianness(ints, ints);
                    break;
                case 8:
                    var longs = new Span<ulong>(values + done * size, length);
                    BinaryPrimitives.ReverseEndianness(longs, longs);
                    break;
            }
        }
    }

    /// <summary>Makes 1 of every non-zero byte, as evenly spaced booleans must be 0 or 1 in memory.</summary>
    public static void NormalizeBooleans(byte* values, long stride, long count)
    {
        for (long i = 0; i < count; i++)
        {
            values[i * stride] = values[i * stride] == 0 ? (byte)0 : (byte)1;
        }
    }

    private static void CopyEach<T>(byte* source, long sourceStride, byte* target, long targetStride, long count)
        where T : unmanaged
    {
        for (long i = 0; i < count; i++)
        {
            Unsafe.WriteUnaligned(target + i * targetStride, Unsafe.ReadUnaligned<T>(source + i * sourceStride));
        }
    }
}
