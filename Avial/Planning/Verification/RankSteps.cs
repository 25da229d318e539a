using System.Collections.Immutable;
using Avial.Execution.Steps;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>A rank's body at one step of its loop (or the whole program), with what each step touches.</summary>
internal sealed class RankSteps
{
    private readonly NodeAccess?[] _accesses;
    private readonly int[] _memory;
    private readonly int[] _lastUse;

    public RankSteps(RankId rank, BodyScope scope, RankBody body)
    {
        Rank = rank;
        Scope = scope;
        Body = body;
        _accesses = new NodeAccess?[body.Steps.Length];
        _memory = [.. Enumerable.Range(0, body.Buffers.Length)];
        for (int step = 0; step < body.Steps.Length; step++)
        {
            _accesses[step] = body.Steps[step] switch
            {
                LaunchStep launch when IsNode<Operation>(launch.Node) => NodeAccess.Of(scope, body, launch),
                CombineStep combine when IsNode<ReduceOperation>(combine.Node) => NodeAccess.Of(scope, body, combine),
                ScatterStep scatter when IsNode<ScatterOperation>(scatter.Node) => NodeAccess.Of(scope, body, scatter, rank),
                ScanStep scan when IsNode<ScanOperation>(scan.Node) => NodeAccess.Of(scope, body, scan),
                InspectStep inspect when IsNode<Operation>(inspect.Node) => NodeAccess.Of(scope, body, inspect),
                _ => null,
            };
            if (body.Steps[step] is ReshapeStep reshape && IsBuffer(reshape.From) && IsBuffer(reshape.To))
            {
                Join(reshape.From, reshape.To);
            }
        }
        _lastUse = new int[body.Buffers.Length];
        for (int step = 0; step < body.Steps.Length; step++)
        {
            foreach (int buffer in body.Steps[step] is FreeStep ? [] : StepBuffers.Of(body.Steps[step]))
            {
                if (IsBuffer(buffer))
                {
                    _lastUse[_memory[buffer]] = step;
                }
            }
        }
    }

    public RankId Rank { get; }

    public BodyScope Scope { get; }

    public RankBody Body { get; }

    /// <summary>What a launch or combination touches.</summary>
    public NodeAccess AccessOf(int step) => _accesses[step]!;

    public bool IsBuffer(int number) => number >= 0 && number < Body.Buffers.Length;

    public bool IsNode<T>(int number) where T : Operation => number >= 0 && number < Scope.Region.Nodes.Length && Scope.Region.Nodes[number].Operation is T;

    /// <summary>True when two buffers of the body may show the same memory.</summary>
    public bool ShareMemory(int a, int b) => _memory[a] == _memory[b];

    /// <summary>True for a step after which nothing uses the memory of a buffer, by whatever name.</summary>
    public bool IsAfterLastUse(int step, int buffer) => step > _lastUse[_memory[buffer]];

    public int MemoryOf(int buffer) => _memory[buffer];

    public ulong AllColumns(int buffer) => ColumnMask.OfFirst(Body.Buffers[buffer].Type.Element.Columns.Length);

    private void Join(int a, int b)
    {
        int from = _memory[a];
        int to = _memory[b];
        for (int n = 0; n < _memory.Length; n++)
        {
            _memory[n] = _memory[n] == from ? to : _memory[n];
        }
    }
}
