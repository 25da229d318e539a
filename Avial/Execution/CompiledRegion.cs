using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Lowering;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;
using Avial.Planning;

namespace Avial.Execution;

/// <summary>One node ready to run: where its values are, what may be written over, and its compiled code or body.</summary>
internal sealed class CompiledNode
{
    public required GraphNode Node { get; init; }

    /// <summary>The position of each input among the region's values.</summary>
    public required int[] Inputs { get; init; }

    /// <summary>The position of the first output.</summary>
    public required int FirstOutput { get; init; }

    /// <summary>
    /// For each output, the input whose elements it starts from (the base of a map, the target of a scatter, the start of a sweep), or -1. When that input dies here,
    /// its memory is written over instead of copied, unless <see cref="MayOverwrite"/> says that the kernel still reads it there.
    /// </summary>
    public required int[] StartsFrom { get; init; }

    /// <summary>For each output, whether its start may be written over in place.</summary>
    public required bool[] MayOverwrite { get; init; }

    /// <summary>For each output, whether the kernel reads its start in the output's own memory, which must hold all of it.</summary>
    public required bool[] ReadsInPlace { get; init; }

    /// <summary>For each carried input of a loop, whether its value dies here and nothing else that the loop is given shows the same memory.</summary>
    public required bool[] HandsOver { get; init; }

    /// <summary>The values that nobody needs after this node.</summary>
    public required int[] Dying { get; init; }

    /// <summary>The compiled stages; null for loops, calls, files and reshapes.</summary>
    public CompiledOperation? Code { get; init; }

    /// <summary>The body of a loop.</summary>
    public CompiledRegion? Body { get; init; }

    /// <summary>The domains of the operation.</summary>
    public required ImmutableArray<IterationDomain> Domains { get; init; }
}

/// <summary>A region ready to run: values are numbered parameters first, then the outputs of the nodes in order.</summary>
internal sealed class CompiledRegion
{
    private CompiledRegion(Region region, CompiledNode[] nodes, int[] results, int valueCount)
    {
        Region = region;
        Nodes = nodes;
        Results = results;
        ValueCount = valueCount;
    }

    public Region Region { get; }

    public CompiledNode[] Nodes { get; }

    /// <summary>The position of each result.</summary>
    public int[] Results { get; }

    public int ValueCount { get; }

    /// <summary>True when some task could stop the run.</summary>
    public bool CanTrap { get; private init; }

    public static CompiledRegion Compile(Region region, ICodeGenerator generator)
    {
        var firstOutput = new int[region.Nodes.Length];
        int next = region.Parameters.Length;
        for (int n = 0; n < firstOutput.Length; n++)
        {
            firstOutput[n] = next;
            next += region.Nodes[n].Operation.Outputs.Length;
        }
        int[] results = [.. region.Results.Select(Position)];
        int[] owners = OwnersOf(region, Position, next);
        int[][] dying = DyingAfter(region, results, owners, Position);
        CompiledNode[] nodes = [.. region.Nodes.Select((node, n) => CompileNode(region, node, [.. node.Inputs.Select(Position)], firstOutput[n], dying[n], owners, generator))];
        return new CompiledRegion(region, nodes, results, next)
        {
            CanTrap = nodes.Any(n => n.Body is { } body ? body.CanTrap : MayTrap(n.Node.Operation)),
        };

        int Position(GraphValue value) => value.IsParameter ? value.Output : firstOutput[value.Node] + value.Output;
    }

    private static CompiledNode CompileNode(Region region, GraphNode node, int[] inputs, int firstOutput, int[] dying, int[] owners, ICodeGenerator generator)
    {
        int[] memory = [.. inputs.Select(i => owners[i])];
        int[] startsFrom = StartsFromOf(node.Operation);
        bool[] dies = [.. startsFrom.Select(input => input >= 0 && dying.Contains(inputs[input]))];
        bool[] isRead = [.. startsFrom.Select(input => input >= 0 && IsAlsoRead(node, memory, input))];
        bool[] readsInPlace = [.. startsFrom.Select((input, output) => dies[output] && isRead[output] && InPlaceReads.MayOverwrite(region, node, input))];
        return new CompiledNode
        {
            Node = node,
            Inputs = inputs,
            FirstOutput = firstOutput,
            StartsFrom = startsFrom,
            MayOverwrite = [.. dies.Select((d, output) => d && (!isRead[output] || readsInPlace[output]))],
            ReadsInPlace = readsInPlace,
            HandsOver = node.Operation is LoopOperation carrying ? [.. memory.Take(carrying.Carried).Select((m, k) => m == inputs[k] && dying.Contains(m) && memory.Count(o => o == m) == 1)] : [],
            Dying = dying,
            Domains = Kernels.DomainsOf(node.Operation),
            Code = node.Operation is MapOperation or FillOperation or ReduceOperation or ScanOperation or ScatterOperation or SweepOperation
                ? CompileStages(node, InPlaceInputs.Of(node, [.. startsFrom.Select((input, output) => readsInPlace[output] ? input : -1)]), generator) : null,
            Body = node.Operation is LoopOperation loop ? Compile(loop.Body, generator) : null,
        };
    }

    private static CompiledOperation CompileStages(GraphNode node, InPlaceInputs inPlace, ICodeGenerator generator)
    {
        LoweredOperation lowered = OperationLowering.Lower(node, inPlace);
        DebugPrinter.Source(node, lowered);
        return CompiledOperation.Compile(lowered, generator);
    }

    private static int[] StartsFromOf(Operation operation) => operation switch
    {
        MapOperation { Bases.Length: > 0 } map => [.. map.Bases],
        ScatterOperation scatter => [scatter.Into],
        SweepOperation sweep => [sweep.Start],
        _ => [.. Enumerable.Repeat(-1, operation.Outputs.Length)],
    };

    /// <summary>
    /// True when the kernel also reads the memory that an output would be written over (beyond a sweep's own array): buffers of one call never
    /// share memory, so that code generators may say so. <paramref name="memory"/> says for each input whose memory it shows.
    /// </summary>
    private static bool IsAlsoRead(GraphNode node, int[] memory, int start)
    {
        foreach (KernelUse use in Kernels.UsesOf(node.Operation))
        {
            for (int operand = 0; operand < use.Operands.Length; operand++)
            {
                if (memory[use.Operands[operand]] == memory[start] && !FusedNode.IsSelf(node.Operation, operand))
                {
                    return true;
                }
            }
        }
        // Another output that starts from the same memory would see this one's elements; a parameter is read again by every stage.
        return StartsFromOf(node.Operation).Count(s => s >= 0 && memory[s] == memory[start]) > 1
            || Kernels.UsesOf(node.Operation).Any(u => u.Arguments.Any(a => a.Kind == ArgumentKind.Input && memory[a.Position] == memory[start]));
    }

    /// <summary>For each value, the one whose memory it shows: a reshape its input's.</summary>
    private static int[] OwnersOf(Region region, Func<GraphValue, int> position, int valueCount)
    {
        int[] owners = [.. Enumerable.Range(0, valueCount)];
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            if (region.Nodes[n].Operation is ReshapeOperation)
            {
                owners[position(new GraphValue(n, 0))] = owners[position(region.Nodes[n].Inputs[0])];
            }
        }
        return owners;
    }

    /// <summary>For each node, the values that nobody needs after it. Memory lives as long as anything that shows it.</summary>
    private static int[][] DyingAfter(Region region, int[] results, int[] owner, Func<GraphValue, int> position)
    {
        var lastUse = new int[owner.Length];
        Array.Fill(lastUse, -1);
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            GraphNode node = region.Nodes[n];
            foreach (GraphValue input in node.Inputs)
            {
                lastUse[owner[position(input)]] = n;
            }
            for (int output = 0; output < node.Operation.Outputs.Length; output++)
            {
                int value = position(new GraphValue(n, output));
                lastUse[owner[value]] = Math.Max(n, lastUse[owner[value]]);
            }
        }
        foreach (int result in results)
        {
            lastUse[owner[result]] = int.MaxValue;
        }
        var dying = new List<int>[region.Nodes.Length];
        for (int n = 0; n < dying.Length; n++)
        {
            dying[n] = [];
        }
        for (int v = 0; v < owner.Length; v++)
        {
            if (owner[v] == v && lastUse[v] is >= 0 and < int.MaxValue)
            {
                dying[lastUse[v]].Add(v);
            }
        }
        return [.. dying.Select(d => d.ToArray())];
    }

    private static bool MayTrap(Operation operation) => operation switch
    {
        ScatterOperation => true,
        ReduceOperation { Combiner.Kind: CombinerKind.Min or CombinerKind.Max or CombinerKind.ArgMin or CombinerKind.ArgMax } => true,
        _ => Kernels.UsesOf(operation).Any(u => Kernels.CanTrap(u.Kernel))
            || operation is ReduceOperation { Combiner.Fold: { } fold } && Kernels.CanTrap(fold),
    };
}
