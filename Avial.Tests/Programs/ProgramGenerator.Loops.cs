using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Programs;

/// <summary>Loops.</summary>
internal sealed partial class ProgramGenerator
{
    private static readonly ArrayType s_integer = new(ElementLayout.Of(typeof(long)), []);

    private void AddLoop(Scope scope, int depth)
    {
        ImmutableArray<GraphValue> carried = Many(1, 3, () => Pick(scope));
        ImmutableArray<GraphValue> captured = Many(0, 2, () => Pick(scope));
        bool hasUntil = _random.Next(3) == 0;
        long limit = _random.Next(hasUntil ? 1 : 0, 6);
        var body = new Scope { MostSteps = limit };
        body.Table.Add((ulong)limit);
        foreach (GraphValue value in carried)
        {
            body.AddParameter(scope.TypeOf(value));
        }
        body.Step = body.AddParameter(s_integer);
        foreach (GraphValue value in captured)
        {
            body.AddParameter(scope.TypeOf(value));
        }
        AddTasks(body, _random.Next(1, 5), depth + 1);
        ImmutableArray<GraphValue> next = [.. carried.Select(value => Next(body, scope.TypeOf(value)))];
        ImmutableArray<GraphValue> results = hasUntil ? next.Add(Condition(body, limit)) : next;
        var loop = new LoopOperation(body.Finish(results), carried.Length, hasUntil, hasUntil ? _random.Next(1, 4) : 1)
        {
            Outputs = [.. carried.Select(scope.TypeOf), s_integer],
        };
        Add(scope, loop, [.. carried, .. captured], [.. body.Table]);
    }

    /// <summary>The next state: often a value that is there (the state itself, another state, a capture), else a new one made of it.</summary>
    private GraphValue Next(Scope body, ArrayType type)
    {
        ImmutableArray<GraphValue> known = [.. body.Values.Where(v => body.TypeOf(v).Equals(type))];
        if (known.Length > 0 && _random.Next(3) != 0)
        {
            return known[Math.Max(_random.Next(known.Length), _random.Next(known.Length))];
        }
        var node = new NodeInputs();
        KernelUse use = Kernel(body, node, type.Box, type.Element.ColumnTypes, Any(known));
        bool isOver = _random.Next(2) == 0;
        ImmutableArray<int> bases = isOver ? [node.Position(Any(known))] : [];
        return Add(body, new MapOperation([new MapPiece(Domain(type.Box), use)], bases, [.. new long[type.Rank]]) { Outputs = [type] }, node);
    }

    /// <summary>True from some step on (from none, when it may trap), or where data say so.</summary>
    private GraphValue Condition(Scope body, long limit)
    {
        var numbers = new ValueNumbers();
        Value step = numbers.New(ScalarType.I64);
        var builder = new BlockBuilder(numbers);
        long last = _options.MayTrap && _random.Next(4) == 0 ? limit : _random.NextInt64(limit);
        Value holds = builder.Compare(CompareOp.GreaterOrEqual, step, builder.Constant(last));
        ImmutableArray<GraphValue> inputs = [body.Step!.Value];
        ImmutableArray<KernelArgument> arguments = [new KernelArgument(ArgumentKind.Input, 0)];
        ImmutableArray<Value> parameters = [step];
        if (TryPick(body, t => t.Rank == 0 && t.Element.ColumnTypes[0] == ScalarType.Bool) is { } flag)
        {
            inputs = inputs.Add(flag);
            arguments = arguments.Add(new KernelArgument(ArgumentKind.Input, 1));
            parameters = parameters.Add(numbers.New(ScalarType.Bool));
            holds = builder.Binary(BinaryOp.Or, holds, parameters[1]);
        }
        var kernel = new Kernel(0, [], builder.Finish(parameters, holds));
        var operation = new MapOperation([new MapPiece(IterationDomain.Scalar, new KernelUse(kernel, [], arguments))], [], []) { Outputs = [new ArrayType(ElementLayout.Of(typeof(bool)), [])] };
        return Add(body, operation, inputs, []);
    }
}
