using System.Numerics;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Numerics;

/// <summary>
/// The meaning of every scalar operation on <see cref="ScalarBits"/> slots, by C#'s own operators on the type. Slow and obviously right:
/// the interpreters evaluate by it, and other backends are tested against it.
/// </summary>
/// <remarks>
/// The Try methods return false and the kind of trap where .NET would throw; nothing is thrown. An operation that a type does not have
/// (a bitwise operation on floats) is an internal error.
/// </remarks>
internal static partial class ScalarArithmetic
{
    /// <summary>Evaluates a unary operation; false when it traps.</summary>
    public static bool TryUnary(UnaryOp op, ScalarType type, ulong a, out ulong result, out TrapKind trap)
    {
        trap = default;
        switch (type)
        {
            case ScalarType.Bool:
                result = op == UnaryOp.Not ? a ^ 1 : throw NoSuchOperation(op, type);
                return true;
            case ScalarType.I8:
                return Integer<sbyte>(op, a, out result, out trap);
            case ScalarType.I16:
                return Integer<short>(op, a, out result, out trap);
            case ScalarType.I32:
                return Integer<int>(op, a, out result, out trap);
            case ScalarType.I64:
                return Integer<long>(op, a, out result, out trap);
            case ScalarType.U8:
                return Integer<byte>(op, a, out result, out trap);
            case ScalarType.U16:
                return Integer<ushort>(op, a, out result, out trap);
            case ScalarType.U32:
                return Integer<uint>(op, a, out result, out trap);
            case ScalarType.U64:
                return Integer<ulong>(op, a, out result, out trap);
        }

        result = op != UnaryOp.Negate ? throw NoSuchOperation(op, type) : type switch
        {
            ScalarType.F16 => ScalarBits.Of(-ScalarBits.To<Half>(a)),
            ScalarType.F32 => ScalarBits.Of(-ScalarBits.To<float>(a)),
            _ => ScalarBits.Of(-ScalarBits.To<double>(a)),
        };
        return true;
    }

    /// <summary>Evaluates a binary operation on two values of one type (shift counts are i32); false when it traps.</summary>
    public static bool TryBinary(BinaryOp op, ScalarType type, ulong a, ulong b, out ulong result, out TrapKind trap)
    {
        trap = default;
        switch (type)
        {
            case ScalarType.Bool:
                result = Logical(op, a, b);
                return true;
            case ScalarType.I8:
                return Integer<sbyte>(op, a, b, out result, out trap);
            case ScalarType.I16:
                return Integer<short>(op, a, b, out result, out trap);
            case ScalarType.I32:
                return Integer<int>(op, a, b, out result, out trap);
            case ScalarType.I64:
                return Integer<long>(op, a, b, out result, out trap);
            case ScalarType.U8:
                return Integer<byte>(op, a, b, out result, out trap);
            case ScalarType.U16:
                return Integer<ushort>(op, a, b, out result, out trap);
            case ScalarType.U32:
                return Integer<uint>(op, a, b, out result, out trap);
            case ScalarType.U64:
                return Integer<ulong>(op, a, b, out result, out trap);
            case ScalarType.F16:
                result = Float<Half>(op, a, b);
                return true;
            case ScalarType.F32:
                result = Float<float>(op, a, b);
                return true;
            default:
                result = Float<double>(op, a, b);
                return true;
        }
    }

    /// <summary>C#'s comparison of two values of one type.</summary>
    public static bool Compare(CompareOp op, ScalarType type, ulong a, ulong b) => type switch
    {
        ScalarType.F16 => Compare<Half>(op, a, b),
        ScalarType.F32 => Compare<float>(op, a, b),
        ScalarType.F64 => Compare<double>(op, a, b),
        _ when type.IsSigned() => Compare<long>(op, a, b),
        _ => Compare<ulong>(op, a, b),
    };

    private static bool Integer<T>(UnaryOp op, ulong a, out ulong result, out TrapKind trap)
        where T : unmanaged, IBinaryInteger<T>
    {
        T x = ScalarBits.To<T>(a);
        trap = default;
        try
        {
            result = ScalarBits.Of(op switch
            {
                UnaryOp.Negate => unchecked(-x),
                UnaryOp.NegateChecked => checked(-x),
                _ => ~x,
            });
            return true;
        }
        catch (OverflowException)
        {
            return Trap(TrapKind.Overflow, out result, out trap);
        }
    }

    private static bool Integer<T>(BinaryOp op, ulong a, ulong b, out ulong result, out TrapKind trap)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T x = ScalarBits.To<T>(a);
        T y = ScalarBits.To<T>(b);
        int count = ScalarBits.To<int>(b) & (8 * System.Runtime.CompilerServices.Unsafe.SizeOf<T>() - 1);
        trap = default;
        if (op is BinaryOp.Divide or BinaryOp.Remainder)
        {
            if (T.IsZero(y))
            {
                return Trap(TrapKind.DivideByZero, out result, out trap);
            }
            // Small types too, where .NET's generic operators would wrap: the trap is the operation's, whatever the width.
            if (T.IsNegative(T.MinValue) && x == T.MinValue && y == -T.One)
            {
                return Trap(TrapKind.Overflow, out result, out trap);
            }
        }
        try
        {
            result = ScalarBits.Of(op switch
            {
                BinaryOp.Add => unchecked(x + y),
                BinaryOp.Subtract => unchecked(x - y),
                BinaryOp.Multiply => unchecked(x * y),
                BinaryOp.Divide => x / y,
                BinaryOp.Remainder => x % y,
                BinaryOp.AddChecked => checked(x + y),
                BinaryOp.SubtractChecked => checked(x - y),
                BinaryOp.MultiplyChecked => checked(x * y),
                BinaryOp.And => x & y,
                BinaryOp.Or => x | y,
                BinaryOp.Xor => x ^ y,
                BinaryOp.ShiftLeft => x << count,
                BinaryOp.ShiftRight => x >> count,
                BinaryOp.Min => T.Min(x, y),
                BinaryOp.Max => T.Max(x, y),
                _ => throw new InternalErrorException($"Unknown operation {op}."),
            });
            return true;
        }
        catch (OverflowException)
        {
            return Trap(TrapKind.Overflow, out result, out trap);
        }
    }

    private static ulong Float<T>(BinaryOp op, ulong a, ulong b)
        where T : unmanaged, IFloatingPoint<T>
    {
        T x = ScalarBits.To<T>(a);
        T y = ScalarBits.To<T>(b);
        return ScalarBits.Of(op switch
        {
            BinaryOp.Add => x + y,
            BinaryOp.Subtract => x - y,
            BinaryOp.Multiply => x * y,
            BinaryOp.Divide => x / y,
            BinaryOp.Remainder => x % y,
            BinaryOp.Min => T.Min(x, y),
            BinaryOp.Max => T.Max(x, y),
            _ => throw new InternalErrorException($"{op} is not defined on {typeof(T).Name}."),
        });
    }

    private static ulong Logical(BinaryOp op, ulong a, ulong b) => op switch
    {
        BinaryOp.And => a & b,
        BinaryOp.Or => a | b,
        BinaryOp.Xor => a ^ b,
        _ => throw NoSuchOperation(op, ScalarType.Bool),
    };

    private static bool Compare<T>(CompareOp op, ulong a, ulong b)
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        T x = ScalarBits.To<T>(a);
        T y = ScalarBits.To<T>(b);
        return op switch
        {
            CompareOp.Equal => x == y,
            CompareOp.NotEqual => x != y,
            CompareOp.Less => x < y,
            CompareOp.LessOrEqual => x <= y,
            CompareOp.Greater => x > y,
            _ => x >= y,
        };
    }

    private static bool Trap(TrapKind kind, out ulong result, out TrapKind trap)
    {
        result = 0;
        trap = kind;
        return false;
    }

    private static InternalErrorException NoSuchOperation(Enum op, ScalarType type) => new($"{op} is not defined on {type.Text()}.");
}
