using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>Where handles ask for their values.</summary>
internal static class Evaluation
{
    /// <summary>The storage of a value; evaluates when it is not in memory.</summary>
    public static Storage Materialise(NodeOutput output, CancellationToken cancellation = default)
    {
        if (output.Node.StorageOf(output.Index) is { } storage && !output.Node.IsDisposed)
        {
            return storage;
        }
        return Run([output], null, cancellation)[0];
    }

    /// <summary>Evaluates all of them together and gives their storages.</summary>
    public static Storage[] Run(ReadOnlySpan<NodeOutput> outputs, IProgress<double>? progress, CancellationToken cancellation)
    {
        foreach (NodeOutput output in outputs)
        {
            if (output.Node.IsDisposed)
            {
                throw Throw.Disposed(output.Node.Name, output.Node.Span);
            }
        }
        Session session = Session.Current;
        return session.Runner.Run(outputs, session.TakeEffects, progress, cancellation);
    }

    /// <summary>The same on another thread.</summary>
    public static ValueTask<Storage[]> RunAsync(NodeOutput[] outputs, IProgress<double>? progress, CancellationToken cancellation) =>
        new(System.Threading.Tasks.Task.Run(() => Run(outputs, progress, cancellation), cancellation));
}
