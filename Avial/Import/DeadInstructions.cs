using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Import;

/// <summary>
/// Removes instructions whose results nobody uses. What may trap stays; of unused reads, one of those of the same place stays, since it may be
/// out of range.
/// </summary>
internal static class DeadInstructions
{
    public static Block Remove(Block block) => Remove(block, []);

    private static Block Remove(Block block, HashSet<int> used)
    {
        Use(used, block.Results);
        var kept = new List<Instruction>();
        for (int i = block.Instructions.Length - 1; i >= 0; i--)
        {
            Instruction instruction = block.Instructions[i];
            if (Effects.MayTrap(instruction) || instruction.Results.Any(r => used.Contains(r.Id)))
            {
                kept.Add(Visit(instruction, used));
            }
        }
        kept.Reverse();
        HashSet<Access> read = [.. kept.OfType<LoadInstruction>().Where(l => used.Contains(l.Result.Id)).Select(l => Place(l.Access))];
        kept.RemoveAll(i => i is LoadInstruction load && !used.Contains(load.Result.Id) && !read.Add(Place(load.Access)));
        return block with { Instructions = [.. kept] };
    }

    private static Access Place(Access access) => access with { Column = 0 };

    private static Instruction Visit(Instruction instruction, HashSet<int> used)
    {
        switch (instruction)
        {
            case UnaryInstruction i:
                Use(used, i.Operand);
                return i;
            case BinaryInstruction i:
                Use(used, i.Left, i.Right);
                return i;
            case CompareInstruction i:
                Use(used, i.Left, i.Right);
                return i;
            case ConvertInstruction i:
                Use(used, i.Operand);
                return i;
            case SelectInstruction i:
                Use(used, i.Condition, i.IfTrue, i.IfFalse);
                return i;
            case FmaInstruction i:
                Use(used, i.A, i.B, i.C);
                return i;
            case MathInstruction i:
                Use(used, i.Arguments);
                return i;
            case RandomInstruction i:
                Use(used, i.Seed, i.Stream, i.Index);
                return i;
            case LoadInstruction i:
                Use(used, i.Access);
                return i;
            case TrapIfInstruction i:
                Use(used, i.Condition);
                Use(used, i.Operands);
                Use(used, i.Details);
                return i;
            case IfInstruction i:
                i = i with { Then = Remove(i.Then, used), Else = Remove(i.Else, used) };
                Use(used, i.Condition);
                return i;
            case ForInstruction i:
                i = i with { Body = Remove(i.Body, used) };
                Use(used, i.From, i.To);
                Use(used, i.Seeds);
                return i;
            case InnerSumInstruction i:
                i = i with { Body = Remove(i.Body, used) };
                Use(used, i.From, i.To);
                return i;
            case WhileInstruction i:
                i = i with { Condition = Remove(i.Condition, used), Body = Remove(i.Body, used) };
                Use(used, i.Seeds);
                return i;
            default:
                return instruction;
        }
    }

    private static void Use(HashSet<int> used, Access access)
    {
        foreach (AffineIndex index in access.Indices.Concat(access.Guard))
        {
            foreach (AffineTerm term in index.Terms)
            {
                used.Add(term.Atom.Id);
            }
        }
        if (access.OrValue is { } value)
        {
            used.Add(value.Id);
        }
    }

    private static void Use(HashSet<int> used, params ReadOnlySpan<Value> values)
    {
        foreach (Value value in values)
        {
            used.Add(value.Id);
        }
    }

    private static void Use(HashSet<int> used, ImmutableArray<Value> values) => Use(used, values.AsSpan());
}
