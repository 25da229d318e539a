using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>The factors of a contraction's terms: <c>Sum(k, a(i, k) * b(k, j))</c>.</summary>
/// <param name="Sum">The sum.</param>
/// <param name="RowFactor">Which of the two factors does not depend on the last index; the other does not depend on the one before.</param>
internal sealed record Contraction(InnerSumInstruction Sum, int RowFactor)
{
    public int ColumnFactor => 1 - RowFactor;
}

/// <summary>Contractions, found by what their factors depend on and evaluated piece by piece.</summary>
internal sealed partial class KernelLowering
{
    /// <summary>
    /// The kernel as a contraction over the last two indices, i and j: one inner sum over a range that depends on neither, of products of a factor that does not depend on j with
    /// one that does not depend on i. Null where it is none.
    /// </summary>
    public Contraction? FindContraction(LoweringChoices choices)
    {
        if (_kernel.Rank < 2 || !MaySumTogether(choices))
        {
            return null;
        }
        InnerSumInstruction sum = _kernel.Body.Instructions.OfType<InnerSumInstruction>().Single();
        if (!sum.IsProduct || sum.Result.Type is not (ScalarType.F32 or ScalarType.F64) || sum.Body.Results.Any(r => r.Type != sum.Result.Type))
        {
            return null;
        }
        ulong row = 1UL << (_kernel.Rank - 2);
        ulong column = 1UL << (_kernel.Rank - 1);
        Dictionary<int, ulong> uses = IndicesUsed();
        ulong first = uses.GetValueOrDefault(sum.Body.Results[0].Id);
        ulong second = uses.GetValueOrDefault(sum.Body.Results[1].Id);
        if (((uses.GetValueOrDefault(sum.From.Id) | uses.GetValueOrDefault(sum.To.Id)) & (row | column)) != 0)
        {
            return null;
        }
        return (first & column) == 0 && (second & row) == 0 ? new Contraction(sum, 0)
            : (first & row) == 0 && (second & column) == 0 ? new Contraction(sum, 1)
            : null;
    }

    /// <summary>The range of the sum, for any element of the two last indices.</summary>
    public (Value From, Value To) RangeOf(Contraction contraction, ImmutableArray<Value> element)
    {
        Begin(element);
        Lower(Needed(_kernel.Body, [contraction.Sum.From.Id, contraction.Sum.To.Id]));
        return (Of(contraction.Sum.From), Of(contraction.Sum.To));
    }

    /// <summary>A factor of the term at k.</summary>
    public Value Factor(Contraction contraction, int factor, ImmutableArray<Value> element, Value k)
    {
        Begin(element);
        Block terms = contraction.Sum.Body;
        Value wanted = terms.Results[factor];
        Define(terms.Parameters[0], k);
        HashSet<int> needed = [wanted.Id];
        Stack<Instruction> inside = Needed(terms, needed);
        Lower(Needed(_kernel.Body, needed));
        Lower(inside);
        return Of(wanted);
    }

    /// <summary>The kernel's results where its sum is known.</summary>
    public Value[] EmitAround(Contraction contraction, ImmutableArray<Value> element, Value sum)
    {
        Begin(element);
        foreach (Instruction instruction in _kernel.Body.Instructions)
        {
            if (instruction == contraction.Sum)
            {
                Define(contraction.Sum.Result, sum);
            }
            else
            {
                Lower(instruction);
            }
        }
        return [.. _kernel.Body.Results.Select(Of)];
    }

    private void Begin(ImmutableArray<Value> element)
    {
        _element = element;
        _isInterior = false;
        _values = Bind(element);
    }

    // The instructions of a block that these values are computed from, in order; what they read is needed too from then on.
    private static Stack<Instruction> Needed(Block block, HashSet<int> needed)
    {
        var chosen = new Stack<Instruction>();
        foreach (Instruction instruction in block.Instructions.Reverse())
        {
            if (instruction.Results.Any(r => needed.Contains(r.Id)))
            {
                chosen.Push(instruction);
                needed.UnionWith(instruction.Operands().Select(o => o.Id));
            }
        }
        return chosen;
    }

    private void Lower(Stack<Instruction> instructions)
    {
        foreach (Instruction instruction in instructions)
        {
            Lower(instruction);
        }
    }

    // For each value outside and inside the sum, the index variables that it depends on, as bits.
    private Dictionary<int, ulong> IndicesUsed()
    {
        var uses = new Dictionary<int, ulong>();
        for (int axis = 0; axis < _kernel.Rank; axis++)
        {
            uses[_kernel.Indices[axis].Id] = 1UL << axis;
        }
        Add(_kernel.Body);
        return uses;

        void Add(Block block)
        {
            foreach (Instruction instruction in block.Instructions)
            {
                foreach (Block inner in instruction.Blocks())
                {
                    Add(inner);
                }
                ulong used = instruction.Operands().Aggregate(0UL, (all, o) => all | uses.GetValueOrDefault(o.Id));
                used = instruction.Blocks().SelectMany(b => b.Results).Aggregate(used, (all, r) => all | uses.GetValueOrDefault(r.Id));
                foreach (Value result in instruction.Results)
                {
                    uses[result.Id] = used;
                }
            }
        }
    }
}
