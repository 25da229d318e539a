using System.Collections.Immutable;

namespace Avial.Backends.Lowering;

/// <summary>
/// The inputs of a node that its kernels read in the memory of an output: those that the output starts from and is written over. They are no buffers of
/// their own, as the buffers of a call may be told not to overlap. Before the launch the output must hold all of the input. Whether that gives the same results
/// is for <see cref="Planning.InPlaceReads"/> to say.
/// </summary>
/// <param name="Outputs">For each input, the output in whose memory it is read, or -1.</param>
internal readonly record struct InPlaceInputs(ImmutableArray<int> Outputs)
{
    /// <summary>Where a read of the input at this position finds its elements.</summary>
    public BufferBinding Bind(int position)
    {
        int output = Outputs.IsDefault ? -1 : Outputs[position];
        return output >= 0 ? new BufferBinding(BufferSource.Output, output, 0) : new BufferBinding(BufferSource.Input, position, 0);
    }
}
