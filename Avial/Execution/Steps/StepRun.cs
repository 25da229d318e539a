using Avial.Backends;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>One step of a plan, ready to run again and again: what it needs of the heap is made when it is prepared.</summary>
internal abstract class StepRun(BodyRun body)
{
    /// <summary>The messages that must have ended before this step starts.</summary>
    public PendingRun[] Awaited { get; set; } = [];

    /// <summary>The position of its node in the region, or -1 for a step that moves or makes memory.</summary>
    public int NodeNumber { get; init; } = -1;

    /// <summary>The task it works for; null for a step that moves or makes memory.</summary>
    public GraphNode? Node => NodeNumber < 0 ? null : Body.Code[NodeNumber].Node;

    /// <summary>True when a step before works for the same task: one computes the interior, others the borders.</summary>
    public bool GoesOn { get; set; }

    /// <summary>Its position among the steps of the body.</summary>
    public int Position { get; set; }

    /// <summary>What watchdogs say this rank does.</summary>
    public RankDoing Doing { get; set; } = null!;

    /// <summary>What they say it waits in.</summary>
    public WaitSite Site => Doing.Site;

    protected BodyRun Body => body;

    protected RankRuntime Runtime => body.Runtime;

    /// <summary>The memory of the body's buffers.</summary>
    protected Storage?[] Storages => body.Storages;

    public abstract void Run();

    /// <summary>Takes over the boxes of a step that differs from the one at hand in nothing else; false when it differs in more. Nothing of it is under way.</summary>
    public abstract bool TryRefresh(RankStep step);

    /// <summary>The boxes of the step at hand may have moved in place.</summary>
    public virtual void Moved()
    {
    }

    /// <summary>Gives back memory that the step keeps for itself.</summary>
    public virtual void ReleaseMemory()
    {
    }
}
