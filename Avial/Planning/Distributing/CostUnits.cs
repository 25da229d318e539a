using System.Collections.Immutable;
using System.Text;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Machine;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>Finds what costs in a program: the work of each task and what the readers of each value have to be sent; in loops once for each step, captures once.</summary>
internal sealed class CostUnits
{
    // How many steps a loop is taken to run: plans are made for any count.
    private const double Steps = 100;

    // Readers of one value beyond these are looked at apart.
    private const int MostReaders = 12;

    private readonly MachineModel _machine;
    private readonly int _ranks;
    private readonly List<CostUnit> _units = [];
    private readonly Receiving _receiving = new();
    private readonly Dictionary<string, int> _signatures = [];
    private readonly Dictionary<Operation, int> _operations = [];
    private readonly Dictionary<ArrayType, int> _types = [];
    private readonly Dictionary<BodyPlan, int> _bodies = new(ReferenceEqualityComparer.Instance);

    private CostUnits(MachineModel machine, int ranks) => (_machine, _ranks) = (machine, ranks);

    public static List<CostUnit> Of(Region region, DistributionSlots slots, MachineModel machine, int ranks)
    {
        var units = new CostUnits(machine, ranks);
        DistributionMap shapes = slots.ToMap(slot => Distribution.OnOne(slot.Space, new RankId(0), ranks));
        units.Add(new BodyPlan(region, shapes, ranks), slots, 1, new SymbolScope([], null, null));
        return units._units;
    }

    /// <summary>Adds a body's units; gives, by parameter, who reads captures once for all steps.</summary>
    private List<ValueReader>[] Add(BodyPlan body, DistributionSlots slots, double factor, SymbolScope scope)
    {
        Region region = body.Region;
        var readers = new Readers(region);
        var early = new List<ValueReader>[region.Parameters.Length];
        for (int p = 0; p < early.Length; p++)
        {
            early[p] = [];
        }
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            if (node.Operation is LoopOperation loop)
            {
                AddLoop(n, body, slots, factor, scope, loop, readers, early);
                continue;
            }
            DistributionSlot? slot = slots.IterationOf(n) ?? (node.Operation.Outputs.IsEmpty ? null : slots.Of(new GraphValue(n, 0)));
            if (slot is null)
            {
                continue;
            }
            if (node.Operation is not (CallOperation or ReshapeOperation))
            {
                var work = new ComputeTerm(slot.Number, SignatureOf($"work {KeyOf(body, n)}"), body, n, scope, _machine);
                _units.Add(new CostUnit(node.Operation is ScatterOperation && slot.IsIteration
                    ? [work, new ScatterTerm(slot.Number, slots.Of(new GraphValue(n, 0)).Number, SignatureOf($"scatter {KeyOf(body, n)}"), body, n, _machine)]
                    : [work], factor));
            }
            AddTask(n, node, body, slot, scope, readers, early);
            if (node.Operation is ScatterOperation scatter && slot.IsIteration)
            {
                AddCapture(n, body, node.Inputs[scatter.Into], ValueReader.Own(slots.Of(new GraphValue(n, 0)), scope), readers, early);
            }
        }
        int carried = body.LoopNode?.Operation is LoopOperation outer ? outer.Carried : 0;
        for (int r = 0; r < carried; r++)
        {
            if (!ReferenceEquals(slots.Of(region.Results[r]), slots.Of(GraphValue.Parameter(r))))
            {
                readers.Of(region.Results[r]).Add((region.Nodes.Length, ValueReader.Own(slots.Of(GraphValue.Parameter(r)), scope)));
            }
        }
        AddExchanges(region, slots, readers, factor);
        return early;
    }

    private static void AddTask(int n, GraphNode node, BodyPlan body, DistributionSlot slot, SymbolScope scope, Readers readers, List<ValueReader>[] early)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            GraphValue value = node.Inputs[i];
            if (node.Inputs.IndexOf(value) < i)
            {
                continue;
            }
            ImmutableArray<int> inputs = [.. Enumerable.Range(0, node.Inputs.Length).Where(k => node.Inputs[k] == value)];
            ValueReader reader = ValueReader.Task(slot, body, n, inputs, scope);
            if (reader.IsMoving)
            {
                readers.Of(value).Add((n, reader));
            }
            else
            {
                AddCapture(n, body, value, reader, readers, early);
            }
        }
    }

    // What does not change from step to step is brought before the loop.
    private static void AddCapture(int n, BodyPlan body, GraphValue value, ValueReader reader, Readers readers, List<ValueReader>[] early)
    {
        if (value.IsParameter && body.LoopNode?.Operation is LoopOperation outer && value.Output > outer.Carried)
        {
            early[value.Output].Add(reader);
        }
        else
        {
            readers.Of(value).Add((n, reader));
        }
    }

    private void AddLoop(int n, BodyPlan body, DistributionSlots slots, double factor, SymbolScope scope, LoopOperation loop, Readers readers, List<ValueReader>[] early)
    {
        GraphNode node = body.Region.Nodes[n];
        DistributionSlots inside = slots.BodyOf(n)!;
        var inner = new BodyPlan(loop.Body, body.Map.Bodies[n]!, _ranks, body, node);
        // A step in the middle, where bounds that move with it leave some of the work.
        long step = loop.Outputs.Max(type => type.Extents.IsEmpty ? 0 : type.Extents.Max()) / 2;
        List<ValueReader>[] captures = Add(inner, inside, factor * Steps, scope.Inside(node, step));
        for (int k = 0; k < node.Inputs.Length; k++)
        {
            if (k < loop.Carried)
            {
                readers.Of(node.Inputs[k]).Add((n, ValueReader.Own(inside.Of(GraphValue.Parameter(k)), scope)));
            }
            foreach (ValueReader capture in captures[k + (k < loop.Carried ? 0 : 1)])
            {
                AddCapture(n, body, node.Inputs[k], capture, readers, early);
            }
        }
    }

    /// <summary>Values that are first wanted by the same task travel together.</summary>
    private void AddExchanges(Region region, DistributionSlots slots, Readers readers, double factor)
    {
        var together = new SortedDictionary<int, List<CostTerm>>();
        foreach ((GraphValue value, List<(int Node, ValueReader Reader)> all) in readers.All())
        {
            DistributionSlot owner = slots.Of(value);
            if (owner.Fixed is { Kind: DistributionKind.Everywhere } || owner.IsMadeAnywhere)
            {
                continue;
            }
            for (int from = 0; from < all.Count; from += MostReaders)
            {
                ValueReader[] some = [.. all.Skip(from).Take(MostReaders).Select(r => r.Reader)];
                int[] touched = [owner.Number, .. some.Select(r => r.Slot.Number).Where(s => s != owner.Number).Distinct()];
                int first = all[from].Node;
                if (!together.TryGetValue(first, out List<CostTerm>? terms))
                {
                    terms = [];
                    together.Add(first, terms);
                }
                terms.Add(new ValueTerm(touched, SignatureOf(region.TypeOf(value), some, touched), region.TypeOf(value), some, _machine, _receiving));
            }
        }
        foreach (List<CostTerm> terms in together.Values)
        {
            _units.Add(new CostUnit([.. terms], factor));
        }
    }

    private int SignatureOf(ArrayType type, ValueReader[] readers, int[] touched)
    {
        var text = new StringBuilder($"value {NumberOf(_types, type)}");
        foreach (ValueReader reader in readers)
        {
            text.Append($"; {Array.IndexOf(touched, reader.Slot.Number)} ");
            text.Append(reader.Body is null ? "own" : $"{string.Join(' ', reader.Inputs)} of {KeyOf(reader.Body, reader.Node)}{(reader.HasKeptPlaces ? " kept" : "")}");
        }
        return SignatureOf(text.ToString());
    }

    // What a task reads and does: its operation and the types of its inputs; where it may look at a step, the task itself.
    private string KeyOf(BodyPlan body, int n)
    {
        GraphNode node = body.Region.Nodes[n];
        string task = node.Inputs.Any(body.IsStep) || body.Outer is not null ? $"{NumberOf(_bodies, body)}.{n} " : "";
        return $"{task}{NumberOf(_operations, node.Operation)}({string.Join(',', node.Inputs.Select(i => NumberOf(_types, body.Region.TypeOf(i))))})";
    }

    private int SignatureOf(string text) => NumberOf(_signatures, text);

    private static int NumberOf<T>(Dictionary<T, int> numbers, T key) where T : notnull
    {
        if (!numbers.TryGetValue(key, out int number))
        {
            number = numbers.Count;
            numbers.Add(key, number);
        }
        return number;
    }

    /// <summary>Who reads each value of a body, in order.</summary>
    private sealed class Readers(Region region)
    {
        private readonly List<(int, ValueReader)>?[] _parameters = new List<(int, ValueReader)>?[region.Parameters.Length];
        private readonly List<(int, ValueReader)>?[][] _outputs = [.. region.Nodes.Select(n => new List<(int, ValueReader)>?[n.Operation.Outputs.Length])];

        public List<(int Node, ValueReader Reader)> Of(GraphValue value) => value.IsParameter ? _parameters[value.Output] ??= [] : _outputs[value.Node][value.Output] ??= [];

        public IEnumerable<(GraphValue Value, List<(int Node, ValueReader Reader)> Readers)> All()
        {
            for (int p = 0; p < _parameters.Length; p++)
            {
                if (_parameters[p] is { } readers)
                {
                    yield return (GraphValue.Parameter(p), readers);
                }
            }
            for (int n = 0; n < _outputs.Length; n++)
            {
                for (int o = 0; o < _outputs[n].Length; o++)
                {
                    if (_outputs[n][o] is { } readers)
                    {
                        yield return (new GraphValue(n, o), readers);
                    }
                }
            }
        }
    }
}
