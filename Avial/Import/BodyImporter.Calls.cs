using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

// Method calls: reads, functions of numbers, functions of the user's.
internal sealed partial class BodyImporter
{
    private KernelValue VisitCall(MethodCallExpression call)
    {
        if (IsRead(call))
        {
            return VisitRead(call, call.Object!, call.Arguments, null);
        }
        MethodInfo method = call.Method;
        if (method.DeclaringType == typeof(KernelMath))
        {
            return VisitKernelMath(call);
        }
        if (call.Object is { } instance)
        {
            return VisitInstanceCall(call, instance);
        }
        if (method.DeclaringType == typeof(ValueTuple) && method.Name == "Create" && Capture.IsElement(call.Type))
        {
            return Tuple(call.Type, [.. call.Arguments.Select(Visit)]);
        }
        if (MathForms.Declares(method.DeclaringType!))
        {
            return VisitMath(call);
        }
        throw Opaque(call);
    }

    private KernelValue VisitInstanceCall(MethodCallExpression call, Expression instance)
    {
        string name = call.Method.Name;
        if (IsArray(instance) && name is "GetLength" or "GetLongLength")
        {
            return VisitLength(call, instance, call.Arguments[0]);
        }
        if (name == "Invoke" && Capture.RoleOf(instance.Type) == CaptureRole.Function)
        {
            return Inline(call, instance, call.Arguments);
        }
        if (BorderOf(call) is not null || IsBorder(instance.Type))
        {
            throw Throw.UnsupportedInBody(ExpressionText.Of(call), "a border kept in a variable", "write it where it is read: x.Wrap[i], x.Clamp[i], x.Or(v)[i]", _span);
        }
        if (IsArray(instance) || Capture.RoleOf(instance.Type) == CaptureRole.LazyScalar)
        {
            throw Throw.UnsupportedInBody(ExpressionText.Of(call), $"'{name}' of {ExpressionText.Of(instance.Type)}", "a body may read elements, Length and GetLength(axis); compute anything else before the task and capture it", _span);
        }
        throw Opaque(call);
    }

    private static bool IsBorder(Type type) => type.Namespace == nameof(Avial) && type.Name.StartsWith("Border", StringComparison.Ordinal);

    private AvialException Opaque(MethodCallExpression call)
    {
        string text = ExpressionText.Of(call);
        bool isClosed = !UsesParameters.In(call);
        return isClosed && Capture.IsElement(call.Type) ? Throw.ClosedCall(text, _span)
            : Capture.IsElement(call.Type) ? Throw.OpaqueMethod(text, call.Method, _span)
            : Throw.UnsupportedInBody(text, call.Type == typeof(void) ? "an action" : $"a value of type {ExpressionText.Of(call.Type)}",
                call.Type == typeof(void) ? "a body is a pure expression: compute a value, and act on it after the task" : "bodies compute with bool, the integers of 8 to 64 bits, Half, float, double, and structs of these", _span);
    }

    private KernelValue VisitInvocation(InvocationExpression invocation) =>
        invocation.Expression is LambdaExpression lambda
            ? Apply(lambda, [.. invocation.Arguments.Select(Visit)])
            : Inline(invocation, invocation.Expression, invocation.Arguments);

    private KernelValue Inline(Expression call, Expression function, IReadOnlyList<Expression> arguments)
    {
        LambdaExpression lambda = LambdaOf(function, call);
        return Apply(lambda, [.. arguments.Select(Visit)]);
    }

    /// <summary>The lambda that a delegate-valued expression stands for: written in place, or made by <c>Function</c>.</summary>
    private LambdaExpression LambdaOf(Expression function, Expression call)
    {
        switch (function)
        {
            case LambdaExpression lambda:
                return lambda;
            case UnaryExpression { NodeType: ExpressionType.Quote, Operand: LambdaExpression quoted }:
                return quoted;
            case MethodCallExpression { Method.Name: nameof(KernelMath.Function) } made when made.Method.DeclaringType == typeof(KernelMath):
                return LambdaOf(made.Arguments[0], call);
        }
        if (_shape.CaptureOf.TryGetValue(function, out int capture))
        {
            if (_shape.Functions.TryGetValue(capture, out LambdaExpression? body))
            {
                return body;
            }
            throw _shape.Captures[capture].Path.ReadObject(_shape.Roots[capture]) is null
                ? Throw.FunctionIsNull(ExpressionText.Of(function), _span)
                : Throw.OpaqueDelegate(ExpressionText.Of(call), ExpressionText.Of(function), _span);
        }
        throw Throw.OpaqueDelegate(ExpressionText.Of(call), ExpressionText.Of(function), _span);
    }

    private KernelValue Apply(LambdaExpression lambda, ReadOnlySpan<KernelValue> arguments)
    {
        for (int i = 0; i < arguments.Length; i++)
        {
            _bound[lambda.Parameters[i]] = arguments[i];
        }
        return Visit(lambda.Body);
    }

    private KernelValue VisitMath(MethodCallExpression call)
    {
        MethodInfo method = call.Method;
        string text = ExpressionText.Of(call);
        if (method.Name.Contains("Estimate", StringComparison.Ordinal))
        {
            throw Throw.UnsupportedInBody(text, "a function whose result depends on the machine", $"write the exact one ({method.Name.Replace("Estimate", "", StringComparison.Ordinal)} as a formula)", _span);
        }
        Type[] types = [.. method.GetParameters().Select(p => p.ParameterType)];
        if (types.Any(t => t.IsByRef))
        {
            throw Throw.UnsupportedInBody(text, "a call with an out argument", "use the form that returns a tuple, or the operators", _span);
        }
        if (types.Any(t => ScalarTypes.Of(t) is null))
        {
            Type unknown = types.First(t => ScalarTypes.Of(t) is null);
            throw Throw.UnsupportedType(text, unknown, _span);
        }
        Value[] arguments = [.. call.Arguments.Select(VisitNumber)];
        return MathForms.Of(method) switch
        {
            MathForm.Min => new KernelValue(call.Type, _scope.Builder.Binary(BinaryOp.Min, arguments[0], arguments[1])),
            MathForm.Max => new KernelValue(call.Type, _scope.Builder.Binary(BinaryOp.Max, arguments[0], arguments[1])),
            MathForm.Fma => new KernelValue(call.Type, Fma(arguments[0], arguments[1], arguments[2])),
            MathForm.Clamp => new KernelValue(call.Type, Clamp(arguments[0], arguments[1], arguments[2], call)),
            MathForm.DivRem => DivRem(call, arguments[0], arguments[1]),
            MathForm.SinCos => SinCos(call, arguments[0]),
            MathForm.Truncate when IsIntegerConversion(arguments[0], call.Type) => new KernelValue(call.Type, ConvertNumber(arguments[0], ScalarTypes.Of(call.Type)!.Value, false, call)),
            MathForm.Check when IsIntegerConversion(arguments[0], call.Type) => new KernelValue(call.Type, ConvertNumber(arguments[0], ScalarTypes.Of(call.Type)!.Value, true, call)),
            _ => new KernelValue(call.Type, Math(call, method, arguments)),
        };
    }

    private Value Math(MethodCallExpression call, MethodInfo method, Value[] arguments)
    {
        if (ScalarTypes.Of(call.Type) is not { } result)
        {
            throw Throw.UnsupportedType(ExpressionText.Of(call), call.Type, _span);
        }
        MathFunction function = MathFunctions.Find(method) ?? throw Opaque(call);
        SourceSpan span = function.MayThrow ? At(call) : default;
        return _scope.Builder.Pure(result, r => new MathInstruction([r], function, [.. arguments]) { Span = span });
    }

    private static bool IsIntegerConversion(Value from, Type to) => from.Type.IsInteger() && ScalarTypes.Of(to) is { } type && type != ScalarType.Bool;

    /// <summary>Half has no fused operation of its own: .NET rounds float's once more.</summary>
    private Value Fma(Value a, Value b, Value c) => a.Type == ScalarType.F16
        ? _scope.Builder.Convert(_scope.Builder.Fma(Widen(a), Widen(b), Widen(c)), ScalarType.F16)
        : _scope.Builder.Fma(a, b, c);

    private Value Widen(Value half) => _scope.Builder.Convert(half, ScalarType.F32);

    // value < min ? min : value > max ? max : value; min > max traps.
    private Value Clamp(Value value, Value min, Value max, Expression call)
    {
        bool areOrdered = _facts.Congruent(min) is { IsConstant: true } low && _facts.Congruent(max) is { IsConstant: true } high && low.Constant <= high.Constant && min.Type.IsInteger();
        if (!areOrdered && !AreOrderedConstants(call, min.Type))
        {
            Value wrong = _scope.Builder.Compare(CompareOp.Greater, min, max);
            _scope.Builder.Add(new TrapIfInstruction(wrong, TrapKind.MathDomain, [], []) { Span = At(call) });
        }
        Value capped = Select(_scope.Builder.Compare(CompareOp.Greater, value, max), max, value);
        return Select(_scope.Builder.Compare(CompareOp.Less, value, min), min, capped);
    }

    private static bool AreOrderedConstants(Expression call, ScalarType type) =>
        type.IsFloat() && call is MethodCallExpression { Arguments: [_, ConstantExpression { Value: IConvertible min }, ConstantExpression { Value: IConvertible max }] }
        && min.ToDouble(null) <= max.ToDouble(null);

    private KernelValue DivRem(MethodCallExpression call, Value left, Value right)
    {
        Value quotient = Arithmetic(BinaryOp.Divide, left, right, call);
        return new KernelValue(call.Type, [quotient, Arithmetic(BinaryOp.Remainder, left, right, call)]);
    }

    private KernelValue SinCos(MethodCallExpression call, Value angle)
    {
        Type type = call.Method.DeclaringType!;
        Value One(string name) => Math(Expression.Call(type, name, null, call.Arguments[0]), type.GetMethod(name, [call.Arguments[0].Type])!, [angle]);
        return new KernelValue(call.Type, [One("Sin"), One("Cos")]);
    }
}
