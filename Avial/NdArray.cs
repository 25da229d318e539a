using System.Collections.Immutable;
using System.Diagnostics;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Import;
using Avial.IR;

namespace Avial;

/// <summary>What arrays of every rank have in common.</summary>
/// <typeparam name="T">The element type.</typeparam>
public abstract class NdArray<T> : IComputedHandle, IArrayHandle, IDisposable where T : unmanaged
{
    private readonly NodeOutput _output;
    private readonly PendingPiece? _piece;

    private protected NdArray(NodeOutput output) => _output = output;

    private protected NdArray(PendingPiece piece)
    {
        if (piece.NeedsBackground)
        {
            _piece = piece;
            return;
        }
        _output = piece.Whole;
    }

    /// <summary>The value as a whole array; a piece without background is refused.</summary>
    internal NodeOutput Whole => _piece is null ? _output : throw Throw.NeedsBackground(_piece.Domain.ToString(), _piece.Span);

    NodeOutput IComputedHandle.Output => Whole;

    NodeOutput IArrayHandle.Output => _piece is null ? _output : _piece.Whole;

    ImmutableArray<long> IArrayHandle.Origin => _piece is null ? [] : _piece.Domain.Starts;

    /// <summary>The task that produces it.</summary>
    public TaskNode Producer => new(_piece is null ? _output.Node : _piece.Whole.Node);

    /// <summary>The number of elements.</summary>
    public long Length => Type.Count;

    /// <summary>The number of dimensions.</summary>
    public int Dimensions => Type.Rank;

    /// <summary>The extent along an axis; in bodies too.</summary>
    public long GetLength(int axis) => axis >= 0 && axis < Type.Rank ? Type.Extents[axis] : throw Throw.AxisOutOfRange(axis, Type, SourceSpan.None);

    private ArrayType Type => _piece is null ? _output.Type : _piece.Whole.Type;

    /// <summary>Evaluates and copies the elements, row-major; the destination must be long enough.</summary>
    public void CopyTo(Span<T> destination)
    {
        if (destination.Length < Length)
        {
            throw Throw.DestinationTooShort(destination.Length, Type, Whole.Node.Span);
        }
        StorageAccess.CopyOut(Evaluation.Whole(Whole), 0, destination[..(int)Length]);
    }

    /// <summary>Evaluates and writes a NumPy file (<c>.npy</c>); the file appears whole or not at all.</summary>
    public void Save(string path, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        Evaluation.Save(Whole, path, cancellationToken);
    }

    /// <summary>The elements themselves combined: <c>x.Reduce(Reduction.Sum)</c>. Lazy.</summary>
    public Scalar<T> Reduce(Reduction<T> reduction) => new(Elementwise.Reduce(Whole, Recorder.CombinerOf(reduction)));

    /// <summary>The elements themselves combined: <c>x.Reduce(Reduction.Sum)</c>. Lazy.</summary>
    public Scalar<T> Reduce(Reduction reduction) => Reduce((Reduction<T>)reduction);

    /// <summary>Gives the memory back now rather than when the array is collected. Reading it afterwards is an error (AVL0402). Optional.</summary>
    public void Dispose()
    {
        if (_piece is null)
        {
            _output.Node.Dispose();
        }
        GC.SuppressFinalize(this);
    }

    /// <summary>The name, the type and whether it is evaluated; never evaluates.</summary>
    public override string ToString()
    {
        if (_piece is not null)
        {
            return $"{_piece.Whole.Node.Name}: {Type.Element} on {_piece.Domain} (needs .Over, .Or or .Rebase)";
        }
        string state = _output.Node.IsDisposed ? "disposed" : _output.Node.IsMaterialised(_output.Index) ? "evaluated" : "not evaluated";
        return $"{_output.Node.Name}: {Type} ({state})";
    }

    IComputed IComputedHandle.Rebind(NodeOutput output) => Make(output);

    private protected abstract NdArray<T> Make(NodeOutput output);

    private protected Domain1D Range(int axis) => _piece is null ? new Domain1D(0, Type.Extents[axis]) : _piece.Domain.Axes[axis];

    private protected NodeOutput OverBackground(NdArray<T> background)
    {
        ArgumentNullException.ThrowIfNull(background);
        return _piece is null ? Recorder.OverWhole(Whole, background.Whole) : _piece.Over(background.Whole);
    }

    private protected NodeOutput Rebased() => _piece is null ? _output : _piece.Whole;

    /// <summary>This rank's own part: its elements, and its box.</summary>
    internal T[] LocalValues(out Box box)
    {
        OwnPart own = Evaluation.Own(Whole);
        box = own.Box;
        T[] values = HostArray(() => new T[own.Box.Count]);
        if (values.Length > 0)
        {
            StorageAccess.CopyOut<T>(own.Storage!, own.Box, values);
        }
        return values;
    }

    /// <summary>Evaluates, then makes the .NET array for the elements.</summary>
    private protected TArray HostArray<TArray>(Func<TArray> make)
    {
        Evaluation.Run([Whole], null, CancellationToken.None);
        try
        {
            return make();
        }
        catch (Exception exception) when (exception is OutOfMemoryException or OverflowException)
        {
            throw Throw.OutOfMemory($"{Whole.Node.Name} as a .NET array", Type, Type.Bytes);
        }
    }

    private protected T ReadElement(ReadOnlySpan<long> index)
    {
        ArrayType type = Whole.Type;
        for (int axis = 0; axis < index.Length; axis++)
        {
            if (index[axis] < 0 || index[axis] >= type.Extents[axis])
            {
                throw Throw.HostIndexOutside(index, axis, type, Whole.Node.Name);
            }
        }
        return Evaluation.Read<T>(Whole, index);
    }

    internal T ReadBorder(BorderKind kind, T outside, ReadOnlySpan<long> index)
    {
        ImmutableArray<long> origin = _piece is null ? [] : _piece.Domain.Starts;
        ArrayType type = Type;
        Span<long> place = stackalloc long[index.Length];
        for (int axis = 0; axis < index.Length; axis++)
        {
            long extent = type.Extents[axis];
            long i = index[axis] - (origin.IsEmpty ? 0 : origin[axis]);
            if (i < 0 || i >= extent)
            {
                if (kind == BorderKind.Or)
                {
                    return outside;
                }
                if (extent == 0)
                {
                    throw Throw.HostIndexOutside(index, axis, type, ToString());
                }
                i = kind == BorderKind.Wrap ? (i % extent + extent) % extent : Math.Clamp(i, 0, extent - 1);
            }
            place[axis] = i;
        }
        return Evaluation.Read<T>(_piece is null ? _output : _piece.Whole, place);
    }
}

/// <summary>What a debugger shows of an array: never evaluates.</summary>
internal sealed class ArrayDebugView<T>(NdArray<T> array) where T : unmanaged
{
    /// <summary>The task's name and state.</summary>
    public string Task => array.ToString();

    /// <summary>The elements when they are in memory, else nothing; at most 1000.</summary>
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public T[] Elements
    {
        get
        {
            IComputedHandle handle = array;
            if (handle.Output.Node.ValueOf(handle.Output.Index) is not { IsReleased: false, IsAllHere: true } value)
            {
                return [];
            }
            var elements = new T[Math.Min(1000, value.Type.Count)];
            value.CopyFirst<T>(elements);
            return elements;
        }
    }
}
