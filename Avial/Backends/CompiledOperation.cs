using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;

namespace Avial.Backends;

/// <summary>A lowered operation whose loops functions are compiled; may be launched from many threads at once.</summary>
internal sealed class CompiledOperation
{
    // A power of two. Ranks of one process launch at once: each finds what its thread has left.
    private const int MostWorkspaces = 16;

    private readonly ColumnMemory[]?[] _workspaces;
    private readonly ICodeGenerator _generator;
    private CompiledFunction? _rankStage;
    private CompiledOperation? _carried;
    private CompiledOperation? _scattered;

    private CompiledOperation(LoweredOperation lowered, ICodeGenerator generator, ImmutableArray<CompiledFunction?> functions)
    {
        Lowered = lowered;
        _workspaces = lowered.Temporaries.Length == 0 ? [] : new ColumnMemory[]?[MostWorkspaces];
        _generator = generator;
        Functions = functions;
    }

    public LoweredOperation Lowered { get; }

    /// <summary>The compiled function of each stage; null for the runtime's own steps.</summary>
    public ImmutableArray<CompiledFunction?> Functions { get; }

    public static CompiledOperation Compile(LoweredOperation operation, ICodeGenerator generator) =>
        new(operation, generator, [.. operation.Stages.Select(s => s is LoweredStage stage ? generator.Compile(stage.Function) : null)]);

    /// <summary>
    /// The one stage that only ranks need: the merging of records into one, or the leaves that go into a window. Compiled when first asked for.
    /// </summary>
    internal CompiledFunction RankStage => _rankStage ??= _generator.Compile(
        Lowered.Combine?.Merge.Function ?? Lowered.Leaves?.Values.Function ?? throw new InternalErrorException("The operation has no stage for ranks."));

    /// <summary>The scan of a part whose lines begin with the values of others (<see cref="CarriedScan"/>). Compiled when first asked for.</summary>
    internal CompiledOperation Carried => _carried ??= Compile(
        (Lowered.Carried ?? throw new InternalErrorException("The operation carries nothing along lines.")).Stages, _generator);

    /// <summary>What ranks that share a scatter run (<see cref="SharedScatter"/>). Compiled when first asked for.</summary>
    internal CompiledOperation Scattered => _scattered ??= Compile(
        (Lowered.Scattered ?? throw new InternalErrorException("The operation has no contributions for other ranks.")).Stages, _generator);

    /// <summary>The temporaries of an earlier launch on this thread or another, for this one alone; their memory may be too small.</summary>
    internal ColumnMemory[] TakeWorkspace()
    {
        int count = Lowered.Temporaries.Length;
        if (count == 0)
        {
            return [];
        }
        int home = Environment.CurrentManagedThreadId;
        for (int i = 0; i < MostWorkspaces; i++)
        {
            ref ColumnMemory[]? slot = ref _workspaces[(home + i) & (MostWorkspaces - 1)];
            if (Volatile.Read(ref slot) is not null && Interlocked.Exchange(ref slot, null) is { } workspace)
            {
                return workspace;
            }
        }
        return NewWorkspace(count);
    }

    /// <summary>Keeps small temporaries for the next launch, so that launches in a loop allocate nothing.</summary>
    internal void ReturnWorkspace(ColumnMemory[] workspace)
    {
        if (workspace.Length == 0)
        {
            return;
        }
        for (int i = 0; i < workspace.Length; i++)
        {
            if (workspace[i] is not ScratchMemory)
            {
                workspace[i].Release();
                workspace[i] = ScratchMemory.None;
            }
        }
        Interlocked.Exchange(ref _workspaces[Environment.CurrentManagedThreadId & (MostWorkspaces - 1)], workspace);
    }

    private static ColumnMemory[] NewWorkspace(int count)
    {
        var workspace = new ColumnMemory[count];
        Array.Fill(workspace, ScratchMemory.None);
        return workspace;
    }
}
