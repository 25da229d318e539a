using System.Collections.Immutable;
using System.Globalization;
using Avial.Diagnostics;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>The steps of one rank and what each waits for; sends and receives stand out. Loops are groups, as they are at step 0.</summary>
internal sealed class StepPicture
{
    private readonly Picture _whole = new("plan", "");

    private StepPicture()
    {
    }

    public static Picture Of(RankPlan plan)
    {
        var builder = new StepPicture();
        builder.Add(plan.Body, "s", builder._whole, null);
        return builder._whole;
    }

    private void Add(RankBody body, string prefix, Picture group, string? before)
    {
        for (int n = 0; n < body.Steps.Length; n++)
        {
            RankStep step = body.Steps[n];
            string id = string.Create(CultureInfo.InvariantCulture, $"{prefix}{n}");
            string[] lines = Lines(step, body);
            lines[0] = string.Create(CultureInfo.InvariantCulture, $"{n}: {lines[0]}");
            group.Add(id, step switch { SendStep => PictureKind.Send, ReceiveStep or GatherStep => PictureKind.Receive, _ => PictureKind.Task }, lines);
            foreach (int other in step.After)
            {
                _whole.Edges.Add(new PictureEdge(string.Create(CultureInfo.InvariantCulture, $"{prefix}{other}"), id));
            }
            if (before is not null && step.After.IsEmpty)
            {
                _whole.Edges.Add(new PictureEdge(before, id));
            }
            if (step is LoopStep loop)
            {
                var inside = new Picture($"{id}_loop", $"each step of {body.Region.Nodes[loop.Node].Name}");
                group.Groups.Add(inside);
                Add(loop.Bodies.At(0), $"{id}_", inside, id);
            }
        }
    }

    private static string[] Lines(RankStep step, RankBody body)
    {
        string Name(int node) => body.Region.Nodes[node].Name;
        string Buffer(int buffer) => $"b{buffer}{(body.Buffers[buffer].Name.Length == 0 ? "" : $" ({body.Buffers[buffer].Name})")}";
        string Pieces(ImmutableArray<Piece> pieces) =>
            $"{Throw.Bytes(pieces.Sum(p => p.BytesOf(body.Buffers[p.Buffer].Type)))}: {string.Join(", ", pieces.Take(3).Select(p => $"b{p.Buffer}{p.Box}"))}{(pieces.Length > 3 ? $" and {pieces.Length - 3} more" : "")}";
        return step switch
        {
            AllocateStep allocate => [$"allocate {Buffer(allocate.Buffer)}", Throw.Bytes(body.Buffers[allocate.Buffer].Bytes)],
            FreeStep free => [$"free {Buffer(free.Buffer)}"],
            LaunchStep launch => [$"launch {Name(launch.Node)}", $"{string.Join(", ", launch.Parts)}{(launch.Within is { } band ? $" within {band}" : "")}"],
            InspectStep inspect => [$"find what {Name(inspect.Node)} reads", string.Join(", ", inspect.Parts), RankText.Text(inspect.Lasting)],
            GatherStep gather => [$"gather {Buffer(gather.To)}", "what was found, from those who have it"],
            CombineStep combine => [$"{(combine.IsLocal ? "reduce" : "reduce over all ranks")} {Name(combine.Node)}", $"{combine.Part}"],
            ScanStep scan => [$"scan {Name(scan.Node)}", $"{scan.Part}", scan.CarryFrom is { } from ? $"goes on from {from}" : "", scan.CarryTo is { } to ? $"goes on at {to}" : ""],
            ScatterStep scatter => [$"{(scatter.Exchange == ScatterExchange.Alone ? "scatter" : "scatter over all ranks")} {Name(scatter.Node)}", $"{scatter.Part}", .. scatter.Lasting.IsKept ? (string[])[$"places {RankText.Text(scatter.Lasting)}"] : []],
            CopyStep copy => [$"copy {Throw.Bytes(copy.Pieces.Sum(p => p.From.BytesOf(body.Buffers[p.From.Buffer].Type)))}", $"{Buffer(copy.Pieces[0].From.Buffer)} to {Buffer(copy.Pieces[0].To.Buffer)}"],
            SendStep send => [$"send to {send.To}", Pieces(send.Pieces)],
            ReceiveStep receive => [$"receive from {receive.From}", Pieces(receive.Pieces)],
            ReshapeStep reshape => [$"reshape {Name(reshape.Node)}"],
            ReadFileStep read => [$"read {Name(read.Node)}"],
            CallStep call => [$"call {Name(call.Node)}"],
            LoopStep loop => [$"repeat {Name(loop.Node)}"],
            _ => throw new InternalErrorException($"A {step.GetType().Name} has no picture."),
        };
    }
}
