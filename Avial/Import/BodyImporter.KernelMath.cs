using System.Collections.Immutable;
using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

// The members of KernelMath: loops, locals, tuples, random numbers.
internal sealed partial class BodyImporter
{
    private const long WhileCap = 1L << 31;

    private KernelValue VisitKernelMath(MethodCallExpression call)
    {
        var arguments = call.Arguments;
        switch (call.Method.Name)
        {
            case nameof(KernelMath.Sum):
                return VisitSum(call);
            case nameof(KernelMath.Product):
                return Accumulate(call, type => One(type), (acc, term) => Arithmetic(BinaryOp.Multiply, acc, term, call), mustHaveTerms: false);
            case nameof(KernelMath.Min):
                return Accumulate(call, type => Extreme(type, isHighest: true), (acc, term) => _scope.Builder.Binary(BinaryOp.Min, acc, term), mustHaveTerms: true);
            case nameof(KernelMath.Max):
                return Accumulate(call, type => Extreme(type, isHighest: false), (acc, term) => _scope.Builder.Binary(BinaryOp.Max, acc, term), mustHaveTerms: true);
            case nameof(KernelMath.Any):
                return Accumulate(call, _ => Constant(false), (acc, term) => _scope.Builder.Binary(BinaryOp.Or, acc, term), mustHaveTerms: false);
            case nameof(KernelMath.All):
                return Accumulate(call, _ => Constant(true), (acc, term) => _scope.Builder.Binary(BinaryOp.And, acc, term), mustHaveTerms: false);
            case nameof(KernelMath.ArgMin):
                return VisitArg(call, CompareOp.Less);
            case nameof(KernelMath.ArgMax):
                return VisitArg(call, CompareOp.Greater);
            case nameof(KernelMath.Fold):
                return VisitFold(call);
            case nameof(KernelMath.While):
                return VisitWhile(call);
            case nameof(KernelMath.Let):
                return Inline(call, arguments[^1], [.. arguments.Take(arguments.Count - 1)]);
            case nameof(KernelMath.At):
                return Tuple(call.Type, [.. arguments.Select(Visit)]);
            case nameof(KernelMath.Uniform):
                return Random(call, RandomKind.Uniform, ScalarType.F64);
            case nameof(KernelMath.Normal):
                return Random(call, RandomKind.Normal, ScalarType.F64);
            case nameof(KernelMath.RandomBits):
                return Random(call, RandomKind.Bits, ScalarType.U64);
            default:
                throw Throw.UnsupportedInBody(ExpressionText.Of(call), $"'{call.Method.Name}' inside a body", "call the function, or make it before the task in a variable or a static readonly field", _span);
        }
    }

    private KernelValue Random(MethodCallExpression call, RandomKind kind, ScalarType type)
    {
        Value[] arguments = [.. call.Arguments.Select(VisitNumber)];
        Value stream = arguments.Length == 3 ? arguments[1] : Constant(0);
        return new KernelValue(call.Type, _scope.Builder.Pure(type, r => new RandomInstruction(r, kind, arguments[0], stream, arguments[^1])));
    }

    /// <summary>A loop body: its induction value, its scope (still open) and what it computed.</summary>
    private (Value K, Scope Scope, T Result) LoopBody<T>(Value from, Value to, Func<Value, T> import)
    {
        Value k = _numbers.New(ScalarType.I64);
        AffineIndex? low = _facts.Exact(from) is { } a && _facts.IsAffine(a) ? a : null;
        AffineIndex? high = _facts.Exact(to) is { } b && _facts.IsAffine(b) ? b : null;
        _facts.AddInduction(k, _facts.Exact(from), _facts.Exact(to));
        AffineIndex index = AffineIndex.Of(k);
        var guard = new List<AffineIndex>();
        if (low is not null)
        {
            guard.Add(index - low);
        }
        if (high is not null)
        {
            guard.Add(high - index + -1);
        }
        (Scope scope, T result) = Arm(guard, low is not null && high is not null, () => import(k));
        return (k, scope, result);
    }

    private KernelValue VisitSum(MethodCallExpression call)
    {
        ScalarType type = NumberType(call);
        if (type is ScalarType.Bool || (type.IsInteger() && type.Size() < 4))
        {
            throw Throw.NarrowSum(ExpressionText.Of(call), call.Type, _span);
        }
        if (type.IsInteger())
        {
            return Accumulate(call, t => Constant(t, 0), (acc, term) => Arithmetic(BinaryOp.Add, acc, term, call), mustHaveTerms: false);
        }
        Value from = VisitNumber(call.Arguments[0]);
        Value to = VisitNumber(call.Arguments[1]);
        LambdaExpression term = LambdaOf(call.Arguments[2], call);
        ScalarType accumulator = type == ScalarType.F16 ? ScalarType.F32 : type;
        var (k, scope, results) = LoopBody(from, to, k => Term(term, k, accumulator));
        Value sum = _numbers.New(accumulator);
        _scope.Builder.Add(new InnerSumInstruction(sum, from, to, scope.Builder.Finish([k], results)));
        return new KernelValue(call.Type, _scope.Builder.Convert(sum, type));
    }

    /// <summary>The term of an inner sum: its two factors where it is written as a product, which fma accumulates.</summary>
    private ImmutableArray<Value> Term(LambdaExpression term, Value k, ScalarType accumulator)
    {
        _bound[term.Parameters[0]] = new KernelValue(typeof(long), k);
        Expression body = term.Body;
        while (body is MethodCallExpression { Method: { Name: nameof(KernelMath.Let) } method } let && method.DeclaringType == typeof(KernelMath))
        {
            LambdaExpression inner = LambdaOf(let.Arguments[^1], let);
            for (int i = 0; i < inner.Parameters.Count; i++)
            {
                _bound[inner.Parameters[i]] = Visit(let.Arguments[i]);
            }
            body = inner.Body;
        }
        return body is BinaryExpression { NodeType: ExpressionType.Multiply or ExpressionType.MultiplyChecked } product
            ? [_scope.Builder.Convert(VisitNumber(product.Left), accumulator), _scope.Builder.Convert(VisitNumber(product.Right), accumulator)]
            : [_scope.Builder.Convert(VisitNumber(body), accumulator)];
    }

    private ScalarType NumberType(MethodCallExpression call) =>
        ScalarTypes.Of(call.Type) ?? throw Throw.UnsupportedInBody(ExpressionText.Of(call), $"'{call.Method.Name}' of {ExpressionText.Of(call.Type)}", "use Fold, which says how two values are combined", _span);

    /// <summary>acc = seed; for k: acc = combine(acc, term(k)).</summary>
    private KernelValue Accumulate(MethodCallExpression call, Func<ScalarType, Value> seed, Func<Value, Value, Value> combine, bool mustHaveTerms)
    {
        ScalarType type = NumberType(call);
        if (type == ScalarType.Bool && call.Method.IsGenericMethod)
        {
            throw Throw.UnsupportedInBody(ExpressionText.Of(call), $"'{call.Method.Name}' of bool", "use Any or All", _span);
        }
        Value from = VisitNumber(call.Arguments[0]);
        Value to = VisitNumber(call.Arguments[1]);
        if (mustHaveTerms)
        {
            TrapIfEmpty(from, to, call);
        }
        Value first = seed(type);
        Value carried = _numbers.New(type);
        LambdaExpression term = LambdaOf(call.Arguments[2], call);
        var (k, scope, next) = LoopBody(from, to, k => combine(carried, Apply(term, [new KernelValue(typeof(long), k)]).Single));
        Value result = _numbers.New(type);
        _scope.Builder.Add(new ForInstruction([result], from, to, [first], scope.Builder.Finish([k, carried], next)));
        return new KernelValue(call.Type, result);
    }

    private void TrapIfEmpty(Value from, Value to, Expression call)
    {
        if (_facts.Exact(from) is { IsConstant: true } low && _facts.Exact(to) is { IsConstant: true } high && low.Constant < high.Constant)
        {
            return;
        }
        Value isEmpty = _scope.Builder.Compare(CompareOp.GreaterOrEqual, from, to);
        _scope.Builder.Add(new TrapIfInstruction(isEmpty, TrapKind.EmptyRange, [], []) { Span = At(call) });
    }

    // take = k == from || term < best || (term is NaN && best is not): the lowest index wins ties, and the first NaN wins.
    private KernelValue VisitArg(MethodCallExpression call, CompareOp isBetter)
    {
        Value from = VisitNumber(call.Arguments[0]);
        Value to = VisitNumber(call.Arguments[1]);
        TrapIfEmpty(from, to, call);
        LambdaExpression term = LambdaOf(call.Arguments[2], call);
        if (ScalarTypes.Of(term.ReturnType) is not ({ } type and not ScalarType.Bool))
        {
            throw Throw.UnsupportedInBody(ExpressionText.Of(call), $"'{call.Method.Name}' of {ExpressionText.Of(term.ReturnType)}", "compare numbers", _span);
        }
        Value bestK = _numbers.New(ScalarType.I64);
        Value best = _numbers.New(type);
        Value zero = Constant(type, 0);
        var (k, scope, next) = LoopBody(from, to, k =>
        {
            BlockBuilder builder = _scope.Builder;
            Value value = Apply(term, [new KernelValue(typeof(long), k)]).Single;
            builder = _scope.Builder;
            Value take = builder.Binary(BinaryOp.Or, builder.Compare(CompareOp.Equal, k, from), builder.Compare(isBetter, value, best));
            if (type.IsFloat())
            {
                Value isFirstNaN = builder.Binary(BinaryOp.And, builder.Compare(CompareOp.NotEqual, value, value), builder.Compare(CompareOp.Equal, best, best));
                take = builder.Binary(BinaryOp.Or, take, isFirstNaN);
            }
            return (ImmutableArray<Value>)[builder.Select(take, k, bestK), builder.Select(take, value, best)];
        });
        ImmutableArray<Value> results = [_numbers.New(ScalarType.I64), _numbers.New(type)];
        _scope.Builder.Add(new ForInstruction(results, from, to, [from, zero], scope.Builder.Finish([k, bestK, best], next)));
        return new KernelValue(typeof(long), results[0]);
    }

    private KernelValue VisitFold(MethodCallExpression call)
    {
        Value from = VisitNumber(call.Arguments[0]);
        Value to = VisitNumber(call.Arguments[1]);
        KernelValue seed = Visit(call.Arguments[2]);
        LambdaExpression step = LambdaOf(call.Arguments[3], call);
        KernelValue carried = seed with { Columns = [.. seed.Columns.Select(c => _numbers.New(c.Type))] };
        var (k, scope, next) = LoopBody(from, to, k => Apply(step, [carried, new KernelValue(typeof(long), k)]));
        KernelValue result = seed with { Columns = [.. seed.Columns.Select(c => _numbers.New(c.Type))] };
        _scope.Builder.Add(new ForInstruction(result.Columns, from, to, seed.Columns, scope.Builder.Finish([k, .. carried.Columns], next.Columns)));
        return result;
    }

    private KernelValue VisitWhile(MethodCallExpression call)
    {
        KernelValue seed = Visit(call.Arguments[0]);
        LambdaExpression condition = LambdaOf(call.Arguments[1], call);
        LambdaExpression step = LambdaOf(call.Arguments[2], call);
        KernelValue Fresh() => seed with { Columns = [.. seed.Columns.Select(c => _numbers.New(c.Type))] };
        KernelValue tested = Fresh();
        KernelValue carried = Fresh();
        KernelValue result = Fresh();
        (Scope test, KernelValue goesOn) = Arm([], false, () => Apply(condition, [tested]));
        (Scope body, KernelValue next) = Arm([], false, () => Apply(step, [carried]));
        _scope.Builder.Add(new WhileInstruction(result.Columns, seed.Columns, test.Builder.Finish([.. tested.Columns], goesOn.Columns), body.Builder.Finish([.. carried.Columns], next.Columns), WhileCap) { Span = At(call) });
        return result;
    }

    private Value One(ScalarType type) => Constant(type, type switch
    {
        ScalarType.F16 => BitConverter.HalfToUInt16Bits(Half.One),
        ScalarType.F32 => BitConverter.SingleToUInt32Bits(1),
        ScalarType.F64 => BitConverter.DoubleToUInt64Bits(1),
        _ => 1,
    });

    /// <summary>The value that Min (the highest) or Max (the lowest) leaves any other unchanged by.</summary>
    private Value Extreme(ScalarType type, bool isHighest) => Constant(type, type switch
    {
        ScalarType.F16 => BitConverter.HalfToUInt16Bits(isHighest ? Half.PositiveInfinity : Half.NegativeInfinity),
        ScalarType.F32 => BitConverter.SingleToUInt32Bits(isHighest ? float.PositiveInfinity : float.NegativeInfinity),
        ScalarType.F64 => BitConverter.DoubleToUInt64Bits(isHighest ? double.PositiveInfinity : double.NegativeInfinity),
        _ => unchecked((ulong)(isHighest ? IntegerRange.Of(type).High : IntegerRange.Of(type).Low)),
    });
}
