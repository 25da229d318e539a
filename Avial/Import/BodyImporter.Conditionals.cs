using System.Collections.Immutable;
using System.Linq.Expressions;
using Avial.IR;

namespace Avial.Import;

// ?:, && and ||: lazy arms unless both are cheap and cannot trap.
internal sealed partial class BodyImporter
{
    private KernelValue VisitConditional(ConditionalExpression conditional)
    {
        Value test = VisitNumber(conditional.Test);
        Condition condition = _facts.ConditionOf(test);
        (Scope then, KernelValue ifTrue) = Arm(condition.IfTrue, condition.TrueIsExact, () => Visit(conditional.IfTrue));
        (Scope otherwise, KernelValue ifFalse) = Arm(condition.IfFalse, condition.FalseIsExact, () => Visit(conditional.IfFalse));
        return new KernelValue(conditional.Type, Choose(test, then, ifTrue.Columns, otherwise, ifFalse.Columns));
    }

    private KernelValue VisitShortCircuit(BinaryExpression binary)
    {
        CheckOperator(binary, binary.Method);
        bool isAnd = binary.NodeType == ExpressionType.AndAlso;
        Value left = VisitNumber(binary.Left);
        Condition a = _facts.ConditionOf(left);
        (Scope scope, KernelValue right) = isAnd ? Arm(a.IfTrue, a.TrueIsExact, () => Visit(binary.Right)) : Arm(a.IfFalse, a.FalseIsExact, () => Visit(binary.Right));
        if (IsCheap(scope))
        {
            _scope.Builder.Append(scope.Builder);
            return new KernelValue(typeof(bool), Logic(isAnd ? BinaryOp.And : BinaryOp.Or, left, right.Single));
        }
        (Scope constant, KernelValue known) = Arm([], false, () => new KernelValue(typeof(bool), Constant(!isAnd)));
        Value result = (isAnd ? Branch(left, scope, right.Columns, constant, known.Columns) : Branch(left, constant, known.Columns, scope, right.Columns))[0];
        Condition b = _facts.ConditionOf(right.Single);
        _facts.SetCondition(result, isAnd ? Condition.And(a, b) : Condition.Or(a, b));
        return new KernelValue(typeof(bool), result);
    }

    /// <summary>Imports a part that is executed only where the conditions hold.</summary>
    private (Scope Scope, T Result) Arm<T>(IEnumerable<AffineIndex> conditions, bool isExact, Func<T> import)
    {
        Scope outer = _scope;
        _scope = outer.Nested(conditions, isExact);
        T result = import();
        Scope arm = _scope;
        _scope = outer;
        return (arm, result);
    }

    private ImmutableArray<Value> Choose(Value test, Scope then, ImmutableArray<Value> ifTrue, Scope otherwise, ImmutableArray<Value> ifFalse)
    {
        if (!IsCheap(then) || !IsCheap(otherwise))
        {
            return Branch(test, then, ifTrue, otherwise, ifFalse);
        }
        _scope.Builder.Append(then.Builder);
        _scope.Builder.Append(otherwise.Builder);
        return [.. ifTrue.Select((value, i) => Select(test, value, ifFalse[i]))];
    }

    private Value Select(Value test, Value ifTrue, Value ifFalse) => _scope.Builder.Select(test, ifTrue, ifFalse);

    private bool IsCheap(Scope arm) => Effects.AreCheap(arm.Builder.Instructions, IsSafeDivision);

    private ImmutableArray<Value> Branch(Value test, Scope then, ImmutableArray<Value> ifTrue, Scope otherwise, ImmutableArray<Value> ifFalse)
    {
        ImmutableArray<Value> results = [.. ifTrue.Select(v => _numbers.New(v.Type))];
        _scope.Builder.Add(new IfInstruction(results, test, then.Builder.Finish([], ifTrue), otherwise.Builder.Finish([], ifFalse)));
        return results;
    }
}
