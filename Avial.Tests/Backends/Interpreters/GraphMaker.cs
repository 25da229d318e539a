using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Tests.Backends.Interpreters;

/// <summary>Builds a region by hand, kernels as text, and runs it in the interpreter.</summary>
internal sealed class GraphMaker
{
    private readonly List<ArrayType> _parameters = [];
    private readonly List<Storage> _storages = [];
    private readonly List<GraphNode> _nodes = [];
    private readonly List<ulong> _scalars = [];

    public GraphValue Array<T>(T[] data, params ImmutableArray<long> extents)
        where T : unmanaged
    {
        Storage storage = StorageOf(data, extents.IsDefaultOrEmpty ? [data.Length] : extents);
        _storages.Add(storage);
        return Parameter(storage.Type);
    }

    public GraphValue Scalar<T>(T value)
        where T : unmanaged
    {
        Storage storage = StorageOf([value], []);
        _storages.Add(storage);
        return Parameter(storage.Type);
    }

    public GraphValue Parameter(ArrayType type)
    {
        _parameters.Add(type);
        return GraphValue.Parameter(_parameters.Count - 1);
    }

    /// <summary>Adds a node; gives its first output.</summary>
    public GraphValue Add(Operation operation, ImmutableArray<GraphValue> inputs, params ImmutableArray<ulong> scalars)
    {
        ImmutableArray<int> positions = [.. Enumerable.Range(_scalars.Count, scalars.IsDefault ? 0 : scalars.Length)];
        _scalars.AddRange(scalars.IsDefault ? [] : scalars);
        _nodes.Add(new GraphNode(operation, inputs, positions) { Name = $"n{_nodes.Count}", Order = _nodes.Count, Span = new SourceSpan("Program.cs", 10 + _nodes.Count, "") });
        return new GraphValue(_nodes.Count - 1, 0);
    }

    public void Reorder(int node, int order) => _nodes[node] = _nodes[node] with { Order = order };

    public Region Region(params ImmutableArray<GraphValue> results) => new([.. _parameters], [.. _nodes], results);

    public Storage[] Run(ImmutableArray<GraphValue> results, RegionDemand? demand = null, IEvaluationObserver? observer = null,
        Func<FileOperation, ArrayType, Storage>? load = null) =>
        GraphInterpreter.Run(Region(results), _storages.ToArray(), _scalars.ToArray(), demand, load, observer);

    public T[] Run<T>(GraphValue result)
        where T : unmanaged => Read<T>(Run([result])[0]);

    /// <summary>The trap that running this raises.</summary>
    public Trap TrapOf(GraphValue result, RegionDemand? demand = null) => Assert.Throws<TrapException>(() => Run([result], demand))!.Trap;

    public static ArrayType TypeOf<T>(params ImmutableArray<long> extents)
        where T : unmanaged => new(ElementLayout.Of(typeof(T)), extents);

    public static IterationDomain Domain(params (long Low, long High)[] axes) => new([.. axes.Select(a => new AxisRange(a.Low, a.High))]);

    public static Box Box(params (long Low, long High)[] axes) => new([.. axes.Select(a => a.Low)], [.. axes.Select(a => a.High)]);

    public static KernelUse Use(string kernel, ImmutableArray<int> operands = default, ImmutableArray<KernelArgument> arguments = default)
    {
        Kernel parsed = KernelVerifier.Check(KernelParser.Parse(kernel));
        return new KernelUse(parsed, operands.IsDefault ? [.. Enumerable.Range(0, parsed.Operands.Length)] : operands, arguments.IsDefault ? [] : arguments);
    }

    /// <summary>A map of one output over one domain without a base.</summary>
    public static MapOperation Map(ArrayType output, IterationDomain domain, KernelUse use) => new([new MapPiece(domain, use)], [], []) { Outputs = [output] };

    public static ulong Bits<T>(T value)
        where T : unmanaged => ScalarBits.Of(value);

    public static Storage StorageOf<T>(T[] data, ImmutableArray<long> extents)
        where T : unmanaged
    {
        Storage storage = Allocator.Shared.Allocate(TypeOf<T>(extents), "test");
        StorageAccess.CopyIn<T>(data, storage, 0);
        return storage;
    }

    public static T[] Read<T>(Storage storage)
        where T : unmanaged
    {
        var data = new T[storage.Type.Count];
        StorageAccess.CopyOut<T>(storage, 0, data);
        return data;
    }
}
