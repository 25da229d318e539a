using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Backends.Windows;

namespace Avial.Tests.Execution;

public sealed unsafe class StorageWindowTests
{
    [Test]
    public void VirtualAddress_OfAnyWindow_LeadsToTheElement()
    {
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.I32, ScalarType.F64]), [10, 20, 30]);
        Storage storage = Allocator.Shared.Allocate(type, new Box([-2, 5, 7], [3, 9, 12]), "window");

        Assert.That(storage.IsWhole, Is.False);
        Assert.That(new[] { storage.Pitch(0), storage.Pitch(1), storage.Pitch(2) }, Is.EqualTo(new long[] { 20, 5, 1 }));
        for (int column = 0; column < 2; column++)
        {
            long size = type.Element.ColumnTypes[column].Size();
            byte* corner = storage.VirtualAddress(column) + (-2 * 20 + 5 * 5 + 7) * size;
            Assert.That((nint)corner, Is.EqualTo((nint)storage.Address(column)));
        }
        storage.Release();
    }

    [Test]
    public void CodeThatKnowsNoWindows_RefusesThem()
    {
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.I32]), [10]);
        Storage part = Allocator.Shared.Allocate(type, new Box([2], [5]), "window");
        Storage whole = Allocator.Shared.Allocate(type, "whole");

        Assert.That(() => StorageAccess.Read<int>(part, 0), Throws.TypeOf<InternalErrorException>().With.Message.EndsWith(
            "An array of i32[10] is used as a whole, but there is memory for [2..5] only."));
        Assert.That(() => part.Reshaped(type), Throws.TypeOf<InternalErrorException>());
        Assert.That(() => StorageCopy.All(part, whole), Throws.TypeOf<InternalErrorException>());
        Assert.That(() => StorageCopy.Box(whole, part, new Box([1], [3])), Throws.TypeOf<InternalErrorException>());
        Assert.That(() => StorageCopy.Box(whole, part, new Box([0], [3]), [3]), Throws.TypeOf<InternalErrorException>().With.Message.EndsWith(
            "The box [0..3] shifted by (3) of an array of i32[10] is copied, but there is memory for [2..5] only."));
    }

    [Test]
    public void Boxes_CopiedShiftedAndPacked_KeepTheirElements([Range(0, 3)] int rank)
    {
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            ImmutableArray<ScalarType> columns = [ScalarType.F64, ScalarType.I32, ScalarType.U8];
            var type = new ArrayType(LoweringCase.LayoutOf(columns[random.Next(3)..]), [.. Enumerable.Range(0, rank).Select(_ => random.NextInt64(1, 7))]);
            Storage whole = LoweringCase.RandomArray(random, type.Element, type.Extents);
            Box box = Inside(type.Box, random);
            long[] shift = [.. box.Low.Select(_ => random.NextInt64(-20, 20))];
            Box moved = Moved(box, shift);
            Storage window = GuardedMemory.Allocate(type, Around(moved, random));
            Storage back = GuardedMemory.Allocate(type, Around(box, random));
            string about = $"seed {seed}, {box} of {type} by {string.Join(",", shift)}";

            StorageCopy.Box(whole, window, box, shift);
            var packed = new byte[StorageCopy.PackedBytes(window, moved) + 1];
            packed[^1] = 77;
            fixed (byte* bytes = packed)
            {
                Assert.That(StorageCopy.Pack(window, moved, bytes), Is.EqualTo(packed.Length - 1), about);
                Assert.That(StorageCopy.Unpack(bytes, back, box), Is.EqualTo(packed.Length - 1), about);
            }

            Assert.That(packed[^1], Is.EqualTo(77), about);
            GuardedMemory.AssertUntouched(window, about);
            GuardedMemory.AssertUntouched(back, about);
            AssertSame(whole, window, box, shift, about);
            AssertSame(whole, back, box, new long[rank], about);
        }
    }

    [Test]
    public void Copies_AllocateNothing()
    {
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.F32, ScalarType.F64]), [8, 9, 10]);
        Storage from = Allocator.Shared.Allocate(type, "from");
        Storage to = Allocator.Shared.Allocate(type, "to");
        var box = new Box([1, 2, 3], [4, 5, 6]);
        byte* packed = stackalloc byte[(int)StorageCopy.PackedBytes(from, box)];
        long[] shift = [1, -1, 2];
        long before = 0;
        for (int i = 0; i < 4; i++)
        {
            before = i == 1 ? GC.GetAllocatedBytesForCurrentThread() : before;
            StorageCopy.Box(from, to, box, shift);
            StorageCopy.Pack(from, box, packed);
            StorageCopy.Unpack(packed, to, box);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void Pool_GivesMemoryToWindowsOfTheSameBytes()
    {
        ElementLayout ints = LoweringCase.LayoutOf([ScalarType.I32]);
        var pool = new StoragePool(new Allocator());
        Storage first = pool.Acquire(new ArrayType(ints, [100]), new Box([10], [22]), "first");
        pool.Release(first);

        Storage again = pool.Acquire(new ArrayType(LoweringCase.LayoutOf([ScalarType.F32]), [9, 9]), new Box([-1, 3], [2, 7]), "again");
        Storage other = pool.Acquire(new ArrayType(ints, [13]), "other");

        Assert.That(again, Is.SameAs(first));
        Assert.That(again.Window, Is.EqualTo(new Box([-1, 3], [2, 7])));
        Assert.That(again.Pitch(0), Is.EqualTo(4));
        Assert.That(other, Is.Not.SameAs(first));
        pool.Release(again);
        pool.Release(other);
        pool.Drain();
    }

    private static void AssertSame(Storage whole, Storage window, Box box, long[] shift, string about)
    {
        for (int column = 0; column < whole.Columns; column++)
        {
            int size = whole.Type.Element.ColumnTypes[column].Size();
            foreach (long[] index in Points(box))
            {
                byte* wanted = whole.VirtualAddress(column);
                byte* found = window.VirtualAddress(column);
                for (int axis = 0; axis < index.Length; axis++)
                {
                    wanted += index[axis] * whole.Pitch(axis) * size;
                    found += (index[axis] + shift[axis]) * window.Pitch(axis) * size;
                }
                Assert.That(new ReadOnlySpan<byte>(found, size).SequenceEqual(new ReadOnlySpan<byte>(wanted, size)), about);
            }
        }
        GC.KeepAlive(whole);
        GC.KeepAlive(window);
    }

    private static IEnumerable<long[]> Points(Box box)
    {
        for (long number = 0; number < box.Count; number++)
        {
            var index = new long[box.Rank];
            long rest = number;
            for (int axis = box.Rank - 1; axis >= 0; axis--)
            {
                index[axis] = box.Low[axis] + rest % box.Length(axis);
                rest /= box.Length(axis);
            }
            yield return index;
        }
    }

    private static Box Inside(Box box, Random random)
    {
        long[] low = [.. box.High.Select(h => random.NextInt64(0, h))];
        return new([.. low], [.. low.Zip(box.High, (l, h) => random.NextInt64(l, h + 1))]);
    }

    private static Box Moved(Box box, long[] shift) => new([.. box.Low.Zip(shift, (l, s) => l + s)], [.. box.High.Zip(shift, (h, s) => h + s)]);

    private static Box Around(Box box, Random random) => new([.. box.Low.Select(l => l - random.Next(3))], [.. box.High.Select(h => h + random.Next(3))]);
}
