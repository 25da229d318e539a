using Avial.Diagnostics;
using Avial.Execution;

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
internal sealed class Node
{
    private static long s_recorded;

    private Storage?[]? _storage;

    public Node(Operation operation, NodeOutput[] inputs, ulong[] scalars, SourceSpan span)
    {
        Operation = operation;
        Inputs = inputs;
        Scalars = scalars;
        Span = span;
        Sequence = Interlocked.Increment(ref s_recorded);
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

    /// <summary>The loop region being recorded that this node belongs to, or null: its parameters exist only inside.</summary>
    public RecordingScope? Scope { get; init; }

    public bool IsMaterialised(int output) => _storage?[output] is not null;

    public Storage? StorageOf(int output) => _storage?[output];

    /// <summary>Keeps a result; when all outputs are there, the inputs are dropped.</summary>
    public void Materialise(int output, Storage storage)
    {
        lock (this)
        {
            _storage ??= new Storage?[Operation.Outputs.Length];
            _storage[output] ??= storage;
            if (Array.TrueForAll(_storage, s => s is not null))
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
            IsDisposed = true;
            if (_storage is not null)
            {
                foreach (Storage? storage in _storage)
                {
                    storage?.Release();
                }
            }
        }
    }

    public bool IsDisposed { get; private set; }

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
        ViewOperation => "View",
        ReshapeOperation => "Reshape",
        _ => "Task",
    };
}

/// <summary>A loop body while it is being recorded: parameters made for it are valid only until it ends.</summary>
internal sealed class RecordingScope
{
    public RecordingScope? Parent { get; init; }

    public bool IsClosed { get; set; }
}
