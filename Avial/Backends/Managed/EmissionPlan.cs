using Avial.IR;

namespace Avial.Backends.Managed;

/// <summary>A loop that stays a loop in the emitted code, and the row pointers to set up before it.</summary>
internal sealed class PlannedLoop
{
    public List<RowPointer> RowPointers { get; } = [];
}

/// <summary>
/// What is known of each value before code is emitted: whether it is needed at all, whether its single use lets it stay on the
/// evaluation stack (so that the JIT sees whole expressions), and how each memory access splits into a pointer that its loop does not
/// change and the rest.
/// </summary>
internal sealed class EmissionPlan
{
    // Deeper trees cost the JIT recursion and gain nothing.
    private const int DeepestTree = 40;
    private const int MostUnrolledInstructions = 512;

    private readonly LoopsFunction _function;
    private readonly Instruction?[] _definition;
    private readonly Block?[] _block;
    private readonly PlannedLoop?[] _loop;
    private readonly int[] _uses;
    private readonly bool[] _mustHaveLocal;
    private readonly bool[] _isInline;
    private readonly int[] _user;
    private readonly Dictionary<Instruction, MemoryAddress> _addresses = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Instruction, PlannedLoop> _loops = new(ReferenceEqualityComparer.Instance);

    public EmissionPlan(LoopsFunction function)
    {
        _function = function;
        int count = 1 + Math.Max(HighestId(function.Body), function.Scalars.Concat(function.BoxLow).Concat(function.BoxHigh)
            .Select(v => v.Id).DefaultIfEmpty(-1).Max());
        _definition = new Instruction?[count];
        _block = new Block?[count];
        _loop = new PlannedLoop?[count];
        _uses = new int[count];
        _mustHaveLocal = new bool[count];
        _isInline = new bool[count];
        _user = new int[count];
        Define(function.Body, null);
        CountUses(function.Body);
        ChooseInline(function.Body);
    }

    /// <summary>One more than the highest value number.</summary>
    public int ValueCount => _definition.Length;

    public Instruction? Definition(Value value) => _definition[value.Id];

    public bool IsUsed(Value value) => _uses[value.Id] > 0;

    /// <summary>True when the value is computed where it is used.</summary>
    public bool IsInline(Value value) => _isInline[value.Id];

    public MemoryAddress Address(Instruction access) => _addresses[access];

    public PlannedLoop? Loop(Instruction loop) => _loops.GetValueOrDefault(loop);

    /// <summary>The bits of a constant value.</summary>
    public bool IsConstant(Value value, out ulong bits)
    {
        bits = (_definition[value.Id] as ConstantInstruction)?.Bits ?? 0;
        return _definition[value.Id] is ConstantInstruction;
    }

    /// <summary>The constant trip count of a loop that is to be unrolled and small enough for it, else -1.</summary>
    public long UnrolledTrips(ForInstruction loop)
    {
        if (loop.Kind != LoopKind.Unroll || loop.Step <= 0 || !IsConstant(loop.From, out ulong from) || !IsConstant(loop.To, out ulong to))
        {
            return -1;
        }
        long trips = Math.Max(0, ((long)to - (long)from + loop.Step - 1) / loop.Step);
        return trips <= MostUnrolledInstructions && trips * Size(loop.Body) <= MostUnrolledInstructions ? trips : -1;
    }

    private static int Size(Block block) => block.Instructions.Sum(i => 1 + i.Blocks().Sum(Size));

    private static int HighestId(Block block)
    {
        int highest = block.Parameters.Select(p => p.Id).DefaultIfEmpty(-1).Max();
        foreach (Instruction instruction in block.Instructions)
        {
            foreach (Value result in instruction.Results)
            {
                highest = Math.Max(highest, result.Id);
            }
            foreach (Block inner in instruction.Blocks())
            {
                highest = Math.Max(highest, HighestId(inner));
            }
        }
        return highest;
    }

    private void Define(Block block, PlannedLoop? loop)
    {
        foreach (Value parameter in block.Parameters)
        {
            _block[parameter.Id] = block;
            _loop[parameter.Id] = loop;
        }
        foreach (Instruction instruction in block.Instructions)
        {
            foreach (Value result in instruction.Results)
            {
                _definition[result.Id] = instruction;
                _block[result.Id] = block;
                _loop[result.Id] = loop;
            }
            if (Offset(instruction) is { } offset)
            {
                _addresses.Add(instruction, SplitAddress(BufferOf(instruction), offset, loop));
            }
            PlannedLoop? inner = loop;
            if (instruction is WhileInstruction || instruction is ForInstruction counted && UnrolledTrips(counted) < 0)
            {
                inner = new PlannedLoop();
                _loops.Add(instruction, inner);
            }
            foreach (Block body in instruction.Blocks())
            {
                Define(body, inner);
            }
        }
    }

    private static Value? Offset(Instruction instruction) => instruction switch
    {
        BufferLoadInstruction i => i.Offset,
        BufferStoreInstruction i => i.Offset,
        AccumulatorStoreInstruction i => i.Offset,
        AccumulatorMergeInstruction i => i.Offset,
        _ => null,
    };

    private static int BufferOf(Instruction instruction) => instruction switch
    {
        BufferLoadInstruction i => i.Buffer,
        BufferStoreInstruction i => i.Buffer,
        AccumulatorStoreInstruction i => i.Buffer,
        AccumulatorMergeInstruction i => i.Buffer,
        _ => -1,
    };

    private MemoryAddress SplitAddress(int buffer, Value offset, PlannedLoop? loop)
    {
        LinearForm form = LinearForm.Of(offset, v => _definition[v.Id]);
        LinearTerm[] terms = [.. form.Terms];
        LinearTerm[] fixedTerms = loop is null ? [] : [.. terms.Where(t => _loop[t.Atom.Id] != loop)];
        LinearTerm[] movingTerms = loop is null ? terms : [.. terms.Where(t => _loop[t.Atom.Id] == loop)];
        RowPointer? row = null;
        if (fixedTerms.Length > 0)
        {
            row = loop!.RowPointers.Find(r => r.Buffer == buffer && r.Terms.AsSpan().SequenceEqual(fixedTerms));
            if (row is null)
            {
                row = new RowPointer(buffer, fixedTerms);
                loop.RowPointers.Add(row);
            }
        }
        return new MemoryAddress(buffer, row, movingTerms, form.Constant);
    }

    // Backwards, so that what only dead instructions use is dead too.
    private void CountUses(Block block)
    {
        foreach (Value result in block.Results)
        {
            Use(result, block, block.Instructions.Length);
        }
        for (int position = block.Instructions.Length - 1; position >= 0; position--)
        {
            Instruction instruction = block.Instructions[position];
            if (IsDead(instruction))
            {
                continue;
            }
            foreach (Block inner in instruction.Blocks())
            {
                CountUses(inner);
            }
            if (_loops.TryGetValue(instruction, out PlannedLoop? loop))
            {
                foreach (LinearTerm term in loop.RowPointers.SelectMany(r => r.Terms))
                {
                    Escape(term.Atom);
                }
            }
            UseOperands(instruction, block, position);
        }
    }

    /// <summary>True when nothing needs the instruction's results and it does nothing else.</summary>
    public bool IsDead(Instruction instruction) =>
        (IsPure(instruction) || instruction is BufferLoadInstruction) && instruction.Results.All(r => _uses[r.Id] == 0);

    private void UseOperands(Instruction instruction, Block block, int position)
    {
        if (_addresses.TryGetValue(instruction, out MemoryAddress? address))
        {
            foreach (LinearTerm term in address.Terms)
            {
                Use(term.Atom, block, position);
            }
            if (instruction is BufferStoreInstruction store)
            {
                Use(store.Stored, block, position);
            }
            return;
        }
        if (instruction is TrapIfInstruction trap)
        {
            // What a trap reports is written out of line.
            Use(trap.Condition, block, position);
            foreach (Value reported in trap.Operands.Concat(trap.Details))
            {
                Escape(reported);
            }
            return;
        }
        foreach (Value operand in instruction.Operands())
        {
            Use(operand, block, position);
        }
    }

    private void Use(Value value, Block block, int position)
    {
        _uses[value.Id]++;
        _user[value.Id] = position;
        if (_block[value.Id] != block)
        {
            _mustHaveLocal[value.Id] = true;
        }
    }

    private void Escape(Value value)
    {
        _uses[value.Id]++;
        _mustHaveLocal[value.Id] = true;
    }

    private void ChooseInline(Block block)
    {
        // For each inlined instruction: where its tree is emitted, and how deep in the tree it is.
        var emittedAt = new int[block.Instructions.Length + 1];
        var depth = new int[block.Instructions.Length + 1];
        for (int position = block.Instructions.Length; position >= 0; position--)
        {
            emittedAt[position] = position;
        }
        for (int position = block.Instructions.Length - 1; position >= 0; position--)
        {
            Instruction instruction = block.Instructions[position];
            foreach (Block inner in instruction.Blocks())
            {
                ChooseInline(inner);
            }
            if (instruction.Results is not [Value result] || !MayBeInline(instruction) || _uses[result.Id] != 1 || _mustHaveLocal[result.Id])
            {
                continue;
            }
            int user = _user[result.Id];
            int at = emittedAt[user];
            if (depth[user] >= DeepestTree || instruction is BufferLoadInstruction load && IsOverwritten(load, block, position + 1, at))
            {
                continue;
            }
            _isInline[result.Id] = true;
            emittedAt[position] = at;
            depth[position] = depth[user] + 1;
        }
    }

    // A select branches: it is better off at the start of a statement than in the middle of an expression.
    private static bool MayBeInline(Instruction instruction) =>
        instruction is BufferLoadInstruction || IsPure(instruction) && instruction is not SelectInstruction;

    private bool IsOverwritten(BufferLoadInstruction load, Block block, int first, int end)
    {
        for (int position = first; position < end; position++)
        {
            if (MayWrite(block.Instructions[position], load.Buffer))
            {
                return true;
            }
        }
        return false;
    }

    private bool MayWrite(Instruction instruction, int buffer)
    {
        if (instruction is BufferStoreInstruction or AccumulatorStoreInstruction)
        {
            // An output may have taken over the memory of an input whose elements it replaces one by one, whatever IsNoAlias says of other
            // elements: only local memory is surely apart.
            int written = BufferOf(instruction);
            return written == buffer || !IsLocal(written) && !IsLocal(buffer);
        }
        foreach (Block inner in instruction.Blocks())
        {
            foreach (Instruction nested in inner.Instructions)
            {
                if (MayWrite(nested, buffer))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>
    /// True when the instruction only computes its results from its operands and cannot trap, so that it may be moved or dropped. Loads are not
    /// pure: stores may come between.
    /// </summary>
    private static bool IsPure(Instruction instruction) => instruction switch
    {
        ConstantInstruction or CompareInstruction or SelectInstruction or FmaInstruction or RandomInstruction
            or OverflowInstruction or ConvertFitsInstruction => true,
        UnaryInstruction i => i.Op != UnaryOp.NegateChecked,
        BinaryInstruction i => i.Op switch
        {
            BinaryOp.AddChecked or BinaryOp.SubtractChecked or BinaryOp.MultiplyChecked => false,
            BinaryOp.Divide or BinaryOp.Remainder => i.Result.Type.IsFloat(),
            _ => true,
        },
        ConvertInstruction i => i.Mode == ConvertMode.Unchecked,
        MathInstruction i => !i.Function.MayThrow || i.Defined.Length == 2,
        _ => false,
    };

    private bool IsLocal(int buffer) => buffer >= _function.Buffers.Length;
}
