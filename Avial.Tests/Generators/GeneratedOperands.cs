using Avial.Backends.Interpreters;

namespace Avial.Tests.Generators;

/// <summary>The data of a random kernel as its interpreter reads it.</summary>
internal sealed class GeneratedOperands(GeneratedKernel generated) : IKernelOperands
{
    public long Extent(int operand, int axis) => generated.Extents[operand][axis];

    public ulong Read(int operand, int column, ReadOnlySpan<long> index)
    {
        long at = 0;
        for (int axis = 0; axis < index.Length; axis++)
        {
            at = at * generated.Extents[operand][axis] + index[axis];
        }
        return generated.Columns[operand][column][(int)at];
    }
}
