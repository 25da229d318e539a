using Avial.Backends.Interpreters;
using Avial.Graph;

namespace Avial.Execution;

/// <summary><c>AVIAL_INTERPRET=1</c>: says on standard error where the first NaN came from; passes progress on, and ends a cancelled evaluation.</summary>
internal sealed class InterpreterReport(ProgressReporter? progress, CancellationToken cancellation) : IEvaluationObserver
{
    public void NaNProduced(GraphNode node, long linearIndex, int column)
    {
        string place = TrapMessages.Index(node, linearIndex);
        Console.Error.WriteLine($"Avial: the first NaN is made by '{node.Name}' at {place}\n  at {node.Span}");
    }

    public void Trapped(GraphNode node, Trap trap)
    {
        // The trap reaches the user as an exception with the same facts.
    }

    public void NodeStarts() => cancellation.ThrowIfCancellationRequested();

    public void NodeDone(Region region) => progress?.NodeDone(region);

    public void StepDone(long step, long limit) => progress?.StepDone(step, limit);
}
