using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Tests.Generators;

/// <summary>Arithmetic, functions, random numbers, traps.</summary>
internal sealed partial class KernelGenerator
{
    // These show the sign of a NaN, which no order of operations promises.
    private static readonly ImmutableArray<string> s_signOfNaN = ["CopySign", "IsNegative", "IsPositive"];

    private static readonly ImmutableArray<MathFunction> s_functions =
        [.. MathFunctions.All.Where(f => !f.Name.StartsWith("BitConverter", StringComparison.Ordinal) && !s_signOfNaN.Any(f.Name.Contains))
            .OrderBy(f => f.Name, StringComparer.Ordinal).ThenBy(f => string.Join(',', f.Parameters))];

    private Value Scalar(Scope scope)
    {
        BlockBuilder b = scope.Builder;
        ScalarType type = AnyType();
        switch (_random.Next(12))
        {
            case 0:
                return b.Constant(type, RandomBits.Of(type, _random));
            case 1 when type == ScalarType.Bool || type.IsInteger() && _random.Next(2) == 0:
                return b.Unary(UnaryOp.Not, Operand(scope, type));
            case 1:
                return Negate(scope, type);
            case 2 or 3:
                return Compare(scope);
            case 4 when type != ScalarType.Bool:
                return Convert(scope, type);
            case 5:
                return b.Select(Operand(scope, ScalarType.Bool), Operand(scope, type), Operand(scope, type));
            case 6:
                ScalarType real = TypeWhere(t => t.IsFloat());
                return b.Fma(Operand(scope, real), Operand(scope, real), Operand(scope, real));
            default:
                return Binary(scope, type);
        }
    }

    private Value Negate(Scope scope, ScalarType type)
    {
        bool isChecked = type.IsInteger() && _random.Next(2) == 0;
        Value operand = isChecked && !TrapsHere() ? type.IsUnsigned() ? Zero(scope, type) : Small(scope, type) : Operand(scope, type);
        return scope.Builder.Unary(isChecked ? UnaryOp.NegateChecked : UnaryOp.Negate, operand);
    }

    private Value Compare(Scope scope)
    {
        CompareOp op = (CompareOp)_random.Next(6);
        ScalarType type = op <= CompareOp.NotEqual ? AnyType() : TypeWhere(t => t != ScalarType.Bool);
        return scope.Builder.Compare(op, Operand(scope, type), Operand(scope, type));
    }

    private Value Convert(Scope scope, ScalarType to)
    {
        ScalarType from = TypeWhere(t => t != ScalarType.Bool && t != to);
        if (from == to || from == ScalarType.Bool)
        {
            return Operand(scope, to);
        }
        bool isChecked = _random.Next(3) == 0;
        Value operand = isChecked && !TrapsHere() ? from.IsInteger() ? Small(scope, from) : One(scope, from) : Operand(scope, from);
        return scope.Builder.Convert(operand, to, isChecked ? ConvertMode.Checked : ConvertMode.Unchecked);
    }

    private Value Binary(Scope scope, ScalarType type)
    {
        BlockBuilder b = scope.Builder;
        if (type == ScalarType.Bool)
        {
            return b.Binary(Any<BinaryOp>([BinaryOp.And, BinaryOp.Or, BinaryOp.Xor]), Operand(scope, type), Operand(scope, type));
        }
        BinaryOp op = type.IsFloat()
            ? Any<BinaryOp>([BinaryOp.Add, BinaryOp.Subtract, BinaryOp.Multiply, BinaryOp.Divide, BinaryOp.Remainder, BinaryOp.Min, BinaryOp.Max])
            : (BinaryOp)_random.Next((int)BinaryOp.Max + 1);
        Value left = Operand(scope, type);
        switch (op)
        {
            case BinaryOp.ShiftLeft or BinaryOp.ShiftRight:
                return b.Pure(type, r => new BinaryInstruction(r, op, left, Operand(scope, ScalarType.I32)));
            case BinaryOp.Divide or BinaryOp.Remainder when type.IsInteger() && !TrapsHere():
                return b.Binary(op, left, b.Binary(BinaryOp.Or, Small(scope, type), b.Constant(type, 1)));
            case BinaryOp.AddChecked or BinaryOp.MultiplyChecked when !TrapsHere():
                return b.Binary(op, Small(scope, type), Small(scope, type));
            case BinaryOp.SubtractChecked when !TrapsHere():
                Value small = Small(scope, type);
                return b.Binary(op, b.Binary(BinaryOp.Or, small, b.Constant(type, 7)), small);
            default:
                return b.Binary(op, left, Operand(scope, type));
        }
    }

    private Value Call(Scope scope)
    {
        MathFunction function = Any(s_functions);
        while (function.MayThrow && !_options.MayTrap || !function.Parameters.Concat([function.Result]).Any(_options.Types.Contains))
        {
            function = Any(s_functions);
        }
        ImmutableArray<Value> arguments = [.. function.Parameters.Select(p => Operand(scope, p))];
        return scope.Builder.Pure(function.Result, r => new MathInstruction([r], function, arguments));
    }

    private Value Draw(Scope scope)
    {
        RandomKind kind = (RandomKind)_random.Next(3);
        ScalarType type = kind == RandomKind.Bits ? Any<ScalarType>([ScalarType.U32, ScalarType.U64]) : Any<ScalarType>([ScalarType.F32, ScalarType.F64]);
        (Value seed, Value stream, Value index) = (Operand(scope, ScalarType.I64), Operand(scope, ScalarType.I64), Operand(scope, ScalarType.I64));
        return scope.Builder.Pure(type, r => new RandomInstruction(r, kind, seed, stream, index));
    }

    private Value Trap(Scope scope)
    {
        BlockBuilder b = scope.Builder;
        Value condition = b.Binary(BinaryOp.And, Operand(scope, ScalarType.Bool), Operand(scope, ScalarType.Bool));
        TrapKind kind = (TrapKind)_random.Next((int)TrapKind.MathDomain + 1);
        ImmutableArray<Value> details = kind == TrapKind.OutOfRange ? [Operand(scope, ScalarType.I64), b.Constant(7)] : [];
        b.Add(new TrapIfInstruction(condition, kind, [], details));
        return condition;
    }

    /// <summary>Mostly no, so that a kernel that may trap runs through at most indices.</summary>
    private bool TrapsHere() => _options.MayTrap && _random.Next(4) == 0;

    /// <summary>Some value of an integer type's, masked to 0 … 7.</summary>
    private Value Small(Scope scope, ScalarType type) => scope.Builder.Binary(BinaryOp.And, Operand(scope, type), scope.Builder.Constant(type, 7));

    private static Value Zero(Scope scope, ScalarType type) => scope.Builder.Constant(type, 0);

    private Value One(Scope scope, ScalarType type)
    {
        Value truth = Operand(scope, ScalarType.Bool);
        BlockBuilder b = scope.Builder;
        return b.Select(truth, b.Convert(b.Constant(ScalarType.I32, 1), type), b.Constant(type, 0));
    }
}
