using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.IR.Text;

/// <summary>Reads of operands, buffers and accumulators.</summary>
internal static partial class InstructionForms
{
    private static readonly ImmutableArray<(BoundsProof Proof, string Word)> s_proofs =
    [
        (BoundsProof.Proven, "proven"),
        (BoundsProof.CheckRange, "check_range"),
        (BoundsProof.CheckElement, "check_element"),
    ];

    private static readonly ImmutableArray<(AccumulatorKind Kind, string Word)> s_accumulators =
    [
        (AccumulatorKind.Binned, "binned"),
    ];

    /// <summary><c>extent a0 axis 1</c>.</summary>
    private static InstructionForm Extent() => InstructionForm.Of<ExtentInstruction>("extent", typeof(ExtentInstruction), FormPlaces.Kernel,
        _ => null,
        (p, i) => p.Write($" a{i.Operand} axis {i.Axis}"),
        (p, head) =>
        {
            int operand = p.Numbered('a');
            p.Text.Take("axis");
            return new ExtentInstruction(head.Single(ScalarType.I64), operand, p.Text.TakeInt());
        },
        (c, i) =>
        {
            c.Type(i.Result, ScalarType.I64, "result");
            if (Operand(c, i.Operand) is { } operand)
            {
                c.Require(i.Axis >= 0 && i.Axis < operand.Rank, $"a{i.Operand} has rank {operand.Rank}, no axis {i.Axis}");
            }
        });

    /// <summary><c>load.f32 a0.1[%0 - 1, %1] or %5 guard (%0 - 1 &gt;= 0) inexact proven</c>.</summary>
    private static InstructionForm Load() => InstructionForm.Of<LoadInstruction>("load", typeof(LoadInstruction), FormPlaces.Kernel,
        i => i.Result.Type,
        (p, i) => PrintAccess(p, i.Access),
        (p, head) => new LoadInstruction(head.Result, ParseAccess(p)),
        VerifyLoad);

    private static void PrintAccess(InstructionPrinter p, Access access)
    {
        p.Write($" {p.ColumnLabel(access.Operand, access.Column)}[{string.Join(", ", access.Indices)}]");
        p.Write(access.Border switch
        {
            BorderKind.Wrap => " wrap",
            BorderKind.Clamp => " clamp",
            BorderKind.Or => $" or {(access.OrValue is { } value ? $"{value}" : "nothing")}",
            _ => "",
        });
        if (!access.Guard.IsEmpty)
        {
            p.Write($" guard ({string.Join(", ", access.Guard.Select(g => $"{g} >= 0"))})");
        }
        p.Write(access.GuardIsExact ? "" : " inexact");
        if (access.Proof != BoundsProof.Unknown)
        {
            p.Write($" {s_proofs.First(r => r.Proof == access.Proof).Word}");
        }
    }

    private static Access ParseAccess(InstructionParser p)
    {
        (int operand, int column) = p.Column();
        p.Text.Take("[");
        var indices = ImmutableArray.CreateBuilder<AffineIndex>();
        while (!p.Text.TryTake("]"))
        {
            if (indices.Count > 0)
            {
                p.Text.Take(",");
            }
            indices.Add(p.Affine());
        }
        BorderKind border = p.Text.TryTake("wrap") ? BorderKind.Wrap : p.Text.TryTake("clamp") ? BorderKind.Clamp
            : p.Text.TryTake("or") ? BorderKind.Or : BorderKind.None;
        Value? outside = border == BorderKind.Or ? p.Value() : null;
        var guard = ImmutableArray.CreateBuilder<AffineIndex>();
        if (p.Text.TryTake("guard"))
        {
            p.Text.Take("(");
            do
            {
                guard.Add(p.Affine());
                p.Text.Take(">=");
                p.Text.Take("0");
            }
            while (p.Text.TryTake(","));
            p.Text.Take(")");
        }
        bool isExact = !p.Text.TryTake("inexact");
        BoundsProof proof = s_proofs.FirstOrDefault(r => p.Text.TryTake(r.Word)).Proof;
        return new Access(operand, column, indices.ToImmutable(), border, outside, guard.ToImmutable(), isExact, proof, SourceSpan.None);
    }

    private static void VerifyLoad(InstructionChecks c, LoadInstruction i)
    {
        Access access = i.Access;
        if (Operand(c, access.Operand) is { } operand)
        {
            c.Require(access.Indices.Length == operand.Rank, $"a{access.Operand} has rank {operand.Rank}, but there are {access.Indices.Length} indices");
            if (c.Require(access.Column >= 0 && access.Column < operand.Columns.Length, $"a{access.Operand} has {operand.Columns.Length} columns, no column {access.Column}"))
            {
                c.Type(i.Result, operand.Columns[access.Column], "result");
            }
        }
        foreach (AffineTerm term in access.Indices.Concat(access.Guard).SelectMany(s => s.Terms))
        {
            c.Type(term.Atom, ScalarType.I64, "index");
        }
        c.Require(access.Border == BorderKind.Or == access.OrValue.HasValue, "a value outside goes with the border 'or' alone");
        if (access.OrValue is { } outside)
        {
            c.Type(outside, i.Result.Type, "value outside");
        }
        c.Require(access.Border == BorderKind.None || access.Proof is BoundsProof.Unknown or BoundsProof.Proven, "a read with a border needs no check");
    }

    private static KernelOperand? Operand(InstructionChecks c, int operand) =>
        c.Kernel is { } kernel && c.Require(operand >= 0 && operand < kernel.Operands.Length, $"there is no operand a{operand}") ? kernel.Operands[operand] : null;

    /// <summary><c>%3 = read.f32 x[%2]</c>.</summary>
    private static InstructionForm BufferLoad() => InstructionForm.Of<BufferLoadInstruction>("read", typeof(BufferLoadInstruction), FormPlaces.Loops,
        i => i.Result.Type,
        (p, i) => p.Write($" {p.BufferLabel(i.Buffer)}[{i.Offset}]"),
        (p, head) =>
        {
            (int buffer, Value offset) = Place(p);
            return new BufferLoadInstruction(head.Result, buffer, offset);
        },
        (c, i) =>
        {
            c.Buffer(i.Buffer, i.Result.Type, isWritten: false);
            c.Type(i.Offset, ScalarType.I64, "offset");
        });

    /// <summary><c>write.f32 x[%2], %3</c>.</summary>
    private static InstructionForm BufferStore() => InstructionForm.Of<BufferStoreInstruction>("write", typeof(BufferStoreInstruction), FormPlaces.Loops,
        i => i.Stored.Type,
        (p, i) => p.Write($" {p.BufferLabel(i.Buffer)}[{i.Offset}], {i.Stored}"),
        (p, head) =>
        {
            (int buffer, Value offset) = Place(p);
            p.Text.Take(",");
            return new BufferStoreInstruction(buffer, offset, p.Value());
        },
        (c, i) =>
        {
            c.Buffer(i.Buffer, i.Stored.Type, isWritten: true);
            c.Type(i.Offset, ScalarType.I64, "offset");
        });

    /// <summary><c>accumulator.f64 s0 binned</c>.</summary>
    private static InstructionForm Accumulator() => InstructionForm.Of<AccumulatorInstruction>("accumulator", typeof(AccumulatorInstruction), FormPlaces.Loops,
        i => i.Type,
        (p, i) => p.Write($" s{i.Slot} {s_accumulators.First(r => r.Kind == i.Kind).Word}"),
        (p, head) =>
        {
            int slot = p.Numbered('s');
            string word = p.Text.TakeIdentifier();
            AccumulatorKind kind = s_accumulators.Any(r => r.Word == word) ? s_accumulators.First(r => r.Word == word).Kind
                : throw p.Text.Refuse($"'{word}' is no kind of accumulator");
            return new AccumulatorInstruction(slot, kind, head.Type);
        },
        (c, i) =>
        {
            c.Require(i.Type is ScalarType.F32 or ScalarType.F64, $"no accumulator of {i.Type.Text()}");
            c.Require(i.Slot >= 0, $"slot {i.Slot} is negative");
            c.Require(c.AccumulatorTypes.TryAdd(i.Slot, i) || c.AccumulatorTypes[i.Slot].Kind == i.Kind && c.AccumulatorTypes[i.Slot].Type == i.Type,
                $"slot s{i.Slot} has another kind or type elsewhere");
        });

    /// <summary><c>accumulate s0, %4</c>.</summary>
    private static InstructionForm Accumulate() => InstructionForm.Of<AccumulateInstruction>("accumulate", typeof(AccumulateInstruction), FormPlaces.Loops,
        _ => null,
        (p, i) => p.Write($" s{i.Slot}, {i.Added}"),
        (p, head) =>
        {
            int slot = p.Numbered('s');
            p.Text.Take(",");
            return new AccumulateInstruction(slot, p.Value());
        },
        (c, i) =>
        {
            if (c.Accumulator(i.Slot) is { } accumulator)
            {
                c.Type(i.Added, accumulator.Type, "added value");
            }
        });

    /// <summary><c>%6 = accumulated.f64 s0</c>.</summary>
    private static InstructionForm AccumulatorResult() => InstructionForm.Of<AccumulatorResultInstruction>("accumulated", typeof(AccumulatorResultInstruction), FormPlaces.Loops,
        i => i.Result.Type,
        (p, i) => p.Write($" s{i.Slot}"),
        (p, head) => new AccumulatorResultInstruction(head.Result, p.Numbered('s')),
        (c, i) =>
        {
            if (c.Accumulator(i.Slot) is { } accumulator)
            {
                c.Type(i.Result, accumulator.Type, "result");
            }
        });

    /// <summary><c>accumulator.store s0, parts[%3]</c>: the state to memory.</summary>
    private static InstructionForm AccumulatorStore() => InstructionForm.Of<AccumulatorStoreInstruction>("accumulator.store", typeof(AccumulatorStoreInstruction), FormPlaces.Loops,
        _ => null,
        (p, i) => PrintStored(p, i.Slot, i.Buffer, i.Offset),
        (p, _) =>
        {
            (int slot, int buffer, Value offset) = ParseStored(p);
            return new AccumulatorStoreInstruction(slot, buffer, offset);
        },
        (c, i) => VerifyStored(c, i.Slot, i.Buffer, i.Offset, isWritten: true));

    /// <summary><c>accumulator.merge s0, parts[%3]</c>: the state in memory into the slot's.</summary>
    private static InstructionForm AccumulatorMerge() => InstructionForm.Of<AccumulatorMergeInstruction>("accumulator.merge", typeof(AccumulatorMergeInstruction), FormPlaces.Loops,
        _ => null,
        (p, i) => PrintStored(p, i.Slot, i.Buffer, i.Offset),
        (p, _) =>
        {
            (int slot, int buffer, Value offset) = ParseStored(p);
            return new AccumulatorMergeInstruction(slot, buffer, offset);
        },
        (c, i) => VerifyStored(c, i.Slot, i.Buffer, i.Offset, isWritten: false));

    private static void PrintStored(InstructionPrinter p, int slot, int buffer, Value offset) => p.Write($" s{slot}, {p.BufferLabel(buffer)}[{offset}]");

    private static (int Slot, int Buffer, Value Offset) ParseStored(InstructionParser p)
    {
        int slot = p.Numbered('s');
        p.Text.Take(",");
        (int buffer, Value offset) = Place(p);
        return (slot, buffer, offset);
    }

    private static void VerifyStored(InstructionChecks c, int slot, int buffer, Value offset, bool isWritten)
    {
        c.Accumulator(slot);
        c.Buffer(buffer, ScalarType.U8, isWritten);
        c.Type(offset, ScalarType.I64, "offset");
    }

    private static (int Buffer, Value Offset) Place(InstructionParser p)
    {
        int buffer = p.Buffer();
        p.Text.Take("[");
        Value offset = p.Value();
        p.Text.Take("]");
        return (buffer, offset);
    }
}
