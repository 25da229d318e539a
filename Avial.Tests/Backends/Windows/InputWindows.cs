using System.Collections.Immutable;
using Avial.Backends.Lowering;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning;

namespace Avial.Tests.Backends.Windows;

/// <summary>The least memory that a part of an operation needs of its inputs, with periodic places where it may have them.</summary>
internal static class InputWindows
{
    /// <summary>The inputs as a part needs them.</summary>
    public static Storage[] Of(KernelUse use, IterationDomain domain, Box part, Storage[] whole, ulong[] scalars, Random random)
    {
        ArrayType[] types = [.. whole.Select(s => s.Type)];
        Footprints reads = Footprints.Of(new BoundsQuery { Use = use, Domain = domain, Inputs = types, Scalars = scalars }, part);
        Storage[] inputs = [.. whole];
        for (int operand = 0; operand < use.Operands.Length; operand++)
        {
            int input = use.Operands[operand];
            if (types[input].Rank > 0)
            {
                Box box = reads.OfOperand(operand) ?? new Box([.. types[input].Extents.Select(_ => 7L)], [.. types[input].Extents.Select(_ => 7L)]);
                inputs[input] = Copy(whole[input], OnlyWraps(use.Kernel, operand) ? Turned(box, types[input], random) : box);
            }
        }
        return inputs;
    }

    /// <summary>A window of an array: every place holds the element that it shows periodically.</summary>
    public static Storage Copy(Storage whole, Box window)
    {
        Storage copy = GuardedMemory.Allocate(whole.Type, window);
        Box[] turns = [new Box([], [])];
        for (int axis = 0; axis < window.Rank; axis++)
        {
            long extent = whole.Type.Extents[axis];
            turns = [.. turns.SelectMany(t => Turns(window.Low[axis], window.High[axis], extent).Select(r => new Box(t.Low.Add(r.Low), t.High.Add(r.High))))];
        }
        foreach (Box box in turns)
        {
            long[] shift = [.. box.Low.Select((low, axis) => (long)Math.Floor((double)low / whole.Type.Extents[axis]) * whole.Type.Extents[axis])];
            var source = new Box([.. box.Low.Zip(shift, (l, s) => l - s)], [.. box.High.Zip(shift, (h, s) => h - s)]);
            StorageCopy.Box(whole, copy, source, shift);
        }
        return copy;
    }

    /// <summary>The stretches of low … high between multiples of the extent.</summary>
    private static IEnumerable<(long Low, long High)> Turns(long low, long high, long extent)
    {
        while (low < high)
        {
            long end = Math.Min(high, ((long)Math.Floor((double)low / extent) + 1) * extent);
            yield return (low, end);
            low = end;
        }
    }

    private static bool OnlyWraps(Kernel kernel, int operand) => Avial.Backends.Lowering.KernelWork.All(kernel.Body).OfType<LoadInstruction>()
        .Where(l => l.Access.Operand == operand).All(l => l.Access.Border == BorderKind.Wrap);

    // The same elements whole turns further on, or all of them from any place on.
    private static Box Turned(Box box, ArrayType type, Random random)
    {
        ImmutableArray<long> low = [.. box.Low.Select((l, axis) => l + random.Next(-1, 2) * type.Extents[axis])];
        Box turned = new(low, [.. low.Select((l, axis) => l + box.Length(axis))]);
        for (int axis = 0; axis < box.Rank; axis++)
        {
            if (!box.IsEmpty && box.Length(axis) == type.Extents[axis])
            {
                long from = random.NextInt64(-type.Extents[axis], type.Extents[axis]);
                turned = turned.With(axis, from, from + type.Extents[axis]);
            }
        }
        return turned;
    }
}
