using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>Where handles ask for their values.</summary>
internal static class Evaluation
{
    /// <summary>Evaluates all of them together.</summary>
    public static void Run(ReadOnlySpan<NodeOutput> outputs, IProgress<double>? progress, CancellationToken cancellation)
    {
        foreach (NodeOutput output in outputs)
        {
            if (output.Node.IsDisposed)
            {
                throw Throw.Disposed(output.Node.Name, output.Node.Span);
            }
        }
        Session session = Session.Current;
        session.Runner.Run(outputs, session.TakeEffects, progress, cancellation);
    }

    /// <summary>The same on another thread. It starts even when cancelled: on several ranks that is for rank 0 to say.</summary>
    public static ValueTask RunAsync(NodeOutput[] outputs, IProgress<double>? progress, CancellationToken cancellation) =>
        new(System.Threading.Tasks.Task.Run(() => Run(outputs, progress, cancellation), CancellationToken.None));

    /// <summary>The whole array in one piece; evaluates when it is not in memory, and brings it together.</summary>
    public static Storage Whole(NodeOutput output, CancellationToken cancellation = default)
    {
        PlacedArray value = InMemory(output, cancellation);
        return value.Whole ?? (value.IsAllHere ? value.Assemble(output.Node.Name) : Session.Current.Runner.Gather(output, value, cancellation));
    }

    /// <summary>The same on another thread.</summary>
    public static ValueTask<Storage> WholeAsync(NodeOutput output) => new(System.Threading.Tasks.Task.Run(() => Whole(output)));

    /// <summary>One element; evaluates when the array is not in memory. The index lies inside.</summary>
    public static T Read<T>(NodeOutput output, ReadOnlySpan<long> index) where T : unmanaged
    {
        PlacedArray value = InMemory(output, CancellationToken.None);
        return value.IsAllHere ? StorageAccess.Read<T>(value.PieceWith(index), index) : Session.Current.Runner.Read<T>(output, value, index);
    }

    /// <summary>Evaluates when the array is not in memory, and writes it to a file.</summary>
    public static void Save(NodeOutput output, string path, CancellationToken cancellation) =>
        Session.Current.Runner.Save(output, InMemory(output, cancellation), path, cancellation);

    /// <summary>This rank's own part of an array, evaluated when it is not in memory: all of it where the program's code runs once.</summary>
    public static OwnPart Own(NodeOutput output)
    {
        PlacedArray value = InMemory(output, CancellationToken.None);
        if (Session.CurrentRanks is not { } ranks)
        {
            return new OwnPart(Whole(output), output.Type.Box);
        }
        // What every rank has is shared out evenly, so that the parts of all ranks are the array, whatever the planner has decided.
        Distribution owner = value.Owner.Kind == DistributionKind.Everywhere ? Shares(output.Type, ranks.Ranks) : value.Owner;
        Box own = owner.TryOwn(ranks.Rank, out Box part) ? part : new Box(output.Type.Box.Low, output.Type.Box.Low);
        return new OwnPart(value.IsAllHere ? value.OfRank(ranks.Rank).PieceOf(0) : value.PieceOf(0), own);
    }

    private static Distribution Shares(ArrayType type, int ranks)
    {
        Span<int> grid = stackalloc int[type.Rank];
        grid.Fill(1);
        grid[0] = ranks;
        return Distribution.Blocks(type.Box, grid, ranks);
    }

    private static PlacedArray InMemory(NodeOutput output, CancellationToken cancellation)
    {
        if (output.Node.ValueOf(output.Index) is not { } value || output.Node.IsDisposed)
        {
            Run([output], null, cancellation);
            value = output.Node.ValueOf(output.Index)!;
        }
        return value;
    }
}

/// <summary>A rank's own part of an array, and the memory it lies in; null when there is none of it.</summary>
internal readonly record struct OwnPart(Storage? Storage, Box Box);
