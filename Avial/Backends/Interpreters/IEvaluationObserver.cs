using Avial.Execution;
using Avial.Graph;

namespace Avial.Backends.Interpreters;

/// <summary>Watches an interpreted evaluation: who produced the first NaN, where it trapped.</summary>
internal interface IEvaluationObserver
{
    /// <summary>
    /// The first NaN of the evaluation that a task made of inputs without NaN: the task, the row-major index in its domain box (in its output
    /// for reductions), the column over all outputs. Called once.
    /// </summary>
    void NaNProduced(GraphNode node, long linearIndex, int column);

    /// <summary>A task stopped; the evaluation goes on only to look for a trap of an earlier task.</summary>
    void Trapped(GraphNode node, Trap trap);

    /// <summary>A task of a region is about to run; may throw to end the evaluation.</summary>
    void NodeStarts()
    {
    }

    /// <summary>A task of this region has run.</summary>
    void NodeDone(Region region)
    {
    }

    /// <summary>A loop has done so many of its steps.</summary>
    void StepDone(long step, long limit)
    {
    }
}
