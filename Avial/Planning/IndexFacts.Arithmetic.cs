using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

internal sealed partial class IndexFacts
{
    private IndexFact Compute(Value value)
    {
        if (value.Type.IsFloat())
        {
            throw new Diagnostics.InternalErrorException($"{value} is a float, not an index.");
        }
        Definition definition = _structure[value];
        return definition.Kind switch
        {
            DefinitionKind.Parameter => OfParameter(value, definition.Number),
            DefinitionKind.Induction => OfInduction(definition.Instruction!),
            DefinitionKind.Carried => Opaque(CarriedRange(value, definition.Instruction!, definition.Number)),
            _ => OfInstruction(value, definition.Instruction!, definition.Number),
        };
    }

    private IndexFact OfParameter(Value value, int number)
    {
        ParameterFact parameter = _environment.Parameters[number];
        if (parameter.Value is { } known)
        {
            return new(Interval.Of(known), AffineForm.Of(known));
        }
        if (parameter.Symbol >= 0)
        {
            int variable = SymbolVariable(parameter.Symbol);
            return new(_variables[variable].Range, AffineForm.OfVariable(variable));
        }
        return parameter.Same >= 0 && parameter.Same != number ? FactOf(_structure.Kernel.Parameters[parameter.Same]) : Opaque(Interval.OfType(value.Type), isExact: value.Type == ScalarType.Bool);
    }

    private IndexFact OfInduction(Instruction loop)
    {
        (Value fromValue, Value toValue) = BoundsOf(loop);
        IndexFact from = FactOf(fromValue);
        IndexFact to = FactOf(toValue);
        // An empty range never runs; any value does.
        Interval range = new(from.Range.Min, Int128.Max(from.Range.Min, to.Range.Max - 1));
        // A variable even for a single value: its bounds also say when the loop is empty.
        AffineForm self = AffineForm.OfVariable(_variables.Count);
        _variables.Add(new Variable(range, [self - from.Form, to.Form - self - 1], IsExact: true));
        return new(range, self);
    }

    private IndexFact OfInstruction(Value value, Instruction instruction, int number)
    {
        Interval whole = Interval.OfType(value.Type);
        switch (instruction)
        {
            case ConstantInstruction constant:
                Int128 known = IndexEnvironment.Decode(value.Type, constant.Bits)!.Value;
                return new(Interval.Of(known), AffineForm.Of(known));
            case ExtentInstruction extent:
                long length = _environment.Extents[extent.Operand][extent.Axis];
                return new(Interval.Of(length), AffineForm.Of(length));
            case ConvertInstruction { Operand.Type: var from } convert when !from.IsFloat():
                return Fit(FactOf(convert.Operand), whole, convert.Mode == ConvertMode.Checked);
            case UnaryInstruction { Op: UnaryOp.Negate or UnaryOp.NegateChecked } negate:
                IndexFact operand = FactOf(negate.Operand);
                return Fit(new(Interval.Of(0) - operand.Range, -operand.Form), whole, negate.Op == UnaryOp.NegateChecked);
            case BinaryInstruction binary when value.Type != ScalarType.Bool:
                return OfBinary(value, binary, whole);
            case SelectInstruction select when value.Type != ScalarType.Bool:
                return OfChoice(value, select.Condition, select.IfTrue, select.IfFalse);
            case IfInstruction choice when value.Type != ScalarType.Bool:
                return OfChoice(value, choice.Condition, choice.Then.Results[number], choice.Else.Results[number]);
            case ForInstruction loop:
                return Opaque(CarriedRange(loop.Body.Parameters[number + 1], loop, number));
            case WhileInstruction loop:
                return Opaque(CarriedRange(loop.Body.Parameters[number], loop, number));
            case MathInstruction math when math.Arguments.All(a => !a.Type.IsFloat()):
                return Opaque(MathRange(math, whole));
            default:
                return Opaque(whole);
        }
    }

    /// <summary>A result that must lie in its type: exact when it does; otherwise it wraps (nothing known), or, checked, is cut off by a trap.</summary>
    private IndexFact Fit(IndexFact exact, Interval whole, bool isChecked)
    {
        if (whole.Contains(exact.Range) && exact.Form.IsModerate)
        {
            return exact;
        }
        if (isChecked && exact.Form.IsModerate)
        {
            return Opaque(exact.Range.Intersect(whole) is { IsEmpty: false } cut ? cut : whole, v => [v - exact.Form, exact.Form - v]);
        }
        return Opaque(whole.Contains(exact.Range) ? exact.Range : whole);
    }

    private IndexFact OfBinary(Value value, BinaryInstruction binary, Interval whole)
    {
        bool isChecked = binary.Op is BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked;
        IndexFact a = FactOf(binary.Left);
        IndexFact b = FactOf(binary.Right);
        switch (binary.Op)
        {
            case BinaryOp.Add or BinaryOp.AddChecked:
                return Fit(new(a.Range + b.Range, a.Form + b.Form), whole, isChecked);
            case BinaryOp.Subtract or BinaryOp.SubtractChecked:
                return Fit(new(a.Range - b.Range, a.Form - b.Form), whole, isChecked);
            case BinaryOp.Multiply or BinaryOp.MultiplyChecked:
                return OfProduct(a, b, whole, isChecked);
            case BinaryOp.Divide when b.Range.IsPoint && b.Range.Min > 0:
                return OfQuotient(a, b.Range.Min);
            case BinaryOp.Divide when a.Range.Min >= 0 && b.Range.Min > 0:
                return Opaque(new(a.Range.Min / b.Range.Max, a.Range.Max / b.Range.Min));
            case BinaryOp.Remainder:
                return OfRemainder(a, b, whole);
            case BinaryOp.ShiftLeft when b.Range.IsPoint && b.Range.Min >= 0 && b.Range.Min < 32:
                return OfProduct(a, FactOfConstant(Int128.One << (int)b.Range.Min), whole, false);
            case BinaryOp.ShiftRight when b.Range.IsPoint && b.Range.Min >= 0 && b.Range.Min < 32:
                int shift = (int)b.Range.Min;
                Int128 unit = Int128.One << shift;
                return Opaque(new(a.Range.Min >> shift, a.Range.Max >> shift), q => [a.Form - q * unit, q * unit - a.Form + (unit - 1)]);
            case BinaryOp.And when a.Range.Min >= 0 || b.Range.Min >= 0:
                Int128 ones = a.Range.Min < 0 ? b.Range.Max : b.Range.Min < 0 ? a.Range.Max : Int128.Min(a.Range.Max, b.Range.Max);
                return Opaque(new(0, ones));
            case BinaryOp.Or or BinaryOp.Xor when a.Range.Min >= 0 && b.Range.Min >= 0:
                Int128 mask = Int128.Max(a.Range.Max, b.Range.Max);
                return Opaque(new(0, mask == 0 ? 0 : (Int128.One << ((int)Int128.Log2(mask) + 1)) - 1));
            case BinaryOp.Min:
                var least = new Interval(Int128.Min(a.Range.Min, b.Range.Min), Int128.Min(a.Range.Max, b.Range.Max));
                return a.Range.Max <= b.Range.Min ? a : b.Range.Max <= a.Range.Min ? b
                    : ChosenOf(value) is { } lesser ? lesser ? Chosen(a, least, b.Form - a.Form) : Chosen(b, least, a.Form - b.Form)
                    : Opaque(least, m => [a.Form - m, b.Form - m]);
            case BinaryOp.Max:
                var most = new Interval(Int128.Max(a.Range.Min, b.Range.Min), Int128.Max(a.Range.Max, b.Range.Max));
                return a.Range.Min >= b.Range.Max ? a : b.Range.Min >= a.Range.Max ? b
                    : ChosenOf(value) is { } greater ? greater ? Chosen(a, most, a.Form - b.Form) : Chosen(b, most, b.Form - a.Form)
                    : Opaque(most, m => [m - a.Form, m - b.Form]);
            default:
                return Opaque(whole);
        }
    }

    /// <summary>One of two values where it is the one that is taken: then it lies in the range of both.</summary>
    private IndexFact Chosen(IndexFact one, Interval range, AffineForm condition)
    {
        Interval cut = one.Range.Intersect(range);
        return Defined(cut.IsEmpty ? one : one with { Range = cut }, [condition]);
    }

    private static IndexFact FactOfConstant(Int128 value) => new(Interval.Of(value), AffineForm.Of(value));

    private IndexFact OfProduct(IndexFact a, IndexFact b, Interval whole, bool isChecked)
    {
        if (a.Range.IsPoint)
        {
            (a, b) = (b, a);
        }
        if (Int128.Abs(a.Range.Min) > AffineForm.Limit || Int128.Abs(a.Range.Max) > AffineForm.Limit
            || Int128.Abs(b.Range.Min) > AffineForm.Limit || Int128.Abs(b.Range.Max) > AffineForm.Limit)
        {
            return Opaque(whole);
        }
        Interval range = a.Range * b.Range;
        if (b.Range.IsPoint && b.Range.Min is var factor && Int128.Abs(factor) <= MaxCoefficient)
        {
            return Fit(new(range, a.Form * factor), whole, isChecked);
        }
        return Opaque(whole.Contains(range) ? range : isChecked && range.Intersect(whole) is { IsEmpty: false } cut ? cut : whole);
    }

    /// <summary>a / c for c > 0, rounded towards zero.</summary>
    private IndexFact OfQuotient(IndexFact a, Int128 c)
    {
        if (c > MaxCoefficient)
        {
            return Opaque(new(a.Range.Min / c, a.Range.Max / c));
        }
        return Opaque(new(a.Range.Min / c, a.Range.Max / c), q =>
        [
            a.Form - q * c + (a.Range.Min >= 0 ? 0 : c - 1),
            q * c - a.Form + (a.Range.Max <= 0 ? 0 : c - 1),
        ]);
    }

    /// <summary>C#'s %: the sign is the dividend's, the size below the divisor's.</summary>
    private IndexFact OfRemainder(IndexFact a, IndexFact b, Interval whole)
    {
        Int128 size = Int128.Max(Int128.Abs(b.Range.Min), Int128.Abs(b.Range.Max));
        if (size == 0)
        {
            return Opaque(whole);
        }
        if (b.Range.Min > 0 && a.Range.Min >= 0 && a.Range.Max < b.Range.Min)
        {
            return a;
        }
        Int128 low = a.Range.Min >= 0 ? 0 : Int128.Max(-(size - 1), a.Range.Min);
        Int128 high = a.Range.Max <= 0 ? 0 : Int128.Min(size - 1, a.Range.Max);
        Interval range = new(low, high);
        return a.Range.Min >= 0 ? Opaque(range, r => [a.Form - r]) : Opaque(range);
    }

    private static Interval MathRangeOfAbs(Interval a) =>
        a.Min >= 0 ? a : a.Max <= 0 ? new(-a.Max, -a.Min) : new(0, Int128.Max(-a.Min, a.Max));

    private Interval MathRange(MathInstruction math, Interval whole)
    {
        string name = math.Function.Name[(math.Function.Name.LastIndexOf('.') + 1)..];
        ImmutableArray<IndexFact> arguments = [.. math.Arguments.Select(FactOf)];
        Interval range = (name, arguments.Length) switch
        {
            ("Abs", 1) => MathRangeOfAbs(arguments[0].Range),
            ("Sign", 1) => new(-1, 1),
            ("Clamp", 3) => ClampRange(arguments[0].Range, arguments[1].Range, arguments[2].Range),
            ("Min", 2) => new(Int128.Min(arguments[0].Range.Min, arguments[1].Range.Min), Int128.Min(arguments[0].Range.Max, arguments[1].Range.Max)),
            ("Max", 2) => new(Int128.Max(arguments[0].Range.Min, arguments[1].Range.Min), Int128.Max(arguments[0].Range.Max, arguments[1].Range.Max)),
            ("PopCount" or "LeadingZeroCount" or "TrailingZeroCount" or "Log2", 1) => new(0, 64),
            _ => whole,
        };
        return whole.Contains(range) ? range : whole;
    }

    private static Interval ClampRange(Interval value, Interval low, Interval high) =>
        new(Int128.Max(low.Min, Int128.Min(value.Min, high.Min)), Int128.Min(high.Max, Int128.Max(value.Max, low.Max)));

    /// <summary>One of two values: the hull of both, each under its own condition (<c>i == 0 ? n - 1 : i - 1</c>).</summary>
    private IndexFact OfChoice(Value value, Value condition, Value then, Value otherwise)
    {
        Interval a = RangeUnder(then, condition, true);
        Interval b = RangeUnder(otherwise, condition, false);
        if (a.IsEmpty && !b.IsEmpty)
        {
            return FactOf(otherwise);
        }
        if (b.IsEmpty && !a.IsEmpty)
        {
            return FactOf(then);
        }
        if (!a.IsEmpty && ChosenOf(value) is { } first)
        {
            IndexFact fact = FactOf(first ? then : otherwise);
            return Defined(fact with { Range = first ? a : b }, ConditionsOf(condition, first));
        }
        return Opaque(a.IsEmpty ? FactOf(then).Range : a.Hull(b));
    }

    /// <summary>Which of its two forms a value is taken as; null when that is open.</summary>
    private bool? ChosenOf(Value value) => _guessing ? null : _cases?.Choose(value);

    /// <summary>What the truth of a condition says of integers, each "≥ 0".</summary>
    private List<AffineForm> ConditionsOf(Value condition, bool polarity)
    {
        var tests = new TestSet();
        foreach ((Value test, bool truth) in _structure.Conjuncts(condition, polarity))
        {
            AddTest(test, truth, tests);
        }
        SystemUnder(tests, [], tests.Inequalities);
        return tests.Inequalities;
    }

    private Interval RangeUnder(Value value, Value condition, bool polarity)
    {
        IndexFact fact = FactOf(value);
        var tests = new TestSet();
        foreach ((Value test, bool truth) in _structure.Conjuncts(condition, polarity))
        {
            AddTest(test, truth, tests);
        }
        if (tests.IsTrivial || fact.Form.IsConstant && tests.Inequalities.Count == 0)
        {
            return fact.Range;
        }
        AffineSystem system = SystemUnder(tests, [fact.Form]);
        if (system.IsInfeasible())
        {
            return new(0, -1);
        }
        FormRange range = system.Range(fact.Form);
        return fact.Range.Intersect(new(range.Min ?? fact.Range.Min, range.Max ?? fact.Range.Max));
    }

    /// <summary>
    /// The range of a value carried by a loop: the smallest of a few guesses that holds for the seed and is kept by the body, else the
    /// type's. An index found by a search (ArgMin) is bounded this way.
    /// </summary>
    private Interval CarriedRange(Value parameter, Instruction loop, int number)
    {
        Interval whole = Interval.OfType(parameter.Type);
        (Value seed, Block body, Block? condition, int first) = loop switch
        {
            ForInstruction f => (f.Seeds[number], f.Body, null, 1),
            WhileInstruction w => (w.Seeds[number], w.Body, w.Condition, 0),
            _ => throw new Diagnostics.InternalErrorException("Not a loop with carried values."),
        };
        if (_guessing)
        {
            return whole;
        }
        Interval guess = FactOf(seed).Range;
        _guessing = true;
        try
        {
            for (int attempt = 0; attempt < 3; attempt++)
            {
                var kept = new Dictionary<int, IndexFact>(_facts);
                _facts[body.Parameters[first + number].Id] = Opaque(guess);
                Interval next = FactOf(body.Results[number]).Range;
                Restore(kept);
                if (guess.Contains(next))
                {
                    return guess;
                }
                guess = guess.Hull(next);
            }
        }
        finally
        {
            _guessing = false;
        }
        return whole;
    }

    private bool _guessing;

    private void Restore(Dictionary<int, IndexFact> kept)
    {
        _facts.Clear();
        foreach ((int id, IndexFact fact) in kept)
        {
            _facts[id] = fact;
        }
    }
}
