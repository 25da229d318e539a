using Avial.Diagnostics;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>The buffers that a step reads, writes, makes or gives back.</summary>
internal static class StepBuffers
{
    public static IEnumerable<int> Of(RankStep step) => step switch
    {
        AllocateStep allocate => [allocate.Buffer],
        FreeStep free => [free.Buffer],
        LaunchStep launch => launch.Inputs.Where(i => i >= 0).Concat(launch.Outputs),
        InspectStep inspect => inspect.Inputs.Where(i => i >= 0),
        GatherStep gather => [gather.From, gather.To],
        CombineStep combine => combine.Inputs.Where(i => i >= 0).Append(combine.Output),
        ScanStep scan => scan.Inputs.Where(i => i >= 0).Append(scan.Output),
        ScatterStep scatter => scatter.Inputs.Where(i => i >= 0).Append(scatter.Output),
        CopyStep copy => copy.Pieces.SelectMany(p => new[] { p.From.Buffer, p.To.Buffer }),
        SendStep send => send.Pieces.Select(p => p.Buffer),
        ReceiveStep receive => receive.Pieces.Select(p => p.Buffer),
        ReshapeStep reshape => [reshape.From, reshape.To],
        ReadFileStep file => [file.Output],
        CallStep call => call.Inputs.Where(i => i >= 0).Concat(call.Outputs),
        LoopStep loop => [.. loop.Initial, .. loop.Outputs, .. loop.Imports.Select(i => i.Outer)],
        _ => throw new InternalErrorException($"Nothing is known about the buffers of {step.GetType().Name}."),
    };
}
