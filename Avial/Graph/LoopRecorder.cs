using System.Collections.Immutable;
using System.Linq.Expressions;
using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>Records loops: the step is called once, on symbols; what it records becomes the body region.</summary>
internal static class LoopRecorder
{
    private static readonly ArrayType s_integer = new(ElementLayout.Of(typeof(long)), []);

    [ThreadStatic]
    private static LoopBody? t_current;

    public static TState Repeat<TState>(long count, TState state, Func<TState, Step, TState> step, SourceSpan span)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (count < 0)
        {
            throw Throw.NegativeCount(count, span);
        }
        return Record(count, state, step, null, 1, span).State;
    }

    public static (TState State, Scalar<long> Steps) RepeatUntil<TState>(TState state, Func<TState, Step, TState> step, Expression<Func<TState, bool>> until, long limit, long every, SourceSpan span)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(until);
        if (every < 1)
        {
            throw Throw.WrongEvery(every, span);
        }
        if (limit < 1)
        {
            throw Throw.WrongLimit(limit, span);
        }
        return Record(limit, state, step, until, every, span);
    }

    /// <summary>An effect runs with the next evaluation, or with every step of the loop it is recorded in.</summary>
    public static void NoteCall(Node call)
    {
        if (call.Operation is not CallOperation { IsEffect: true })
        {
            return;
        }
        if (t_current is { } body)
        {
            body.Effects.Add(call);
            return;
        }
        Session.Current.AddEffect(call);
    }

    private static (TState State, Scalar<long> Steps) Record<TState>(long count, TState state, Func<TState, Step, TState> step, Expression<Func<TState, bool>>? until, long every, SourceSpan span)
    {
        List<IComputedHandle> initial = LoopState.Flatten(state, typeof(TState), span);
        var body = new LoopBody(span, t_current) { MostSteps = count, IsCountCertain = until is null };
        NodeOutput[] symbols = [.. initial.Select(h => new NodeOutput(new Node(h.Output.Type, body), 0)), new NodeOutput(new Node(s_integer, body), 0)];
        body.Step = symbols[^1];
        t_current = body;
        NodeOutput[] results;
        try
        {
            TState next = step(LoopState.Rebuild(state, symbols.AsSpan(0, initial.Count)), new Step(symbols[^1]));
            List<IComputedHandle> flat = LoopState.Flatten(next, typeof(TState), span);
            CheckTypes(initial, flat, span);
            results = [.. flat.Select(h => h.Output)];
            if (until is not null)
            {
                results = [.. results, Condition(next, until, span)];
            }
        }
        finally
        {
            t_current = body.Parent;
            body.IsClosed = true;
        }

        ReadOnlySpan<NodeOutput> effects = [.. body.Effects.Select(c => new NodeOutput(c, 0))];
        BuiltRegion built = RegionBuilder.OfBody(body, symbols, results, effects, [(ulong)count]);
        ImmutableArray<ArrayType> outputs = [.. initial.Select(h => h.Output.Type), s_integer];
        var operation = new LoopOperation(built.Region, initial.Count, until is not null, every) { Outputs = outputs };
        var loop = new Node(OperationTable.Intern(operation), [.. initial.Select(h => h.Output), .. built.Sources], built.Scalars, span);
        if (body.Effects.Count > 0)
        {
            NoteLoop(loop);
        }
        TState last = LoopState.Rebuild(state, [.. Enumerable.Range(0, initial.Count).Select(k => new NodeOutput(loop, k))]);
        return (last, new Scalar<long>(new NodeOutput(loop, initial.Count)));
    }

    private static void NoteLoop(Node loop)
    {
        if (t_current is { } outer)
        {
            outer.Effects.Add(loop);
            return;
        }
        Session.Current.AddEffect(loop);
    }

    private static NodeOutput Condition<TState>(TState next, Expression<Func<TState, bool>> until, SourceSpan span)
    {
        Expression test = new StateInserter(until.Parameters[0], Expression.Constant(next, typeof(TState))).Visit(until.Body);
        return Recorder.Run(new TaskBuilder(Targets.Auto).Named("until"), new IndexBox([]), [Expression.Lambda<Func<bool>>(test)], [typeof(bool)], span).Whole;
    }

    private static void CheckTypes(List<IComputedHandle> before, List<IComputedHandle> after, SourceSpan span)
    {
        for (int i = 0; i < before.Count; i++)
        {
            if (i >= after.Count || !before[i].Output.Type.Equals(after[i].Output.Type))
            {
                throw Throw.LoopStateChanged(i, before[i].Output.Type, i < after.Count ? after[i].Output.Type : null, span);
            }
        }
    }

    /// <summary>Puts the new state in place of the condition's parameter.</summary>
    private sealed class StateInserter(ParameterExpression parameter, Expression state) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? state : node;
    }
}
