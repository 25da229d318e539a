using Avial.Backends;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A reduction over all axes: this rank's part becomes a record, the records of all ranks are merged, and each rank writes the result.</summary>
internal sealed class CombineRun(BodyRun body, CombineStep step) : KernelRun(body, step.Node, step.Inputs, [step.Output], [step.Part])
{
    private bool _isLocal = step.IsLocal;

    protected override void Launch()
    {
        StageLauncher.Launch(Code.Operation!, Context, Code.Node.Order, Runtime.Workers);
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not CombineStep combine || combine.IsLocal != _isLocal || !IsSame(combine.Node, combine.Inputs, [combine.Output]))
        {
            return false;
        }
        Context.Parts![0] = combine.Part;
        return true;
    }
}
