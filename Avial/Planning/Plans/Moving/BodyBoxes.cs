using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;

namespace Avial.Planning.Plans.Moving;

/// <summary>The boxes of a rank's body: those of its steps, and the windows that move.</summary>
internal static class BodyBoxes
{
    /// <summary>The body with ends of boxes that nobody else has.</summary>
    public static RankBody Copy(RankBody body) => body with
    {
        Buffers = [.. body.Buffers.Select(b => b with { Window = MutableBox.Copy(b.Window) })],
        Steps = [.. body.Steps.Select(Copy)],
    };

    /// <summary>All boxes of the steps, in order.</summary>
    public static IEnumerable<Box> OfSteps(RankBody body) => body.Steps.SelectMany(Of);

    /// <summary>True when bodies differ in nothing, or in the bodies of their loops only.</summary>
    public static bool AreSame(RankBody a, RankBody b)
    {
        if (a.Steps.Length != b.Steps.Length || a.Buffers.Length != b.Buffers.Length)
        {
            return false;
        }
        for (int i = 0; i < a.Buffers.Length; i++)
        {
            if (a.Buffers[i].Window != b.Buffers[i].Window)
            {
                return false;
            }
        }
        for (int s = 0; s < a.Steps.Length; s++)
        {
            if (a.Steps[s].GetType() != b.Steps[s].GetType() || !a.Steps[s].After.AsSpan().SequenceEqual(b.Steps[s].After.AsSpan())
                || !Shape(a.Steps[s]).SequenceEqual(Shape(b.Steps[s])) || !Of(a.Steps[s]).SequenceEqual(Of(b.Steps[s])))
            {
                return false;
            }
        }
        return true;
    }

    private static RankStep Copy(RankStep step) => step switch
    {
        LaunchStep launch => launch with { Parts = [.. launch.Parts.Select(MutableBox.Copy)] },
        CombineStep combine => combine with { Part = MutableBox.Copy(combine.Part) },
        ScanStep scan => scan with { Part = MutableBox.Copy(scan.Part) },
        ScatterStep scatter => scatter with { Part = MutableBox.Copy(scatter.Part) },
        InspectStep inspect => inspect with { Parts = [.. inspect.Parts.Select(MutableBox.Copy)] },
        CopyStep copy => copy with { Pieces = [.. copy.Pieces.Select(p => (Copy(p.From), Copy(p.To)))] },
        SendStep send => send with { Pieces = [.. send.Pieces.Select(Copy)] },
        ReceiveStep receive => receive with { Pieces = [.. receive.Pieces.Select(Copy)] },
        _ => step,
    };

    private static Piece Copy(Piece piece) => piece with { Box = MutableBox.Copy(piece.Box) };

    private static IEnumerable<Box> Of(RankStep step) => step switch
    {
        LaunchStep launch => launch.Parts,
        CombineStep combine => [combine.Part],
        ScanStep scan => [scan.Part],
        ScatterStep scatter => [scatter.Part],
        InspectStep inspect => inspect.Parts,
        CopyStep copy => copy.Pieces.SelectMany(p => new[] { p.From.Box, p.To.Box }),
        SendStep send => send.Pieces.Select(p => p.Box),
        ReceiveStep receive => receive.Pieces.Select(p => p.Box),
        _ => [],
    };

    // What a step is but for its boxes.
    private static IEnumerable<long> Shape(RankStep step) => step switch
    {
        AllocateStep allocate => [allocate.Buffer],
        FreeStep free => [free.Buffer],
        LaunchStep { Within: not null } => throw new InternalErrorException("Bands of sweeps are not moved in place."),
        LaunchStep launch => [launch.Node, .. Numbers(launch.Inputs), -1, .. Numbers(launch.Outputs)],
        CombineStep combine => [combine.Node, .. Numbers(combine.Inputs), combine.Output, combine.IsLocal ? 1 : 0, combine.Tag],
        ScanStep scan => [scan.Node, .. Numbers(scan.Inputs), scan.Output, scan.CarryFrom?.Value ?? -1, scan.CarryTo?.Value ?? -1, scan.Tag],
        ScatterStep scatter => [scatter.Node, .. Numbers(scatter.Inputs), scatter.Output, (long)scatter.Exchange, .. Numbers(scatter.Lasting), scatter.Tag],
        InspectStep inspect => [inspect.Number, inspect.Node, inspect.Input, .. Numbers(inspect.Inputs), .. Numbers(inspect.Lasting), inspect.Tag],
        GatherStep gather => [gather.Inspection, gather.From, gather.To, (long)gather.Columns, gather.Tag],
        CopyStep copy => copy.Pieces.SelectMany(p => (long[])[p.From.Buffer, (long)p.From.Columns, p.To.Buffer, (long)p.To.Columns]),
        SendStep send => [send.To.Value, send.Tag, .. Numbers(send.Pieces)],
        ReceiveStep receive => [receive.From.Value, receive.Tag, .. Numbers(receive.Pieces)],
        ReshapeStep reshape => [reshape.Node, reshape.From, reshape.To],
        ReadFileStep file => [file.Node, file.Output],
        CallStep call => [call.Node, .. Numbers(call.Inputs), -1, .. Numbers(call.Outputs)],
        LoopStep loop => [loop.Node, .. Numbers(loop.Initial), -1, .. Numbers(loop.Outputs), .. loop.Imports.SelectMany(i => (long[])[i.Inner, i.Outer])],
        _ => throw new InternalErrorException($"{step.GetType().Name} does not move."),
    };

    private static IEnumerable<long> Numbers(ImmutableArray<int> numbers) => numbers.Select(n => (long)n);

    private static IEnumerable<long> Numbers(Lasting lasting) => [lasting.Loops, .. lasting.Sources is { } sources ? Numbers(sources) : [-1]];

    private static IEnumerable<long> Numbers(ImmutableArray<Piece> pieces) => pieces.SelectMany(p => (long[])[p.Buffer, (long)p.Columns]);
}
