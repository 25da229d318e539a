using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Planning.Plans;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Programs;

/// <summary>Reshapes between arrays that ranks share.</summary>
public sealed class ReshapesOnRanksTests
{
    private static readonly ImmutableArray<long>[] s_shapes =
        [[120], [10, 12], [12, 10], [120, 1], [1, 120], [2, 60], [60, 2], [4, 5, 6], [6, 20, 1], [1, 1, 120], [5, 3, 8]];

    // Stencils on both sides: windows of what is reshaped and of what comes of it are wider than the parts.
    [Test]
    public void Reshapes_BetweenStencils_GiveTheBitsOfOneRank([Range(0, 39)] int seed, [ValueSource(typeof(RankRuns), nameof(RankRuns.Counts))] int ranks)
    {
        var random = new Random(seed);
        ImmutableArray<long>[] shapes = [.. Enumerable.Range(0, 3).Select(_ => s_shapes[random.Next(s_shapes.Length)])];
        var nodes = new List<GraphNode>();
        GraphValue value = GraphValue.Parameter(0);
        for (int n = 0; n < shapes.Length; n++)
        {
            if (n > 0)
            {
                value = Add(nodes, new ReshapeOperation { Outputs = [TypeOf<double>(shapes[n])] }, value);
            }
            if (n < shapes.Length - 1 || random.Next(2) == 0)
            {
                value = Add(nodes, Stencil(shapes[n]), value);
            }
        }
        GraphValue[] results = random.Next(2) == 0 ? [value] : [value, new GraphValue(1, 0)];
        var region = new Region([TypeOf<double>(shapes[0])], [.. nodes], [.. results]);
        Storage source = StorageOf<double>([.. Enumerable.Range(0, 120).Select(_ => random.NextDouble())], shapes[0]);
        string about = string.Join(" → ", shapes.Select(s => string.Join('×', s)));

        RankRuns.AssertAgrees(region, [source], [], ranks, new AxisChooser(0, seed), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new RandomChooser(seed), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new RandomChooser(seed + 1000), about);
        RankRuns.AssertAgrees(region, [source], [], ranks, new ShapeChooser(), about);
    }

    [Test]
    public void Reshape_OfSlabs_MovesOnlyWhatLiesElsewhere()
    {
        Array1D<double> x = Array1D.From(new double[1200]);
        Array1D<double> y = Task.On(Targets.Cpu).Run(1200, i => x[i] + 1);

        // Both are cut where rows end: nothing has to move; and 1200 / 7 is no multiple of 30: some of a row does.
        Planned even = Planned.Of(new AxisChooser(0, 0), 4, y.Reshape(40, 30));
        Planned uneven = Planned.Of(new AxisChooser(0, 0), 7, y.Reshape(40, 30));

        Assert.That(Enumerable.Range(0, 4).SelectMany(r => even.Steps<SendStep>(r)), Is.Empty);
        Assert.That(Enumerable.Range(0, 7).SelectMany(r => uneven.Steps<SendStep>(r)).Sum(s => s.Pieces.Sum(p => p.Box.Count)), Is.InRange(1, 7 * 30));
    }

    private static GraphValue Add(List<GraphNode> nodes, Operation operation, GraphValue input)
    {
        nodes.Add(new GraphNode(operation, [input], []) { Name = $"node {nodes.Count}" });
        return new GraphValue(nodes.Count - 1, 0);
    }

    private static MapOperation Stencil(ImmutableArray<long> shape)
    {
        string[] indices = [.. shape.Select((_, axis) => $"%{axis}")];
        int next = shape.Length;
        string before = string.Join(", ", indices.Select((i, axis) => axis == 0 ? $"{i} - 1" : i));
        string after = string.Join(", ", indices.Select((i, axis) => axis == shape.Length - 1 ? $"{i} + 2" : i));
        KernelUse use = Use($"kernel rank {shape.Length} ({string.Join(", ", indices)}) reads (a0: f64[{new string(',', shape.Length - 1)}]) {{ "
            + $"%{next} = load.f64 a0[{before}] clamp\n %{next + 1} = load.f64 a0[{after}] clamp\n %{next + 2} = add.f64 %{next}, %{next + 1}\n return %{next + 2} }}");
        IterationDomain domain = Domain([.. shape.Select(extent => (0L, extent))]);
        return new MapOperation([new MapPiece(domain, use)], [], [.. new long[shape.Length]]) { Outputs = [TypeOf<double>(shape)] };
    }
}
