using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.Programs;

/// <summary>Kernels on values of the scope.</summary>
internal sealed partial class ProgramGenerator
{
    /// <summary>The inputs and captured numbers of a node while its kernels are made.</summary>
    private sealed class NodeInputs
    {
        public List<GraphValue> Inputs { get; } = [];

        public List<ulong> Scalars { get; } = [];

        /// <summary>The position of an input: mostly the one it has.</summary>
        public int Position(GraphValue value)
        {
            int known = Inputs.IndexOf(value);
            if (known >= 0)
            {
                return known;
            }
            Inputs.Add(value);
            return Inputs.Count - 1;
        }
    }

    /// <summary>A random kernel over a domain.</summary>
    /// <param name="scope">What it may read.</param>
    /// <param name="node">Takes what it reads.</param>
    /// <param name="domain">The hull of the indices it is run for.</param>
    /// <param name="results">The types of its results.</param>
    /// <param name="first">What its operand 0 reads; null for anything.</param>
    /// <param name="targets">The extents of a scatter's target.</param>
    private KernelUse Kernel(Scope scope, NodeInputs node, Box domain, ImmutableArray<ScalarType> results, GraphValue? first = null, ImmutableArray<long> targets = default)
    {
        List<GraphValue> reads = first is { } given ? [given] : [];
        reads.AddRange(Many(0, 3, () => Pick(scope)));
        ImmutableArray<(KernelArgument Argument, ScalarType Type)> arguments = Many(0, 2, () => Argument(scope, node));
        bool isSmall = _random.Next(3) != 0; // small ones are fused
        GeneratedKernel kernel = KernelGenerator.Generate(_random.Next(), new KernelGeneratorOptions
        {
            Domain = domain,
            Size = _random.Next(1, isSmall ? 7 : 16),
            Types = _random.Next(3) == 0 ? [.. s_scalars] : [.. results.Concat(reads.SelectMany(r => scope.TypeOf(r).Element.ColumnTypes)).Distinct()],
            ResultTypes = results,
            Targets = targets.IsDefault ? [] : targets,
            Operands = [.. reads.Select(r => (scope.TypeOf(r).Element.Operand[scope.TypeOf(r).Rank], scope.TypeOf(r).Extents))],
            Parameters = [.. arguments.Select(a => a.Type)],
            ReadsAll = true,
            MayTrap = _options.MayTrap && _random.Next(2) == 0,
            HasLoops = !isSmall,
            HasInnerSums = !isSmall && domain.Count < 60,
            HasMath = _random.Next(3) == 0,
            HasRandom = _random.Next(3) == 0,
        });
        return new KernelUse(kernel.Kernel, [.. reads.Select(node.Position)], [.. arguments.Select(a => a.Argument)]);
    }

    /// <summary>A captured number or a column of a rank-0 value.</summary>
    private (KernelArgument Argument, ScalarType Type) Argument(Scope scope, NodeInputs node)
    {
        GraphValue? scalar = scope.Step is { } step && _random.Next(2) == 0 ? step : TryPick(scope, t => t.Rank == 0);
        if (scalar is { } value && _random.Next(2) == 0)
        {
            ImmutableArray<ScalarType> columns = scope.TypeOf(value).Element.ColumnTypes;
            int column = _random.Next(columns.Length);
            return (new KernelArgument(ArgumentKind.Input, node.Position(value), column), columns[column]);
        }
        ScalarType type = AnyScalar();
        node.Scalars.Add(RandomBits.Of(type, _random));
        return (new KernelArgument(ArgumentKind.Scalar, node.Scalars.Count - 1), type);
    }

    private GraphValue Add(Scope scope, Operation operation, NodeInputs node) => Add(scope, operation, [.. node.Inputs], [.. node.Scalars]);
}
