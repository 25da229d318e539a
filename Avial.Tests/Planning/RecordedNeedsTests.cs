using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning;
using static Avial.KernelMath;
using static Avial.Targets;
using Task = System.Threading.Tasks.Task;

namespace Avial.Tests.Planning;

/// <summary>The needs of what users write.</summary>
internal sealed class RecordedNeedsTests
{
    private const int N = 16;

    /// <summary>All nodes that run kernels, loop bodies in place of their loops, after the passes.</summary>
    private static List<(Region Region, int Node)> NodesOf(NodeOutput root)
    {
        var nodes = new List<(Region, int)>();
        void Add(Region region)
        {
            for (int n = 0; n < region.Nodes.Length; n++)
            {
                if (region.Nodes[n].Operation is LoopOperation loop)
                {
                    Add(loop.Body);
                }
                else if (!NodeNeeds.Of(region, n).Inputs.IsEmpty)
                {
                    nodes.Add((region, n));
                }
            }
        }
        Add(Optimiser.Optimise(RegionBuilder.OfRoots([root], []).Region, isFusing: true, null));
        return nodes;
    }

    private static string[] TextOf(NodeOutput root) =>
        [.. NodesOf(root).SelectMany(n => NodeNeeds.Of(n.Region, n.Node).Inputs.SelectMany(i => i.Accesses.Select(a => $"{i.Input}: {a}{(a.IsExact ? "" : " at most")}")))];

    private static Box Of(params (long Low, long High)[] axes) => new([.. axes.Select(a => a.Low)], [.. axes.Select(a => a.High)]);

    [Test]
    public void Jacobi_ReadsItsFourNeighbours()
    {
        Array2D<float> state = Array2D.FromIndex((N, N), (i, j) => (float)(i * j));
        Array2D<float> next = Task.Repeat(10, state, (u, t) => Task.On(Cpu).Run(u.Interior(1), (i, j) =>
            0.25f * (u[i - 1, j] + u[i + 1, j] + u[i, j - 1] + u[i, j + 1])).Over(u));

        Assert.That(TextOf(next.Whole), Is.EqualTo(new[]
        {
            "0: [(first0 - 1..=last0 - 1), (first1..=last1)]", "0: [(first0 + 1..=last0 + 1), (first1..=last1)]",
            "0: [(first0..=last0), (first1 - 1..=last1 - 1)]", "0: [(first0..=last0), (first1 + 1..=last1 + 1)]",
        }));
    }

    [Test]
    public void Elimination_ReadsThePivotsRowAndColumn()
    {
        Array2D<double> start = Array2D.FromIndex((N, N), (i, j) => (double)(i + j));
        Array2D<double> lu = Task.Repeat(N - 1, start, (a, t) =>
            Task.On(Cpu).Run(new Domain2D(new(t + 1, N), new(t + 1, N)), (i, j) => a[i, j] - a[i, t] * a[t, j]).Over(a));

        (Region region, int node) = NodesOf(lu.Whole).Single();
        NodeNeeds needs = NodeNeeds.Of(region, node);

        NeedSymbol step = needs.Symbols.Single();
        Assert.That(region.Nodes[node].Inputs[step.Position], Is.EqualTo(GraphValue.Parameter(1)), "the step number");
        Assert.That(needs.PieceDomain(0, [4]), Is.EqualTo(Of((5, N), (5, N))));
        ImmutableArray<NeedFormula> accesses = needs.Inputs.Single().Accesses;
        Assert.That(accesses.Select(a => a.Evaluate(Of((4, 8), (0, N)), [4])),
            Is.EquivalentTo(new Box?[] { Of((5, 8), (5, N)), Of((5, 8), (4, 5)), Of((4, 5), (5, N)) }));
        Assert.That(accesses.Select(a => a.Evaluate(Of((0, 4), (0, N)), [4])), Is.All.Null, "rows above the pivot are done");
        Assert.That(accesses.All(a => a.IsExact && a.DependsOnSymbols), Is.True);
    }

    [Test]
    public void Slice_ThatMovesWithTheStep_IsARow()
    {
        Array2D<int> start = Array2D.FromIndex((N, N), (i, j) => (int)(i + j));
        Array2D<int> shortest = Task.Repeat(N, start, (d, t) =>
        {
            Array1D<int> from = d.Column(t);
            Array1D<int> to = d.Row(t);
            return Task.On(Cpu).Run(d.Domain, (i, j) => Math.Min(d[i, j], from[i] + to[j]));
        });

        Assert.That(TextOf(shortest.Whole), Is.EqualTo(new[]
        {
            "0: [(first0..=last0), (first1..=last1)]", "0: [(first0..=last0), (s0..=s0)] if s0 >= 0 and -s0 + 15 >= 0",
            "0: [(s0..=s0), (first1..=last1)] if s0 >= 0 and -s0 + 15 >= 0",
        }));
    }

    [Test]
    public void ClampedByHand_FollowsThePart()
    {
        Array1D<float> x = Array1D.FromIndex(N, i => (float)i);
        Array1D<float> y = Task.On(Cpu).Run(N, i => Math.Clamp(x[Math.Clamp(i - 1, 0, N - 1)] + x[Math.Max((int)i - 2, 0)], 0f, 1f));

        (Region region, int node) = NodesOf(y.Whole)[^1];
        NodeNeeds needs = NodeNeeds.Of(region, node);

        Assert.That(needs.Inputs.Single().Accesses.Select(a => a.Evaluate(Of((8, 12)), [])), Is.EqualTo(new Box?[] { Of((7, 11)), Of((6, 10)) }));
        Assert.That(needs.Inputs.Single().Accesses.Select(a => a.Evaluate(Of((0, 4)), [])), Is.EqualTo(new Box?[] { Of((0, 3)), Of((0, 2)) }));
    }

    [Test]
    public void SparseProduct_IsIndirectInAllThatDataDecides()
    {
        Array1D<int> rows = Array1D.FromIndex(N + 1, i => (int)i);
        Array1D<int> columns = Array1D.FromIndex(N, i => (int)i);
        Array1D<double> x = Array1D.FromIndex(N, i => (double)i);
        (rows, columns) = (Array1D.From([.. rows]), Array1D.From([.. columns]));
        x = Array1D.From([.. x]);
        Array1D<double> y = Task.On(Cpu).Run(N, i => Sum(rows[i], rows[i + 1], k => x[columns[k]]));

        (Region region, int node) = NodesOf(y.Whole).Single();
        NodeNeeds needs = NodeNeeds.Of(region, node);

        Assert.That(needs.Inputs.Select(i => i.IsIndirect), Is.EquivalentTo(new[] { false, true, true }));
        InputNeeds bounds = needs.Inputs.Single(i => !i.IsIndirect);
        Assert.That(bounds.Hull(Of((4, 8)), []), Is.EqualTo(Of((4, 9))));
        Assert.That(needs.Inputs.Where(i => i.IsIndirect).Select(i => i.Hull(Of((4, 8)), [])), Is.All.EqualTo(Of((0, N))));
    }

    [Test]
    public void Sweep_ReadsItself()
    {
        Array2D<double> start = Array2D.From(new double[N, N]);
        Array2D<double> force = Array2D.From(new double[N, N]);
        Array2D<double> swept = Task.On(Cpu).Sweep(start, start.Interior(1), (u, i, j) => u[i - 1, j] + u[i, j + 1] + force[i, j]);

        (Region region, int node) = NodesOf(swept.Whole).Single();
        NodeNeeds needs = NodeNeeds.Of(region, node);

        InputNeeds self = needs.Inputs.Single(i => i.IsSelf);
        Assert.That(self.Input, Is.EqualTo(((SweepOperation)region.Nodes[node].Operation).Start));
        Assert.That(self.Accesses.Select(a => a.ToString()), Is.EqualTo(new[] { "[(first0 - 1..=last0 - 1), (first1..=last1)]", "[(first0..=last0), (first1 + 1..=last1 + 1)]" }));
        Assert.That(needs.Inputs.Single(i => !i.IsSelf).Accesses.Single().ToString(), Is.EqualTo("[(first0..=last0), (first1..=last1)]"));
    }

    [Test]
    public void CapturedNumbers_DoNotMakeOtherFormulas()
    {
        Array1D<float> x = Array1D.From(new float[N]);
        NodeOutput Shifted(int s) => Task.On(Cpu).Run(N, i => x.Or(0f)[i + s]).Whole;
        (Region one, int n) = NodesOf(Shifted(1)).Single();
        (Region other, int m) = NodesOf(Shifted(5)).Single();

        NodeNeeds needs = NodeNeeds.Of(one, n);

        Assert.That(NodeNeeds.Of(other, m).Inputs.Single().Accesses.Single().ToString(), Is.EqualTo(needs.Inputs.Single().Accesses.Single().ToString()));
        Assert.That(needs.Inputs.Single().Hull(Of((4, 8)), [needs.ValueOf(0, unchecked((uint)-6))]), Is.EqualTo(Of((0, 2))));
    }

    [Test]
    public void FieldsOfAStruct_ReadAtOnePlace_AreOneFormula()
    {
        Array1D<Graph.Cell> cells = Array1D.From(new Graph.Cell[N]);
        Array1D<float> sum = Task.On(Cpu).Run(N, i => cells.Wrap[i - 1].H * cells.Wrap[i - 1].Hu);

        (Region region, int node) = NodesOf(sum.Whole).Single();
        NeedFormula formula = NodeNeeds.Of(region, node).Inputs.Single().Accesses.Single();

        Assert.That(formula.Columns, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(formula.ToString(), Is.EqualTo("[(first0 - 1..=last0 - 1)] wrap"));
        Assert.That(formula.Span.Text, Does.Contain("cells.Wrap[(i - 1)]").Or.Contains("cells.Wrap[i - 1]"));
    }
}
