using System.Collections.Immutable;
using Avial.Execution;
using Avial.Geometry;
using Avial.Numerics;

namespace Avial.Backends;

/// <summary>Runs compiled operations: binds scalars, boxes, buffers and temporaries, cuts each stage into parts and shares them among the workers.</summary>
internal static unsafe partial class StageLauncher
{
    // Beyond any index, and far from overflow.
    private const long Far = 1L << 60;

    /// <summary>Runs all stages of an operation.</summary>
    /// <param name="operation">What to run.</param>
    /// <param name="context">What it works on.</param>
    /// <param name="order">The recorded order of its task, for traps.</param>
    /// <param name="pool">The threads.</param>
    /// <exception cref="TrapException">An element trapped: the lowest of the first stage that has one.</exception>
    public static void Launch(CompiledOperation operation, LaunchContext context, int order, WorkerPool pool)
    {
        Begin(operation, context);
        try
        {
            for (int i = 0; i < operation.Functions.Length; i++)
            {
                LaunchStage(operation, i, context, order, pool);
            }
        }
        finally
        {
            End(operation, context);
        }
    }

    /// <summary>Makes the temporaries of a launch whose stages are run one by one; <see cref="End"/> must follow.</summary>
    public static void Begin(CompiledOperation operation, LaunchContext context)
    {
        context.Temporaries = operation.TakeWorkspace();
        AllocateFixedTemporaries(operation.Lowered, context);
    }

    /// <summary>Runs one stage of a launch that has begun.</summary>
    public static void LaunchStage(CompiledOperation operation, int number, LaunchContext context, int order, WorkerPool pool)
    {
        context.Cancellation.ThrowIfCancellationRequested();
        switch (operation.Lowered.Stages[number])
        {
            case LoweredStage stage:
                LaunchStage(operation, stage, operation.Functions[number]!, context, order, pool);
                break;
            case RuntimeStage step:
                step.Run(context);
                break;
        }
    }

    /// <summary>Gives the temporaries of a launch back.</summary>
    public static void End(CompiledOperation operation, LaunchContext context)
    {
        ColumnMemory[] workspace = context.Temporaries;
        context.Temporaries = [];
        operation.ReturnWorkspace(workspace);
        GC.KeepAlive(context);
    }

    private static void LaunchStage(
        CompiledOperation operation, LoweredStage stage, CompiledFunction function, LaunchContext context, int order, WorkerPool pool)
    {
        int rank = stage.Function.BoxLow.Length;
        long* low = stackalloc long[Math.Max(1, rank)];
        long* high = stackalloc long[Math.Max(1, rank)];
        BindBox(stage.Box, context, low, high);
        bool isEmpty = IsEmpty(low, high, rank);
        int* cuts = stackalloc int[Math.Max(1, rank)];
        bool isWalked = stage.SequentialAxis >= 0;
        var box = new PartCuts(stage, low, high, cuts, rank);
        int parts = isEmpty && stage.Cut != CutKind.None ? 0 : isWalked ? 1 : box.Cut(pool.Threads, context.ForcedParts);
        if (stage.PartTemporary >= 0)
        {
            context.PartCount = parts;
            Allocate(operation.Lowered.Temporaries[stage.PartTemporary], stage.PartTemporary, context);
        }
        if (parts == 0)
        {
            return;
        }

        long* scalars = stackalloc long[Math.Max(1, stage.Scalars.Length)];
        for (int i = 0; i < stage.Scalars.Length; i++)
        {
            scalars[i] = Evaluate(stage.Scalars[i], context);
        }
        byte** buffers = stackalloc byte*[Math.Max(1, stage.Buffers.Length)];
        for (int i = 0; i < stage.Buffers.Length; i++)
        {
            buffers[i] = AddressOf(stage.Buffers[i], context);
        }
        int record = stage.PartTemporary >= 0 ? operation.Lowered.Temporaries[stage.PartTemporary].RecordBytes : 0;
        StageRun run = StageRun.Take(function, stage, buffers, scalars, box, record, TrapDomain(stage.Box, context), order);
        try
        {
            if (isWalked)
            {
                Walk(run, box, pool, context);
            }
            else
            {
                pool.Run(parts, run, context.Cancellation);
            }
            run.ThrowIfTrapped();
        }
        finally
        {
            StageRun.Return(run);
            GC.KeepAlive(context); // its memory is known to the code by address only
        }
    }

    // One launch per index of the sequential axis, all others cut. A trap does not end the walk: a later launch may hold a lower element.
    private static void Walk(StageRun run, PartCuts box, WorkerPool pool, LaunchContext context)
    {
        long* low = box.Low;
        long* high = box.High;
        int axis = box.Stage.SequentialAxis;
        (long first, long end) = (low[axis], high[axis]);
        if (first >= end)
        {
            return;
        }
        (low[axis], high[axis]) = (first, first + 1);
        int parts = box.Cut(pool.Threads, context.ForcedParts);
        for (long at = first; at < end; at++)
        {
            (low[axis], high[axis]) = (at, at + 1);
            pool.Run(parts, run, context.Cancellation);
        }
    }

    private static bool IsEmpty(long* low, long* high, int rank)
    {
        for (int axis = 0; axis < rank; axis++)
        {
            if (high[axis] <= low[axis])
            {
                return true;
            }
        }
        return false;
    }

    private static void BindBox(StageBox box, LaunchContext context, long* low, long* high)
    {
        switch (box)
        {
            case DomainBox domain:
                Box part = context.PartOf(domain.Piece);
                for (int axis = 0; axis < part.Rank; axis++)
                {
                    (low[axis], high[axis]) = (part.Low[axis], part.High[axis]);
                }
                break;
            case AxesBox axes:
                Box piece = context.PartOf(axes.Piece);
                for (int i = 0; i < axes.Axes.Length; i++)
                {
                    (low[i], high[i]) = (piece.Low[axes.Axes[i]], piece.High[axes.Axes[i]]);
                }
                break;
            case TileBox tiles:
                Box swept = context.PartOf(tiles.Piece);
                new Span<long>(low, swept.Rank).Clear();
                tiles.Count(swept, context.Within, new Span<long>(high, swept.Rank));
                break;
            case CountBox counts:
                for (int axis = 0; axis < counts.Counts.Length; axis++)
                {
                    (low[axis], high[axis]) = (0, Evaluate(counts.Counts[axis], context));
                }
                break;
        }
    }

    private static Box TrapDomain(StageBox box, LaunchContext context)
    {
        int piece = box switch
        {
            DomainBox domain => domain.Piece,
            AxesBox axes => axes.Piece,
            TileBox tiles => tiles.Piece,
            _ => 0,
        };
        return piece < context.Domains.Length ? context.Domains[piece] : new Box([], []);
    }

    private static long Evaluate(ScalarBinding binding, LaunchContext context)
    {
        int position = (int)binding.Position;
        switch (binding.Source)
        {
            case ScalarSource.Captured:
                return unchecked((long)context.Scalars[position]);
            case ScalarSource.Input:
                Storage input = context.Inputs[position];
                return unchecked((long)ScalarBits.Load(input.Address(binding.Axis), input.Type.Element.Columns[binding.Axis].Type));
            case ScalarSource.InputExtent:
                return context.Inputs[position].Type.Extents[binding.Axis];
            case ScalarSource.OutputExtent:
                return context.Outputs[position].Type.Extents[binding.Axis];
            case ScalarSource.InputPitch:
                return context.Inputs[position].Pitch(binding.Axis);
            case ScalarSource.OutputPitch:
                return context.Outputs[position].Pitch(binding.Axis);
            case ScalarSource.InputCorner:
                return context.Inputs[position].Window.Low[binding.Axis];
            case ScalarSource.OutputCorner:
                return context.Outputs[position].Window.Low[binding.Axis];
            case ScalarSource.OutputLength:
                return context.Outputs[position].Window.Length(binding.Axis);
            case ScalarSource.LeafPitch:
                return context.Leaves!.Pitch(binding.Axis);
            case ScalarSource.PartLow:
                return context.PartOf(position).Low[binding.Axis];
            case ScalarSource.PartHigh:
                return context.PartOf(position).High[binding.Axis];
            case ScalarSource.BandLow:
                return context.Within?.Low ?? -Far;
            case ScalarSource.BandHigh:
                return context.Within?.High ?? Far;
            case ScalarSource.CarryInPitch:
                return context.CarryIn?.Pitch(binding.Axis) ?? 0;
            case ScalarSource.CarryOutPitch:
                return context.CarryOut!.Pitch(binding.Axis);
            case ScalarSource.PartLeaves:
                Box part = context.PartOf(position);
                return Leaves(part.Low[binding.Axis], part.High[binding.Axis], binding.Length);
            case ScalarSource.DomainLow:
                return context.Domains[position].Low[binding.Axis];
            case ScalarSource.DomainHigh:
                return context.Domains[position].High[binding.Axis];
            case ScalarSource.Constant:
                return binding.Position;
            case ScalarSource.PartCount:
                return context.PartCount;
            case ScalarSource.ContributionCount:
                return context.ContributionCount;
            case ScalarSource.DomainLeaves:
                Box domain = context.Domains[position];
                return Leaves(domain.Low[binding.Axis], domain.High[binding.Axis], binding.Length);
            default:
                throw new Diagnostics.InternalErrorException($"A scalar cannot be bound to {binding}.");
        }
    }

    private static long Leaves(long low, long high, long length) =>
        high <= low ? 0 : Floor.Divide(high - 1, length) - Floor.Divide(low, length) + 1;

    private static byte* AddressOf(BufferBinding binding, LaunchContext context) => binding.Source switch
    {
        BufferSource.Input => context.Inputs[binding.Position].VirtualAddress(binding.Column),
        BufferSource.Output => context.Outputs[binding.Position].VirtualAddress(binding.Column),
        BufferSource.Records => context.Records,
        BufferSource.Record => context.Record,
        BufferSource.Leaves => context.Leaves!.VirtualAddress(binding.Column),
        BufferSource.CarryIn => context.CarryIn is { } carry ? carry.VirtualAddress(binding.Column) : null,
        BufferSource.CarryOut => context.CarryOut!.VirtualAddress(binding.Column),
        BufferSource.Contributions => (byte*)context.Contributions[binding.Column],
        _ => context.Temporaries[binding.Position].Address,
    };

    private static void AllocateFixedTemporaries(LoweredOperation operation, LaunchContext context)
    {
        for (int i = 0; i < operation.Temporaries.Length; i++)
        {
            if (!IsPerPart(operation.Temporaries[i]))
            {
                Allocate(operation.Temporaries[i], i, context);
            }
        }
    }

    private static bool IsPerPart(TemporaryMemory memory)
    {
        foreach (ScalarBinding count in memory.Count)
        {
            if (count.Source == ScalarSource.PartCount)
            {
                return true;
            }
        }
        return false;
    }

    private static void Allocate(TemporaryMemory memory, int number, LaunchContext context)
    {
        long bytes = memory.RecordBytes;
        foreach (ScalarBinding count in memory.Count)
        {
            bytes = checked(bytes * Math.Max(0, Evaluate(count, context)));
        }
        if (context.Temporaries[number].Bytes >= bytes && context.Temporaries[number].Address is not null)
        {
            return;
        }
        context.Temporaries[number].Release();
        context.Temporaries[number] = bytes <= ScratchMemory.MostBytes
            ? new ScratchMemory(Math.Max(bytes, 1))
            : Allocator.Shared.AllocateBytes(bytes, "a temporary");
    }
}
