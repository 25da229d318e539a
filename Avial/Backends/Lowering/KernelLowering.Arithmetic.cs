using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>Arithmetic; what may stop an element becomes an explicit trap before a plain operation.</summary>
internal sealed partial class KernelLowering
{
    private void Trap(Value condition, TrapKind kind, SourceSpan span, string subject, params ImmutableArray<Value> details) =>
        _function.TrapIf(condition, kind, _element, details, span, subject);

    private Value Lower(UnaryInstruction unary)
    {
        Value operand = Of(unary.Operand);
        if (unary.Op != UnaryOp.NegateChecked)
        {
            return _function.Unary(unary.Op, operand);
        }
        TrapOnOverflow(BinaryOp.Subtract, _function.Zero(operand.Type), operand, unary.Span);
        return _function.Unary(UnaryOp.Negate, operand);
    }

    private Value Lower(BinaryInstruction binary)
    {
        Value left = Of(binary.Left);
        Value right = Of(binary.Right);
        switch (binary.Op)
        {
            case BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked:
                BinaryOp plain = Plain(binary.Op);
                if (left.Type.IsInteger())
                {
                    TrapOnOverflow(plain, left, right, binary.Span);
                }
                return _function.Binary(plain, left, right, Motion.OutOfLoops);
            case BinaryOp.Divide or BinaryOp.Remainder when left.Type.IsInteger():
                bool mayMove = TrapOnDivision(left, right, binary.Span);
                return _function.Binary(binary.Op, left, right, mayMove ? Motion.OutOfLoops : Motion.Stay);
            default:
                return _function.Binary(binary.Op, left, right, Motion.OutOfLoops);
        }
    }

    private static BinaryOp Plain(BinaryOp op) => op switch
    {
        BinaryOp.AddChecked => BinaryOp.Add,
        BinaryOp.SubtractChecked => BinaryOp.Subtract,
        _ => BinaryOp.Multiply,
    };

    private void TrapOnOverflow(BinaryOp op, Value left, Value right, SourceSpan span)
    {
        Value overflows = _function.Pure(ScalarType.Bool, Motion.OutOfLoops, [left, right], r => new OverflowInstruction(r, op, left, right));
        Trap(overflows, TrapKind.Overflow, span, "");
    }

    /// <summary>True when a constant divisor needs no trap.</summary>
    private bool TrapOnDivision(Value left, Value right, SourceSpan span)
    {
        ulong minusOne = ulong.MaxValue;
        bool isKnown = _function.IsConstant(right, out ulong bits);
        if (isKnown && bits != 0 && bits != minusOne)
        {
            return true;
        }
        if (!isKnown || bits == 0)
        {
            Trap(_function.Compare(CompareOp.Equal, right, _function.Zero(right.Type)), TrapKind.DivideByZero, span, "");
        }
        if (left.Type.IsSigned() && (!isKnown || bits == minusOne))
        {
            Value lowest = _function.Constant(left.Type, (ulong)(-1L << (8 * left.Type.Size() - 1)));
            Value overflows = _function.And(
                _function.Compare(CompareOp.Equal, left, lowest),
                _function.Compare(CompareOp.Equal, right, _function.Constant(right.Type, minusOne)));
            Trap(overflows, TrapKind.Overflow, span, "");
        }
        return false;
    }

    private Value Lower(ConvertInstruction convert)
    {
        Value operand = Of(convert.Operand);
        ScalarType to = convert.Result.Type;
        if (convert.Mode == ConvertMode.Checked && to.IsInteger() && !AlwaysFits(operand.Type, to))
        {
            Value fits = _function.Pure(ScalarType.Bool, Motion.OutOfLoops, [operand], r => new ConvertFitsInstruction(r, operand, to));
            Trap(_function.Not(fits), TrapKind.Overflow, convert.Span, "");
        }
        return _function.Convert(operand, to);
    }

    private static bool AlwaysFits(ScalarType from, ScalarType to) => from.IsInteger()
        && (from == to || (from.Size() < to.Size() && (from.IsUnsigned() || to.IsSigned())));

    private Value Lower(MathInstruction math)
    {
        Value[] arguments = [.. math.Arguments.Select(Of)];
        ScalarType type = math.Defined[0].Type;
        if (!math.Function.MayThrow)
        {
            return _function.Pure(type, Motion.OutOfLoops, arguments, r => new MathInstruction([r], math.Function, [.. arguments]));
        }
        Value result = _function.NewValue(type);
        Value failed = _function.NewValue(ScalarType.Bool);
        _function.Add(new MathInstruction([result, failed], math.Function, [.. arguments]) { Span = math.Span });
        Trap(failed, TrapKind.MathDomain, math.Span, math.Function.Name);
        return result;
    }

    private Value Lower(RandomInstruction random)
    {
        Value seed = Of(random.Seed);
        Value stream = Of(random.Stream);
        Value index = Of(random.Index);
        return _function.Pure(random.Result.Type, Motion.OutOfLoops, [seed, stream, index],
            r => new RandomInstruction(r, random.Kind, seed, stream, index));
    }
}
