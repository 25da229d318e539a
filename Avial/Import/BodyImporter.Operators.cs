using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Import;

// Binary operators.
internal sealed partial class BodyImporter
{
    private KernelValue VisitBinary(BinaryExpression binary)
    {
        switch (binary.NodeType)
        {
            case ExpressionType.AndAlso or ExpressionType.OrElse:
                return VisitShortCircuit(binary);
            case ExpressionType.Coalesce or ExpressionType.Power:
                throw Unsupported(binary);
        }
        CheckOperator(binary, binary.Method);
        if (Capture.NumberType(binary.Left.Type) is null || Capture.NumberType(binary.Type) is null)
        {
            throw Unsupported(Capture.NumberType(binary.Left.Type) is null ? binary.Left : binary);
        }
        Value left = VisitNumber(binary.Left);
        Value right = VisitNumber(binary.Right);
        return new KernelValue(binary.Type, Binary(binary.NodeType, left, right, binary, binary.Method?.Name.StartsWith("op_Checked", StringComparison.Ordinal) ?? false));
    }

    private Value Binary(ExpressionType type, Value left, Value right, Expression expression, bool isChecked = false) => type switch
    {
        ExpressionType.Add => Arithmetic(isChecked ? BinaryOp.AddChecked : BinaryOp.Add, left, right, expression),
        ExpressionType.Subtract => Arithmetic(isChecked ? BinaryOp.SubtractChecked : BinaryOp.Subtract, left, right, expression),
        ExpressionType.Multiply => Arithmetic(isChecked ? BinaryOp.MultiplyChecked : BinaryOp.Multiply, left, right, expression),
        ExpressionType.AddChecked => Arithmetic(BinaryOp.AddChecked, left, right, expression),
        ExpressionType.SubtractChecked => Arithmetic(BinaryOp.SubtractChecked, left, right, expression),
        ExpressionType.MultiplyChecked => Arithmetic(BinaryOp.MultiplyChecked, left, right, expression),
        ExpressionType.Divide => Arithmetic(BinaryOp.Divide, left, right, expression),
        ExpressionType.Modulo => Arithmetic(BinaryOp.Remainder, left, right, expression),
        ExpressionType.And => Logic(BinaryOp.And, left, right),
        ExpressionType.Or => Logic(BinaryOp.Or, left, right),
        ExpressionType.ExclusiveOr => Logic(BinaryOp.Xor, left, right),
        ExpressionType.LeftShift => Shift(BinaryOp.ShiftLeft, left, right),
        ExpressionType.RightShift => Shift(BinaryOp.ShiftRight, left, right),
        ExpressionType.Equal => Compare(CompareOp.Equal, left, right),
        ExpressionType.NotEqual => Compare(CompareOp.NotEqual, left, right),
        ExpressionType.LessThan => Compare(CompareOp.Less, left, right),
        ExpressionType.LessThanOrEqual => Compare(CompareOp.LessOrEqual, left, right),
        ExpressionType.GreaterThan => Compare(CompareOp.Greater, left, right),
        ExpressionType.GreaterThanOrEqual => Compare(CompareOp.GreaterOrEqual, left, right),
        _ => throw Unsupported(expression),
    };

    private Value Arithmetic(BinaryOp op, Value left, Value right, Expression? expression)
    {
        bool isInteger = left.Type.IsInteger();
        AffineIndex? form = isInteger ? Form(op, left, right) : null;
        if (op is BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked
            && (!isInteger || (form is not null && _facts.Exact(left) is not null && _facts.Exact(right) is not null && _facts.Fits(form, IntegerRange.Of(left.Type)))))
        {
            op = op switch
            {
                BinaryOp.AddChecked => BinaryOp.Add,
                BinaryOp.SubtractChecked => BinaryOp.Subtract,
                _ => BinaryOp.Multiply,
            };
        }
        bool mayTrap = isInteger && op is BinaryOp.Divide or BinaryOp.Remainder or BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked;
        Value result = _scope.Builder.Binary(op, left, right, mayTrap && expression is not null ? At(expression) : default);
        _facts.SetCongruent(result, form);
        return result;
    }

    private AffineIndex? Form(BinaryOp op, Value left, Value right)
    {
        if (_facts.Congruent(left) is not { } a || _facts.Congruent(right) is not { } b)
        {
            return null;
        }
        return op switch
        {
            BinaryOp.Add or BinaryOp.AddChecked => a + b,
            BinaryOp.Subtract or BinaryOp.SubtractChecked => a - b,
            BinaryOp.Multiply or BinaryOp.MultiplyChecked => b.IsConstant ? a * b.Constant : a.IsConstant ? b * a.Constant : null,
            _ => null,
        };
    }

    /// <summary>True for an integer division whose divisor is a constant other than 0 and -1: it cannot trap.</summary>
    private bool IsSafeDivision(Instruction instruction) =>
        instruction is BinaryInstruction { Op: BinaryOp.Divide or BinaryOp.Remainder } i && _facts.Congruent(i.Right) is { IsConstant: true, Constant: not (0 or -1) };

    private Value Logic(BinaryOp op, Value left, Value right)
    {
        Value result = _scope.Builder.Binary(op, left, right);
        if (left.Type == ScalarType.Bool && op != BinaryOp.Xor)
        {
            Condition a = _facts.ConditionOf(left);
            Condition b = _facts.ConditionOf(right);
            _facts.SetCondition(result, op == BinaryOp.And ? Condition.And(a, b) : Condition.Or(a, b));
        }
        return result;
    }

    private Value Shift(BinaryOp op, Value left, Value right)
    {
        Value result = _scope.Builder.Binary(op, left, ConvertCount(right));
        if (op == BinaryOp.ShiftLeft && _facts.Congruent(left) is { } form && _facts.Congruent(right) is { IsConstant: true, Constant: >= 0 and < 62 } count)
        {
            _facts.SetCongruent(result, count.Constant < left.Type.Size() * 8 ? form * (1L << (int)count.Constant) : null);
        }
        return result;
    }

    private Value ConvertCount(Value count) => count.Type == ScalarType.I32 ? count : _scope.Builder.Convert(count, ScalarType.I32);

    private Value Compare(CompareOp op, Value left, Value right)
    {
        if (left.Type == ScalarType.Bool)
        {
            Value differs = _scope.Builder.Binary(BinaryOp.Xor, left, right);
            return op == CompareOp.NotEqual ? differs : _scope.Builder.Unary(UnaryOp.Not, differs);
        }
        Value result = _scope.Builder.Compare(op, left, right);
        if (left.Type.IsInteger() && _facts.Exact(left) is { } a && _facts.Exact(right) is { } b && _facts.IsAffine(a) && _facts.IsAffine(b))
        {
            _facts.SetCondition(result, Condition.Compare(op, a, b));
        }
        return result;
    }
}
