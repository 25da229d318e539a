namespace Avial.IR;

/// <summary>Coefficient × value.</summary>
internal readonly record struct LinearTerm(Value Atom, long Coefficient);

/// <summary>A 64-bit integer value as a sum: terms by the numbers of their values, each once and not zero, and a constant. Arithmetic wraps, so sums may be taken apart in any way.</summary>
internal sealed class LinearForm
{
    // Deeper trees cost recursion and gain nothing.
    private const int DeepestTree = 40;

    private readonly SortedDictionary<int, LinearTerm> _terms = [];

    private LinearForm()
    {
    }

    public IEnumerable<LinearTerm> Terms => _terms.Values.Where(t => t.Coefficient != 0);

    public long Constant { get; private set; }

    /// <summary>Takes a value apart.</summary>
    /// <param name="value">The value.</param>
    /// <param name="definition">The instruction that defines a value, or null where that is not to be looked into.</param>
    public static LinearForm Of(Value value, Func<Value, Instruction?> definition)
    {
        var form = new LinearForm();
        form.Add(value, 1, definition, 0);
        return form;
    }

    /// <summary>How much more than the other this is, where that is a constant.</summary>
    public long? Minus(LinearForm other) => Terms.SequenceEqual(other.Terms) ? Constant - other.Constant : null;

    private void Add(Value value, long factor, Func<Value, Instruction?> definition, int depth)
    {
        Instruction? source = depth < DeepestTree ? definition(value) : null;
        switch (source)
        {
            case ConstantInstruction c:
                Constant += factor * (long)c.Bits;
                return;
            case BinaryInstruction { Op: BinaryOp.Add } add:
                Add(add.Left, factor, definition, depth + 1);
                Add(add.Right, factor, definition, depth + 1);
                return;
            case BinaryInstruction { Op: BinaryOp.Subtract } subtract:
                Add(subtract.Left, factor, definition, depth + 1);
                Add(subtract.Right, -factor, definition, depth + 1);
                return;
            case BinaryInstruction { Op: BinaryOp.Multiply } multiply when definition(multiply.Right) is ConstantInstruction c:
                Add(multiply.Left, factor * (long)c.Bits, definition, depth + 1);
                return;
            case BinaryInstruction { Op: BinaryOp.Multiply } multiply when definition(multiply.Left) is ConstantInstruction c:
                Add(multiply.Right, factor * (long)c.Bits, definition, depth + 1);
                return;
            default:
                _terms[value.Id] = new LinearTerm(value, factor + (_terms.TryGetValue(value.Id, out LinearTerm known) ? known.Coefficient : 0));
                return;
        }
    }
}
