using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Avial.Execution;
using Avial.Graph;

namespace Avial;

/// <summary>
/// A lazy, immutable 3-D array. Indexing it in a body is a read; on the host an index, <see cref="ToArray"/>, <c>CopyTo</c>, <c>Save</c> and <c>await</c> evaluate
/// it, once: the result is kept while the array lives. Indices are <c>long</c>, row-major, from 0.
/// </summary>
/// <typeparam name="T">bool, an integer of 8 to 64 bits, Half, float, double, or an unmanaged struct of these (kept as structure of arrays).</typeparam>
[DebuggerDisplay("{ToString(),nq}")]
[DebuggerTypeProxy(typeof(ArrayDebugView<>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "Arrays are named by their rank.")]
public sealed class Array3D<T> : NdArray<T> where T : unmanaged
{
    internal Array3D(NodeOutput output) : base(output)
    {
    }

    internal Array3D(PendingPiece piece) : base(piece)
    {
    }

    /// <summary>The indices of the array: [0, extent) on each axis, or the domain it was computed on while it has no background yet.</summary>
    public Domain3D Domain => new(Range(0), Range(1), Range(2));

    /// <summary>The indices at least <paramref name="margin"/> away from every side.</summary>
    public Domain3D Interior(long margin) => Domain.Interior(margin);

    /// <summary>In a body: a read. On the host: evaluates the array and gives the element.</summary>
    public T this[long i, long j, long k] => ReadElement([i, j, k]);

    /// <summary>Reads are periodic: an index outside counts modulo the extent. In bodies only.</summary>
    public Border3D<T> Wrap => new(this, Avial.IR.BorderKind.Wrap, default);

    /// <summary>Reads outside give the nearest element. In bodies only.</summary>
    public Border3D<T> Clamp => new(this, Avial.IR.BorderKind.Clamp, default);

    /// <summary>Reads outside give <paramref name="outside"/>. In bodies only.</summary>
    public Border3D<T> Or(T outside) => new(this, Avial.IR.BorderKind.Or, outside);

    /// <summary>This array's elements on its domain, <paramref name="background"/>'s elsewhere: a whole array again.</summary>
    public Array3D<T> Over(Array3D<T> background) => new(OverBackground(background));

    /// <summary>An array computed on a domain that does not start at 0, renumbered from 0.</summary>
    public Array3D<T> Rebase() => new(Rebased());

    /// <summary>The elements converted to another type, by C#'s explicit conversion. Lazy.</summary>
    public Array3D<TTo> Cast<TTo>() where TTo : unmanaged => new(Elementwise.Cast(Whole, typeof(TTo)));

    /// <summary>A sub-array, numbered from 0. No copy.</summary>
    public Array3D<T> Slice(Domain1D Planes, Domain1D Rows, Domain1D Columns) => new(Views.Slice(Whole, [Planes, Rows, Columns]));

    /// <summary>Every <paramref name="step"/>-th element along an axis, from the first. No copy.</summary>
    public Array3D<T> Strided(long step, int axis = 0) => new(Views.Strided(Whole, axis, step));

    /// <summary>The elements in opposite order along an axis. No copy.</summary>
    public Array3D<T> Reversed(int axis = 0) => new(Views.Reversed(Whole, axis));

    /// <summary>The same elements in row-major order as 1-D; the counts must agree (AVL0014). No copy.</summary>
    public Array1D<T> Reshape(long n0) => new(Views.Reshape(Whole, [n0]));


    /// <summary>The same elements in row-major order as 2-D; the counts must agree (AVL0014). No copy.</summary>
    public Array2D<T> Reshape(long n0, long n1) => new(Views.Reshape(Whole, [n0, n1]));


    /// <summary>The same elements in row-major order as 3-D; the counts must agree (AVL0014). No copy.</summary>
    public Array3D<T> Reshape(long n0, long n1, long n2) => new(Views.Reshape(Whole, [n0, n1, n2]));


    /// <summary>The same elements in row-major order as 4-D; the counts must agree (AVL0014). No copy.</summary>
    public Array4D<T> Reshape(long n0, long n1, long n2, long n3) => new(Views.Reshape(Whole, [n0, n1, n2, n3]));

    /// <summary>The axes in another order: result axis 0 is this array's axis <paramref name="axis0"/>, and so on. No copy.</summary>
    public Array3D<T> Transpose(int axis0, int axis1, int axis2) => new(Views.Permute(Whole, [axis0, axis1, axis2]));

    /// <summary>The 2-D slice at one index of an axis. No copy.</summary>
    public Array2D<T> Select(int axis, Bound index) => new(Views.Select(Whole, axis, index));

    /// <summary>
    /// This rank's own part; evaluates, never gathers. The parts of all ranks are the array, each element in one of them. On one rank, and where the program's code runs once, it
    /// is all of it.
    /// </summary>
    public LocalPart3D<T> Local => new(this);

    /// <summary>Evaluates and copies the elements to a .NET array.</summary>
    public T[,,] ToArray()
    {
        var result = HostArray(() => new T[GetLength(0), GetLength(1), GetLength(2)]);
        CopyTo(System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(result)), result.Length));
        return result;
    }

    /// <summary>Evaluates on another thread, without gathering, and gives this array.</summary>
    public ValueTaskAwaiter<Array3D<T>> GetAwaiter() => EvaluateAsync().GetAwaiter();

    private async ValueTask<Array3D<T>> EvaluateAsync()
    {
        await Evaluation.RunAsync([Whole], null, CancellationToken.None).ConfigureAwait(false);
        return this;
    }

    private protected override NdArray<T> Make(NodeOutput output) => new Array3D<T>(output);

    /// <summary>Element-wise sum; the shapes must agree. Lazy.</summary>
    public static Array3D<T> operator +(Array3D<T> left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Add, left, right));

    /// <summary>Adds a number to every element. Lazy.</summary>
    public static Array3D<T> operator +(Array3D<T> left, T right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Add, left, right));

    /// <summary>Adds every element to a number. Lazy.</summary>
    public static Array3D<T> operator +(T left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Add, left, right));

    /// <summary>Element-wise difference; the shapes must agree. Lazy.</summary>
    public static Array3D<T> operator -(Array3D<T> left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Subtract, left, right));

    /// <summary>Subtracts a number from every element. Lazy.</summary>
    public static Array3D<T> operator -(Array3D<T> left, T right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Subtract, left, right));

    /// <summary>Subtracts every element from a number. Lazy.</summary>
    public static Array3D<T> operator -(T left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Subtract, left, right));

    /// <summary>Element-wise product; the shapes must agree. Lazy.</summary>
    public static Array3D<T> operator *(Array3D<T> left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Multiply, left, right));

    /// <summary>Multiplies every element by a number. Lazy.</summary>
    public static Array3D<T> operator *(Array3D<T> left, T right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Multiply, left, right));

    /// <summary>Multiplies a number by every element. Lazy.</summary>
    public static Array3D<T> operator *(T left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Multiply, left, right));

    /// <summary>Element-wise quotient; the shapes must agree. Lazy.</summary>
    public static Array3D<T> operator /(Array3D<T> left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Divide, left, right));

    /// <summary>Divides every element by a number. Lazy.</summary>
    public static Array3D<T> operator /(Array3D<T> left, T right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Divide, left, right));

    /// <summary>Divides a number by every element. Lazy.</summary>
    public static Array3D<T> operator /(T left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Divide, left, right));

    /// <summary>Element-wise remainder, C#'s %; the shapes must agree. Lazy.</summary>
    public static Array3D<T> operator %(Array3D<T> left, Array3D<T> right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Remainder, left, right));

    /// <summary>The remainder of every element by a number. Lazy.</summary>
    public static Array3D<T> operator %(Array3D<T> left, T right) => new(Elementwise.Binary(Avial.IR.BinaryOp.Remainder, left, right));

    /// <summary>The negative of every element. Lazy.</summary>
    public static Array3D<T> operator -(Array3D<T> operand) => new(Elementwise.Negate(operand));
}

/// <summary>An array read beyond its border: in bodies, <c>a.Wrap[i - 1, j - 1, k - 1]</c>.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly struct Border3D<T> where T : unmanaged
{
    private readonly Array3D<T> _array;
    private readonly Avial.IR.BorderKind _kind;
    private readonly T _outside;

    internal Border3D(Array3D<T> array, Avial.IR.BorderKind kind, T outside)
    {
        _array = array;
        _kind = kind;
        _outside = outside;
    }

    /// <summary>In a body: a read with this border. On the host: evaluates the array and gives the element.</summary>
    public T this[long i, long j, long k] => _array.ReadBorder(_kind, _outside, [i, j, k]);
}

/// <summary>A rank's own part of an array: its domain, which may be empty, and a copy of its elements, row-major.</summary>
/// <typeparam name="T">The element type.</typeparam>
public readonly ref struct LocalPart3D<T> where T : unmanaged
{
    internal LocalPart3D(Array3D<T> array)
    {
        Values = array.LocalValues(out Geometry.Box box);
        Domain = new(new Domain1D(box.Low[0], box.High[0]), new Domain1D(box.Low[1], box.High[1]), new Domain1D(box.Low[2], box.High[2]));
    }

    /// <summary>The indices of the part.</summary>
    public Domain3D Domain { get; }

    /// <summary>Its elements.</summary>
    public ReadOnlySpan<T> Values { get; }
}
