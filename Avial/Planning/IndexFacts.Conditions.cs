using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>Conditions that hold together: forms ≥ 0 and forms ≠ 0.</summary>
internal sealed class TestSet
{
    public List<AffineForm> Inequalities { get; } = [];

    public List<AffineForm> Disequalities { get; } = [];

    public bool IsTrivial => Inequalities.Count == 0 && Disequalities.Count == 0;
}

internal sealed partial class IndexFacts
{
    /// <summary>Adds what a boolean value's truth says of integers; nothing when it says nothing affine.</summary>
    public void AddTest(Value test, bool polarity, TestSet tests)
    {
        Definition definition = _structure[test];
        switch (definition.Instruction)
        {
            case ConstantInstruction constant:
                if (constant.Bits == 1 != polarity)
                {
                    tests.Inequalities.Add(AffineForm.Of(-1));
                }
                return;
            case CompareInstruction { Left.Type: var type } compare when !type.IsFloat() && type != ScalarType.Bool:
                AddCompare(compare, polarity, tests);
                return;
        }
        if (definition.Kind == DefinitionKind.Parameter)
        {
            AddParameter(test, _environment.Parameters[definition.Number], polarity, tests);
        }
    }

    private void AddParameter(Value test, ParameterFact parameter, bool polarity, TestSet tests)
    {
        if (parameter.Value is not { } known)
        {
            AffineForm form = FactOf(test).Form;
            tests.Inequalities.Add(polarity ? form - 1 : -form);
        }
        else if (known == 1 != polarity)
        {
            tests.Inequalities.Add(AffineForm.Of(-1));
        }
    }

    /// <summary>Adds an access's own affine condition, unless its arithmetic could leave 64 bits.</summary>
    public void AddGuard(AffineIndex guard, TestSet tests)
    {
        if (FactOf(guard) is { } fact && new Interval(-AffineForm.Limit, AffineForm.Limit).Contains(fact.Range))
        {
            tests.Inequalities.Add(fact.Form);
        }
    }

    /// <summary>
    /// The system of the given forms under tests. A disequality sharpens the side that is still possible; <paramref name="sharpened"/> gets what it then says.
    /// </summary>
    public AffineSystem SystemUnder(TestSet tests, ReadOnlySpan<AffineForm> forms, List<AffineForm>? sharpened = null)
    {
        AffineSystem system = SystemFor([.. forms, .. tests.Inequalities, .. tests.Disequalities]);
        foreach (AffineForm inequality in tests.Inequalities)
        {
            system.Require(inequality);
        }
        foreach (AffineForm difference in tests.Disequalities)
        {
            bool below = !system.With(-difference - 1).IsInfeasible();
            bool above = !system.With(difference - 1).IsInfeasible();
            if (!below)
            {
                system.Require(difference - 1);
                sharpened?.Add(difference - 1);
            }
            if (!above)
            {
                system.Require(-difference - 1);
                sharpened?.Add(-difference - 1);
            }
        }
        return system;
    }

    private void AddCompare(CompareInstruction compare, bool polarity, TestSet tests)
    {
        AffineForm difference = FactOf(compare.Left).Form - FactOf(compare.Right).Form;
        switch (compare.Op, polarity)
        {
            case (CompareOp.Less, true) or (CompareOp.GreaterOrEqual, false):
                tests.Inequalities.Add(-difference - 1);
                break;
            case (CompareOp.LessOrEqual, true) or (CompareOp.Greater, false):
                tests.Inequalities.Add(-difference);
                break;
            case (CompareOp.Greater, true) or (CompareOp.LessOrEqual, false):
                tests.Inequalities.Add(difference - 1);
                break;
            case (CompareOp.GreaterOrEqual, true) or (CompareOp.Less, false):
                tests.Inequalities.Add(difference);
                break;
            case (CompareOp.Equal, true) or (CompareOp.NotEqual, false):
                tests.Inequalities.Add(difference);
                tests.Inequalities.Add(-difference);
                break;
            default:
                tests.Disequalities.Add(difference);
                break;
        }
    }
}
