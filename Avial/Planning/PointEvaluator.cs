using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// Integer arithmetic at one point of a kernel's domain, exactly as it would run: used to make sure that a read that is refused would really
/// be executed, outside its array. Null is "not known": data, floats, traps.
/// </summary>
internal sealed class PointEvaluator
{
    private readonly KernelStructure _structure;
    private readonly IndexEnvironment _environment;
    private readonly Dictionary<int, Int128?> _values = [];
    private readonly Func<int, long> _symbol;

    /// <param name="structure">The kernel.</param>
    /// <param name="environment">Its surroundings.</param>
    /// <param name="given">Values of indices and inductions, by id.</param>
    /// <param name="symbol">The value of a symbol, by input position.</param>
    public PointEvaluator(KernelStructure structure, IndexEnvironment environment, IReadOnlyDictionary<int, long> given, Func<int, long> symbol)
    {
        _structure = structure;
        _environment = environment;
        _symbol = symbol;
        foreach ((int id, long value) in given)
        {
            _values[id] = value;
        }
    }

    public Int128? Evaluate(Value value)
    {
        if (!_values.TryGetValue(value.Id, out Int128? known))
        {
            known = value.Type.IsFloat() ? null : Compute(value);
            _values[value.Id] = known;
        }
        return known;
    }

    /// <summary>The index as it would be computed in 64 bits.</summary>
    public long? Evaluate(AffineIndex index)
    {
        long sum = index.Constant;
        foreach (AffineTerm term in index.Terms)
        {
            if (Evaluate(term.Atom) is not { } atom)
            {
                return null;
            }
            sum = unchecked(sum + (long)atom * term.Coefficient);
        }
        return sum;
    }

    /// <summary>The exact value of a condition, or null.</summary>
    public Int128? EvaluateExactly(AffineIndex condition)
    {
        Int128 sum = condition.Constant;
        foreach (AffineTerm term in condition.Terms)
        {
            if (Evaluate(term.Atom) is not { } atom)
            {
                return null;
            }
            sum += atom * term.Coefficient;
        }
        return sum;
    }

    private Int128? Compute(Value value)
    {
        Definition definition = _structure[value];
        if (definition.Kind == DefinitionKind.Parameter)
        {
            ParameterFact parameter = _environment.Parameters[definition.Number];
            return parameter.Value ?? (parameter.Symbol >= 0 ? _symbol(parameter.Symbol) : null);
        }
        switch (definition.Instruction)
        {
            case ConstantInstruction constant:
                return IndexEnvironment.Decode(value.Type, constant.Bits);
            case ExtentInstruction extent:
                return _environment.Extents[extent.Operand][extent.Axis];
            case ConvertInstruction convert when Evaluate(convert.Operand) is { } operand:
                return Store(operand, value.Type, convert.Mode == ConvertMode.Checked);
            case UnaryInstruction unary when Evaluate(unary.Operand) is { } operand:
                return unary.Op switch
                {
                    UnaryOp.Not => Store(value.Type == ScalarType.Bool ? 1 - operand : ~operand, value.Type, false),
                    _ => Store(-operand, value.Type, unary.Op == UnaryOp.NegateChecked),
                };
            case BinaryInstruction binary when Evaluate(binary.Left) is { } left && Evaluate(binary.Right) is { } right:
                return OfBinary(binary.Op, left, right, value.Type);
            case CompareInstruction compare when Evaluate(compare.Left) is { } left && Evaluate(compare.Right) is { } right:
                return OfCompare(compare.Op, left, right) ? 1 : 0;
            case SelectInstruction select when Evaluate(select.Condition) is { } condition:
                return Evaluate(condition != 0 ? select.IfTrue : select.IfFalse);
            case IfInstruction choice when Evaluate(choice.Condition) is { } condition:
                return Evaluate((condition != 0 ? choice.Then : choice.Else).Results[definition.Number]);
            default:
                return null;
        }
    }

    private static bool OfCompare(CompareOp op, Int128 left, Int128 right) => op switch
    {
        CompareOp.Equal => left == right,
        CompareOp.NotEqual => left != right,
        CompareOp.Less => left < right,
        CompareOp.LessOrEqual => left <= right,
        CompareOp.Greater => left > right,
        _ => left >= right,
    };

    private static Int128? OfBinary(BinaryOp op, Int128 a, Int128 b, ScalarType type)
    {
        int count = (int)(b & (type.Size() == 8 ? 63 : 31));
        return op switch
        {
            BinaryOp.Add => Store(a + b, type, false),
            BinaryOp.Subtract => Store(a - b, type, false),
            BinaryOp.Multiply => Store(unchecked(a * b), type, false),
            BinaryOp.AddChecked => Store(a + b, type, true),
            BinaryOp.SubtractChecked => Store(a - b, type, true),
            BinaryOp.MultiplyChecked => Store(a * b, type, true),
            BinaryOp.Divide => b == 0 ? null : Store(a / b, type, true),
            BinaryOp.Remainder => b == 0 ? null : Store(a % b, type, true),
            BinaryOp.And => a & b,
            BinaryOp.Or => a | b,
            BinaryOp.Xor => a ^ b,
            BinaryOp.ShiftLeft => Store(a << count, type, false),
            BinaryOp.ShiftRight => a >> count,
            BinaryOp.Min => Int128.Min(a, b),
            BinaryOp.Max => Int128.Max(a, b),
            _ => null,
        };
    }

    /// <summary>Reduces a result to its type; a checked one that does not fit traps, so nothing is known.</summary>
    private static Int128? Store(Int128 value, ScalarType type, bool isChecked)
    {
        if (Interval.OfType(type).Contains(value))
        {
            return value;
        }
        return isChecked ? null : IndexEnvironment.Decode(type, unchecked((ulong)value));
    }
}
