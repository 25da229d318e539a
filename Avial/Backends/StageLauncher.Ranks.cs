using Avial.Diagnostics;
using Avial.Execution;

namespace Avial.Backends;

/// <summary>The steps in which ranks share a reduction over all axes.</summary>
internal static unsafe partial class StageLauncher
{
    /// <summary>Reduces the context's part to one record (<see cref="CombineStages"/>).</summary>
    public static void LaunchPartial(CompiledOperation operation, LaunchContext context, byte* record, int order, WorkerPool pool)
    {
        CombineStages combine = CombineOf(operation);
        Begin(operation, context);
        try
        {
            var parts = (LoweredStage)operation.Lowered.Stages[0];
            LaunchStage(operation, parts, operation.Functions[0]!, context, order, pool);
            context.Records = context.Temporaries[parts.PartTemporary].Address;
            context.Record = record;
            LaunchStage(operation, combine.Merge, operation.RankStage, context, order, pool);
        }
        finally
        {
            End(operation, context);
        }
    }

    /// <summary>Merges records, one after another in memory, into one, which may be the first of them.</summary>
    public static void LaunchMerge(CompiledOperation operation, LaunchContext context, byte* records, int count, byte* record, int order, WorkerPool pool)
    {
        context.Records = records;
        context.Record = record;
        context.PartCount = count;
        LaunchStage(operation, CombineOf(operation).Merge, operation.RankStage, context, order, pool);
    }

    /// <summary>Writes the operation's output from the records of all ranks, or from what they were merged into.</summary>
    public static void LaunchFinish(CompiledOperation operation, LaunchContext context, byte* records, int count, int order, WorkerPool pool)
    {
        context.Records = records;
        context.PartCount = count;
        LaunchStage(operation, CombineOf(operation).Finish, operation.Functions[^1]!, context, order, pool);
    }

    /// <summary>Writes the values of the leaves of the context's part into the context's window of all leaves (<see cref="LeafStages"/>).</summary>
    public static void LaunchLeaves(CompiledOperation operation, LaunchContext context, int order, WorkerPool pool) =>
        LaunchStage(operation, LeavesOf(operation).Values, operation.RankStage, context, order, pool);

    /// <summary>Folds the whole array of leaves, which is written over, into the operation's output.</summary>
    public static void LaunchTree(CompiledOperation operation, LaunchContext context, int order, WorkerPool pool)
    {
        context.Leaves!.RequireWhole();
        LaunchStage(operation, LeavesOf(operation).Tree, operation.Functions[^1]!, context, order, pool);
    }

    private static CombineStages CombineOf(CompiledOperation operation) =>
        operation.Lowered.Combine ?? throw new InternalErrorException("The operation leaves no records for other ranks.");

    private static LeafStages LeavesOf(CompiledOperation operation) =>
        operation.Lowered.Leaves ?? throw new InternalErrorException("The operation leaves no leaves for other ranks.");
}
