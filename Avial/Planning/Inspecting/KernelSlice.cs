using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning.Inspecting;

/// <summary>
/// A kernel that only says where some of its loads read, or gives some of its results. What neither their places nor the paths to them need is gone, and each of them reads an operand of its own, put behind
/// the others, for whose reads code marks places. Loads that stay keep their checks: it stops at the elements at which the kernel stops on the way to a place.
/// <code>
/// Sum(first[v], first[v + 1], k => val[k] * x[col[k]])   →   for k in first[v] .. first[v + 1]: mark[col[k]]
/// </code>
/// </summary>
internal sealed class KernelSlice
{
    private readonly Kernel _kernel;
    private readonly HashSet<LoadInstruction> _marked;
    private readonly HashSet<int> _absent = [];
    private readonly HashSet<int> _needed = [];
    private readonly HashSet<Instruction> _kept = new(ReferenceEqualityComparer.Instance);
    private readonly List<LoadInstruction> _loads = [];
    private bool _isChanged;
    private bool _isBlind;

    private KernelSlice(Kernel kernel, IEnumerable<LoadInstruction> marked)
    {
        _kernel = kernel;
        _marked = new HashSet<LoadInstruction>(marked, ReferenceEqualityComparer.Instance);
    }

    /// <summary>The kernel, with the parameters that it uses; where it marks, its last operand is the one for marks.</summary>
    public required KernelUse Use { get; init; }

    /// <summary>The loads that are left beside the marked ones.</summary>
    public required ImmutableArray<LoadInstruction> Loads { get; init; }

    /// <summary>The slice; null when what these loads give decides where they read.</summary>
    /// <param name="use">The kernel.</param>
    /// <param name="marked">The loads.</param>
    /// <param name="marks">The position of the input that stands for their operand.</param>
    public static KernelSlice? Of(KernelUse use, IEnumerable<LoadInstruction> marked, int marks)
    {
        Kernel kernel = use.Kernel;
        var slice = new KernelSlice(kernel, marked) { Use = use, Loads = [] };
        slice.FindAbsent();
        if (slice._isBlind)
        {
            return null;
        }
        slice.FindNeeded();
        int rank = slice._marked.First().Access.Indices.Length;
        return slice.Cut([], kernel.Operands.Add(new KernelOperand(rank, [ScalarType.U8])), use.Operands.Add(marks));
    }

    /// <summary>What of a kernel its first results come from, without anything else that it does.</summary>
    public static KernelSlice OfResults(KernelUse use, int count)
    {
        Kernel kernel = use.Kernel;
        var slice = new KernelSlice(kernel, []) { Use = use, Loads = [] };
        slice.NeedAll(kernel.Body.Results[..count]);
        slice.FindNeeded();
        return slice.Cut(kernel.Body.Results[..count], kernel.Operands, use.Operands);
    }

    private KernelSlice Cut(ImmutableArray<Value> results, ImmutableArray<KernelOperand> operands, ImmutableArray<int> inputs)
    {
        bool[] isUsed = [.. _kernel.Parameters.ToArray().Select(IsNeeded)];
        var body = new Block([.. _kernel.Indices, .. Chosen([.. _kernel.Parameters], isUsed)], Kept(_kernel.Body).Instructions, results);
        return new KernelSlice(_kernel, _marked)
        {
            Use = new KernelUse(new Kernel(_kernel.Rank, operands, body), inputs, [.. Use.Arguments.Where((_, p) => isUsed[p])]),
            Loads = [.. _loads],
        };
    }

    // What cannot be known before the marked loads are there.
    private void FindAbsent()
    {
        do
        {
            _isChanged = false;
            _isBlind = false;
            FindAbsent(_kernel.Body, false);
        }
        while (_isChanged);
    }

    private void FindAbsent(Block block, bool isOpen)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            switch (instruction)
            {
                case LoadInstruction load:
                    bool isPlaceAbsent = isOpen || load.Access.Indices.Any(IsAbsent);
                    bool isMarked = _marked.Contains(load);
                    _isBlind |= isMarked && isPlaceAbsent;
                    Absent(load.Result, isMarked || isPlaceAbsent || load.Access.OrValue is { } or && IsAbsent(or));
                    break;
                case IfInstruction choice:
                    bool isChoiceOpen = isOpen || IsAbsent(choice.Condition);
                    FindAbsent(choice.Then, isChoiceOpen);
                    FindAbsent(choice.Else, isChoiceOpen);
                    for (int r = 0; r < choice.Defined.Length; r++)
                    {
                        Absent(choice.Defined[r], isChoiceOpen || IsAbsent(choice.Then.Results[r]) || IsAbsent(choice.Else.Results[r]));
                    }
                    break;
                case ForInstruction loop:
                    bool isLoopOpen = isOpen || IsAbsent(loop.From) || IsAbsent(loop.To);
                    Absent(loop.Body.Parameters[0], isLoopOpen);
                    Carry(loop.Defined, loop.Seeds, loop.Body, 1, isLoopOpen);
                    FindAbsent(loop.Body, isLoopOpen);
                    break;
                case InnerSumInstruction sum:
                    bool isSumOpen = isOpen || IsAbsent(sum.From) || IsAbsent(sum.To);
                    Absent(sum.Body.Parameters[0], isSumOpen);
                    FindAbsent(sum.Body, isSumOpen);
                    Absent(sum.Result, isSumOpen || sum.Body.Results.Any(IsAbsent));
                    break;
                case WhileInstruction loop:
                    bool isWhileOpen = isOpen || IsAbsent(loop.Condition.Results[0]);
                    Carry(loop.Defined, loop.Seeds, loop.Body, 0, isWhileOpen);
                    for (int c = 0; c < loop.Seeds.Length; c++)
                    {
                        Absent(loop.Condition.Parameters[c], IsAbsent(loop.Body.Parameters[c]));
                    }
                    FindAbsent(loop.Condition, isWhileOpen);
                    FindAbsent(loop.Body, isWhileOpen);
                    break;
                default:
                    bool isAny = isOpen || instruction.Operands().Any(IsAbsent);
                    foreach (Value result in instruction.Results)
                    {
                        Absent(result, isAny);
                    }
                    break;
            }
        }
    }

    private void Carry(ImmutableArray<Value> defined, ImmutableArray<Value> seeds, Block body, int first, bool isOpen)
    {
        for (int c = 0; c < seeds.Length; c++)
        {
            bool isAbsent = isOpen || IsAbsent(seeds[c]) || IsAbsent(body.Results[c]);
            Absent(body.Parameters[first + c], isAbsent);
            Absent(defined[c], isAbsent);
        }
    }

    private void Absent(Value value, bool isAbsent) => _isChanged |= isAbsent && _absent.Add(value.Id);

    private bool IsAbsent(Value value) => _absent.Contains(value.Id);

    private bool IsAbsent(AffineIndex index) => index.Terms.Any(t => IsAbsent(t.Atom));

    // Backwards from the marked loads.
    private void FindNeeded()
    {
        do
        {
            _isChanged = false;
            FindNeeded(_kernel.Body);
        }
        while (_isChanged);
    }

    /// <summary>Notes what a block needs; true when something of it stays.</summary>
    private bool FindNeeded(Block block)
    {
        bool isAny = false;
        for (int i = block.Instructions.Length - 1; i >= 0; i--)
        {
            isAny |= FindNeeded(block.Instructions[i]);
        }
        return isAny;
    }

    private bool FindNeeded(Instruction instruction)
    {
        bool isKept = instruction.Results.Any(IsNeeded);
        switch (instruction)
        {
            case LoadInstruction load when _marked.Contains(load):
                isKept = true;
                NeedAll(load.Access.Indices.SelectMany(i => i.Terms).Select(t => t.Atom));
                break;
            case IfInstruction choice:
                NeedResults(choice.Defined, choice.Then);
                NeedResults(choice.Defined, choice.Else);
                isKept |= FindNeeded(choice.Then) | FindNeeded(choice.Else);
                NeedAll(isKept ? [choice.Condition] : []);
                break;
            case ForInstruction loop:
                isKept |= NeedCarried(loop.Defined, loop.Seeds, loop.Body, 1);
                isKept |= FindNeeded(loop.Body);
                NeedAll(isKept ? [loop.From, loop.To] : []);
                break;
            case InnerSumInstruction sum:
                NeedAll(isKept ? sum.Body.Results : []);
                isKept |= FindNeeded(sum.Body);
                NeedAll(isKept ? [sum.From, sum.To] : []);
                break;
            case WhileInstruction loop:
                for (int c = 0; c < loop.Seeds.Length; c++)
                {
                    NeedAll(IsNeeded(loop.Condition.Parameters[c]) ? [loop.Body.Parameters[c]] : []);
                }
                isKept |= NeedCarried(loop.Defined, loop.Seeds, loop.Body, 0);
                isKept |= FindNeeded(loop.Body) | FindNeeded(loop.Condition);
                NeedAll(isKept ? loop.Condition.Results : []);
                break;
            default:
                NeedAll(isKept ? instruction.Operands() : []);
                break;
        }
        if (isKept)
        {
            _isChanged |= _kept.Add(instruction);
        }
        return isKept;
    }

    private bool NeedCarried(ImmutableArray<Value> defined, ImmutableArray<Value> seeds, Block body, int first)
    {
        bool isAny = false;
        for (int c = 0; c < seeds.Length; c++)
        {
            if (IsCarried(defined[c], body.Parameters[first + c]))
            {
                isAny = true;
                NeedAll([seeds[c], body.Results[c]]);
            }
        }
        return isAny;
    }

    private void NeedResults(ImmutableArray<Value> defined, Block arm)
    {
        for (int r = 0; r < defined.Length; r++)
        {
            NeedAll(IsNeeded(defined[r]) ? [arm.Results[r]] : []);
        }
    }

    private void NeedAll(IEnumerable<Value> values)
    {
        foreach (Value value in values)
        {
            _isChanged |= _needed.Add(value.Id);
        }
    }

    private bool IsNeeded(Value value) => _needed.Contains(value.Id);

    private bool IsCarried(Value defined, Value parameter) => IsNeeded(defined) || IsNeeded(parameter);

    /// <summary>The block without what is not kept; its results stay.</summary>
    private Block Kept(Block block) => block with { Instructions = [.. block.Instructions.Where(_kept.Contains).Select(Kept)] };

    private Instruction Kept(Instruction instruction)
    {
        switch (instruction)
        {
            case LoadInstruction load when _marked.Contains(load):
                return load with { Access = load.Access with { Operand = _kernel.Operands.Length, Column = 0, OrValue = null, Guard = [] } };
            case LoadInstruction load:
                _loads.Add(load);
                return load;
            case IfInstruction choice:
                bool[] isGiven = [.. choice.Defined.Select(IsNeeded)];
                return choice with { Defined = Chosen(choice.Defined, isGiven), Then = Arm(choice.Then, isGiven), Else = Arm(choice.Else, isGiven) };
            case ForInstruction loop:
                bool[] isTurned = [.. loop.Defined.Select((d, c) => IsCarried(d, loop.Body.Parameters[c + 1]))];
                Block body = Kept(loop.Body);
                return loop with
                {
                    Defined = Chosen(loop.Defined, isTurned),
                    Seeds = Chosen(loop.Seeds, isTurned),
                    Body = new Block([body.Parameters[0], .. Chosen([.. body.Parameters.Skip(1)], isTurned)], body.Instructions, Chosen(body.Results, isTurned)),
                };
            case InnerSumInstruction sum:
                Block term = Kept(sum.Body);
                return IsNeeded(sum.Result) ? sum with { Body = term } : new ForInstruction([], sum.From, sum.To, [], term with { Results = [] }) { Span = sum.Span };
            case WhileInstruction loop:
                bool[] isCarried = [.. loop.Defined.Select((d, c) => IsCarried(d, loop.Body.Parameters[c]) || IsNeeded(loop.Condition.Parameters[c]))];
                Block condition = Kept(loop.Condition);
                Block step = Kept(loop.Body);
                return loop with
                {
                    Defined = Chosen(loop.Defined, isCarried),
                    Seeds = Chosen(loop.Seeds, isCarried),
                    Condition = condition with { Parameters = Chosen(condition.Parameters, isCarried) },
                    Body = new Block(Chosen(step.Parameters, isCarried), step.Instructions, Chosen(step.Results, isCarried)),
                };
            default:
                return instruction;
        }
    }

    private Block Arm(Block arm, bool[] isGiven)
    {
        Block kept = Kept(arm);
        return kept with { Results = Chosen(kept.Results, isGiven) };
    }

    private static ImmutableArray<Value> Chosen(ImmutableArray<Value> values, bool[] isChosen) => [.. values.Where((_, n) => isChosen[n])];
}
