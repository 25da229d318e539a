using System.Collections.Immutable;
using System.Numerics;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Inspecting;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>What explanations say of several ranks, for one region: how values are distributed, what moves, for which reads, at what predicted cost.</summary>
internal sealed class RankText
{
    private const int MostReads = 3;
    private const int MostShapes = 3;

    private readonly BodyPlan _body;
    private readonly DistributionSlots _slots;
    private readonly PlanTraffic _traffic;
    private readonly MachineModel _machine;
    private readonly DistributionReport? _report;

    // By node the exchanges in front of it; those for the results come last.
    private readonly List<PlannedStep>[] _exchanges;

    private RankText(BodyPlan body, DistributionSlots slots, PlanTraffic traffic, MachineModel machine, DistributionReport? report)
    {
        _body = body;
        _slots = slots;
        _traffic = traffic;
        _machine = machine;
        _report = report;
        _exchanges = [.. Enumerable.Range(0, body.Region.Nodes.Length + 1).Select(_ => new List<PlannedStep>())];
        AssignExchanges();
    }

    /// <summary>Of a program. <paramref name="report"/>: why it is distributed so, where costs decided.</summary>
    public static RankText Of(BodyPlan plan, PlanTraffic traffic, MachineModel machine, DistributionReport? report) =>
        new(plan, DistributionSlots.Of(plan.Region, plan.Map.Parameters.AsSpan(), plan.Ranks), traffic, machine, report);

    /// <summary>Of a loop's body.</summary>
    public RankText Inside(int loop) => new(_body.Loops[loop], _slots.BodyOf(loop)!, _traffic, _machine, _report);

    /// <summary>What the plan was made for, and whether several ranks pay.</summary>
    public IEnumerable<string> Heading()
    {
        yield return _machine.ToString();
        if (_report is not null)
        {
            yield return ReportText.Verdict(_report, _body.Ranks);
        }
    }

    /// <summary>How a source is distributed.</summary>
    public string Source(int parameter) => DistributionText.Describe(_body.Map.Parameters[parameter]);

    /// <summary>How a task's values and work are distributed.</summary>
    public IEnumerable<string> Distributions(int node)
    {
        ImmutableArray<Distribution> outputs = _body.Map.Outputs[node];
        if (_body.Map.Iterations[node] is { } iteration)
        {
            string why = Because(DistributionReasons.Of(_slots.IterationOf(node)!, iteration));
            yield return iteration.Kind switch
            {
                DistributionKind.Everywhere when _body.Region.Nodes[node].Operation is ScatterOperation => $"whoever owns some of the target computes all contributions{why}",
                DistributionKind.Everywhere => $"every rank computes it{why}",
                DistributionKind.OnOne when _body.Region.Nodes[node].Operation is ScatterOperation => $"contributions are computed {iteration}{why}",
                DistributionKind.OnOne => $"computed {iteration}, the result goes to all{why}",
                _ when _body.Region.Nodes[node].Operation is ScatterOperation => $"contributions in {DistributionText.Describe(iteration)}{why}",
                _ => $"work in {DistributionText.Describe(iteration)}{why}",
            };
            foreach (string line in Alternative(_slots.IterationOf(node)!))
            {
                yield return line;
            }
            if (_body.Region.Nodes[node].Operation is ReduceOperation)
            {
                yield break;
            }
        }
        foreach (IGrouping<DistributionSlot, int> same in Enumerable.Range(0, outputs.Length).GroupBy(o => _slots.Of(new GraphValue(node, o))))
        {
            // The number of steps that a loop has done is no news.
            if (_body.Region.Nodes[node].Operation is LoopOperation loop && same.All(o => o == loop.Carried))
            {
                continue;
            }
            string which = same.Count() == outputs.Length || _body.Region.Nodes[node].Operation is LoopOperation { Carried: 1 } ? "" : $"{string.Join(", ", same.Select(o => $".{o}"))}: ";
            which = _body.Map.Iterations[node] is null ? which : "target ";
            yield return $"{which}{DistributionText.Describe(outputs[same.First()])}{Because(DistributionReasons.Of(same.Key, outputs[same.First()]))}";
            foreach (string line in Alternative(same.Key))
            {
                yield return line;
            }
        }
    }

    /// <summary>What moves for a task, before it and within, or, for the number after the last, for the results. Lines that belong to one before are indented.</summary>
    public IEnumerable<string> Exchanges(int node, Func<GraphValue, string> name) => Arrivals(node, name).Concat(_body.Steps.Where(s => NodeOf(s) == node).SelectMany(s => Within(s, name)));

    private IEnumerable<string> Arrivals(int node, Func<GraphValue, string> name)
    {
        foreach (PlannedStep step in _exchanges[node])
        {
            if (step is not PlannedExchange exchange)
            {
                foreach (string line in Inspected(step, name))
                {
                    yield return line;
                }
                continue;
            }
            ExchangeTraffic traffic = _traffic.Of(exchange.Number);
            ExchangeTraffic shared = _traffic.Of(exchange.SharedNumber);
            if (traffic.Messages == 0 && shared.Messages == 0)
            {
                yield return "exchange: copies within ranks, no message";
            }
            if (traffic.Messages > 0)
            {
                yield return $"exchange: {Cost(traffic)}";
            }
            if (shared.Messages > 0)
            {
                yield return $"exchange in rounds: {Cost(shared)}";
            }
            foreach (Transfer transfer in exchange.Transfers)
            {
                foreach (string line in Lines(transfer, traffic.Into(transfer.To).And(shared.Into(transfer.To)), name))
                {
                    yield return $"  {line}";
                }
            }
        }
    }

    /// <summary>How long what ranks find out together holds.</summary>
    public static string Text(Lasting lasting)
    {
        string loops = lasting.Loops switch { 0 => "", 1 => "once for all steps", _ => $"once for all steps of {lasting.Loops} loops" };
        string runs = lasting.Sources is not { } sources ? "" : sources.IsEmpty ? "once for all runs" : "again for other arrays";
        return $"{loops}{(loops.Length > 0 && runs.Length > 0 ? ", " : "")}{runs}";
    }

    private IEnumerable<string> Inspected(PlannedStep step, Func<GraphValue, string> name)
    {
        if (step is PlannedInspect inspect)
        {
            string lasting = Text(inspect.Lasting);
            GraphValue value = _body.Region.Nodes[inspect.Node].Inputs[inspect.Input];
            yield return $"inspection of {name(value)}: {(lasting.Length > 0 ? lasting : _body.Outer is null ? "in each run" : "at each step")}";
        }
        if (step is PlannedGather gather)
        {
            yield return $"gather of {name(gather.Value)}: what was found, at most {Throw.Bytes(_traffic.MostOf(gather))} a rank{Against(gather)}";
            foreach (string line in Reads(gather.Needs))
            {
                yield return line;
            }
        }
    }

    private IEnumerable<string> Lines(Transfer transfer, TransferTraffic traffic, Func<GraphValue, string> name)
    {
        string[] shapes = [.. traffic.Boxes.Select(DistributionText.Shape).Distinct()];
        string boxes = shapes.Length == 0 ? "" : $" in {string.Join(", ", shapes.Take(MostShapes))}{(shapes.Length > MostShapes ? " and others" : "")}";
        yield return $"{TransferKind.Of(transfer)} of {name(transfer.Value)}{(traffic.Bytes == 0 ? "" : $": {Throw.Bytes(traffic.Bytes)}{boxes}")}";
        foreach (string line in Reads(transfer.Needs))
        {
            yield return line;
        }
        foreach (string line in transfer.Needs.Select(need => WhyWhole(need, transfer)).OfType<string>().Distinct())
        {
            yield return $"  {line}";
        }
    }

    private static IEnumerable<string> Reads(ImmutableArray<Need> needs)
    {
        foreach (IGrouping<(string Name, string Place), Need> reads in needs.GroupBy(n => (n.Reader?.Name ?? "", n.Span.Place)))
        {
            string[] texts = [.. reads.Where(n => n is not OwnNeed && n.Span.Text.Length > 0).Select(n => OneLine(n.Span.Text)).Distinct()];
            string what = texts.Length == 0 ? "all of it" : string.Join(", ", texts.Take(MostReads)) + (texts.Length > MostReads ? $" and {texts.Length - MostReads} more" : "");
            yield return reads.Key.Name.Length == 0 ? "  for the results" : $"  for {reads.Key.Name} ({reads.Key.Place}): {what}";
        }
    }

    /// <summary>Why all that may be read is brought where data decides what is.</summary>
    private string? WhyWhole(Need need, Transfer transfer) => need is InnerNeed captured ? WhyWhole(captured.Inner, transfer) : need is not AccessNeed access ? null
        : access.Whole switch
        {
            WholeReason.Itself => "whole: what is read there decides where",
            WholeReason.Decides => "whole: it decides where others are read",
            WholeReason.Once => "whole: brought once for all steps",
            WholeReason.Cheaper => $"whole: cheaper than to find out what is read{Against(access, transfer)}",
            _ => null,
        };

    // What finding and bringing what is read is taken to cost, and what it would cost to bring everything.
    private string Against(PlannedGather gather)
    {
        PlannedInspect inspect = _body.Steps.OfType<PlannedInspect>().First(i => i.Number == gather.Number);
        if (InspectionChoice.CandidateOf(_body, inspect.Node, inspect.Input, inspect.Owner) is not { } candidate)
        {
            return "";
        }
        (double gathered, double whole) = TimesOf(candidate);
        return $"; predicted {MachineModel.Time(gathered)}, whole {MachineModel.Time(whole)}";
    }

    private string Against(AccessNeed access, Transfer transfer)
    {
        BodyPlan body = access.Parts.Body;
        int input = body.Region.Nodes[access.Parts.Node].Inputs.IndexOf(transfer.Value);
        if (InspectionChoice.CandidateOf(body, access.Parts.Node, input, transfer.Owner) is not { } candidate)
        {
            return "";
        }
        (double gathered, double whole) = TimesOf(candidate);
        return $" (predicted {MachineModel.Time(whole)} against {MachineModel.Time(gathered)})";
    }

    private (double Gathered, double Whole) TimesOf(InspectionChoice.Candidate candidate)
    {
        (PlanCost gathered, PlanCost whole) = InspectionCost.Of(candidate, _machine);
        return (InspectionCost.TimeOf(gathered, _machine), InspectionCost.TimeOf(whole, _machine));
    }

    /// <summary>What a task itself sends while it runs: a reduction's records, a scan's lines, the borders of a sweep's tiles.</summary>
    private IEnumerable<string> Within(PlannedStep step, Func<GraphValue, string> name)
    {
        if (step is PlannedSweep sweep)
        {
            ExchangeTraffic traffic = _traffic.Of(sweep.Number);
            foreach (string line in SweepText.Lines(_body, sweep, traffic, _machine))
            {
                yield return line;
            }
            foreach (string line in Lines(sweep.Fresh, traffic.Into(sweep.Fresh.To), name))
            {
                yield return $"  {line}";
            }
        }
        if (step is PlannedCombine { IsLocal: false })
        {
            yield return AllReduce();
        }
        if (step is PlannedScatter { Exchange: not ScatterExchange.Alone } scatter)
        {
            yield return Contributions(scatter);
            if (scatter.Lasting.IsKept)
            {
                yield return $"  their places: {Text(scatter.Lasting)}";
            }
        }
        if (step is PlannedScan)
        {
            yield return "its lines go on from part to part: 1 message a rank, when the part before is done";
        }
    }

    private string Cost(ExchangeTraffic traffic) =>
        $"{Count(traffic.Messages, "message")}, {Throw.Bytes(traffic.Bytes)} a rank; predicted {MachineModel.Time(_machine.ExchangeTime(traffic.Messages, traffic.Bytes))}";

    private string AllReduce()
    {
        // As Collectives.AllReduce does: partners at distances 1, 2, 4...; ranks beyond a power of two hand over first.
        int rounds = BitOperations.Log2((uint)_body.Ranks);
        int messages = rounds + (BitOperations.IsPow2(_body.Ranks) ? 0 : 1);
        return $"all-reduce: {Count(messages, "message")} a rank; predicted {MachineModel.Time(_machine.ExchangeTime(Collectives.RoundsOfAllReduce(_body.Ranks), 0))}";
    }

    private string Contributions(PlannedScatter step)
    {
        var traffic = ScatterTraffic.Of(_body, step.Node, _body.Map.Iterations[step.Node], _body.Map.Outputs[step.Node][0]);
        string predicted = $"predicted {MachineModel.Time(_machine.ExchangeTime(traffic.Messages, traffic.Bytes))}";
        string amount = $"at most {Count((long)traffic.Messages, "message")}, {Throw.Bytes((long)traffic.Bytes)} a rank";
        return step.Exchange == ScatterExchange.Merged
            ? $"all ranks merge what theirs come to: {amount}; {predicted}"
            : $"{(step.Lasting.Loops > 0 ? "values of contributions" : "contributions")} go to their targets: {amount}; {predicted}";
    }

    private IEnumerable<string> Alternative(DistributionSlot slot) =>
        _report?.Choices.FirstOrDefault(c => c.Slot.Number == slot.Number) is { } choice ? [$"  {ReportText.Alternative(choice)}"] : [];

    private void AssignExchanges()
    {
        var waiting = new List<PlannedStep>();
        foreach (PlannedStep step in _body.Steps)
        {
            if (step is PlannedExchange or PlannedInspect or PlannedGather)
            {
                waiting.Add(step);
            }
            if (NodeOf(step) is { } node)
            {
                _exchanges[node].AddRange(waiting);
                waiting.Clear();
            }
        }
        _exchanges[^1].AddRange(waiting);
    }

    private static int? NodeOf(PlannedStep step) => step switch
    {
        PlannedLaunch launch => launch.Node,
        PlannedSweep sweep => sweep.Node,
        PlannedCombine combine => combine.Node,
        PlannedScan scan => scan.Node,
        PlannedScatter scatter => scatter.Node,
        PlannedReshape reshape => reshape.Node,
        PlannedRead read => read.Node,
        PlannedCall call => call.Node,
        PlannedLoop loop => loop.Node,
        _ => null,
    };

    private static string Because(string reason) => reason.Length == 0 ? "" : $" ({reason})";

    private static string Count(long count, string noun) => $"{count} {noun}{(count == 1 ? "" : "s")}";

    private static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
