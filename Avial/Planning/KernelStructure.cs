using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Planning;

internal enum DefinitionKind : byte
{
    /// <summary>Index variable <see cref="Definition.Number"/>.</summary>
    Index,
    /// <summary>Scalar parameter <see cref="Definition.Number"/>.</summary>
    Parameter,
    /// <summary>Result <see cref="Definition.Number"/> of the instruction.</summary>
    Result,
    /// <summary>The k of a For or InnerSum.</summary>
    Induction,
    /// <summary>Carried value <see cref="Definition.Number"/> inside a For or While.</summary>
    Carried,
}

/// <summary>Where an SSA value comes from.</summary>
internal readonly record struct Definition(DefinitionKind Kind, int Number, Instruction? Instruction);

internal enum PathKind : byte
{
    /// <summary>Inside the arm of an If taken when the condition equals <see cref="PathStep.Polarity"/>.</summary>
    Arm,
    /// <summary>Inside a For or InnerSum whose induction is <see cref="PathStep.Value"/>.</summary>
    Loop,
    /// <summary>Inside the body of a While.</summary>
    While,
}

/// <summary>One construct that encloses a load, from the outside in.</summary>
internal readonly record struct PathStep(PathKind Kind, Value Value, bool Polarity, Instruction Construct);

/// <summary>A load and the constructs around it.</summary>
internal sealed record LoadSite(LoadInstruction Load, ImmutableArray<PathStep> Path)
{
    public Access Access => Load.Access;
}

/// <summary>The definitions and loads of a kernel, found by one walk; kept as long as the kernel.</summary>
internal sealed class KernelStructure
{
    private static readonly ConditionalWeakTable<Kernel, KernelStructure> s_known = [];

    private readonly Dictionary<int, Definition> _definitions = [];
    private readonly ImmutableArray<LoadSite>.Builder _loads = ImmutableArray.CreateBuilder<LoadSite>();

    private KernelStructure(Kernel kernel)
    {
        Kernel = kernel;
        for (int i = 0; i < kernel.Body.Parameters.Length; i++)
        {
            _definitions[kernel.Body.Parameters[i].Id] = i < kernel.Rank
                ? new(DefinitionKind.Index, i, null)
                : new(DefinitionKind.Parameter, i - kernel.Rank, null);
        }
        Walk(kernel.Body, []);
        Loads = _loads.DrainToImmutable();
    }

    public Kernel Kernel { get; }

    /// <summary>Every load, in program order.</summary>
    public ImmutableArray<LoadSite> Loads { get; }

    public static KernelStructure Of(Kernel kernel) => s_known.GetValue(kernel, static k => new KernelStructure(k));

    public Definition this[Value value] => _definitions.TryGetValue(value.Id, out Definition definition)
        ? definition
        : throw new InternalErrorException($"{value} is not defined in its kernel.");

    /// <summary>The constant a value is, if it is written as one.</summary>
    public ConstantInstruction? ConstantOf(Value value) => this[value].Instruction as ConstantInstruction;

    /// <summary>The tests that all hold where a condition has the given truth: <c>a &amp;&amp; b</c> gives a and b; other forms give themselves.</summary>
    public IEnumerable<(Value Test, bool Polarity)> Conjuncts(Value condition, bool polarity)
    {
        switch (this[condition].Instruction)
        {
            case UnaryInstruction { Op: UnaryOp.Not } not:
                return Conjuncts(not.Operand, !polarity);
            case BinaryInstruction { Op: BinaryOp.And } both when polarity:
                return Conjuncts(both.Left, true).Concat(Conjuncts(both.Right, true));
            case BinaryInstruction { Op: BinaryOp.Or } either when !polarity:
                return Conjuncts(either.Left, false).Concat(Conjuncts(either.Right, false));
            case IfInstruction choice:
                int number = this[condition].Number;
                return OfChoice(condition, choice.Condition, choice.Then.Results[number], choice.Else.Results[number], polarity);
            case SelectInstruction select:
                return OfChoice(condition, select.Condition, select.IfTrue, select.IfFalse, polarity);
            default:
                return [(condition, polarity)];
        }
    }

    private IEnumerable<(Value Test, bool Polarity)> OfChoice(Value whole, Value condition, Value then, Value otherwise, bool polarity)
    {
        ulong opposite = polarity ? 0u : 1u;
        if (ConstantOf(otherwise)?.Bits == opposite)
        {
            return Conjuncts(condition, true).Concat(Conjuncts(then, polarity));
        }
        if (ConstantOf(then)?.Bits == opposite)
        {
            return Conjuncts(condition, false).Concat(Conjuncts(otherwise, polarity));
        }
        return [(whole, polarity)];
    }

    private void Walk(Block block, ImmutableArray<PathStep> path)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            for (int i = 0; i < instruction.Results.Length; i++)
            {
                _definitions[instruction.Results[i].Id] = new(DefinitionKind.Result, i, instruction);
            }
            switch (instruction)
            {
                case LoadInstruction load:
                    _loads.Add(new LoadSite(load, path));
                    break;
                case IfInstruction choice:
                    Walk(choice.Then, path.Add(new(PathKind.Arm, choice.Condition, true, choice)));
                    Walk(choice.Else, path.Add(new(PathKind.Arm, choice.Condition, false, choice)));
                    break;
                case ForInstruction loop:
                    DefineLoop(loop, loop.Body);
                    Walk(loop.Body, path.Add(new(PathKind.Loop, loop.Body.Parameters[0], true, loop)));
                    break;
                case InnerSumInstruction sum:
                    DefineLoop(sum, sum.Body);
                    Walk(sum.Body, path.Add(new(PathKind.Loop, sum.Body.Parameters[0], true, sum)));
                    break;
                case WhileInstruction loop:
                    DefineCarried(loop, loop.Condition.Parameters.AsSpan());
                    DefineCarried(loop, loop.Body.Parameters.AsSpan());
                    PathStep inside = new(PathKind.While, default, true, loop);
                    Walk(loop.Condition, path.Add(inside));
                    Walk(loop.Body, path.Add(inside));
                    break;
            }
        }
    }

    private void DefineLoop(Instruction loop, Block body)
    {
        _definitions[body.Parameters[0].Id] = new(DefinitionKind.Induction, 0, loop);
        DefineCarried(loop, body.Parameters.AsSpan()[1..]);
    }

    private void DefineCarried(Instruction loop, ReadOnlySpan<Value> parameters)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            _definitions[parameters[i].Id] = new(DefinitionKind.Carried, i, loop);
        }
    }
}
