using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Backends.Interpreters;

/// <summary>The values of a kernel over a box, in row-major order.</summary>
internal sealed class ElementList
{
    private readonly ulong[] _slots;

    private ElementList(Box box, ImmutableArray<ScalarType> types)
    {
        Box = box;
        Types = types;
        _slots = new ulong[checked(box.Count * types.Length)];
    }

    public Box Box { get; }

    /// <summary>The columns of an element.</summary>
    public ImmutableArray<ScalarType> Types { get; }

    /// <summary>True when an element is NaN, read or made.</summary>
    public bool HasNaN { get; private set; }

    public Span<ulong> this[ReadOnlySpan<long> index] =>
        _slots.AsSpan(checked((int)(BoxWalk.Position(Box, index) * Types.Length)), Types.Length);

    /// <summary>Evaluates a kernel at each index of <paramref name="box"/>, a part of the domain; converts the columns to <paramref name="types"/>.</summary>
    public static ElementList Of(NodeRun run, KernelUse use, Box domain, Box box, ImmutableArray<ScalarType> types)
    {
        var list = new ElementList(box, types);
        KernelInterpreter kernel = run.InterpreterOf(use);
        ulong[] arguments = run.ArgumentsOf(use);
        ImmutableArray<ScalarType> from = use.Kernel.ResultTypes;
        for (var walk = new BoxWalk(box); walk.Next();)
        {
            Span<ulong> element = list[walk.Index];
            long linear = BoxWalk.Position(domain, walk.Index);
            if (!kernel.TryRun(walk.Index, arguments, element, out KernelTrap trap))
            {
                throw run.At(linear, trap);
            }
            for (int column = 0; column < element.Length; column++)
            {
                if (ScalarBits.IsNaN(from[column], element[column]))
                {
                    list.HasNaN = true;
                    if (!kernel.HasReadNaN)
                    {
                        run.NoteNaN(linear, column);
                    }
                }
                if (from[column] != types[column])
                {
                    ScalarArithmetic.TryConvert(ConvertMode.Unchecked, from[column], types[column], element[column], out element[column], out _);
                }
            }
        }
        return list;
    }
}
