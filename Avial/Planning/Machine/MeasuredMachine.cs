using System.Runtime.InteropServices;

namespace Avial.Planning.Machine;

/// <summary>What one rank measured, and what of its machine it may use: from rank 0's, every rank has the same model.</summary>
/// <param name="Constants">What was measured.</param>
/// <param name="Threads">The threads of a rank.</param>
/// <param name="Cores">The cores of the machine.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct MeasuredMachine(MachineConstants Constants, int Threads, int Cores)
{
    /// <summary>This machine, measured now or earlier.</summary>
    public static MeasuredMachine Here(SessionOptions options) => new(MachineChoice.Constants(), options.Threads, Environment.ProcessorCount);

    public MachineModel Model(int ranks) => Constants.Model(ranks, Threads, Cores);
}
