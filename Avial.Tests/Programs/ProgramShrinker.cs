using System.Collections.Immutable;
using Avial.Backends.Interpreters;
using Avial.Execution;
using Avial.Graph;
using Avial.Import;
using Avial.IR;
using Avial.Passes;

namespace Avial.Tests.Programs;

/// <summary>Makes a failing program smaller while it fails: fewer results, tasks turned into data, fewer steps and pieces, constants for instructions.</summary>
internal static class ProgramShrinker
{
    private const int MostTries = 400;

    /// <summary>The smallest program found for which <paramref name="fails"/> still holds.</summary>
    public static GeneratedProgram Shrink(GeneratedProgram program, Predicate<GeneratedProgram> fails)
    {
        int tries = 0;
        bool isSmaller = true;
        while (isSmaller)
        {
            isSmaller = false;
            foreach (Func<GeneratedProgram> make in Candidates(program))
            {
                if (tries++ > MostTries)
                {
                    return program;
                }
                if (Try(make, fails) is { } smaller)
                {
                    (program, isSmaller) = (smaller, true);
                    break;
                }
            }
        }
        return program;
    }

    private static GeneratedProgram? Try(Func<GeneratedProgram> make, Predicate<GeneratedProgram> fails)
    {
        try
        {
            GeneratedProgram candidate = make();
            return GraphVerifier.Verify(candidate.Region, candidate.Scalars.Length).IsEmpty && fails(candidate) ? candidate : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Not a program any more.
            return null;
        }
    }

    private static IEnumerable<Func<GeneratedProgram>> Candidates(GeneratedProgram program)
    {
        Region region = program.Region;
        for (int r = 0; r < region.Results.Length && region.Results.Length > 1; r++)
        {
            int dropped = r;
            yield return () => program with { Region = RemoveDeadTasks.Apply(region with { Results = region.Results.RemoveAt(dropped) }) };
        }
        if (RemoveDeadTasks.Apply(region) is var live && live.Nodes.Length < region.Nodes.Length)
        {
            yield return () => program with { Region = live };
        }
        if (WithoutUnusedParameters(program) is var needed && needed.Sources.Length < program.Sources.Length)
        {
            yield return () => needed;
        }
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            int number = n;
            if (!RegionEdit.HasEffect(region.Nodes[n].Operation))
            {
                yield return () => AsData(program, number);
            }
        }
        for (int n = 0; n < region.Nodes.Length; n++)
        {
            int number = n;
            GraphNode node = region.Nodes[n];
            foreach (Operation smaller in Smaller(node.Operation))
            {
                yield return () => program with { Region = region with { Nodes = region.Nodes.SetItem(number, node with { Operation = smaller }) } };
            }
            if (node.Operation is LoopOperation && program.Scalars[node.Scalars[0]] > 1)
            {
                yield return () => program with { Scalars = program.Scalars.SetItem(node.Scalars[0], program.Scalars[node.Scalars[0]] - 1) };
            }
        }
    }

    /// <summary>A node's values, computed by the interpreter, in place of the node.</summary>
    private static GeneratedProgram AsData(GeneratedProgram program, int number)
    {
        Region region = program.Region;
        ImmutableArray<ArrayType> outputs = region.Nodes[number].Operation.Outputs;
        Region upTo = region with { Nodes = region.Nodes[..(number + 1)], Results = [.. outputs.Select((_, o) => new GraphValue(number, o))] };
        Storage[] values = GraphInterpreter.Run(upTo, program.Sources.AsSpan(), program.Scalars.AsSpan());
        int first = region.Parameters.Length;
        Region replaced = region with { Parameters = region.Parameters.AddRange(outputs) };
        replaced = RegionEdit.Prune(replaced, replaced.Nodes, value => value.Node == number ? GraphValue.Parameter(first + value.Output) : value);
        return program with { Region = replaced, Sources = program.Sources.AddRange(values) };
    }

    private static GeneratedProgram WithoutUnusedParameters(GeneratedProgram program)
    {
        Region region = program.Region;
        int[] kept = [.. Enumerable.Range(0, region.Parameters.Length)
            .Where(p => region.Results.Contains(GraphValue.Parameter(p)) || region.Nodes.Any(n => n.Inputs.Contains(GraphValue.Parameter(p))))];
        return program with
        {
            Region = new Region([.. kept.Select(p => region.Parameters[p])], [.. region.Nodes.Select(n => n with { Inputs = [.. n.Inputs.Select(Renumber)] })], [.. region.Results.Select(Renumber)]),
            Sources = [.. kept.Select(p => program.Sources[p])],
        };

        GraphValue Renumber(GraphValue value) => value.IsParameter ? GraphValue.Parameter(Array.IndexOf(kept, value.Output)) : value;
    }

    private static IEnumerable<Operation> Smaller(Operation operation)
    {
        if (operation is CallOperation { IsEffect: true } call)
        {
            yield return call with { IsEffect = false };
        }
        if (operation is LoopOperation loop)
        {
            if (RemoveDeadTasks.Apply(loop.Body) is var live && live.Nodes.Length < loop.Body.Nodes.Length)
            {
                yield return loop with { Body = live };
            }
            for (int n = 0; n < loop.Body.Nodes.Length; n++)
            {
                foreach (Operation smaller in Smaller(loop.Body.Nodes[n].Operation))
                {
                    yield return loop with { Body = loop.Body with { Nodes = loop.Body.Nodes.SetItem(n, loop.Body.Nodes[n] with { Operation = smaller }) } };
                }
                // A later node reads what this one reads.
                foreach (GraphValue input in loop.Body.Nodes[n].Inputs)
                {
                    int number = n;
                    if (loop.Body.Nodes[n].Operation.Outputs.Length == 1 && loop.Body.TypeOf(input).Equals(loop.Body.Nodes[n].Operation.Outputs[0]))
                    {
                        yield return loop with { Body = RegionEdit.Prune(loop.Body, loop.Body.Nodes, value => value.Node == number ? input : value) };
                    }
                }
            }
        }
        if (operation is MapOperation { Pieces.Length: > 1 } map)
        {
            for (int k = 0; k < map.Pieces.Length; k++)
            {
                yield return map with { Pieces = map.Pieces.RemoveAt(k) };
            }
        }
        ImmutableArray<KernelUse> uses = Kernels.UsesOf(operation);
        for (int k = 0; k < uses.Length; k++)
        {
            foreach (Block smaller in Smaller(uses[k].Kernel.Body))
            {
                Block body = DeadInstructions.Remove(smaller);
                yield return Kernels.WithUses(operation, uses.SetItem(k, uses[k] with { Kernel = uses[k].Kernel with { Body = body } }));
            }
        }
    }

    private static IEnumerable<Block> Smaller(Block block)
    {
        for (int i = block.Instructions.Length - 1; i >= 0; i--)
        {
            Instruction instruction = block.Instructions[i];
            yield return block with { Instructions = block.Instructions.RemoveAt(i) };
            // Indices stay: what is proved of them must go on to hold.
            if (instruction is not ConstantInstruction && instruction.Results.All(r => r.Type != ScalarType.I64))
            {
                ImmutableArray<Instruction> constants = [.. instruction.Results.Select(r => new ConstantInstruction(r, 1))];
                yield return block with { Instructions = [.. block.Instructions[..i], .. constants, .. block.Instructions[(i + 1)..]] };
            }
            if (instruction is IfInstruction branch)
            {
                foreach (Block then in Smaller(branch.Then))
                {
                    yield return block with { Instructions = block.Instructions.SetItem(i, branch with { Then = then }) };
                }
                foreach (Block otherwise in Smaller(branch.Else))
                {
                    yield return block with { Instructions = block.Instructions.SetItem(i, branch with { Else = otherwise }) };
                }
            }
            if (instruction is ForInstruction loop)
            {
                foreach (Block body in Smaller(loop.Body))
                {
                    yield return block with { Instructions = block.Instructions.SetItem(i, loop with { Body = body }) };
                }
            }
            if (instruction is InnerSumInstruction sum)
            {
                foreach (Block body in Smaller(sum.Body))
                {
                    yield return block with { Instructions = block.Instructions.SetItem(i, sum with { Body = body }) };
                }
            }
        }
    }
}
