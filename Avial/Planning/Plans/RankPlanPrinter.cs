using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR.Text;

namespace Avial.Planning.Plans;

/// <summary>
/// Plans as text, which <see cref="RankPlanParser"/> reads back: the graph, then for each rank its buffers, where parameters and results are, and the steps
/// with their numbers. <c>b2[0..4, 1..8]</c> is a box of buffer 2, <c>-</c> no buffer. A loop's body that moves with the step is shown as it is at step 0.
/// </summary>
internal sealed class RankPlanPrinter
{
    private readonly GraphPrinter _graph;
    private readonly InstructionPrinter _text;

    private RankPlanPrinter(GraphPrinter graph)
    {
        _graph = graph;
        _text = graph.Writer;
    }

    public static string Print(RankPlan plan, CallNames? calls = null) => Print([plan], calls);

    /// <summary>Plans of several ranks for one graph.</summary>
    public static string Print(IReadOnlyList<RankPlan> plans, CallNames? calls = null)
    {
        var printer = new RankPlanPrinter(GraphPrinter.Begin(plans[0].Body.Region, calls: calls));
        foreach (RankPlan plan in plans)
        {
            printer._text.NewLine().Write($"plan rank {plan.Rank.Value} of {plan.Ranks} {{").Indent();
            printer.Body(plan.Body);
            printer._text.Outdent().NewLine().Write("}");
        }
        return printer._text.ToString();
    }

    private void Body(RankBody body)
    {
        foreach (RankBuffer buffer in body.Buffers)
        {
            _text.NewLine().Write($"b{buffer.Number} = {_graph.Text(buffer.Type)} window {buffer.Window}");
            _text.Write(buffer.Origin == BufferOrigin.Given ? " given" : "");
            _text.Write(buffer.Name.Length == 0 ? "" : $" named {TextScanner.Quote(buffer.Name)}");
        }
        Values("parameter", body.Parameters, body.ParameterOwners);
        Values("result", body.Results, body.ResultOwners);
        for (int step = 0; step < body.Steps.Length; step++)
        {
            _text.NewLine().Write($"{step}: ");
            Step(body.Steps[step]);
            ImmutableArray<int> after = body.Steps[step].After;
            _text.Write(after.IsEmpty ? "" : $" after {string.Join(", ", after)}");
        }
    }

    private void Values(string what, ImmutableArray<int> buffers, ImmutableArray<Distribution> owners)
    {
        for (int n = 0; n < buffers.Length; n++)
        {
            _text.NewLine().Write($"{what} {n} in {Text(buffers[n])} owned {TextScanner.Quote($"{owners[n]}")}");
        }
    }

    private void Step(RankStep step)
    {
        switch (step)
        {
            case AllocateStep allocate:
                _text.Write($"allocate {Text(allocate.Buffer)}");
                break;
            case FreeStep free:
                _text.Write($"free {Text(free.Buffer)}");
                break;
            case LaunchStep launch:
                _text.Write($"launch %{launch.Node} {Text(launch.Inputs)} to {Text(launch.Outputs)} over {string.Join(", ", launch.Parts)}{(launch.Within is { } band ? $" within {band}" : "")}");
                break;
            case InspectStep inspect:
                _text.Write($"inspect {inspect.Number} %{inspect.Node} input {inspect.Input} {Text(inspect.Inputs)} over {string.Join(", ", inspect.Parts)}");
                _text.Write($" owned {TextScanner.Quote($"{inspect.Owner}")}{Text(inspect.Lasting)} tag {inspect.Tag}");
                break;
            case GatherStep gather:
                _text.Write($"gather {gather.Inspection} from {Text(gather.From)} to {Text(gather.To)}");
                _text.Write($"{(gather.Columns == Piece.AllColumns ? "" : $" columns 0x{gather.Columns:x}")} tag {gather.Tag}");
                break;
            case CombineStep combine:
                _text.Write($"combine %{combine.Node} {Text(combine.Inputs)} to {Text(combine.Output)} over {combine.Part} {(combine.IsLocal ? "alone " : "")}tag {combine.Tag}");
                break;
            case ScanStep scan:
                _text.Write($"scan %{scan.Node} {Text(scan.Inputs)} to {Text(scan.Output)} over {scan.Part}");
                _text.Write($"{(scan.CarryFrom is { } from ? $" from {from.Value}" : "")}{(scan.CarryTo is { } to ? $" to {to.Value}" : "")} tag {scan.Tag}");
                break;
            case ScatterStep scatter:
                _text.Write($"scatter %{scatter.Node} {Text(scatter.Inputs)} to {Text(scatter.Output)} over {scatter.Part} owned {TextScanner.Quote($"{scatter.Target}")}");
                _text.Write($" {scatter.Exchange.ToString().ToLowerInvariant()}{Text(scatter.Lasting)} tag {scatter.Tag}");
                break;
            case CopyStep copy:
                _text.Write($"copy {string.Join(", ", copy.Pieces.Select(p => $"{Text(p.From)} to {Text(p.To)}"))}");
                break;
            case SendStep send:
                _text.Write($"send to {send.To.Value} tag {send.Tag} {string.Join(", ", send.Pieces.Select(Text))}");
                break;
            case ReceiveStep receive:
                _text.Write($"receive from {receive.From.Value} tag {receive.Tag} {string.Join(", ", receive.Pieces.Select(Text))}");
                break;
            case ReshapeStep reshape:
                _text.Write($"reshape %{reshape.Node} {Text(reshape.From)} to {Text(reshape.To)}");
                break;
            case ReadFileStep read:
                _text.Write($"read %{read.Node} to {Text(read.Output)}");
                break;
            case CallStep call:
                _text.Write($"call %{call.Node} {Text(call.Inputs)} to {Text(call.Outputs)}");
                break;
            case LoopStep loop:
                Loop(loop);
                break;
            default:
                throw new Diagnostics.InternalErrorException($"A {step.GetType().Name} has no text.");
        }
    }

    private void Loop(LoopStep loop)
    {
        string imports = string.Join(", ", loop.Imports.Select(i => $"b{i.Inner} = b{i.Outer}"));
        _text.Write($"loop %{loop.Node} {Text(loop.Initial)} to {Text(loop.Outputs)}{(imports.Length == 0 ? "" : $" with {imports}")} {{").Indent();
        if (loop.Bodies.IsMoving)
        {
            _text.NewLine().Write("// moves with the step; this is step 0");
        }
        Body(loop.Bodies.At(0));
        _text.Outdent().NewLine().Write("}");
    }

    private static string Text(Lasting lasting) =>
        $"{(lasting.Loops == 0 ? "" : $" kept {lasting.Loops}")}{(lasting.Sources is { } sources ? $" sources ({string.Join(", ", sources)})" : "")}";

    private static string Text(Piece piece) =>
        $"b{piece.Buffer}{piece.Box}{(piece.Columns == Piece.AllColumns ? "" : $" columns 0x{piece.Columns:x}")}";

    private static string Text(ImmutableArray<int> buffers) => $"({string.Join(", ", buffers.Select(Text))})";

    private static string Text(int buffer) => buffer < 0 ? "-" : $"b{buffer}";
}
