using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// What integer values depend on, through integer and boolean arithmetic: scalar parameters, and the data (loads, floats, values carried
/// by loops) they come from. Floats are not followed: analysis knows nothing of them.
/// </summary>
internal sealed class ValueClosure
{
    private readonly KernelStructure _structure;
    private readonly HashSet<int> _seen = [];

    public ValueClosure(KernelStructure structure) => _structure = structure;

    /// <summary>Positions in <see cref="Kernel.Parameters"/>.</summary>
    public SortedSet<int> Parameters { get; } = [];

    /// <summary>Ids of values that are data.</summary>
    public HashSet<int> Data { get; } = [];

    public void Add(AffineIndex index)
    {
        foreach (AffineTerm term in index.Terms)
        {
            Add(term.Atom);
        }
    }

    public void Add(Value value)
    {
        if (!_seen.Add(value.Id))
        {
            return;
        }
        if (value.Type.IsFloat())
        {
            Data.Add(value.Id);
            return;
        }
        Definition definition = _structure[value];
        switch (definition.Kind)
        {
            case DefinitionKind.Parameter:
                Parameters.Add(definition.Number);
                return;
            case DefinitionKind.Induction:
                AddBounds(definition.Instruction!);
                return;
            case DefinitionKind.Carried:
                Data.Add(value.Id);
                AddResult(definition.Instruction!, definition.Number);
                return;
            case DefinitionKind.Result:
                AddResult(definition.Instruction!, definition.Number);
                if (definition.Instruction is LoadInstruction or RandomInstruction or ForInstruction or WhileInstruction)
                {
                    Data.Add(value.Id);
                }
                return;
        }
    }

    /// <summary>The bounds of a loop.</summary>
    public void AddBounds(Instruction loop)
    {
        (Value from, Value to) = IndexFacts.BoundsOf(loop);
        Add(from);
        Add(to);
    }

    private void AddResult(Instruction instruction, int number)
    {
        switch (instruction)
        {
            case UnaryInstruction unary:
                Add(unary.Operand);
                break;
            case BinaryInstruction binary:
                Add(binary.Left);
                Add(binary.Right);
                break;
            case CompareInstruction compare:
                Add(compare.Left);
                Add(compare.Right);
                break;
            case ConvertInstruction convert:
                Add(convert.Operand);
                break;
            case SelectInstruction select:
                Add(select.Condition);
                Add(select.IfTrue);
                Add(select.IfFalse);
                break;
            case MathInstruction math:
                foreach (Value argument in math.Arguments)
                {
                    Add(argument);
                }
                break;
            case IfInstruction choice:
                Add(choice.Condition);
                Add(choice.Then.Results[number]);
                Add(choice.Else.Results[number]);
                break;
            case ForInstruction loop:
                AddBounds(loop);
                Add(loop.Seeds[number]);
                Add(loop.Body.Results[number]);
                break;
            case WhileInstruction loop:
                Add(loop.Seeds[number]);
                Add(loop.Condition.Results[0]);
                Add(loop.Body.Results[number]);
                break;
        }
    }
}
