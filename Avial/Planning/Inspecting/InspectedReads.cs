using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;

namespace Avial.Planning.Inspecting;

/// <summary>The inputs of an operation whose places can be found before it runs: data decides where they are read, and that data is not what they hold there.</summary>
internal sealed class InspectedReads
{
    private static readonly ConditionalWeakTable<Operation, InspectedReads> s_known = [];

    private readonly ImmutableArray<ArrayType> _types;

    private InspectedReads(Operation operation, ImmutableArray<ArrayType> types, SourceSpan span)
    {
        _types = types;
        Inputs = operation is SweepOperation || Kernels.UsesOf(operation).IsEmpty ? [] : Find(operation, NodeNeeds.Of(operation, types, span));
    }

    /// <summary>The inputs, ascending.</summary>
    public ImmutableArray<InspectedRead> Inputs { get; }

    public static InspectedReads Of(Region region, int node)
    {
        GraphNode reader = region.Nodes[node];
        ImmutableArray<ArrayType> types = [.. reader.Inputs.Select(region.TypeOf)];
        if (!s_known.TryGetValue(reader.Operation, out InspectedReads? known) || !known._types.AsSpan().SequenceEqual(types.AsSpan()))
        {
            known = new InspectedReads(reader.Operation, types, reader.Span);
            s_known.AddOrUpdate(reader.Operation, known);
        }
        return known;
    }

    private ImmutableArray<InspectedRead> Find(Operation operation, NodeNeeds needs)
    {
        ImmutableArray<KernelUse> uses = Kernels.UsesOf(operation);
        var found = ImmutableArray.CreateBuilder<InspectedRead>();
        foreach (int input in needs.Inputs.Where(i => i.IsIndirect && !i.IsSelf).Select(i => i.Input).Distinct().Order())
        {
            var slices = new KernelSlice?[uses.Length];
            bool isPossible = true;
            for (int piece = 0; piece < uses.Length && isPossible; piece++)
            {
                LoadInstruction[] marked = Marked(needs, input, piece);
                // Where a window keeps the places of a periodic axis is not for data to decide.
                isPossible = !marked.Any(m => m.Access.Border == BorderKind.Wrap && m.Access.Indices.Length > 1);
                if (marked.Length > 0 && isPossible)
                {
                    slices[piece] = KernelSlice.Of(uses[piece], marked, _types.Length);
                    isPossible = slices[piece] is not null;
                }
            }
            if (isPossible)
            {
                found.Add(Read(operation, needs, input, slices));
            }
        }
        return found.ToImmutable();
    }

    private static LoadInstruction[] Marked(NodeNeeds needs, int input, int piece) =>
        [.. (needs.Find(input, piece)?.Accesses ?? []).Where(InspectedRead.IsOf).SelectMany(a => a.Sites).Select(s => s.Load)];

    private static InspectedRead Read(Operation operation, NodeNeeds needs, int input, KernelSlice?[] slices)
    {
        var operands = new SortedSet<int>(Kernels.DomainsOf(operation).SelectMany(d => d.Axes).SelectMany(a => a.Low.Terms.Concat(a.High.Terms)).Select(t => t.Input));
        var through = new SortedSet<int>();
        var scalars = new SortedSet<int>();
        for (int piece = 0; piece < slices.Length; piece++)
        {
            if (slices[piece] is not { } slice)
            {
                continue;
            }
            operands.UnionWith(slice.Loads.Select(l => slice.Use.Operands[l.Access.Operand]));
            operands.UnionWith(slice.Use.Arguments.Where(a => a.Kind == ArgumentKind.Input).Select(a => a.Position));
            scalars.UnionWith(slice.Use.Arguments.Where(a => a.Kind == ArgumentKind.Scalar).Select(a => a.Position));
            foreach (int operand in slice.Loads.Select(l => slice.Use.Operands[l.Access.Operand]).Distinct())
            {
                var indirect = new HashSet<LoadInstruction>(Marked(needs, operand, piece), ReferenceEqualityComparer.Instance);
                if (slice.Loads.Any(indirect.Contains))
                {
                    through.Add(operand);
                }
            }
        }
        return new InspectedRead(input, [.. slices.Select(s => s?.Use)], [.. operands], [.. through], [.. scalars]);
    }
}
