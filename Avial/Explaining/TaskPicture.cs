using System.Globalization;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>The graph of a plan's tasks: what is in memory, launches, results; loops are groups with their states. Arrows say what moves between ranks for a read.</summary>
internal sealed class TaskPicture
{
    private readonly Picture _whole = new("plan", "");
    private readonly PlanTraffic _traffic;
    private readonly List<(Picture Group, string Counter)> _counters = [];

    private TaskPicture(PlanTraffic traffic) => _traffic = traffic;

    public static Picture Of(BodyPlan plan, PlanTraffic traffic)
    {
        var builder = new TaskPicture(traffic);
        var scope = new Scope(plan, null, "", traffic);
        for (int p = 0; p < plan.Region.Parameters.Length; p++)
        {
            scope.Parameters[p] = $"m{p}";
            builder._whole.Add($"m{p}", PictureKind.Memory, $"@{p} in memory", $"{plan.Region.Parameters[p]}", scope.Distribution(GraphValue.Parameter(p)));
        }
        builder.AddNodes(scope, builder._whole);
        for (int r = 0; r < plan.Region.Results.Length; r++)
        {
            GraphValue result = plan.Region.Results[r];
            builder._whole.Add($"r{r}", PictureKind.Result, $"result {r}", $"{plan.Region.TypeOf(result)}");
            builder._whole.Edges.Add(new PictureEdge(scope.IdOf(result), $"r{r}", scope.MovedFor(result, null)));
        }
        builder.RemoveUnreadCounters();
        return builder._whole;
    }

    private void RemoveUnreadCounters()
    {
        HashSet<string> linked = [.. _whole.Edges.SelectMany(e => (string[])[e.From, e.To])];
        foreach ((Picture group, string counter) in _counters)
        {
            group.Nodes.RemoveAll(n => n.Id == counter && !linked.Contains(counter));
        }
    }

    private void AddNodes(Scope scope, Picture group)
    {
        Region region = scope.Plan.Region;
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            if (node.Operation is LoopOperation loop)
            {
                AddLoop(scope, n, node, loop, group);
                continue;
            }
            string id = $"{scope.Prefix}n{n}";
            scope.Outputs[n] = [.. node.Operation.Outputs.Select(_ => id)];
            string fused = node.Fused.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"+ {node.Fused.Length} fused");
            group.Add(id, PictureKind.Task, node.Name, $"{PlanText.Verb(node.Operation)} {string.Join(", ", node.Operation.Outputs)}", fused,
                node.Operation.Outputs.IsEmpty ? "" : scope.DistributionOf(n));
            foreach (GraphValue input in node.Inputs.Distinct())
            {
                _whole.Edges.Add(new PictureEdge(scope.IdOf(input), id, scope.MovedFor(input, node)));
            }
        }
    }

    private void AddLoop(Scope scope, int n, GraphNode node, LoopOperation loop, Picture group)
    {
        string prefix = $"{scope.Prefix}n{n}_";
        var picture = new Picture($"{scope.Prefix}n{n}", $"repeat {node.Name}");
        group.Groups.Add(picture);
        var inner = new Scope(scope.Plan.Loops[n], scope, prefix, _traffic);
        for (int k = 0; k < loop.Carried; k++)
        {
            inner.Parameters[k] = $"{prefix}s{k}";
            picture.Add(inner.Parameters[k], PictureKind.Memory, $"state {k}", $"{loop.Body.Parameters[k]}", inner.Distribution(GraphValue.Parameter(k)));
            _whole.Edges.Add(new PictureEdge(scope.IdOf(node.Inputs[k]), inner.Parameters[k], scope.MovedFor(node.Inputs[k], node)));
        }
        string counter = $"{prefix}t";
        inner.Parameters[loop.Carried] = counter;
        for (int p = loop.Carried + 1; p < inner.Parameters.Length; p++)
        {
            inner.Parameters[p] = scope.IdOf(node.Inputs[p - 1]);
        }
        picture.Add(counter, PictureKind.Memory, "step");
        _counters.Add((picture, counter));
        AddNodes(inner, picture);
        scope.Outputs[n] = [.. Enumerable.Range(0, loop.Carried).Select(k => inner.IdOf(loop.Body.Results[k])), counter];
        for (int r = 0; r < loop.Body.Results.Length; r++)
        {
            // After the states comes the condition that ends the loop.
            bool isState = r < loop.Carried;
            _whole.Edges.Add(new PictureEdge(inner.IdOf(loop.Body.Results[r]), isState ? inner.Parameters[r] : counter, isState ? "" : "until", IsBack: true));
        }
    }

    /// <summary>Which nodes of the picture stand for a region's values.</summary>
    private sealed class Scope
    {
        private readonly Scope? _outer;
        private readonly List<(GraphValue Value, GraphNode? Reader, long Bytes)> _moved = [];
        private readonly List<(GraphValue Value, GraphNode? Reader, long Most)> _gathered = [];

        public Scope(BodyPlan plan, Scope? outer, string prefix, PlanTraffic traffic)
        {
            Plan = plan;
            _outer = outer;
            Prefix = prefix;
            Parameters = new string[plan.Region.Parameters.Length];
            Outputs = new string[plan.Region.Nodes.Length][];
            foreach (PlannedExchange exchange in plan.Steps.OfType<PlannedExchange>())
            {
                foreach (Transfer transfer in exchange.Transfers)
                {
                    // What several tasks read is brought once: for the first of them.
                    _moved.Add((transfer.Value, transfer.Needs[0].Reader, traffic.Of(exchange.Number).Into(transfer.To).Bytes + traffic.Of(exchange.SharedNumber).Into(transfer.To).Bytes));
                }
            }
            foreach (PlannedSweep sweep in plan.Steps.OfType<PlannedSweep>())
            {
                _moved.Add((sweep.Fresh.Value, sweep.Fresh.Needs[0].Reader, traffic.Of(sweep.Number).Into(sweep.Fresh.To).Bytes));
            }
            foreach (PlannedGather gather in plan.Steps.OfType<PlannedGather>())
            {
                _gathered.Add((gather.Value, gather.Needs[0].Reader, traffic.MostOf(gather)));
            }
        }

        public BodyPlan Plan { get; }

        public string Prefix { get; }

        public string[] Parameters { get; }

        public string[][] Outputs { get; }

        public string IdOf(GraphValue value) => value.IsParameter ? Parameters[value.Output] : Outputs[value.Node][value.Output];

        public string Distribution(GraphValue value) => Plan.Ranks == 1 ? "" : DistributionText.Describe(Plan.Map.Of(value));

        public string DistributionOf(int node) => Plan.Ranks == 1 ? "" : DistributionText.Describe(Plan.Map.Iterations[node] ?? Plan.Map.Outputs[node][0]);

        /// <summary>The bytes that move for a read, of the rank that gets most; empty for none. What a loop captures moves before the loop.</summary>
        public string MovedFor(GraphValue value, GraphNode? reader)
        {
            long bytes = 0;
            foreach ((GraphValue moved, GraphNode? first, long some) in _moved)
            {
                bytes += moved == value && ReferenceEquals(first, reader) ? some : 0;
            }
            long most = _gathered.Where(g => g.Value == value && ReferenceEquals(g.Reader, reader)).Sum(g => g.Most);
            if (most > 0)
            {
                return $"at most {Throw.Bytes(bytes + most)} a rank, inspected";
            }
            if (bytes > 0)
            {
                return $"{Throw.Bytes(bytes)} a rank";
            }
            return _outer is not null && value.IsParameter && Plan.LoopNode!.Operation is LoopOperation loop && value.Output > loop.Carried
                ? _outer.MovedFor(Plan.LoopNode.Inputs[value.Output - 1], reader) : "";
        }
    }
}
