using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Import;
using Avial.IR;
using Avial.Planning;

namespace Avial.Graph;

/// <summary>A map on a domain: rebased it is a map of its own; over a background it is a piece written onto that.</summary>
internal sealed class MapPieceSource(TaskBuilder builder, IndexBox domain, Imported imported, ElementLayout[] layouts, SourceSpan span) : PieceSource(domain, span)
{
    protected override Node MakeRebased()
    {
        var inputs = new List<NodeOutput>(imported.Inputs);
        IterationDomain range = Domain.ToDomain(inputs, Span);
        ImmutableArray<long> lengths = Domain.Lengths(Span);
        var outputs = ImmutableArray.CreateBuilder<ArrayType>(layouts.Length);
        foreach (ElementLayout layout in layouts)
        {
            outputs.Add(new ArrayType(layout, lengths));
        }
        KernelUse use = BoundsCheck.Check(imported, range, inputs, Span);
        var operation = new MapOperation([new MapPiece(range, use)], [], Domain.Starts) { Outputs = outputs.MoveToImmutable() };
        return Recorder.Make(builder, operation, inputs, imported.Scalars, Span);
    }

    public override Node Over(int output, NodeOutput background)
    {
        var inputs = new List<NodeOutput>(imported.Inputs);
        IterationDomain range = Domain.ToDomain(inputs, Span);
        inputs.Add(background);
        ArrayType type = background.Type;
        if (type.Element != layouts[output])
        {
            throw new InternalErrorException($"A piece of {layouts[output]} was put over a base of {type.Element}.");
        }
        Recorder.CheckInside(range, type, Span);
        KernelUse use = BoundsCheck.Check(imported, range, inputs, Span);
        if (layouts.Length > 1)
        {
            int first = layouts.Take(output).Sum(l => l.Columns.Length);
            use = use with { Kernel = KernelResults.Take(use.Kernel, first, layouts[output].Columns.Length) };
        }
        var operation = new MapOperation([new MapPiece(range, use)], [inputs.Count - 1], [.. new long[Domain.Rank]]) { Outputs = [type] };
        return Recorder.Make(builder, operation, inputs, imported.Scalars, Span);
    }
}

/// <summary>The result of another task (a reduction along an axis, a scan) that stands on a domain of its own.</summary>
internal sealed class ResultPieceSource(IndexBox domain, Node node, SourceSpan span) : PieceSource(domain, span)
{
    protected override Node MakeRebased() => node;

    public override Node Over(int output, NodeOutput background)
    {
        ArrayType type = background.Type;
        if (type.Element != node.Operation.Outputs[output].Element)
        {
            throw new InternalErrorException($"A piece of {node.Operation.Outputs[output].Element} was put over a base of {type.Element}.");
        }
        List<NodeOutput> inputs = [new NodeOutput(node, output), background];
        IterationDomain range = Domain.ToDomain(inputs, Span);
        Recorder.CheckInside(range, type, Span);
        KernelUse use = CopyKernels.Shifted(type.Element, Domain.Starts);
        var operation = new MapOperation([new MapPiece(range, use)], [1], [.. new long[Domain.Rank]]) { Outputs = [type] };
        return Recorder.Make(new TaskBuilder(node.Target), operation, inputs, [], Span);
    }
}
