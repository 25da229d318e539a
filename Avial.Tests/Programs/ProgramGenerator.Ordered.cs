using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Programs;

/// <summary>Reductions, scans, scatters, sweeps.</summary>
internal sealed partial class ProgramGenerator
{
    private void AddReduce(Scope scope)
    {
        Box domain = AnyBox(_random.Next(2) == 0 ? scope.TypeOf(Pick(scope)).Extents : AnyExtents(_random.Next(1, 5)));
        ImmutableArray<int> axes = [.. Enumerable.Range(0, domain.Rank).Where(_ => _random.Next(3) != 0)];
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(_random, CombinerKind.Sum, CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min,
            CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Mean, CombinerKind.ArgMin, CombinerKind.ArgMax, CombinerKind.Fold);
        bool isArgument = combiner.Kind is CombinerKind.ArgMin or CombinerKind.ArgMax;
        if (domain.IsEmpty && !_options.MayTrap && (isArgument || combiner.Kind is CombinerKind.Min or CombinerKind.Max))
        {
            (combiner, types) = RandomCombiners.Next(_random, CombinerKind.Sum);
            isArgument = false;
        }
        ImmutableArray<long> kept = [.. Enumerable.Range(0, domain.Rank).Where(a => !axes.Contains(a)).Select(domain.Length)];
        ElementLayout element = Layout(isArgument ? [.. axes.Select(_ => ScalarType.I64), .. types] : types);
        var node = new NodeInputs();
        KernelUse use = Kernel(scope, node, domain, types);
        Add(scope, new ReduceOperation(Domain(domain), use, axes, combiner) { Outputs = [new ArrayType(element, kept)] }, node);
    }

    private void AddScan(Scope scope)
    {
        Box domain = AnyBox(AnyExtents(_random.Next(1, 4)));
        int axis = _random.Next(domain.Rank);
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(_random, CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min,
            CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Fold);
        var node = new NodeInputs();
        KernelUse use = Kernel(scope, node, domain, types);
        var output = new ArrayType(Layout(types), [.. Enumerable.Range(0, domain.Rank).Select(domain.Length)]);
        Add(scope, new ScanOperation(Turned(Domain(domain)), use, axis, _random.Next(2) == 0, combiner) { Outputs = [output] }, node);
    }

    private void AddScatter(Scope scope)
    {
        (Combiner combiner, ImmutableArray<ScalarType> types) = RandomCombiners.Next(_random, CombinerKind.Sum, CombinerKind.Product, CombinerKind.Min,
            CombinerKind.Max, CombinerKind.Any, CombinerKind.All, CombinerKind.Fold, CombinerKind.Last);
        if (TryPick(scope, t => t.Rank is > 0 and < 4 && t.Element.ColumnTypes.SequenceEqual(types) && (t.Count > 0 || _options.MayTrap)) is not { } into)
        {
            // A target of its own.
            var made = new ArrayType(Layout(types), AnyExtents(_random.Next(1, 3)));
            AddFill(scope, made.Count > 0 ? made : new ArrayType(made.Element, [3]));
            into = scope.Last;
        }
        Box domain = AnyBox(AnyExtents(_random.Next(1, 4)));
        var node = new NodeInputs();
        KernelUse use = Kernel(scope, node, domain, types, _random.Next(4) == 0 ? into : null, scope.TypeOf(into).Extents);
        Add(scope, new ScatterOperation(Domain(domain), use, node.Position(into), combiner) { Outputs = [scope.TypeOf(into)] }, node);
    }

    private void AddSweep(Scope scope)
    {
        GraphValue start = Pick(scope, t => t.Rank > 0 || scope.Values.All(v => scope.TypeOf(v).Rank == 0));
        ArrayType type = scope.TypeOf(start);
        Box domain = Inside(type.Box);
        var node = new NodeInputs();
        KernelUse use = Kernel(scope, node, domain, type.Element.ColumnTypes, start);
        Add(scope, new SweepOperation(Turned(Domain(domain)), use, node.Position(start)) { Outputs = [type] }, node);
    }

    /// <summary>Some axes from the high end.</summary>
    private IterationDomain Turned(IterationDomain domain) => new([.. domain.Axes.Select(a => a with { IsReversed = _random.Next(3) == 0 })]);
}
