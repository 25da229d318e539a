using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Verification;

/// <summary>One run of a region: its values by number, which of them are the same where, and the integers known in it.</summary>
internal sealed class BodyScope
{
    private readonly int[] _firstOutput;
    private readonly int[] _canonical;
    private readonly Dictionary<GraphValue, long> _numbers;
    private readonly Dictionary<int, (int Base, ImmutableArray<Box> Holes)?> _bases = [];

    private BodyScope(Region region, ulong[]? scalars, Dictionary<GraphValue, long> numbers, string path)
    {
        Region = region;
        Scalars = scalars;
        Path = path;
        _numbers = numbers;
        _firstOutput = new int[region.Nodes.Length];
        int next = region.Parameters.Length;
        for (int node = 0; node < region.Nodes.Length; node++)
        {
            _firstOutput[node] = next;
            next += region.Nodes[node].Operation.Outputs.Length;
        }
        _canonical = [.. Enumerable.Range(0, next)];
    }

    public Region Region { get; }

    /// <summary>The table of captured numbers; null when it is not known.</summary>
    public ulong[]? Scalars { get; }

    /// <summary>Where the body stands: empty for the whole program.</summary>
    public string Path { get; }

    /// <summary>The scope around, and the loop in it whose body this is; null for the whole program.</summary>
    public (BodyScope Scope, GraphNode Loop)? Around { get; private init; }

    /// <summary>The parameter of the program that a value is, or null; and through how many loops around it stays the same.</summary>
    public (int? Source, int Levels) OriginOf(GraphValue value)
    {
        BodyScope scope = this;
        int levels = 0;
        while (scope.Around is var (outer, node) && value.IsParameter && value.Output > ((LoopOperation)node.Operation).Carried)
        {
            value = node.Inputs[value.Output - 1];
            scope = outer;
            levels++;
        }
        return (scope.Around is null && value.IsParameter ? value.Output : null, levels);
    }

    public static BodyScope Of(Region region, ulong[]? scalars) => new(region, scalars, [], "");

    /// <summary>The scope of a loop's body at one step.</summary>
    public BodyScope Inside(int number, long step)
    {
        GraphNode node = Region.Nodes[number];
        var loop = (LoopOperation)node.Operation;
        var numbers = new Dictionary<GraphValue, long> { [GraphValue.Parameter(loop.Carried)] = step };
        for (int input = loop.Carried; input < node.Inputs.Length; input++)
        {
            if (_numbers.TryGetValue(node.Inputs[input], out long value))
            {
                numbers[GraphValue.Parameter(input + 1)] = value;
            }
        }
        var scope = new BodyScope(loop.Body, ScalarsOf(node), numbers, $"{Path}{(Path.Length == 0 ? "" : " ")}loop %{number} step {step}") { Around = (this, node) };
        // Captures of one value are one value.
        for (int input = loop.Carried; input < node.Inputs.Length; input++)
        {
            int first = loop.Carried;
            while (NumberOf(node.Inputs[first]) != NumberOf(node.Inputs[input]))
            {
                first++;
            }
            scope._canonical[input + 1] = first + 1;
        }
        return scope;
    }

    /// <summary>The number of a value; the same for values that are the same.</summary>
    public int NumberOf(GraphValue value) => _canonical[value.IsParameter ? value.Output : _firstOutput[value.Node] + value.Output];

    /// <summary>The value of a number, for messages.</summary>
    public string NameOf(int number)
    {
        if (number < 0)
        {
            return "something";
        }
        for (int node = Region.Nodes.Length - 1; node >= 0; node--)
        {
            if (number >= _firstOutput[node] && number - _firstOutput[node] < Region.Nodes[node].Operation.Outputs.Length)
            {
                return $"{new GraphValue(node, number - _firstOutput[node])}";
            }
        }
        return $"{GraphValue.Parameter(number)}";
    }

    /// <summary>The integer that a rank-0 value has, when that is known before the plan runs.</summary>
    public long? IntegerOf(GraphValue value) => _numbers.TryGetValue(value, out long number) ? number : null;

    /// <summary>A node's captured numbers; null when they are not known.</summary>
    public ulong[]? ScalarsOf(GraphNode node)
    {
        if (Scalars is null)
        {
            return null;
        }
        var scalars = new ulong[node.Scalars.Length];
        for (int i = 0; i < scalars.Length; i++)
        {
            scalars[i] = Scalars[node.Scalars[i]];
        }
        return scalars;
    }

    /// <summary>A domain in numbers; null when a bound is not known.</summary>
    public Box? DomainOf(GraphNode node, IterationDomain domain)
    {
        foreach (AxisRange axis in domain.Axes)
        {
            if (!IsKnown(node, axis.Low) || !IsKnown(node, axis.High))
            {
                return null;
            }
        }
        return domain.ToBox(position => _numbers[node.Inputs[position]]);
    }

    public long? BoundOf(GraphNode node, LinearBound bound) =>
        IsKnown(node, bound) ? bound.Evaluate(position => _numbers[node.Inputs[position]]) : null;

    /// <summary>The value that another one is equal to outside some boxes: a map's base, a sweep's start.</summary>
    public (int Base, ImmutableArray<Box> Holes)? BaseOf(int number)
    {
        if (number < Region.Parameters.Length)
        {
            return null;
        }
        if (!_bases.TryGetValue(number, out var found))
        {
            found = FindBase(number);
            _bases[number] = found;
        }
        return found;
    }

    private (int Base, ImmutableArray<Box> Holes)? FindBase(int number)
    {
        int position = Array.BinarySearch(_firstOutput, number);
        position = position >= 0 ? position : ~position - 1;
        // Nodes without outputs share their number with the next.
        while (Region.Nodes[position].Operation.Outputs.Length <= number - _firstOutput[position])
        {
            position++;
        }
        GraphNode node = Region.Nodes[position];
        var holes = ImmutableArray.CreateBuilder<Box>();
        switch (node.Operation)
        {
            case MapOperation { Bases.IsDefaultOrEmpty: false } map:
                foreach (MapPiece piece in map.Pieces)
                {
                    if (DomainOf(node, piece.Domain) is not { } box)
                    {
                        return null;
                    }
                    holes.Add(Places.Shift(box, map.Origin, -1));
                }
                return (NumberOf(node.Inputs[map.Bases[number - _firstOutput[position]]]), holes.ToImmutable());
            case SweepOperation sweep when DomainOf(node, sweep.Domain) is { } domain:
                return (NumberOf(node.Inputs[sweep.Start]), [domain]);
            case ScatterOperation scatter when DomainOf(node, scatter.Domain) is { IsEmpty: true }:
                return (NumberOf(node.Inputs[scatter.Into]), []);
            default:
                return null;
        }
    }

    /// <summary>Where a buffer holds a value: as it is, or as what it is equal to there.</summary>
    public List<Held> Find(BufferContents contents, ArrayType type, int number)
    {
        var found = new List<Held>();
        foreach (Held held in contents.All)
        {
            if (held.Value == number || held.Value == BufferContents.Anything)
            {
                found.Add(held);
            }
        }
        if (BaseOf(number) is not var (basis, holes))
        {
            return found;
        }
        foreach (Held held in Find(contents, type, basis))
        {
            foreach ((Box image, ImmutableArray<long> shift) in Places.Images(held.Box, type.Extents))
            {
                foreach (Box rest in Places.Without(Places.Shift(image, shift), holes))
                {
                    found.Add(held with { Box = Places.Shift(rest, shift, -1) });
                }
            }
        }
        return found;
    }

    private bool IsKnown(GraphNode node, LinearBound bound)
    {
        foreach (BoundTerm term in bound.Terms)
        {
            if (!_numbers.ContainsKey(node.Inputs[term.Input]))
            {
                return false;
            }
        }
        return true;
    }
}
