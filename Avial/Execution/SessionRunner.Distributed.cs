using System.Collections.Immutable;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution.Ranks;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Execution;

// What sees more of a distributed array than this rank's part: of ranks that record for themselves, all ask for it together.
internal sealed partial class SessionRunner
{
    private static readonly BuiltRegion s_nothing = new(new Region([], [], []), [], [], []);

    /// <summary>The whole of an array that is distributed over ranks that record for themselves, on each of them.</summary>
    public Storage Gather(NodeOutput output, PlacedArray value, CancellationToken cancellation) =>
        Together(EvaluationKind.Gather, "", output, token => Gathered(output, value, token), cancellation);

    /// <summary>One element of such an array, from the rank that has it.</summary>
    public unsafe T Read<T>(NodeOutput output, PlacedArray value, ReadOnlySpan<long> index) where T : unmanaged
    {
        long[] place = index.ToArray();
        return Together(EvaluationKind.ReadElement, $"[{string.Join(", ", place)}]", output, _ =>
        {
            RankId owner = value.Owner.Owner(place)!.Value;
            T element = owner == Ranks!.Rank ? StorageAccess.Read<T>(value.PieceOf(0)!, place) : default;
            Collectives.Broadcast(Ranks.Communicator, owner, (byte*)&element, sizeof(T), new WaitSite(output.Node.Name, output.Node.Span));
            return element;
        }, CancellationToken.None);
    }

    /// <summary>Writes an array to a file; each rank its own part.</summary>
    public void Save(NodeOutput output, PlacedArray value, string path, CancellationToken cancellation)
    {
        if (Ranks is null)
        {
            ArrayFiles.Save(path, Readable(output.Node, value));
            return;
        }
        var site = new WaitSite(output.Node.Name, output.Node.Span);
        Together(EvaluationKind.Save, path, output, _ =>
        {
            ArrayFiles.SaveTogether(path, value.IsAllHere ? value.OfRank(Ranks.Rank) : value, Ranks.Communicator, site);
            return true;
        }, cancellation);
    }

    private T Together<T>(EvaluationKind kind, string detail, NodeOutput output, Func<CancellationToken, T> work, CancellationToken cancellation)
    {
        RankContext ranks = Ranks ?? throw Throw.ArrayOfAnotherRank(output.Node.Name, output.Node.Recorder!.Rank, output.Node.Span);
        T result = default!;
        Guarded(output.Node, () => result = ranks.Evaluate(new JointWork(kind, s_nothing, output.Node, detail), _options, work, cancellation));
        return result;
    }

    /// <summary>The whole of what is distributed over ranks that have agreed to bring it together.</summary>
    private Storage Gathered(NodeOutput output, PlacedArray value, CancellationToken cancellation)
    {
        var copy = new BuiltRegion(new Region([output.Type], [], [GraphValue.Parameter(0)]), [output], [], []);
        ImmutableArray<Distribution?> everywhere = [Distribution.Everywhere(output.Type.Box, _team.Ranks)];
        return RunCompiled(copy, [value], everywhere, null, cancellation)[0].Whole!;
    }

    /// <summary>A source as this session's ranks can read it: what was computed on another number of ranks is put together.</summary>
    private PlacedArray Here(NodeOutput source, CancellationToken cancellation)
    {
        PlacedArray value = Readable(source.Node, source.Node.ValueOf(source.Index)!);
        if (value.Owner.Kind == DistributionKind.Everywhere)
        {
            return value;
        }
        if (value.IsAllHere && (value.Owner.Ranks != _team.Ranks || _options.Engine == Engine.Interpreter))
        {
            return new PlacedArray(value.Assemble(source.Node.Name));
        }
        if (_options.Engine == Engine.Interpreter)
        {
            return new PlacedArray(Gathered(source, value, cancellation));
        }
        return Ranks is not null && value.IsAllHere ? value.OfRank(Ranks.Rank) : value;
    }

    /// <summary>The value, unless it is the part of a rank whose program is over.</summary>
    private PlacedArray Readable(Node node, PlacedArray value) =>
        value.IsAllHere || Ranks is not null ? value : throw Throw.ArrayOfAnotherRank(node.Name, node.Recorder!.Rank, node.Span);
}
