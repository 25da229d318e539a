using Avial.Diagnostics;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>Runs a user's code on whole arrays.</summary>
internal sealed class CallRun : StepRun
{
    private readonly CallStep _step;
    private readonly CallOperation _call;
    private readonly Storage[] _reads;
    private readonly Storage[] _writes;

    public CallRun(BodyRun body, CallStep step) : base(body)
    {
        NodeNumber = step.Node;
        _step = step;
        _call = (CallOperation)Node!.Operation;
        _reads = new Storage[step.Inputs.Length];
        _writes = new Storage[step.Outputs.Length];
    }

    public override void Run()
    {
        GraphNode node = Node!;
        if (Runtime.CallResults?.TryGetValue(node.Order, out Storage[]? known) == true)
        {
            for (int o = 0; o < known.Length; o++)
            {
                Runtime.Pool.Release(Storages[_step.Outputs[o]]!);
                Storages[_step.Outputs[o]] = known[o];
            }
            return;
        }
        for (int i = 0; i < _reads.Length; i++)
        {
            _reads[i] = Storages[_step.Inputs[i]]!;
        }
        for (int o = 0; o < _writes.Length; o++)
        {
            _writes[o] = Storages[_step.Outputs[o]]!;
        }
        try
        {
            _call.Body.Invoke(_reads, _writes);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or InternalErrorException))
        {
            throw Throw.CallFailed(node.Name, exception, node.Span);
        }
        Runtime.NoteCall(node, _writes);
    }

    public override bool TryRefresh(RankStep step) =>
        step is CallStep call && call.Node == NodeNumber && call.Inputs.AsSpan().SequenceEqual(_step.Inputs.AsSpan()) && call.Outputs.AsSpan().SequenceEqual(_step.Outputs.AsSpan());
}
