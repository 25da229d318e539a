namespace Avial.Execution.Steps;

/// <summary>A step whose messages are started when it runs and awaited later.</summary>
internal abstract class PendingRun(BodyRun body) : StepRun(body)
{
    /// <summary>Waits until it has ended, unless it has already been waited for.</summary>
    public abstract void FinishIfUnderWay();
}
