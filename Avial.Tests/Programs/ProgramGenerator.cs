using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Generators;

namespace Avial.Tests.Programs;

/// <summary>
/// Random whole programs from a seed: every operation, on arrays of all element types and odd extents, wired at random. They never trap unless they
/// may, and reads stay inside for every step of the loops around them.
/// </summary>
internal sealed partial class ProgramGenerator
{
    private const long MostElements = 400; // the interpreter takes a microsecond for each instruction of each

    private static readonly ScalarType[] s_scalars = Enum.GetValues<ScalarType>();

    private readonly Random _random;
    private readonly ProgramOptions _options;
    private readonly List<Storage> _sources = [];

    private ProgramGenerator(int seed, ProgramOptions options)
    {
        _random = new Random(seed);
        _options = options;
    }

    public static GeneratedProgram Generate(int seed, ProgramOptions? options = null) => new ProgramGenerator(seed, options ?? new ProgramOptions()).Program(seed);

    private GeneratedProgram Program(int seed)
    {
        var scope = new Scope { MostSteps = 0 };
        int sources = _random.Next(1, 4);
        for (int k = 0; k < sources; k++)
        {
            AddSource(scope, AnyType());
        }
        AddTasks(scope, _random.Next(1, _options.MostTasks + 1), depth: 0);
        List<GraphValue> roots = [.. scope.Values.Where(v => !v.IsParameter && _random.Next(4) == 0), scope.Last];
        if (_options.MayTrap)
        {
            // What nobody needs does not trap: here everything is needed.
            roots.AddRange(scope.Unread().Except(roots));
        }
        if (_random.Next(4) == 0)
        {
            roots.Add(Any(roots));
        }
        return new GeneratedProgram(seed, scope.Finish([.. roots]), [.. _sources], [.. scope.Table]);
    }

    private GraphValue AddSource(Scope scope, ArrayType type)
    {
        _sources.Add(StorageBits.Make(type, scalar => RandomBits.Of(scalar, _random)));
        return scope.AddParameter(type);
    }

    private void AddTasks(Scope scope, int count, int depth)
    {
        for (int k = 0; k < count || scope.Nodes.Count == 0; k++)
        {
            AddTask(scope, depth);
        }
    }

    private void AddTask(Scope scope, int depth)
    {
        switch (_random.Next(20))
        {
            case 0:
                AddFill(scope, AnyType());
                break;
            case 1 or 2:
                AddReduce(scope);
                break;
            case 3:
                AddScan(scope);
                break;
            case 4:
                AddScatter(scope);
                break;
            case 5:
                AddSweep(scope);
                break;
            case 6 or 7 or 8:
                AddView(scope);
                break;
            case 9:
                AddReshape(scope);
                break;
            case 10 or 11 or 12:
                AddMapOver(scope);
                break;
            case 13:
                AddCall(scope);
                break;
            case 14 when depth < 2:
            case 15 when depth < 1:
                AddLoop(scope, depth);
                break;
            default:
                AddMap(scope);
                break;
        }
    }

    private void AddFill(Scope scope, ArrayType type) => Add(scope, new FillOperation { Outputs = [type] }, [],
        [.. type.Element.ColumnTypes.Select(t => RandomBits.Of(t, _random))]);

    private void AddCall(Scope scope)
    {
        ImmutableArray<GraphValue> reads = Many(0, 3, () => Pick(scope));
        Add(scope, new CallOperation(new MixingCall(), _random.Next(4) == 0) { Outputs = Many(1, 2, AnyType) }, reads, []);
    }

    private GraphValue Add(Scope scope, Operation operation, ImmutableArray<GraphValue> inputs, ImmutableArray<ulong> scalars)
    {
        string word = GraphWords.Of(operation);
        return scope.Add(operation, inputs, scalars, word, new SourceSpan("Program.cs", 10 + scope.Nodes.Count, word));
    }

    /// <summary>A value of the scope, of the last ones rather than the first.</summary>
    private GraphValue Pick(Scope scope, Func<ArrayType, bool>? fits = null)
    {
        ImmutableArray<GraphValue> values = [.. scope.Values.Where(v => fits is null || fits(scope.TypeOf(v)))];
        return values[_random.Next(2) == 0 ? Math.Max(_random.Next(values.Length), _random.Next(values.Length)) : values.Length - 1 - _random.Next(Math.Min(3, values.Length))];
    }

    /// <summary>The same, where there is one.</summary>
    private GraphValue? TryPick(Scope scope, Func<ArrayType, bool> fits) => scope.Values.Any(v => fits(scope.TypeOf(v))) ? Pick(scope, fits) : null;

    private ArrayType AnyType() => new(AnyElement(), AnyExtents(_random.Next(12) == 0 ? 0 : _random.Next(1, 5)));

    private ElementLayout AnyElement() => _random.Next(5) == 0 ? Layout(Many(2, 4, AnyScalar)) : Layout([AnyScalar()]);

    private ScalarType AnyScalar() => Any(s_scalars);

    /// <summary>A primitive, or a struct of these columns.</summary>
    private static ElementLayout Layout(ImmutableArray<ScalarType> columns) => columns.Length == 1 ? ElementLayout.Of(columns[0].ClrType())
        : ElementLayout.Anonymous([.. columns.Select((c, k) => ($"F{k}", c))]);

    private ImmutableArray<long> AnyExtents(int rank)
    {
        while (true)
        {
            ImmutableArray<long> extents = Many(rank, rank, () => AnyExtent(rank));
            if (extents.Aggregate(1L, (a, b) => a * b) is <= MostElements and var count && (count > 0 || _random.Next(8) == 0))
            {
                return extents;
            }
        }
    }

    private long AnyExtent(int rank) => Math.Min(_options.MostExtent, _random.Next(14) switch
    {
        0 => 0,
        1 or 2 => 1,
        3 when rank == 1 => Any<long>([63, 64, 65, 127, 128, 129, 255, 256, 257, 300]),
        <= 6 => Any<long>([2, 3, 5, 7, 11, 13]),
        _ => _random.Next(2, rank switch { 1 => 41, 2 => 20, 3 => 9, _ => 5 }),
    });

    /// <summary>A box of index space with these extents: mostly at 0.</summary>
    private Box AnyBox(ImmutableArray<long> extents)
    {
        ImmutableArray<long> low = [.. extents.Select(_ => _random.Next(3) == 0 ? _random.NextInt64(-3, 70) : 0)];
        return new Box(low, [.. low.Zip(extents, (l, e) => l + e)]);
    }

    /// <summary>A box inside another; now and then all of it, or nothing.</summary>
    private Box Inside(Box box)
    {
        if (_random.Next(5) == 0)
        {
            return box;
        }
        long[] low = [.. box.Low];
        long[] high = [.. box.High];
        for (int axis = 0; axis < low.Length; axis++)
        {
            low[axis] = _random.NextInt64(box.Low[axis], box.High[axis] + 1);
            high[axis] = _random.NextInt64(low[axis], box.High[axis] + 1);
            if (low[axis] == high[axis] && box.Length(axis) > 0 && _random.Next(6) != 0)
            {
                (low[axis], high[axis]) = (box.Low[axis], box.High[axis]);
            }
        }
        return new Box([.. low], [.. high]);
    }

    private static IterationDomain Domain(Box box) => new([.. box.Low.Zip(box.High, (low, high) => new AxisRange(low, high))]);

    private T Any<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    private ImmutableArray<T> Many<T>(int least, int most, Func<T> make) => [.. Enumerable.Range(0, _random.Next(least, most + 1)).Select(_ => make())];
}
