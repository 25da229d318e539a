using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Execution.Ranks;

namespace Avial.Graph;

/// <summary>A value of the recorded program: one output of a node.</summary>
internal readonly record struct NodeOutput(Node Node, int Index)
{
    public ArrayType Type => Node.Operation.Outputs[Index];
}

/// <summary>
/// A recorded task. Immutable but for its storage: once evaluated it keeps its results and drops its inputs, so that what is
/// upstream and unreachable can be collected.
/// </summary>
/// <remarks>
/// Ranks that record for themselves may share a node that was recorded outside of their program. Each evaluates it for itself and keeps its own part: the table of those is
/// weak, so that the parts go with the program.
/// </remarks>
internal sealed class Node
{
    private static long s_recorded;

    private readonly RankContext? _recorder = Session.CurrentRanks;
    private readonly NodeValues _values;
    private ConditionalWeakTable<RankContext, NodeValues>? _ofRanks;

    public Node(Operation operation, NodeOutput[] inputs, ulong[] scalars, SourceSpan span)
    {
        Operation = operation;
        _values = new NodeValues(operation.Outputs.Length);
        Inputs = inputs;
        Scalars = scalars;
        Span = span;
        Sequence = Interlocked.Increment(ref s_recorded);
        Innermost = LoopBody.InnermostOf(inputs, span);
    }

    /// <summary>A symbol of a loop body.</summary>
    public Node(ArrayType type, LoopBody body)
    {
        Operation = new SymbolOperation { Outputs = [type] };
        _values = new NodeValues(1);
        Inputs = [];
        Scalars = [];
        Span = body.Span;
        Sequence = Interlocked.Increment(ref s_recorded);
        Innermost = body;
    }

    public Operation Operation { get; }

    /// <summary>The nodes it reads; empty once materialised.</summary>
    public NodeOutput[] Inputs { get; private set; }

    /// <summary>Captured numbers, as bits.</summary>
    public ulong[] Scalars { get; }

    public SourceSpan Span { get; }

    /// <summary>The position in recorded order.</summary>
    public long Sequence { get; }

    public string? GivenName { get; set; }

    /// <summary>The name a later body reads it by.</summary>
    public string? VariableName { get; set; }

    public Target Target { get; init; } = Targets.Auto;

    public Precision Precision { get; init; }

    /// <summary>The innermost loop body whose symbols it depends on, or null: it has a value only inside.</summary>
    public LoopBody? Innermost { get; }

    /// <summary>True once some evaluation computed it without keeping it: the next one that needs it keeps it.</summary>
    public bool WasComputed
    {
        get => Mine is { WasComputed: true };
        set => (Mine ?? AddMine()).WasComputed = value;
    }

    public bool IsDisposed => _values.IsDisposed || Mine is { IsDisposed: true };

    /// <summary>True when another rank has evaluated it and dropped what it reads: it cannot be evaluated here.</summary>
    public bool IsOfAnotherRank => _recorder is not null && _values.IsComplete && Operation is not SourceOperation && Session.CurrentRanks != _recorder;

    /// <summary>The rank that recorded it; null outside of ranks that record for themselves.</summary>
    public RankContext? Recorder => _recorder;

    /// <summary>What the running program keeps: its own where it did not record the node, null while there is nothing.</summary>
    private NodeValues? Mine
    {
        get
        {
            RankContext? here = Session.CurrentRanks;
            return here == _recorder || here is null ? _values : _ofRanks is { } ofRanks && ofRanks.TryGetValue(here, out NodeValues? values) ? values : null;
        }
    }

    public bool IsMaterialised(int output) => ValueOf(output) is not null;

    /// <summary>The result in memory, or null.</summary>
    public PlacedArray? ValueOf(int output)
    {
        NodeValues? mine = Mine;
        return mine?[output] ?? (ReferenceEquals(mine, _values) || !IsForAll ? null : _values[output]);
    }

    /// <summary>Keeps a result; when all outputs are there, the inputs are dropped unless ranks share the node.</summary>
    public void Materialise(int output, PlacedArray value)
    {
        lock (this)
        {
            NodeValues values = Mine ?? AddMine();
            values.Keep(output, value);
            if (ReferenceEquals(values, _values) && values.IsComplete)
            {
                Inputs = [];
            }
        }
    }

    /// <summary>Gives the memory back; reading it afterwards is an error.</summary>
    public void Dispose()
    {
        lock (this)
        {
            (Mine ?? AddMine()).Dispose();
        }
    }

    // What was in memory before the ranks' program began, or at recording, is the same for all of them.
    private bool IsForAll => _recorder is null || Operation is SourceOperation;

    private NodeValues AddMine()
    {
        if (_ofRanks is null)
        {
            Interlocked.CompareExchange(ref _ofRanks, [], null);
        }
        return _ofRanks.GetValue(Session.CurrentRanks!, _ => new NodeValues(Operation.Outputs.Length));
    }

    /// <summary>The name for messages: given, else the variable a later body read it by, else <c>Run@File.cs:12</c>.</summary>
    public string Name => GivenName ?? VariableName ?? $"{Kind}@{Span.Place}";

    public string Kind => Operation switch
    {
        MapOperation => "Run",
        ReduceOperation => "Reduce",
        ScanOperation => "Scan",
        ScatterOperation => "Scatter",
        SweepOperation => "Sweep",
        LoopOperation => "Repeat",
        CallOperation => "Call",
        SourceOperation => "From",
        FillOperation => "Fill",
        FileOperation => "Load",
        SymbolOperation => "Symbol",
        ViewOperation => "View",
        ReshapeOperation => "Reshape",
        _ => "Task",
    };
}

/// <summary>A loop body while it is recorded: its symbols are valid only until it ends.</summary>
internal sealed class LoopBody
{
    public LoopBody(SourceSpan span, LoopBody? parent)
    {
        Span = span;
        Parent = parent;
    }

    public SourceSpan Span { get; }

    public LoopBody? Parent { get; }

    /// <summary>The symbol of the step number.</summary>
    public NodeOutput Step { get; set; }

    /// <summary>The most steps it can run.</summary>
    public long MostSteps { get; init; }

    /// <summary>True when it runs exactly that often.</summary>
    public bool IsCountCertain { get; init; }

    /// <summary>How many bodies enclose this one.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The deepest body that the inputs depend on; using a symbol after its loop has ended is refused.</summary>
    public static LoopBody? InnermostOf(NodeOutput[] inputs, SourceSpan span)
    {
        LoopBody? deepest = null;
        foreach (NodeOutput input in inputs)
        {
            if (input.Node.Innermost is not { } body)
            {
                continue;
            }
            if (body.IsClosed)
            {
                throw Throw.SymbolOutsideLoop(body.Span, span);
            }
            if (deepest is null || body.Depth > deepest.Depth)
            {
                deepest = body;
            }
        }
        return deepest;
    }

    /// <summary>True once the recording of the body is over.</summary>
    public bool IsClosed { get; set; }

    /// <summary>Calls recorded inside that are effects.</summary>
    public List<Node> Effects { get; } = [];
}
