using System.Collections.Immutable;
using System.Globalization;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR.Text;

namespace Avial.Planning.Plans;

/// <summary>Reads the text of plans back.</summary>
internal sealed class RankPlanParser
{
    private readonly GraphParser _graph;
    private readonly TextScanner _text;
    private int _ranks;

    private RankPlanParser(GraphParser graph)
    {
        _graph = graph;
        _text = graph.Scanner;
    }

    /// <summary>The plans of a text, not verified; <see cref="FormatException"/> with line and column where the text is none.</summary>
    public static ImmutableArray<RankPlan> Parse(string text, CallNames? calls = null, Func<string, Type?>? findType = null)
    {
        var parser = new RankPlanParser(GraphParser.Begin(text, out Region region, calls, findType));
        var plans = ImmutableArray.CreateBuilder<RankPlan>();
        while (parser._text.TryTake("plan"))
        {
            plans.Add(parser.Plan(region));
        }
        return parser._text.IsAtEnd ? plans.ToImmutable() : throw parser._text.Error("the end of the text");
    }

    private RankPlan Plan(Region region)
    {
        _text.Take("rank");
        var rank = new RankId(_text.TakeInt());
        _text.Take("of");
        _ranks = _text.TakeInt();
        if (rank.Value >= _ranks)
        {
            throw _text.Refuse($"there is no rank {rank.Value} of {_ranks}");
        }
        _text.Take("{");
        return new RankPlan(rank, _ranks, Body(region));
    }

    /// <summary>Up to the closing brace.</summary>
    private RankBody Body(Region region)
    {
        var buffers = ImmutableArray.CreateBuilder<RankBuffer>();
        while (_text.PeekIdentifier() && !_text.Peek("parameter") && !_text.Peek("result"))
        {
            buffers.Add(Buffer());
        }
        (ImmutableArray<int> parameters, ImmutableArray<Distribution> parameterOwners) = Values("parameter", region.Parameters);
        (ImmutableArray<int> results, ImmutableArray<Distribution> resultOwners) = Values("result", [.. region.Results.Select(region.TypeOf)]);
        var steps = ImmutableArray.CreateBuilder<RankStep>();
        while (_text.PeekDigit())
        {
            if (_text.TakeInt() != steps.Count)
            {
                throw _text.Refuse($"step {steps.Count} comes next");
            }
            _text.Take(":");
            RankStep step = Step(region);
            steps.Add(step with { After = _text.TryTake("after") ? List(_text.TakeInt) : [] });
        }
        _text.Take("}");
        return new RankBody(region, buffers.ToImmutable(), steps.ToImmutable(), parameters, results, parameterOwners, resultOwners);
    }

    private RankBuffer Buffer()
    {
        int number = BufferNumber();
        _text.Take("=");
        ArrayType type = _graph.ArrayType();
        _text.Take("window");
        Box window = Box();
        BufferOrigin origin = _text.TryTake("given") ? BufferOrigin.Given : BufferOrigin.Step;
        return new RankBuffer(number, _text.TryTake("named") ? _text.TakeString() : "", type, window, origin);
    }

    private (ImmutableArray<int> Buffers, ImmutableArray<Distribution> Owners) Values(string what, ImmutableArray<ArrayType> types)
    {
        var buffers = ImmutableArray.CreateBuilder<int>();
        var owners = ImmutableArray.CreateBuilder<Distribution>();
        while (_text.TryTake(what))
        {
            if (_text.TakeInt() != buffers.Count || buffers.Count >= types.Length)
            {
                throw _text.Refuse($"the graph has {types.Length} {what}s, and number {buffers.Count} comes next");
            }
            _text.Take("in");
            buffers.Add(BufferOrNone());
            _text.Take("owned");
            owners.Add(Owned(types[owners.Count]));
        }
        return (buffers.ToImmutable(), owners.ToImmutable());
    }

    private Distribution Owned(ArrayType type)
    {
        string owner = _text.TakeString();
        return Distribution.TryParse(owner, type.Box, _ranks, out Distribution? distribution)
            ? distribution : throw _text.Refuse($"'{owner}' is no distribution of {type} over {_ranks} ranks");
    }

    private RankStep Step(Region region)
    {
        string word = _text.TakeIdentifier();
        switch (word)
        {
            case "allocate":
                return new AllocateStep(BufferNumber());
            case "free":
                return new FreeStep(BufferNumber());
            case "launch":
                return new LaunchStep(Node(), Buffers(), To(Buffers), Over(() => List(Box))) { Within = _text.TryTake("within") ? Band() : null };
            case "inspect":
                return Inspect(region);
            case "gather":
                int inspection = _text.TakeInt();
                _text.Take("from");
                return new GatherStep(inspection, BufferNumber(), To(BufferNumber), _text.TryTake("columns") ? _text.TakeHex() : Plans.Piece.AllColumns, Tag());
            case "combine":
                int reduction = Node();
                ImmutableArray<int> reads = Buffers();
                int output = To(BufferOrNone);
                Box part = Over(Box);
                bool isLocal = _text.TryTake("alone");
                return new CombineStep(reduction, reads, output, part, isLocal, Tag());
            case "scan":
                return new ScanStep(Node(), Buffers(), To(BufferNumber), Over(Box), _text.TryTake("from") ? Rank() : null, _text.TryTake("to") ? Rank() : null, Tag());
            case "scatter":
                return Scatter(region);
            case "copy":
                return new CopyStep(List(() => (Piece(), To(Piece))));
            case "send":
                return new SendStep(To(Rank), Tag(), List(Piece));
            case "receive":
                _text.Take("from");
                return new ReceiveStep(Rank(), Tag(), List(Piece));
            case "reshape":
                return new ReshapeStep(Node(), BufferNumber(), To(BufferNumber));
            case "read":
                return new ReadFileStep(Node(), To(BufferNumber));
            case "call":
                return new CallStep(Node(), Buffers(), To(Buffers));
            case "loop":
                return Loop(region);
            default:
                throw _text.Refuse($"'{word}' is no step");
        }
    }

    private ScatterStep Scatter(Region region)
    {
        int node = Node();
        if (node >= region.Nodes.Length || region.Nodes[node].Operation is not ScatterOperation scatter)
        {
            throw _text.Refuse($"%{node} is no scatter");
        }
        ImmutableArray<int> inputs = Buffers();
        int output = To(BufferNumber);
        Box part = Over(Box);
        _text.Take("owned");
        Distribution target = Owned(scatter.Outputs[0]);
        string word = _text.TakeIdentifier();
        return Enum.TryParse(word, ignoreCase: true, out ScatterExchange exchange)
            ? new ScatterStep(node, inputs, output, part, target, exchange, Lasting(), Tag())
            : throw _text.Refuse($"'{word}' is no way to exchange contributions");
    }

    private InspectStep Inspect(Region region)
    {
        int number = _text.TakeInt();
        int node = Node();
        _text.Take("input");
        int input = _text.TakeInt();
        if (node >= region.Nodes.Length || input >= region.Nodes[node].Inputs.Length)
        {
            throw _text.Refuse($"there is no input {input} of %{node}");
        }
        ImmutableArray<int> inputs = Buffers();
        ImmutableArray<Box> parts = Over(() => List(Box));
        _text.Take("owned");
        Distribution owner = Owned(region.TypeOf(region.Nodes[node].Inputs[input]));
        return new InspectStep(number, node, input, inputs, parts, owner, Lasting(), Tag());
    }

    private Lasting Lasting()
    {
        int loops = _text.TryTake("kept") ? _text.TakeInt() : 0;
        if (!_text.TryTake("sources"))
        {
            return new Lasting(loops, null);
        }
        _text.Take("(");
        ImmutableArray<int> sources = _text.Peek(")") ? [] : List(_text.TakeInt);
        _text.Take(")");
        return new Lasting(loops, sources);
    }

    private LoopStep Loop(Region region)
    {
        int node = Node();
        if (node >= region.Nodes.Length || region.Nodes[node].Operation is not LoopOperation loop)
        {
            throw _text.Refuse($"%{node} is no loop");
        }
        ImmutableArray<int> initial = Buffers();
        ImmutableArray<int> outputs = To(Buffers);
        ImmutableArray<(int, int)> imports = _text.TryTake("with") ? List(Import) : [];
        _text.Take("{");
        return new LoopStep(node, initial, outputs, imports, new FixedLoopBodies(Body(loop.Body)));
    }

    private (int Inner, int Outer) Import()
    {
        int inner = BufferNumber();
        _text.Take("=");
        return (inner, BufferNumber());
    }

    private int Node()
    {
        _text.Take("%");
        return _text.TakeInt();
    }

    private T To<T>(Func<T> take)
    {
        _text.Take("to");
        return take();
    }

    private T Over<T>(Func<T> take)
    {
        _text.Take("over");
        return take();
    }

    private RankId Rank() => new(_text.TakeInt());

    private int Tag()
    {
        _text.Take("tag");
        return checked((int)_text.TakeLong());
    }

    private Piece Piece()
    {
        int buffer = BufferNumber();
        Box box = Box();
        return new Piece(buffer, box, _text.TryTake("columns") ? _text.TakeHex() : Plans.Piece.AllColumns);
    }

    private Box Box()
    {
        var low = ImmutableArray.CreateBuilder<long>();
        var high = ImmutableArray.CreateBuilder<long>();
        _text.Take("[");
        if (!_text.TryTake("]"))
        {
            do
            {
                low.Add(_text.TakeLong());
                _text.Take("..");
                high.Add(_text.TakeLong());
            }
            while (_text.TryTake(","));
            _text.Take("]");
        }
        return new Box(low.ToImmutable(), high.ToImmutable());
    }

    private Band Band()
    {
        _text.Take("(");
        ImmutableArray<int> normal = List(() => checked((int)_text.TakeLong()));
        _text.Take(")");
        _text.Take("in");
        long low = _text.TakeLong();
        _text.Take("..");
        return new Band(normal, low, _text.TakeLong());
    }

    private ImmutableArray<int> Buffers()
    {
        _text.Take("(");
        ImmutableArray<int> buffers = _text.Peek(")") ? [] : List(BufferOrNone);
        _text.Take(")");
        return buffers;
    }

    private int BufferOrNone() => _text.TryTake("-") ? -1 : BufferNumber();

    private int BufferNumber()
    {
        string name = _text.TakeIdentifier();
        return name[0] == 'b' && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : throw _text.Refuse($"'{name}' is no buffer");
    }

    private ImmutableArray<T> List<T>(Func<T> take)
    {
        var items = ImmutableArray.CreateBuilder<T>();
        do
        {
            items.Add(take());
        }
        while (_text.TryTake(","));
        return items.ToImmutable();
    }
}
