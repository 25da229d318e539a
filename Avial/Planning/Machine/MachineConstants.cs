namespace Avial.Planning.Machine;

/// <summary>What was measured of this machine, in seconds: plain numbers, so that rank 0 can send them to the others.</summary>
/// <param name="Latency">A message between two threads, however short.</param>
/// <param name="PerByte">Each byte of a message between two threads.</param>
/// <param name="PerOperation">A simple floating-point operation, on one core.</param>
/// <param name="PerByteOfMemory">A byte read or written far out of cache, on one core while the others rest.</param>
/// <param name="PerByteOfSharedMemory">The same with all cores at it: what the whole machine takes for a byte.</param>
/// <param name="PerLaunch">Starting work on all threads.</param>
internal readonly record struct MachineConstants(
    double Latency, double PerByte, double PerOperation, double PerByteOfMemory, double PerByteOfSharedMemory, double PerLaunch)
{
    private const double PerGiga = 1e-9;

    /// <summary>
    /// The same with each number brought to what machines can do: a machine that others use, or a clock that jumps, must not make plans absurd.
    /// </summary>
    public MachineConstants Plausible(int cores)
    {
        double perByteOfMemory = Within(PerByteOfMemory, PerGiga / 200, PerGiga / 0.5);
        return new MachineConstants(
            Latency: Within(Latency, 50e-9, 50e-6),
            PerByte: Within(PerByte, PerGiga / 100, PerGiga / 0.2),
            PerOperation: Within(PerOperation, PerGiga / 50, PerGiga / 0.05),
            PerByteOfMemory: perByteOfMemory,
            PerByteOfSharedMemory: Within(PerByteOfSharedMemory, perByteOfMemory / cores, perByteOfMemory),
            PerLaunch: Within(PerLaunch, 500e-9, 50e-6));
    }

    /// <summary>The model of a run whose ranks are threads or processes of this machine and share its cores and memory.</summary>
    public MachineModel Model(int ranks, int threadsPerRank, int cores)
    {
        double coresPerRank = Math.Min(threadsPerRank, cores / (double)ranks);
        double ranksPerCore = Math.Max(1, ranks / (double)cores);
        return new MachineModel
        {
            Ranks = ranks,
            // With fewer cores than ranks, a message waits until its receiver's turn comes.
            Latency = Latency * ranksPerCore,
            SecondsPerByte = PerByte * ranksPerCore,
            SecondsPerOperation = PerOperation / coresPerRank,
            SecondsPerByteOfMemory = Math.Max(PerByteOfMemory / coresPerRank, PerByteOfSharedMemory * ranks),
            SecondsPerLaunch = PerLaunch * ranksPerCore,
            Origin = "measured",
        };
    }

    // Not a number becomes the largest: nothing is promised of what could not be measured.
    private static double Within(double value, double least, double most) => value >= least && value <= most ? value : value < least ? least : most;
}
