namespace Avial.Backends.Interpreters;

/// <summary>The arrays that a kernel reads while it is interpreted.</summary>
internal interface IKernelOperands
{
    /// <summary>The extent of an operand along an axis.</summary>
    long Extent(int operand, int axis);

    /// <summary>The element at an index that lies inside, as <see cref="Numerics.ScalarBits"/>.</summary>
    ulong Read(int operand, int column, ReadOnlySpan<long> index);
}

/// <summary>The operands of a kernel that reads nothing: a scalar expression, a combiner.</summary>
internal sealed class NoOperands : IKernelOperands
{
    public static NoOperands Instance { get; } = new();

    public long Extent(int operand, int axis) => throw new Diagnostics.InternalErrorException($"There is no operand {operand}.");

    public ulong Read(int operand, int column, ReadOnlySpan<long> index) => throw new Diagnostics.InternalErrorException($"There is no operand {operand}.");
}
