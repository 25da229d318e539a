namespace Avial.Execution;

/// <summary>Work in parts that may run at once, in any order, for <see cref="WorkerPool.Run(int, ParallelWork, CancellationToken)"/>.</summary>
internal abstract class ParallelWork
{
    /// <summary>Does one part; called once for each part, from any thread.</summary>
    public abstract void RunPart(int part);
}
