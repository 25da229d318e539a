using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning;
using Avial.Tests.Generators;
using Avial.Tests.Programs;

namespace Avial.Tests.Planning;

/// <summary>The needs of random kernels and of the nodes of random programs against what is read and against footprints.</summary>
internal sealed class NodeNeedsGeneratedTests
{
    [Test]
    public void Evaluate_GeneratedKernels_HoldsEveryElementTheInterpreterReads([Range(0, 2)] int block, [Values] bool mayTrap)
    {
        int reads = 0;
        for (int seed = block * 40; seed < (block + 1) * 40; seed++)
        {
            GeneratedKernel generated = KernelGenerator.Generate(seed, new KernelGeneratorOptions { MayTrap = mayTrap });
            NodeNeeds needs = Find(generated);
            long[] symbols = [.. needs.Symbols.Select((s, n) => needs.ValueOf(n, generated.Scalars[s.Position]))];
            var recorder = new RecordingOperands(new GeneratedOperands(generated));
            var interpreter = new KernelInterpreter(generated.Kernel, recorder);
            Box part = PartOf(new Random(seed), generated.Domain);
            foreach (long[] point in PointsOf(part))
            {
                interpreter.TryRun(point, generated.Scalars.AsSpan(), new ulong[generated.Kernel.Body.Results.Length], out _);
            }
            foreach ((int operand, int column, long[] place) in recorder.Reads)
            {
                reads++;
                bool isHeld = needs.Find(operand)!.Accesses.Any(a => a.Columns.Contains(column) && a.Evaluate(part, symbols) is { } box && Holds(box, place, a, generated.Extents[operand]));
                Assert.That(isHeld, Is.True, () => $"column {column} of operand {operand} at [{string.Join(", ", place)}] in {part}: {string.Join("; ", needs.Find(operand)!.Accesses)}\n{generated}");
            }
        }
        Assert.That(reads, Is.GreaterThan(100));
    }

    [Test]
    public void Of_ProgramsAtWhole_HoldsTheFootprints([Range(0, 1)] int block)
    {
        int formulas = 0;
        for (int seed = block * 60; seed < (block + 1) * 60; seed++)
        {
            GeneratedProgram program = ProgramGenerator.Generate(seed);
            Check(Optimiser.Optimise(program.Region, isFusing: true, null), seed, ref formulas);
        }
        Assert.That(formulas, Is.GreaterThan(150));
    }

    private static void Check(Region region, int seed, ref int formulas)
    {
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            if (node.Operation is LoopOperation loop)
            {
                Check(loop.Body, seed, ref formulas);
            }
            NodeNeeds needs = NodeNeeds.Of(region, n);
            ImmutableArray<KernelUse> uses = Kernels.UsesOf(node.Operation);
            long[] least = [.. needs.Symbols.Select(_ => 0L)];
            long[] most = [.. needs.Symbols.Select((_, s) => needs.ValueOf(s, 1))];
            for (int piece = 0; piece < uses.Length; piece++)
            {
                IterationDomain domain = Kernels.DomainsOf(node.Operation)[piece];
                // Symbols at 0 and 1: without a captured number, so that only the symbols' values decide.
                Footprints footprints = Footprints.Of(new BoundsQuery
                {
                    Use = uses[piece],
                    Domain = domain,
                    Inputs = (ArrayType[])[.. node.Inputs.Select(region.TypeOf)],
                    Symbols = (SymbolRange[])[.. needs.Symbols.Where(s => s.Kind == ArgumentKind.Input && s.Column == 0).Select(s => new SymbolRange(s.Position, 0, 1))],
                });
                ImmutableArray<LoadSite> loads = KernelStructure.Of(uses[piece].Kernel).Loads;
                Box whole = new([.. domain.Axes.Select(_ => -1000L)], [.. domain.Axes.Select(_ => 1000L)]);
                foreach (NeedFormula formula in needs.Inputs.Where(i => i.Piece == piece).SelectMany(i => i.Accesses))
                {
                    formulas++;
                    Box? box = formula.Hull(whole, least, most);
                    foreach (Footprint footprint in formula.Sites.Select(s => footprints.Accesses[loads.IndexOf(s)]).Where(f => f.IsExact))
                    {
                        bool isWrapping = formula.IsWrapping.Contains(true);
                        Assert.That(footprint.Box is null || box is { } b && (isWrapping || b.Contains(footprint.Box.Value)), Is.True,
                            $"seed {seed}: {formula} gives {box}, the footprint is {footprint}\n{node}");
                        Assert.That(!formula.IsExact || !needs.Symbols.IsEmpty || isWrapping || box == footprint.Box, Is.True,
                            $"seed {seed}: {formula} gives {box}, the footprint is {footprint}\n{node}");
                    }
                }
            }
        }
    }

    private static NodeNeeds Find(GeneratedKernel generated)
    {
        ImmutableArray<KernelArgument> arguments = [.. Enumerable.Range(0, generated.Scalars.Length).Select(p => new KernelArgument(ArgumentKind.Scalar, p))];
        var use = new KernelUse(generated.Kernel, [.. Enumerable.Range(0, generated.Extents.Length)], arguments);
        var domain = new IterationDomain([.. generated.Domain.Low.Zip(generated.Domain.High, (l, h) => new AxisRange(l, h))]);
        var operation = new ReduceOperation(domain, use, [.. Enumerable.Range(0, domain.Rank)], new Combiner(CombinerKind.Sum)) { Outputs = [Scalar] };
        return NodeNeeds.Of(operation, [.. generated.Extents.Select(e => new ArrayType(ElementLayout.Of(typeof(float)), e))], SourceSpan.None);
    }

    private static ArrayType Scalar { get; } = new(ElementLayout.Of(typeof(float)), []);

    private static Box PartOf(Random pick, Box box)
    {
        long[] low = [.. box.Low.Zip(box.High, (l, h) => l + pick.NextInt64(h - l))];
        return new Box([.. low], [.. low.Zip(box.High, (l, h) => l + 1 + pick.NextInt64(h - l))]);
    }

    private static IEnumerable<long[]> PointsOf(Box box)
    {
        IEnumerable<long[]> points = [[]];
        for (int axis = 0; axis < box.Rank; axis++)
        {
            (long low, long high) = (box.Low[axis], box.High[axis]);
            points = points.SelectMany(p => Enumerable.Range(0, (int)(high - low)).Select(i => (long[])[.. p, low + i]));
        }
        return points;
    }

    private static bool Holds(Box box, long[] place, NeedFormula formula, ImmutableArray<long> extents)
    {
        for (int axis = 0; axis < place.Length; axis++)
        {
            long at = place[axis];
            if (formula.IsWrapping[axis])
            {
                at += (long)Math.Ceiling((box.Low[axis] - at) / (double)extents[axis]) * extents[axis];
            }
            if (at < box.Low[axis] || at >= box.High[axis])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Notes which elements are read.</summary>
    private sealed class RecordingOperands(IKernelOperands operands) : IKernelOperands
    {
        public HashSet<(int Operand, int Column, string Place)> Seen { get; } = [];

        public List<(int Operand, int Column, long[] Place)> Reads { get; } = [];

        public long Extent(int operand, int axis) => operands.Extent(operand, axis);

        public ulong Read(int operand, int column, ReadOnlySpan<long> index)
        {
            if (Seen.Add((operand, column, string.Join(", ", index.ToArray()))))
            {
                Reads.Add((operand, column, index.ToArray()));
            }
            return operands.Read(operand, column, index);
        }
    }
}
