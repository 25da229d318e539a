using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Graph;

/// <summary>What must hold of a region.</summary>
internal sealed partial class GraphVerifier
{
    private readonly Region _region;
    private readonly int _scalars;
    private readonly bool _isRestricted;
    private readonly string _path;
    private readonly List<string> _problems;
    private readonly HashSet<Kernel> _verified;
    private GraphNode _node = null!;
    private int _position;

    private GraphVerifier(Region region, int scalars, bool isRestricted, string path, List<string> problems, HashSet<Kernel> verified)
    {
        _region = region;
        _scalars = scalars;
        _isRestricted = isRestricted;
        _path = path;
        _problems = problems;
        _verified = verified;
    }

    /// <summary>What is wrong; empty for a valid region.</summary>
    /// <param name="region">The region.</param>
    /// <param name="scalars">How many captured numbers its table has, where that is known.</param>
    /// <param name="isRestricted">True once maps are restricted to what their readers need: then they need not cover their outputs.</param>
    public static ImmutableArray<string> Verify(Region region, int scalars = int.MaxValue, bool isRestricted = false)
    {
        var problems = new List<string>();
        new GraphVerifier(region, scalars, isRestricted, "", problems, new HashSet<Kernel>(ReferenceEqualityComparer.Instance)).Verify();
        return [.. problems];
    }

    /// <summary>Throws <see cref="InternalErrorException"/> with the region's text when something is wrong.</summary>
    public static Region Check(Region region, int scalars = int.MaxValue, bool isRestricted = false)
    {
        ImmutableArray<string> problems = Verify(region, scalars, isRestricted);
        return problems.IsEmpty ? region
            : throw new InternalErrorException($"A graph is not valid:\n  {string.Join("\n  ", problems)}\n{GraphPrinter.Print(region, withSpans: true)}");
    }

    private void Verify()
    {
        for (int i = 0; i < _region.Parameters.Length; i++)
        {
            Extents(_region.Parameters[i], $"{_path}@{i}");
        }
        for (int i = 0; i < _region.Nodes.Length; i++)
        {
            (_node, _position) = (_region.Nodes[i], i);
            bool hasInputs = _node.Inputs.Select(v => RequireDefined(v, i)).ToArray().All(d => d);
            foreach (int scalar in _node.Scalars)
            {
                Require(scalar >= 0 && scalar < _scalars, $"there is no captured number #{scalar}");
            }
            foreach (ArrayType output in _node.Operation.Outputs)
            {
                Extents(output, Place());
            }
            // Without its inputs' types nothing more can be said of a node.
            if (hasInputs)
            {
                Operation();
            }
        }
        foreach (GraphValue result in _region.Results)
        {
            Add(IsDefined(result, _region.Nodes.Length), $"{_path}return: there is no value {result}");
        }
    }

    private bool RequireDefined(GraphValue value, int before) => Require(IsDefined(value, before), $"{value} is not defined before");

    private bool IsDefined(GraphValue value, int before) => value.Output >= 0 && (value.IsParameter
        ? value.Node == -1 && value.Output < _region.Parameters.Length
        : value.Node < before && value.Output < _region.Nodes[value.Node].Operation.Outputs.Length);

    private void Extents(ArrayType type, string place) => Add(type.Extents.All(e => e >= 0), $"{place}: the extents of {type} are negative");

    private string Place() => $"{_path}%{_position} {GraphWords.Of(_node.Operation)}{(string.IsNullOrEmpty(_node.Name) ? "" : $" '{_node.Name}'")}";

    private bool Require(bool holds, string problem) => holds || Add(false, $"{Place()}: {problem}");

    private bool Require(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref ProblemText problem) =>
        holds || Require(false, problem.ToStringAndClear());

    private bool Add(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref ProblemText problem)
    {
        if (!holds)
        {
            _problems.Add(problem.ToStringAndClear());
        }
        return holds;
    }

    /// <summary>The type of the input at a position; null, and a problem, when there is none.</summary>
    private ArrayType? Input(int position, string what) =>
        Require(position >= 0 && position < _node.Inputs.Length, $"{what} is input ${position}, but there are {_node.Inputs.Length} inputs")
            ? _region.TypeOf(_node.Inputs[position]) : null;

    private void SameType(ArrayType? found, ArrayType expected, string what) =>
        Require(found is null || GraphEquality.AreEqual(found, expected), $"{what} is {found}, not {expected}");

    private void OutputCount(int count) =>
        Require(_node.Operation.Outputs.Length == count, $"there are {_node.Operation.Outputs.Length} outputs, not {count}");

    private void Nothing(bool isNothing, string what) => Require(isNothing, $"it has {what}");

    /// <summary>Kernel and positions: operands are inputs of their rank and columns, parameters are numbers or rank-0 inputs of their type.</summary>
    private void Use(KernelUse use, IterationDomain domain, IEnumerable<ScalarType> results)
    {
        Kernel kernel = use.Kernel;
        Kernel(kernel);
        Require(kernel.Rank == domain.Rank, $"a kernel of rank {kernel.Rank} is run over {domain}");
        ScalarType[] expected = [.. results];
        Require(kernel.ResultTypes.SequenceEqual(expected), $"a kernel gives ({Text(kernel.ResultTypes)}), not ({Text(expected)})");
        if (Require(use.Operands.Length == kernel.Operands.Length, $"a kernel with {kernel.Operands.Length} operands is given {use.Operands.Length}"))
        {
            for (int k = 0; k < use.Operands.Length; k++)
            {
                if (Input(use.Operands[k], $"operand a{k}") is { } type)
                {
                    Require(type.Rank == kernel.Operands[k].Rank && type.Element.ColumnTypes.SequenceEqual(kernel.Operands[k].Columns),
                        $"operand a{k} of rank {kernel.Operands[k].Rank} and columns ({Text(kernel.Operands[k].Columns)}) is given {type}");
                }
            }
        }
        int parameters = kernel.Body.Parameters.Length - kernel.Rank;
        if (Require(use.Arguments.Length == parameters, $"a kernel with {parameters} parameters is given {use.Arguments.Length}"))
        {
            for (int k = 0; k < parameters; k++)
            {
                Argument(use.Arguments[k], kernel.Body.Parameters[kernel.Rank + k]);
            }
        }
    }

    private void Argument(KernelArgument argument, Value parameter)
    {
        if (argument.Kind == ArgumentKind.Scalar)
        {
            Require(argument.Position >= 0 && argument.Position < _node.Scalars.Length,
                $"parameter {parameter} is number s{argument.Position}, but there are {_node.Scalars.Length}");
            return;
        }
        if (Input(argument.Position, $"parameter {parameter}") is { } type
            && Require(type.Rank == 0, $"parameter {parameter} is ${argument.Position}, {type}, not a scalar")
            && Require(argument.Column >= 0 && argument.Column < type.Element.Columns.Length, $"parameter {parameter} is column {argument.Column} of {type}"))
        {
            Require(type.Element.ColumnTypes[argument.Column] == parameter.Type,
                $"parameter {parameter} is {type.Element.ColumnTypes[argument.Column].Text()}, not {parameter.Type.Text()}");
        }
    }

    private void Kernel(Kernel kernel)
    {
        if (_verified.Add(kernel))
        {
            foreach (string problem in KernelVerifier.Verify(kernel))
            {
                Require(false, problem);
            }
        }
    }

    /// <summary>The rank-0 i64 inputs that a bound names are there.</summary>
    private void Bound(LinearBound bound)
    {
        foreach (BoundTerm term in bound.Terms)
        {
            if (Input(term.Input, $"a term of the bound {bound}") is { } type)
            {
                Require(type.Rank == 0 && type.Element.ColumnTypes.SequenceEqual([ScalarType.I64]), $"the bound {bound} names {type}, not an i64");
            }
        }
    }

    private void Domain(IterationDomain domain)
    {
        foreach (AxisRange axis in domain.Axes)
        {
            Bound(axis.Low);
            Bound(axis.High);
        }
    }

    /// <summary>A domain with constant bounds and points lies inside the box.</summary>
    private void Inside(IterationDomain domain, Box shifted, Box box)
    {
        if (domain.IsConstant && shifted.Rank == box.Rank && !shifted.IsEmpty)
        {
            Require(box.Contains(shifted), $"the domain {domain} leaves the output {box}");
        }
    }

    private static string Text(IEnumerable<ScalarType> types) => string.Join(", ", types.Select(t => t.Text()));
}
