using System.Collections.Concurrent;
using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Kernels that read one operand at an affine place: copies, shifted copies, views made real.</summary>
internal static class CopyKernels
{
    private static readonly ConcurrentDictionary<(ElementLayout, string), KernelUse> s_uses = [];

    /// <summary>Reads input 0 at (index − start).</summary>
    public static KernelUse Shifted(ElementLayout layout, ImmutableArray<long> start)
    {
        int rank = start.Length;
        return Read(layout, rank, [.. Enumerable.Range(0, rank).Select(a => AffineIndex.Of(new Value(a, ScalarType.I64)) + -start[a])]);
    }

    /// <summary>Reads input 0 at the given place; atoms 0 … rank-1 are the index variables.</summary>
    public static KernelUse Read(ElementLayout layout, int rank, ImmutableArray<AffineIndex> place)
    {
        return s_uses.GetOrAdd((layout, $"{rank}: {string.Join(", ", place)}"), _ => Build(layout, rank, place));
    }

    /// <summary>A view made real: a map that reads input 0 through it. Reads that depend on a step are checked.</summary>
    public static MapOperation OfView(ViewOperation view, SourceSpan span)
    {
        ArrayType type = view.Outputs[0];
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, type.Rank).Select(_ => numbers.New(ScalarType.I64))];
        var parameters = new List<Value>();
        var arguments = new List<KernelArgument>();
        var place = ImmutableArray.CreateBuilder<AffineIndex>();
        for (int axis = 0; axis < view.Maps.Length; axis++)
        {
            AffineIndex index = view.Maps[axis].Substitute(atom => AffineIndex.Of(indices[atom.Id])) + view.Offsets[axis].Constant;
            foreach (BoundTerm term in view.Offsets[axis].Terms)
            {
                parameters.Add(numbers.New(ScalarType.I64));
                arguments.Add(new KernelArgument(ArgumentKind.Input, term.Input));
                index += AffineIndex.Of(parameters[^1]) * term.Coefficient;
            }
            place.Add(index);
        }
        var builder = new BlockBuilder(numbers);
        var results = ImmutableArray.CreateBuilder<Value>();
        for (int column = 0; column < type.Element.Columns.Length; column++)
        {
            BoundsProof proof = arguments.Count == 0 ? BoundsProof.Proven : BoundsProof.CheckRange;
            var access = new Access(0, column, place.ToImmutable(), BorderKind.None, null, [], true, proof, span);
            results.Add(builder.Pure(type.Element.ColumnTypes[column], r => new LoadInstruction(r, access)));
        }
        var kernel = new Kernel(type.Rank, [type.Element.Operand[view.Maps.Length]], builder.Finish([.. indices, .. parameters], results.ToImmutable()));
        return new MapOperation([new MapPiece(Elementwise.DomainOf(type), new KernelUse(kernel, [0], [.. arguments]))], [], [.. new long[type.Rank]]) { Outputs = [type] };
    }

    private static KernelUse Build(ElementLayout layout, int rank, ImmutableArray<AffineIndex> place)
    {
        var numbers = new ValueNumbers();
        ImmutableArray<Value> indices = [.. Enumerable.Range(0, rank).Select(_ => numbers.New(ScalarType.I64))];
        var builder = new BlockBuilder(numbers);
        var results = ImmutableArray.CreateBuilder<Value>();
        for (int column = 0; column < layout.Columns.Length; column++)
        {
            var access = new Access(0, column, place, BorderKind.None, null, [], true, BoundsProof.Proven, SourceSpan.None);
            results.Add(builder.Pure(layout.Columns[column].Type, r => new LoadInstruction(r, access)));
        }
        var kernel = new Kernel(rank, [layout.Operand[place.Length]], builder.Finish(indices, results.ToImmutable()));
        return new KernelUse(kernel, [0], []);
    }
}
