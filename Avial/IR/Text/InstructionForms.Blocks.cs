using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.IR.Text;

/// <summary>Instructions that hold blocks. Their headers end with the types of the results.</summary>
internal static partial class InstructionForms
{
    private static readonly ImmutableArray<(LoopKind Kind, string Word)> s_loops =
    [
        (LoopKind.Threads, "threads"),
        (LoopKind.Unroll, "unroll"),
        (LoopKind.Simd, "simd"),
    ];

    /// <summary><c>%5 = if %4 : f32 { … yield %6 } else { … yield %7 }</c>; an empty else is left out.</summary>
    private static InstructionForm If() => InstructionForm.Of<IfInstruction>("if", typeof(IfInstruction), FormPlaces.Both,
        _ => null,
        (p, i) =>
        {
            p.Write($" {i.Condition}").HeaderEnd(i);
            p.Braces(i.Then);
            if (!i.Else.Instructions.IsEmpty || !i.Else.Results.IsEmpty)
            {
                p.Write(" else ").Braces(i.Else);
            }
        },
        (p, head) =>
        {
            Value condition = p.Value();
            (ImmutableArray<Value> results, SourceSpan span) = p.HeaderEnd(head);
            Block then = p.Braces([]);
            Block otherwise = p.Text.TryTake("else") ? p.Braces([]) : new Block([], [], []);
            return new IfInstruction(results, condition, then, otherwise) { Span = span };
        },
        (c, i) =>
        {
            c.Type(i.Condition, ScalarType.Bool, "condition");
            c.Require(i.Then.Parameters.IsEmpty && i.Else.Parameters.IsEmpty, "arms have no parameters");
            c.Types(i.Then.Results, i.Defined.Select(r => r.Type), "results of the first arm");
            c.Types(i.Else.Results, i.Defined.Select(r => r.Type), "results of the second arm");
        });

    /// <summary><c>%9, %10 = for %6 .. %7 step 8 simd (%8; %11 = %3, %12 = %4) : f32, i64 { … yield %13, %14 }</c>.</summary>
    private static InstructionForm For() => InstructionForm.Of<ForInstruction>("for", typeof(ForInstruction), FormPlaces.Both,
        _ => null,
        (p, i) =>
        {
            p.Write($" {i.From} .. {i.To}");
            p.Write(i.Step == 1 ? "" : $" step {i.Step}");
            p.Write(i.Kind == LoopKind.Serial ? "" : $" {s_loops.First(r => r.Kind == i.Kind).Word}");
            p.Write(" (").Write(i.Body.Parameters.IsEmpty ? "" : $"{i.Body.Parameters[0]}");
            string carried = Carried(i.Body.Parameters.Skip(1), i.Seeds);
            p.Write(carried.Length == 0 ? "" : $"; {carried}").Write(")").HeaderEnd(i);
            p.Braces(i.Body);
        },
        (p, head) =>
        {
            (Value from, Value to) = Range(p);
            long step = p.Text.TryTake("step") ? p.Text.TakeLong() : 1;
            LoopKind kind = s_loops.FirstOrDefault(r => p.Text.TryTake(r.Word)).Kind;
            p.Text.Take("(");
            Value k = p.Define(p.ValueId(), ScalarType.I64);
            (ImmutableArray<Value> carried, ImmutableArray<Value> seeds) = p.Text.TryTake(";") ? Carried(p) : ([], []);
            p.Text.Take(")");
            (ImmutableArray<Value> results, SourceSpan span) = p.HeaderEnd(head);
            return new ForInstruction(results, from, to, seeds, p.Braces([k, .. carried])) { Kind = kind, Step = step, Span = span };
        },
        (c, i) =>
        {
            c.Type(i.From, ScalarType.I64, "start");
            c.Type(i.To, ScalarType.I64, "end");
            c.Require(i.Step >= 1, $"step {i.Step} is not positive");
            c.Require(c.Kernel is null || i.Kind == LoopKind.Serial && i.Step == 1, "a kernel's loop is serial with step 1");
            c.Require(i.Kind != LoopKind.Simd || i.Seeds.IsEmpty && i.Body.Instructions.All(b => b is not TrapIfInstruction && b.Blocks().IsEmpty),
                "a simd loop is straight-line and free of traps and carried values");
            ImmutableArray<ScalarType> carried = [.. i.Seeds.Select(s => s.Type)];
            c.Types(i.Body.Parameters, [ScalarType.I64, .. carried], "parameters");
            c.Types(i.Body.Results, carried, "next carried values");
            c.Types(i.Defined, carried, "results");
        });

    /// <summary><c>%8 = sum.f32 %6 .. %7 (%9) { … yield %10, %11 }</c>; two yields are a product.</summary>
    private static InstructionForm InnerSum() => InstructionForm.Of<InnerSumInstruction>("sum", typeof(InnerSumInstruction), FormPlaces.Kernel,
        i => i.Result.Type,
        (p, i) =>
        {
            p.Write($" {i.From} .. {i.To} ({(i.Body.Parameters.IsEmpty ? "" : $"{i.Body.Parameters[0]}")})");
            p.Span(i.Span);
            p.Write(" ").Braces(i.Body);
        },
        (p, head) =>
        {
            (Value from, Value to) = Range(p);
            p.Text.Take("(");
            Value k = p.Define(p.ValueId(), ScalarType.I64);
            p.Text.Take(")");
            SourceSpan span = p.Span();
            return new InnerSumInstruction(head.Result, from, to, p.Braces([k])) { Span = span };
        },
        (c, i) =>
        {
            c.Require(i.Result.Type.IsFloat(), $"an inner sum is of floats, not of {i.Result.Type.Text()}");
            c.Type(i.From, ScalarType.I64, "start");
            c.Type(i.To, ScalarType.I64, "end");
            c.Types(i.Body.Parameters, [ScalarType.I64], "parameters");
            c.Require(i.Body.Results.Length is 1 or 2, $"a term is one value or the two of a product, not {i.Body.Results.Length}");
            c.Types(i.Body.Results, i.Body.Results.Select(_ => i.Result.Type), "terms");
        });

    /// <summary><c>%10 = while (%11 = %3) cap 100 : i64 { … yield %12 } do (%13) { … yield %14 }</c>.</summary>
    private static InstructionForm While() => InstructionForm.Of<WhileInstruction>("while", typeof(WhileInstruction), FormPlaces.Both,
        _ => null,
        (p, i) =>
        {
            p.Write($" ({Carried(i.Condition.Parameters, i.Seeds)}) cap {i.Cap}").HeaderEnd(i);
            p.Braces(i.Condition);
            p.Write($" do ({string.Join(", ", i.Body.Parameters)}) ").Braces(i.Body);
        },
        (p, head) =>
        {
            p.Text.Take("(");
            (ImmutableArray<Value> tested, ImmutableArray<Value> seeds) = Carried(p);
            p.Text.Take(")");
            p.Text.Take("cap");
            long cap = p.Text.TakeLong();
            (ImmutableArray<Value> results, SourceSpan span) = p.HeaderEnd(head);
            Block condition = p.Braces(tested);
            p.Text.Take("do");
            p.Text.Take("(");
            var parameters = ImmutableArray.CreateBuilder<Value>();
            foreach (Value seed in seeds)
            {
                if (parameters.Count > 0)
                {
                    p.Text.Take(",");
                }
                parameters.Add(p.Define(p.ValueId(), seed.Type));
            }
            p.Text.Take(")");
            return new WhileInstruction(results, seeds, condition, p.Braces(parameters.ToImmutable()), cap) { Span = span };
        },
        (c, i) =>
        {
            ImmutableArray<ScalarType> carried = [.. i.Seeds.Select(s => s.Type)];
            c.Require(c.Kernel is null || i.Cap >= 0, $"the cap is {i.Cap}");
            c.Require(c.Function is null || i.Cap == long.MaxValue, $"the cap of a loop is a trap of its own, not {i.Cap}");
            c.Types(i.Condition.Parameters, carried, "parameters of the condition");
            c.Types(i.Condition.Results, [ScalarType.Bool], "results of the condition");
            c.Types(i.Body.Parameters, carried, "parameters");
            c.Types(i.Body.Results, carried, "next carried values");
            c.Types(i.Defined, carried, "results");
        });

    private static (Value From, Value To) Range(InstructionParser p)
    {
        Value from = p.Value();
        p.Text.Take("..");
        return (from, p.Value());
    }

    private static string Carried(IEnumerable<Value> parameters, ImmutableArray<Value> seeds) =>
        string.Join(", ", parameters.Zip(seeds, (parameter, seed) => $"{parameter} = {seed}"));

    /// <summary>Carried values, each with the type of its seed.</summary>
    private static (ImmutableArray<Value> Parameters, ImmutableArray<Value> Seeds) Carried(InstructionParser p)
    {
        var parameters = ImmutableArray.CreateBuilder<Value>();
        var seeds = ImmutableArray.CreateBuilder<Value>();
        while (p.Text.Peek("%"))
        {
            int id = p.ValueId();
            p.Text.Take("=");
            seeds.Add(p.Value());
            parameters.Add(p.Define(id, seeds[^1].Type));
            if (!p.Text.TryTake(","))
            {
                break;
            }
        }
        return (parameters.ToImmutable(), seeds.ToImmutable());
    }
}
