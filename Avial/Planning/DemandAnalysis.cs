using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>Walks one region from its results back, adding to each value what its readers need.</summary>
internal sealed partial class DemandAnalysis
{
    private readonly Region _region;
    private readonly ulong[] _scalars;
    private readonly IReadOnlyDictionary<GraphValue, StepRange> _steps;
    private readonly Box?[] _parameters;
    private readonly Box?[][] _outputs;
    private readonly DemandMap?[] _bodies;

    private DemandAnalysis(Region region, ulong[] scalars, IReadOnlyDictionary<GraphValue, StepRange> steps)
    {
        _region = region;
        _scalars = scalars;
        _steps = steps;
        _parameters = new Box?[region.Parameters.Length];
        _outputs = [.. region.Nodes.Select(n => new Box?[n.Operation.Outputs.Length])];
        _bodies = new DemandMap?[region.Nodes.Length];
    }

    public static DemandMap Find(Region region, ulong[] scalars, ImmutableArray<Box?> results, IReadOnlyDictionary<GraphValue, StepRange> steps)
    {
        var analysis = new DemandAnalysis(region, scalars, steps);
        for (int result = 0; result < region.Results.Length; result++)
        {
            analysis.Add(region.Results[result], results[result]);
        }
        for (int number = region.Nodes.Length - 1; number >= 0; number--)
        {
            analysis.Visit(number);
        }
        return new([.. analysis._parameters], [.. analysis._outputs.Select(o => o.ToImmutableArray())], [.. analysis._bodies]);
    }

    private void Add(GraphValue value, Box? box)
    {
        if (box is not { } needed || needed.IsEmpty)
        {
            return;
        }
        ref Box? known = ref value.IsParameter ? ref _parameters[value.Output] : ref _outputs[value.Node][value.Output];
        known = known?.Hull(needed) ?? needed;
    }

    private void AddWhole(GraphValue value) => Add(value, _region.TypeOf(value).Box);

    private void Visit(int number)
    {
        GraphNode node = _region.Nodes[number];
        Box?[] outputs = _outputs[number];
        if (Passes.RegionEdit.HasEffect(node.Operation))
        {
            for (int output = 0; output < outputs.Length; output++)
            {
                outputs[output] = node.Operation.Outputs[output].Box;
            }
        }
        // What an operation with several outputs computes is the hull of what is needed of each.
        Box? hull = null;
        foreach (Box? box in outputs)
        {
            hull = hull is { } h && box is { } b && h.Rank == b.Rank ? h.Hull(b) : hull ?? box;
        }
        if (hull is not { } needed)
        {
            return;
        }
        if (!IsDivisible(node.Operation))
        {
            // These run whole or not at all, so what they trap on does not depend on how much of them is read.
            for (int output = 0; output < outputs.Length; output++)
            {
                outputs[output] = node.Operation.Outputs[output].Box;
            }
            needed = node.Operation.Outputs[0].Box;
        }
        switch (node.Operation)
        {
            case MapOperation map:
                VisitMap(node, map, needed);
                break;
            case ReduceOperation reduce:
                AddUse(node, reduce.Use, reduce.Domain, null);
                break;
            case ScanOperation scan:
                AddUse(node, scan.Use, scan.Domain, null);
                break;
            case ScatterOperation scatter:
                AddWhole(node.Inputs[scatter.Into]);
                AddUse(node, scatter.Use, scatter.Domain, null);
                break;
            case SweepOperation sweep:
                AddWhole(node.Inputs[sweep.Start]);
                AddUse(node, sweep.Use, sweep.Domain, null, firstOperand: 1);
                break;
            case ViewOperation view:
                VisitView(node, view, needed);
                break;
            case ReshapeOperation:
                Add(node.Inputs[0], Reshaped(node.Operation.Outputs[0].Extents, _region.TypeOf(node.Inputs[0]).Extents, needed));
                break;
            case LoopOperation loop:
                VisitLoop(number, node, loop);
                break;
            default:
                foreach (GraphValue input in node.Inputs)
                {
                    AddWhole(input);
                }
                break;
        }
    }

    /// <summary>True for what is computed on the needed box alone: maps with fixed domains, fills, views.</summary>
    private static bool IsDivisible(Operation operation) => operation switch
    {
        MapOperation map => map.Pieces.All(p => p.Domain.IsConstant),
        FillOperation or ViewOperation or ReshapeOperation => true,
        _ => false,
    };

    /// <summary>What a kernel needs while it runs over a part of its domain (null: all of it): reads, parameters, bounds.</summary>
    private void AddUse(GraphNode node, KernelUse use, IterationDomain domain, Box? part, int firstOperand = 0)
    {
        AddBounds(node, domain);
        foreach (KernelArgument argument in use.Arguments)
        {
            if (argument.Kind == ArgumentKind.Input)
            {
                AddWhole(node.Inputs[argument.Position]);
            }
        }
        if (use.Kernel.Operands.IsEmpty)
        {
            return;
        }
        Footprints footprints = Footprints.Of(new BoundsQuery
        {
            Use = use,
            Domain = domain,
            Inputs = (ArrayType[])[.. node.Inputs.Select(_region.TypeOf)],
            Scalars = _scalars.Length == 0 ? [] : ScalarsOf(node),
            Symbols = SymbolsOf(node),
        }, part);
        for (int operand = firstOperand; operand < use.Operands.Length; operand++)
        {
            Add(node.Inputs[use.Operands[operand]], footprints.OfOperand(operand));
        }
    }

    private ulong[] ScalarsOf(GraphNode node) => [.. node.Scalars.Select(position => _scalars[position])];

    private SymbolRange[] SymbolsOf(GraphNode node)
    {
        if (_steps.Count == 0)
        {
            return [];
        }
        var symbols = new List<SymbolRange>();
        for (int input = 0; input < node.Inputs.Length; input++)
        {
            if (_steps.TryGetValue(node.Inputs[input], out StepRange step))
            {
                symbols.Add(new SymbolRange(input, step.Min, step.Max, step.IsCertain));
            }
        }
        return [.. symbols];
    }

    private void AddBounds(GraphNode node, IterationDomain domain)
    {
        foreach (AxisRange axis in domain.Axes)
        {
            foreach (BoundTerm term in axis.Low.Terms)
            {
                AddWhole(node.Inputs[term.Input]);
            }
            foreach (BoundTerm term in axis.High.Terms)
            {
                AddWhole(node.Inputs[term.Input]);
            }
        }
    }

    private void VisitLoop(int number, GraphNode node, LoopOperation loop)
    {
        ulong[] scalars = _scalars.Length == 0 ? [] : ScalarsOf(node);
        var steps = new Dictionary<GraphValue, StepRange>();
        long count = scalars.Length == 0 ? long.MaxValue : (long)scalars[0];
        steps[GraphValue.Parameter(loop.Carried)] = new(0, Math.Max(0, count - 1), !loop.HasUntil && scalars.Length > 0);
        for (int input = loop.Carried; input < node.Inputs.Length; input++)
        {
            if (_steps.TryGetValue(node.Inputs[input], out StepRange outer))
            {
                steps[GraphValue.Parameter(input + 1)] = outer;
            }
        }
        // Every carried value is needed whole: a step may read any of it.
        DemandMap body = Find(loop.Body, scalars, [.. loop.Body.Results.Select(r => (Box?)loop.Body.TypeOf(r).Box)], steps);
        _bodies[number] = body;
        for (int input = 0; input < node.Inputs.Length; input++)
        {
            if (input < loop.Carried)
            {
                AddWhole(node.Inputs[input]);
            }
            else
            {
                Add(node.Inputs[input], body.Parameters[input + 1]);
            }
        }
    }
}
