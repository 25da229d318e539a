using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Import;
using Avial.IR;
using Avial.Planning;

namespace Avial.Graph;

/// <summary>Turns the calls of <see cref="TaskBuilder"/> into nodes. Everything that can be refused is refused here, at the recording call.</summary>
internal static class Recorder
{
    public static NodeOutput Whole<T>(NdArray<T> array) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Whole;
    }

    public static Combiner CombinerOf<T>(Reduction<T> reduction) where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(reduction);
        return reduction.Combiner;
    }

    public static Combiner CombinerOf(ArgReduction reduction)
    {
        ArgumentNullException.ThrowIfNull(reduction);
        return reduction.Combiner;
    }

    /// <summary>A map: one array per body.</summary>
    public static PendingPiece Run(TaskBuilder builder, IndexBox domain, ReadOnlySpan<LambdaExpression> bodies, ReadOnlySpan<Type> results, SourceSpan span)
    {
        Imported imported = LambdaImporter.Import(bodies, domain.Rank, span, domain.Magnitude);
        var layouts = new ElementLayout[results.Length];
        for (int i = 0; i < layouts.Length; i++)
        {
            layouts[i] = ElementLayout.Of(results[i]);
        }
        return new PendingPiece(new MapPieceSource(builder, domain, imported, layouts, span));
    }

    public static PendingPiece Reduce(TaskBuilder builder, IndexBox domain, LambdaExpression body, Type type, ReadOnlySpan<int> axes, Combiner combiner, SourceSpan span)
    {
        ElementLayout layout = ElementLayout.Of(type);
        CombinerRules.Check(combiner, layout, span);
        return ReduceTo(builder, domain, body, layout, axes, combiner, span);
    }

    public static PendingPiece Find(TaskBuilder builder, IndexBox domain, LambdaExpression body, Type type, Type found, ReadOnlySpan<int> axes, Combiner combiner, SourceSpan span)
    {
        CombinerRules.Check(combiner, ElementLayout.Of(type), span);
        return ReduceTo(builder, domain, body, ElementLayout.Of(found), axes, combiner, span);
    }

    public static PendingPiece Scan(TaskBuilder builder, IndexBox domain, LambdaExpression body, Type type, int axis, bool isExclusive, Combiner combiner, SourceSpan span)
    {
        ElementLayout layout = ElementLayout.Of(type);
        CombinerRules.CheckScan(combiner, layout, span);
        CheckAxes([axis], domain.Rank, span);
        Imported imported = LambdaImporter.Import([body], domain.Rank, span, domain.Magnitude);
        var inputs = new List<NodeOutput>(imported.Inputs);
        IterationDomain range = domain.ToDomain(inputs, span);
        if (!range.IsConstant)
        {
            throw Throw.SymbolicExtent(domain.ToString(), span);
        }
        var operation = new ScanOperation(range, BoundsCheck.Check(imported, range, inputs, span), axis, isExclusive, combiner)
        {
            Outputs = [new ArrayType(layout, domain.Lengths(span))],
        };
        return new PendingPiece(new ResultPieceSource(domain, Make(builder, operation, inputs, imported.Scalars, span), span));
    }

    public static NodeOutput Scatter(TaskBuilder builder, IndexBox domain, NodeOutput into, LambdaExpression at, LambdaExpression value, Combiner combiner, SourceSpan span)
    {
        CombinerRules.CheckScatter(combiner, into.Type.Element, span);
        Imported imported = LambdaImporter.Import([at, value], domain.Rank, span, domain.Magnitude);
        var inputs = new List<NodeOutput>(imported.Inputs);
        IterationDomain range = domain.ToDomain(inputs, span);
        inputs.Add(into);
        var operation = new ScatterOperation(range, BoundsCheck.Check(imported, range, inputs, span), inputs.Count - 1, combiner) { Outputs = [into.Type] };
        return new NodeOutput(Make(builder, operation, inputs, imported.Scalars, span), 0);
    }

    public static NodeOutput Sweep(TaskBuilder builder, NodeOutput start, IndexBox domain, LambdaExpression body, SourceSpan span)
    {
        Imported imported = LambdaImporter.ImportSweep(body, domain.Rank, start.Type.Element, span, domain.Magnitude);
        var inputs = new List<NodeOutput>(imported.Inputs);
        IterationDomain range = domain.ToDomain(inputs, span);
        inputs.Add(start);
        CheckInside(range, start.Type, span);
        // The self operand reads the start value's array: its position is that of the start.
        KernelUse use = imported.Use with { Operands = imported.Use.Operands.SetItem(0, inputs.Count - 1) };
        var operation = new SweepOperation(range, BoundsCheck.Check(imported with { Use = use }, range, inputs, span, body.Parameters[0].Name), inputs.Count - 1) { Outputs = [start.Type] };
        return new NodeOutput(Make(builder, operation, inputs, imported.Scalars, span), 0);
    }

    public static Node Call(TaskBuilder builder, ReadOnlySpan<NodeOutput> reads, ReadOnlySpan<ArrayType> writes, Action<CallArguments, CallArguments> body, bool isEffect, SourceSpan span)
    {
        foreach (ArrayType type in (ReadOnlySpan<ArrayType>)[.. reads.ToArray().Select(r => r.Type), .. writes])
        {
            if (type.Count > int.MaxValue)
            {
                throw Throw.CallTooLarge(type, span);
            }
        }
        var operation = new CallOperation(new DelegateCallBody(body), isEffect) { Outputs = [.. writes] };
        Node node = Make(builder, operation, [.. reads], [], span, intern: false);
        LoopRecorder.NoteCall(node);
        return node;
    }

    /// <summary>A whole array over a background of the same shape: the array itself.</summary>
    public static NodeOutput OverWhole(NodeOutput whole, NodeOutput background)
    {
        if (whole.Type.Extents.AsSpan().SequenceEqual(background.Type.Extents.AsSpan()))
        {
            return whole;
        }
        var piece = new ResultPieceSource(new IndexBox([.. whole.Type.Extents.Select(e => (Domain1D)e)]), whole.Node, whole.Node.Span);
        return new NodeOutput(piece.Over(whole.Index, background), 0);
    }

    /// <summary>A node of this operation; made while a loop body is recorded, it belongs to that body.</summary>
    public static Node Make(TaskBuilder builder, Operation operation, List<NodeOutput> inputs, ulong[] scalars, SourceSpan span, bool intern = true) =>
        new(intern ? OperationTable.Intern(operation) : operation, [.. inputs], scalars, span)
        {
            GivenName = builder.Name,
            Target = builder.Target,
            Precision = builder.PrecisionMode,
        };

    public static void CheckInside(IterationDomain domain, ArrayType array, SourceSpan span)
    {
        if (domain.IsConstant && !domain.ToBox().IsEmpty && !array.Box.Contains(domain.ToBox()))
        {
            throw Throw.DomainOutside(domain.ToString(), array, span);
        }
    }

    private static PendingPiece ReduceTo(TaskBuilder builder, IndexBox domain, LambdaExpression body, ElementLayout output, ReadOnlySpan<int> axes, Combiner combiner, SourceSpan span)
    {
        CheckAxes(axes, domain.Rank, span);
        Imported imported = LambdaImporter.Import([body], domain.Rank, span, domain.Magnitude);
        var inputs = new List<NodeOutput>(imported.Inputs);
        IterationDomain range = domain.ToDomain(inputs, span);
        ImmutableArray<int> reduced = [.. axes.ToArray().Order()];
        Domain1D[] kept = [.. Enumerable.Range(0, domain.Rank).Where(a => !reduced.Contains(a)).Select(a => domain.Axes[a])];
        var keptBox = new IndexBox(kept);
        if (!keptBox.IsConstant)
        {
            throw Throw.SymbolicExtent(keptBox.ToString(), span);
        }
        var operation = new ReduceOperation(range, BoundsCheck.Check(imported, range, inputs, span), reduced, combiner)
        {
            Outputs = [new ArrayType(output, keptBox.Lengths(span))],
        };
        return new PendingPiece(new ResultPieceSource(keptBox, Make(builder, operation, inputs, imported.Scalars, span), span));
    }

    private static void CheckAxes(ReadOnlySpan<int> axes, int rank, SourceSpan span)
    {
        for (int i = 0; i < axes.Length; i++)
        {
            if (axes[i] < 0 || axes[i] >= rank || axes[..i].Contains(axes[i]))
            {
                throw Throw.WrongAxis(axes[i], rank, span);
            }
        }
    }
}
