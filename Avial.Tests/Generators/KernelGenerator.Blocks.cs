using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Tests.Generators;

/// <summary>Ifs, loops and inner sums.</summary>
internal sealed partial class KernelGenerator
{
    private Value If(Scope scope, int depth) => If(scope, depth, Operand(scope, ScalarType.Bool), scope.Inside(), scope.Inside());

    /// <summary>An if whose condition is affine: its arms know more about the index.</summary>
    private Value GuardedIf(Scope scope, int depth)
    {
        Bounded bounded = Any(scope.Affine);
        long cut = _random.NextInt64(bounded.Low, bounded.High + 1);
        AffineIndex distance = AffineIndex.Of(bounded.Value) + -cut;
        Scope above = scope.Inside(distance);
        Scope below = scope.Inside(distance * -1 + -1);
        above.Bound(bounded.Value, cut, bounded.High, isAffine: true);
        // An arm that is never run may assume anything; an empty range would break the choice of indices.
        below.Bound(bounded.Value, Math.Min(bounded.Low, cut - 1), cut - 1, isAffine: true);
        return If(scope, depth, scope.Builder.Compare(CompareOp.GreaterOrEqual, bounded.Value, scope.Builder.Constant(cut)), above, below);
    }

    private Value If(Scope scope, int depth, Value condition, Scope then, Scope otherwise)
    {
        ImmutableArray<ScalarType> types = Many(1, 2, AnyType);
        Block[] arms = [.. new[] { then, otherwise }.Select(arm =>
        {
            Fill(arm, _random.Next(1, 6), depth + 1);
            return arm.Builder.Finish([], [.. types.Select(t => Operand(arm, t))]);
        })];
        ImmutableArray<Value> results = [.. types.Select(_numbers.New)];
        scope.Builder.Add(new IfInstruction(results, condition, arms[0], arms[1]));
        return AddAll(scope, results);
    }

    private Value For(Scope scope, int depth)
    {
        (Value from, Value to, Bounded range) = Range(scope, 6);
        Scope body = scope.Inside();
        Value k = LoopVariable(body, range);
        ImmutableArray<Value> seeds = Many(1, 2, () => Operand(scope, AnyType()));
        ImmutableArray<Value> carried = [.. seeds.Select(s => _numbers.New(s.Type))];
        AddAll(body, carried);
        Fill(body, _random.Next(1, 6), depth + 1);
        Block block = body.Builder.Finish([k, .. carried], [.. seeds.Select(s => Operand(body, s.Type))]);
        ImmutableArray<Value> results = [.. seeds.Select(s => _numbers.New(s.Type))];
        scope.Builder.Add(new ForInstruction(results, from, to, seeds, block));
        return AddAll(scope, results);
    }

    private Value InnerSum(Scope scope, int depth)
    {
        // Now and then over several chunks of 256.
        (Value from, Value to, Bounded range) = Range(scope, depth == 0 && _random.Next(4) == 0 ? 700 : 6);
        ScalarType type = TypeWhere(t => t.IsFloat());
        Scope body = scope.Inside();
        Value k = LoopVariable(body, range);
        Fill(body, _random.Next(1, 4), depth + 2);
        Block block = body.Builder.Finish([k], Many(1, 2, () => Operand(body, type)));
        Value result = _numbers.New(type);
        scope.Builder.Add(new InnerSumInstruction(result, from, to, block));
        return result;
    }

    /// <summary>Counts a small number down to zero, with other values carried along.</summary>
    private Value While(Scope scope, int depth)
    {
        ImmutableArray<Value> seeds = [Small(scope, ScalarType.I64), .. Many(0, 2, () => Operand(scope, AnyType()))];
        ImmutableArray<Value> tested = [.. seeds.Select(s => _numbers.New(s.Type))];
        Scope condition = scope.Inside();
        AddAll(condition, tested);
        Fill(condition, _random.Next(3), depth + 2);
        Value goesOn = condition.Builder.Compare(CompareOp.Greater, tested[0], condition.Builder.Constant(0));
        Block test = condition.Builder.Finish(tested, goesOn);

        ImmutableArray<Value> carried = [.. seeds.Select(s => _numbers.New(s.Type))];
        Scope body = scope.Inside();
        AddAll(body, carried);
        Fill(body, _random.Next(1, 5), depth + 1);
        Value less = body.Builder.Binary(BinaryOp.Subtract, carried[0], body.Builder.Constant(1));
        Block block = body.Builder.Finish(carried, [less, .. seeds.Skip(1).Select(s => Operand(body, s.Type))]);
        ImmutableArray<Value> results = [.. seeds.Select(s => _numbers.New(s.Type))];
        scope.Builder.Add(new WhileInstruction(results, seeds, test, block, TrapsHere() ? 3 : 7));
        return AddAll(scope, results);
    }

    /// <summary>Bounds of a loop: constants, or clamped data; sometimes empty.</summary>
    private (Value From, Value To, Bounded Range) Range(Scope scope, long most)
    {
        long low = _random.NextInt64(-2, 4);
        long high = low + _random.NextInt64(most + 1);
        bool isConstant = _random.Next(2) == 0;
        Value from = scope.Builder.Constant(low);
        Value to = isConstant ? scope.Builder.Constant(high) : Clamped(scope, low - 1, high);
        return (from, to, new Bounded(default, low, Math.Max(low, high - 1), isConstant));
    }

    private Value LoopVariable(Scope body, Bounded range)
    {
        Value k = _numbers.New(ScalarType.I64);
        body.Add(k);
        body.Bound(k, range.Low, range.High, isAffine: true);
        return k;
    }

    private static Value AddAll(Scope scope, ImmutableArray<Value> values)
    {
        foreach (Value value in values)
        {
            scope.Add(value);
        }
        return values[0];
    }
}
