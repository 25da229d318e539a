using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

// Expressions by kind: constants, captures, conversions, and what is refused.
internal sealed partial class BodyImporter
{
    private KernelValue Visit(Expression expression)
    {
        if (_shape.CaptureOf.TryGetValue(expression, out int capture))
        {
            return VisitCapture(expression, capture);
        }
        return expression switch
        {
            ConstantExpression constant => VisitConstant(constant),
            DefaultExpression value => Default(value.Type, expression),
            ParameterExpression parameter => VisitParameter(parameter),
            BinaryExpression { NodeType: ExpressionType.ArrayIndex } element => VisitRead(element, element.Left, new([element.Right]), null),
            BinaryExpression binary => VisitBinary(binary),
            UnaryExpression unary => VisitUnary(unary),
            ConditionalExpression conditional => VisitConditional(conditional),
            MemberExpression member => VisitMember(member, null),
            MethodCallExpression call => VisitCall(call),
            InvocationExpression invocation => VisitInvocation(invocation),
            NewExpression creation => VisitNew(creation),
            MemberInitExpression init => VisitInit(init),
            _ => throw Unsupported(expression),
        };
    }

    /// <summary>A number.</summary>
    private Value VisitNumber(Expression expression)
    {
        KernelValue value = Visit(expression);
        if (Capture.NumberType(value.Type) is null)
        {
            throw Throw.UnsupportedInBody(ExpressionText.Of(expression), $"a {ExpressionText.Of(value.Type)} where a number is needed", "use its fields", _span);
        }
        return value.Single;
    }

    private KernelValue VisitCapture(Expression expression, int number)
    {
        Capture capture = _shape.Captures[number];
        if (_numbersOf.TryGetValue(number, out KernelValue value))
        {
            return value;
        }
        string text = ExpressionText.Of(expression);
        throw capture.Role switch
        {
            CaptureRole.Array => Throw.UnsupportedInBody(text, "an array where a number is needed", $"read one element, {text}[i]", _span),
            CaptureRole.HostArray => Throw.UnsupportedInBody(text, "a .NET array where a number is needed", $"read one element, {text}[i]", _span),
            CaptureRole.Function => Throw.UnsupportedInBody(text, "a function where a number is needed", $"call it, {text}(...)", _span),
            _ => Throw.UnsupportedCapture(text, expression.Type, _span),
        };
    }

    private KernelValue VisitParameter(ParameterExpression parameter)
    {
        if (_bound.TryGetValue(parameter, out KernelValue value))
        {
            return value;
        }
        throw Throw.UnsupportedInBody(parameter.Name ?? "parameter", "an array where a number is needed", "read one element of it, self[i]", _span);
    }

    private KernelValue VisitConstant(ConstantExpression constant)
    {
        if (constant.Value is not null && ScalarTypes.Of(constant.Type) is { } type && NumberBits.TryOf(constant.Value, out ulong bits))
        {
            return new KernelValue(constant.Type, Constant(type, bits));
        }
        if (constant.Value is null || !Capture.IsElement(constant.Type))
        {
            throw Unsupported(constant);
        }
        ElementLayout layout = ElementLayout.Of(constant.Type);
        ulong[] columns = new ulong[layout.Columns.Length];
        NumberBits.Read(constant.Value, columns);
        return new KernelValue(constant.Type, [.. columns.Select((b, i) => Constant(layout.ColumnTypes[i], b))]);
    }

    private KernelValue Default(Type type, Expression expression)
    {
        if (!Capture.IsElement(type))
        {
            throw Unsupported(expression);
        }
        return new KernelValue(type, [.. ElementLayout.Of(type).ColumnTypes.Select(t => Constant(t, 0))]);
    }

    private KernelValue VisitUnary(UnaryExpression unary)
    {
        switch (unary.NodeType)
        {
            case ExpressionType.Convert or ExpressionType.ConvertChecked:
                return VisitConvert(unary);
            case ExpressionType.ArrayLength:
                return VisitLength(unary, unary.Operand, null);
            case ExpressionType.Negate or ExpressionType.NegateChecked or ExpressionType.Not or ExpressionType.OnesComplement or ExpressionType.UnaryPlus:
                break;
            default:
                throw Unsupported(unary);
        }
        CheckOperator(unary, unary.Method);
        Value operand = VisitNumber(unary.Operand);
        return new KernelValue(unary.Type, unary.NodeType switch
        {
            ExpressionType.UnaryPlus => operand,
            ExpressionType.Not or ExpressionType.OnesComplement => Not(operand),
            ExpressionType.NegateChecked when operand.Type.IsInteger() => Negate(UnaryOp.NegateChecked, operand, unary),
            _ => Negate(UnaryOp.Negate, operand, unary),
        });
    }

    private Value Not(Value operand)
    {
        Value result = _scope.Builder.Unary(UnaryOp.Not, operand);
        if (operand.Type == ScalarType.Bool)
        {
            _facts.SetCondition(result, Condition.Not(_facts.ConditionOf(operand)));
        }
        return result;
    }

    private Value Negate(UnaryOp op, Value operand, Expression expression)
    {
        Value result = op == UnaryOp.Negate ? _scope.Builder.Unary(op, operand)
            : _scope.Builder.Pure(operand.Type, r => new UnaryInstruction(r, op, operand) { Span = At(expression) });
        if (operand.Type.IsInteger())
        {
            _facts.SetCongruent(result, _facts.Congruent(operand) is { } form ? form * -1 : null);
        }
        return result;
    }

    private KernelValue VisitConvert(UnaryExpression convert)
    {
        if (_shape.CaptureOf.TryGetValue(convert.Operand, out int capture) && _shape.Captures[capture].Role == CaptureRole.LazyScalar)
        {
            // The one conversion of a lazy scalar, to its value; C# may continue from there to a wider type.
            return ConvertTo(_numbersOf[capture], convert.Type, convert);
        }
        if (Capture.RoleOf(convert.Operand.Type) is CaptureRole.LazyScalar && convert.Operand.Type != typeof(Step))
        {
            // Not captured: it says itself what it is.
            return Visit(convert.Operand);
        }
        if (Capture.IsElement(convert.Operand.Type) && convert.Operand.Type == convert.Type)
        {
            return Visit(convert.Operand);
        }
        if (convert.Method is not null && Capture.NumberType(convert.Method.DeclaringType!) is null)
        {
            throw UserConversion(convert);
        }
        return ConvertTo(Visit(convert.Operand), convert.Type, convert);
    }

    private KernelValue ConvertTo(KernelValue value, Type type, UnaryExpression convert)
    {
        if (value.Type == type)
        {
            return value;
        }
        if (Capture.NumberType(type) is not { } target || Capture.NumberType(value.Type) is not { } source)
        {
            throw Capture.IsElement(type) && convert.Method is not null ? UserConversion(convert) : Unsupported(convert);
        }
        if (source == ScalarType.Bool || target == ScalarType.Bool)
        {
            return source == target ? new KernelValue(type, value.Columns) : throw Unsupported(convert);
        }
        bool isChecked = convert.NodeType == ExpressionType.ConvertChecked || convert.Method?.Name == "op_CheckedExplicit";
        return new KernelValue(type, ConvertNumber(value.Single, target, isChecked, convert));
    }

    private Value ConvertNumber(Value value, ScalarType target, bool isChecked, Expression expression)
    {
        bool isExact = false;
        AffineIndex? form = null;
        if (value.Type.IsInteger() && target.IsInteger() && value.Type != target)
        {
            form = _facts.Congruent(value);
            isExact = IntegerRange.Of(target).Contains(IntegerRange.Of(value.Type)) || (_facts.Exact(value) is { } exact && _facts.Fits(exact, IntegerRange.Of(target)));
            // A sum modulo 2^n is one modulo any smaller power, and of a larger one only if it did not wrap.
            form = target.Size() <= value.Type.Size() ? form : _facts.Exact(value);
        }
        ConvertMode mode = isChecked && !isExact && target.IsInteger() ? ConvertMode.Checked : ConvertMode.Unchecked;
        if (mode == ConvertMode.Unchecked && value.Type.IsFloat() && target.IsInteger() && target.Size() < 4)
        {
            // .NET converts to int first, which saturates, and then wraps.
            value = _scope.Builder.Convert(value, ScalarType.I32);
        }
        Value result = _scope.Builder.Convert(value, target, mode, mode == ConvertMode.Checked ? At(expression) : default);
        _facts.SetCongruent(result, form);
        return result;
    }

    private AvialException UserConversion(UnaryExpression convert) => IsOfDotNet(convert.Method!.DeclaringType!)
        ? Throw.UnsupportedType(ExpressionText.Of(convert), convert.Method.DeclaringType!, _span)
        : Throw.UserOperator(
        ExpressionText.Of(convert), $"the conversion from {ExpressionText.Of(convert.Operand.Type)} to {ExpressionText.Of(convert.Type)} that {ExpressionText.Of(convert.Method.DeclaringType!)} defines", _span);

    /// <summary>Refuses operators that types of the user's define: their bodies cannot be seen.</summary>
    private void CheckOperator(Expression expression, MethodInfo? method)
    {
        if (method is not null && Capture.NumberType(method.DeclaringType!) is null)
        {
            throw IsOfDotNet(method.DeclaringType!)
                ? Throw.UnsupportedType(ExpressionText.Of(expression), method.DeclaringType!, _span)
                : Throw.UserOperator(ExpressionText.Of(expression), $"an operator that {ExpressionText.Of(method.DeclaringType!)} defines", _span);
        }
    }

    private static bool IsOfDotNet(Type type) => type.Namespace is "System" or "System.Numerics";

    private AvialException Unsupported(Expression expression)
    {
        string text = ExpressionText.Of(expression);
        (string what, string remedy) = expression switch
        {
            { NodeType: ExpressionType.NewArrayInit or ExpressionType.NewArrayBounds } => ("a new .NET array", "make the array before the task and capture it"),
            ListInitExpression => ("a new collection", "make it before the task and capture its numbers"),
            NewExpression { Type.Name: ['<', ..] } => ("an anonymous object", "use a record struct, or Let for intermediate values"),
            NewExpression => ($"a new {ExpressionText.Of(expression.Type)}", "use a record struct of numbers"),
            TypeBinaryExpression or UnaryExpression { NodeType: ExpressionType.TypeAs } => ("a test of a type", "types are known when the body is written: write the case that applies"),
            BinaryExpression { NodeType: ExpressionType.Coalesce } => ("a test for null", "elements are never null: use a bool or a special value beside the number"),
            LambdaExpression or UnaryExpression { NodeType: ExpressionType.Quote } => ("a function where a number is needed", "call it, or pass it to Sum, Fold, Let and the like"),
            { Type: var type } when Nullable.GetUnderlyingType(type) is not null => ("a number that may be null", "use a bool or a special value beside the number"),
            ConstantExpression { Value: null } => ("null", "bodies compute with numbers and structs of numbers"),
            { Type: var type } when !Capture.IsElement(type) => ($"a value of type {ExpressionText.Of(type)}", "bodies compute with bool, the integers of 8 to 64 bits, Half, float, double, and structs of these"),
            _ => ($"'{expression.NodeType}'", "write it with arithmetic, comparisons, ?:, Math and KernelMath"),
        };
        return Throw.UnsupportedInBody(text, what, remedy, _span);
    }
}
