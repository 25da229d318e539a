using Avial.Diagnostics;
using Avial.Graph;

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
        return value.Whole ?? (value.IsAllHere ? value.Assemble(output.Node.Name) : Session.Current.Runner.Gather(output, cancellation));
    }

    /// <summary>The same on another thread.</summary>
    public static ValueTask<Storage> WholeAsync(NodeOutput output) => new(System.Threading.Tasks.Task.Run(() => Whole(output)));

    /// <summary>One element; evaluates when the array is not in memory. The index lies inside.</summary>
    public static T Read<T>(NodeOutput output, ReadOnlySpan<long> index) where T : unmanaged
    {
        PlacedArray value = InMemory(output, CancellationToken.None);
        Storage piece = value.IsAllHere ? value.PieceWith(index) : Session.Current.Runner.Gather(output, CancellationToken.None);
        return StorageAccess.Read<T>(piece, index);
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
