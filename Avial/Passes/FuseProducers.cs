using Avial.Graph;
using Avial.IR;

namespace Avial.Passes;

/// <summary>
/// Puts the bodies of maps and fills in place of the reads of their results, so that chains of tasks make one pass over memory and intermediates have none. A
/// producer is fused into all its readers or into none; computing again must be cheaper than a round trip through memory.
/// <code>p = map i { x[i] + 1 }; q = map i { p[i] * 2 }  →  q = map i { (x[i] + 1) * 2 }</code>
/// </summary>
internal static class FuseProducers
{
    private const int MostInstructions = 300; // beyond it the compiler's time and spills cost more than the pass over memory saves
    private const int CheapCost = 24; // additions computed again for about the price of a load and a store out of cache
    private const int InnerLoopWeight = 64; // a read in an inner loop counts as this many places

    /// <param name="region">The region.</param>
    /// <param name="fusesTraps">Whether tasks that may trap are fused too: then a trap does not say which task it belongs to.</param>
    public static Region Apply(Region region, bool fusesTraps)
    {
        var readers = new Readers(region);
        var isFused = new bool[region.Nodes.Length];
        GraphNode[] nodes = [.. region.Nodes];
        var facts = new FusionFacts[nodes.Length];
        for (int n = 0; n < nodes.Length; n++)
        {
            if (readers.OnlyLink(nodes[n], isFused) is { } link && facts[link].Then(nodes[n]) is { IsBuiltLater: true } guess)
            {
                facts[n] = guess;
            }
            else
            {
                Build(n);
            }
            isFused[n] = IsWorthFusing(nodes[n], n, readers, facts[n], fusesTraps);
            if (!isFused[n] && facts[n].IsBuiltLater)
            {
                Build(n);
            }
        }
        return isFused.Contains(true) ? RegionEdit.Prune(region, [.. nodes], static value => value) : region;

        void Build(int n)
        {
            nodes[n] = FusedNode.Build(region, nodes, nodes[n], value => !value.IsParameter && isFused[value.Node]);
            facts[n] = FusionFacts.Of(nodes[n]);
        }
    }

    private static bool IsWorthFusing(GraphNode node, int number, Readers readers, FusionFacts facts, bool fusesTraps)
    {
        Readers.Summary summary = readers.Of(number);
        if (!summary.OnlyKernels || !summary.IsProven || summary.Places == 0)
        {
            return false;
        }
        if (node.Operation is FillOperation)
        {
            return true;
        }
        if (node.Operation is not MapOperation { Pieces.Length: 1, Bases.Length: 0 } || summary.HasDataIndex)
        {
            return false;
        }
        if (!readers.NodesReading(number).All(r => r.Target == node.Target && r.Precision == node.Precision))
        {
            return false;
        }
        if (facts.CanTrap && !(fusesTraps && summary.Places == 1 && summary.IsWholeAndUnguarded))
        {
            return false;
        }
        if (facts.Size * summary.Places + readers.LargestReader(number) > MostInstructions)
        {
            return false;
        }
        return (summary.Weight <= 1 && !summary.IsRepeated) || facts.Cost * summary.Weight <= CheapCost;
    }

    /// <summary>Who reads each node's results, and how.</summary>
    private sealed class Readers
    {
        private readonly Region _region;
        private readonly List<(int Reader, KernelUse Use, int Operand)>[] _reads;
        private readonly bool[] _isWhole;

        public Readers(Region region)
        {
            _region = region;
            int count = region.Nodes.Length;
            _reads = [.. Enumerable.Range(0, count).Select(_ => new List<(int, KernelUse, int)>())];
            _isWhole = new bool[count];
            foreach (GraphValue result in region.Results)
            {
                MarkWhole(result);
            }
            for (int n = 0; n < count; n++)
            {
                GraphNode node = region.Nodes[n];
                foreach (int position in InputPositions.Whole(node.Operation, node.Inputs.Length))
                {
                    MarkWhole(node.Inputs[position]);
                }
                foreach (KernelUse use in Kernels.UsesOf(node.Operation))
                {
                    for (int k = 0; k < use.Operands.Length; k++)
                    {
                        GraphValue value = node.Inputs[use.Operands[k]];
                        if (!value.IsParameter && !FusedNode.IsSelf(node.Operation, k))
                        {
                            _reads[value.Node].Add((n, use, k));
                        }
                    }
                }
            }
        }

        public IEnumerable<GraphNode> NodesReading(int node) => _reads[node].Select(r => _region.Nodes[r.Reader]);

        /// <summary>
        /// The one fused producer that this node reads, if it reads it at one place and nobody else does: a link of a chain, whose size is known without building it.
        /// </summary>
        public int? OnlyLink(GraphNode node, bool[] isFused)
        {
            if (node.Operation is not MapOperation { Pieces.Length: 1, Bases.Length: 0 })
            {
                return null;
            }
            int? link = null;
            foreach (GraphValue input in node.Inputs)
            {
                if (input.IsParameter || !isFused[input.Node])
                {
                    continue;
                }
                if (link is not null || _reads[input.Node].Count != 1 || _region.Nodes[input.Node].Operation is not MapOperation || Of(input.Node).Places != 1)
                {
                    return null;
                }
                link = input.Node;
            }
            return link;
        }

        /// <summary>The size of the largest reader, as recorded.</summary>
        public int LargestReader(int node)
        {
            int largest = 0;
            foreach ((int reader, _, _) in _reads[node])
            {
                largest = Math.Max(largest, Kernels.UsesOf(_region.Nodes[reader].Operation).Sum(u => Kernels.Size(u.Kernel)));
            }
            return largest;
        }

        public Summary Of(int node)
        {
            var places = new HashSet<(int, string)>();
            var summary = new Summary { OnlyKernels = !_isWhole[node], IsProven = true, IsWholeAndUnguarded = true };
            foreach ((int reader, KernelUse use, int operand) in _reads[node])
            {
                var affine = new HashSet<int>(use.Kernel.Body.Parameters.Select(p => p.Id));
                Visit(use.Kernel.Body, operand, affine, depth: 0, loops: 0, use.Kernel, reader, places, summary);
            }
            summary.Places = places.Count;
            return summary;
        }

        private static void Visit(Block block, int operand, HashSet<int> affine, int depth, int loops, Kernel kernel, int reader, HashSet<(int, string)> places, Summary summary)
        {
            foreach (Instruction instruction in block.Instructions)
            {
                switch (instruction)
                {
                    case ExtentInstruction extent:
                        affine.Add(extent.Result.Id);
                        break;
                    case LoadInstruction load when load.Access.Operand == operand:
                        Note(load.Access, affine, depth, loops, kernel, reader, places, summary);
                        break;
                    case ForInstruction or InnerSumInstruction:
                        foreach (Block body in instruction.Blocks())
                        {
                            affine.Add(body.Parameters[0].Id);
                            Visit(body, operand, affine, depth + 1, loops + 1, kernel, reader, places, summary);
                        }
                        break;
                    default:
                        foreach (Block body in instruction.Blocks())
                        {
                            Visit(body, operand, affine, depth + 1, loops + (instruction is WhileInstruction ? 1 : 0), kernel, reader, places, summary);
                        }
                        break;
                }
            }
        }

        private static void Note(Access access, HashSet<int> affine, int depth, int loops, Kernel kernel, int reader, HashSet<(int, string)> places, Summary summary)
        {
            summary.OnlyKernels &= access.Border == BorderKind.None;
            summary.IsProven &= access.Proof == BoundsProof.Proven;
            summary.HasDataIndex |= access.Indices.Any(i => i.Terms.Any(t => !affine.Contains(t.Atom.Id)));
            summary.IsWholeAndUnguarded &= depth == 0 && IsPermutation(access, kernel);
            summary.IsRepeated |= IsBroadcast(access, kernel);
            if (places.Add((reader, string.Join(",", access.Indices))))
            {
                summary.Weight += loops == 0 ? 1 : InnerLoopWeight;
            }
        }

        /// <summary>True when every element is read at exactly one index: each axis by one index variable, ± 1 times.</summary>
        private static bool IsPermutation(Access access, Kernel kernel)
        {
            var used = new HashSet<int>();
            foreach (AffineIndex index in access.Indices)
            {
                if (index.Terms.Length != 1 || Math.Abs(index.Terms[0].Coefficient) != 1 || !used.Add(index.Terms[0].Atom.Id))
                {
                    return false;
                }
            }
            return used.Count == kernel.Rank && kernel.Body.Parameters.Take(kernel.Rank).All(p => used.Contains(p.Id));
        }

        /// <summary>True when many indices of the reader read one element: there are more of them than axes, or one is not used.</summary>
        private static bool IsBroadcast(Access access, Kernel kernel)
        {
            if (access.Indices.Length < kernel.Rank)
            {
                return true;
            }
            for (int axis = 0; axis < kernel.Rank; axis++)
            {
                if (!access.Indices.Any(index => index.Terms.Any(t => t.Atom.Id == kernel.Indices[axis].Id)))
                {
                    return true;
                }
            }
            return false;
        }

        private void MarkWhole(GraphValue value)
        {
            if (!value.IsParameter)
            {
                _isWhole[value.Node] = true;
            }
        }

        public sealed class Summary
        {
            /// <summary>Read through kernels without borders only.</summary>
            public bool OnlyKernels { get; set; }

            /// <summary>Every read is proven to stay inside: the check of another one would go with the array.</summary>
            public bool IsProven { get; set; }

            /// <summary>Some read's index comes from data.</summary>
            public bool HasDataIndex { get; set; }

            /// <summary>Every read is unconditional and visits each element once.</summary>
            public bool IsWholeAndUnguarded { get; set; }

            /// <summary>Some element is read at many indices: computing it there again must be cheap even in one place.</summary>
            public bool IsRepeated { get; set; }

            /// <summary>Distinct (reader, index) pairs.</summary>
            public int Places { get; set; }

            /// <summary>The same, with inner loops weighted.</summary>
            public int Weight { get; set; }
        }
    }
}
