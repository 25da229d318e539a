using System.Collections.Immutable;
using Avial.Execution;
using Avial.IR;

namespace Avial.Llvm;

/// <content>Branches, loops and traps.</content>
internal sealed partial class LlvmEmitter
{
    private readonly List<PendingTrap> _traps = [];
    private int _blocks;

    private sealed record PendingTrap(string Label, int Site, ImmutableArray<(string Value, ScalarType Type)> Indices, ImmutableArray<(string Value, ScalarType Type)> Details);

    private void EmitIf(IfInstruction branch)
    {
        int number = _blocks++;
        Line($"br i1 {Of(branch.Condition)}, label %then{number}, label %else{number}");
        Begin($"then{number}");
        EmitBlock(branch.Then);
        string thenEnd = _block;
        Line($"br label %end{number}");
        Begin($"else{number}");
        EmitBlock(branch.Else);
        string elseEnd = _block;
        Line($"br label %end{number}");
        Begin($"end{number}");
        for (int i = 0; i < branch.Defined.Length; i++)
        {
            string type = LlvmTypes.Of(branch.Defined[i].Type);
            Set(branch.Defined[i], Define($"phi {type} [ {Of(branch.Then.Results[i])}, %{thenEnd} ], [ {Of(branch.Else.Results[i])}, %{elseEnd} ]"));
        }
    }

    // if (from < to) { k = from; do { … k += step; } while (k < to); }
    private void EmitFor(ForInstruction loop)
    {
        if (TryEmitLanes(loop))
        {
            return;
        }
        int number = _blocks++;
        string test = loop.Step > 0 ? "slt" : "sgt";
        string before = _block;
        string from = Of(loop.From);
        string to = Of(loop.To);
        string isAny = Define($"icmp {test} i64 {from}, {to}");
        Line($"br i1 {isAny}, label %loop{number}, label %done{number}");

        Begin($"loop{number}");
        string counter = NewName();
        string next = NewName();
        Line($"{counter} = phi i64 [ {from}, %{before} ], [ {next}, %next{number} ]");
        Set(loop.Body.Parameters[0], counter);
        string[] carried = BeginCarried(loop.Seeds, loop.Body.Parameters.AsSpan()[1..], before, number);
        string outerGroup = _accessGroup;
        if (loop.Kind == LoopKind.Simd)
        {
            _accessGroup = $"!{DistinctNode(_ => "distinct !{}")}";
        }
        EmitBlock(loop.Body);
        Line($"br label %next{number}");

        Begin($"next{number}");
        EndCarried(loop.Body.Results, loop.Seeds, carried);
        Line($"{next} = add nsw i64 {counter}, {loop.Step}");
        string isMore = Define($"icmp {test} i64 {next}, {to}");
        Line($"br i1 {isMore}, label %loop{number}, label %done{number}{LoopMetadata(loop.Kind)}");
        _accessGroup = outerGroup;

        Begin($"done{number}");
        for (int i = 0; i < loop.Defined.Length; i++)
        {
            string type = LlvmTypes.Of(loop.Defined[i].Type);
            Set(loop.Defined[i], Define($"phi {type} [ {Of(loop.Seeds[i])}, %{before} ], [ {carried[i]}, %next{number} ]"));
        }
    }

    private string LoopMetadata(LoopKind kind) => kind switch
    {
        LoopKind.Simd => $", !llvm.loop !{DistinctNode(self => $"distinct !{{!{self}, !{Node($"!{{!\"llvm.loop.parallel_accesses\", {_accessGroup}}}")}}}")}",
        LoopKind.Unroll => $", !llvm.loop !{DistinctNode(self => $"distinct !{{!{self}, !{Node("!{!\"llvm.loop.unroll.full\"}")}}}")}",
        _ => "",
    };

    private void EmitWhile(WhileInstruction loop)
    {
        int number = _blocks++;
        string before = _block;
        Line($"br label %loop{number}");
        Begin($"loop{number}");
        string[] carried = BeginCarried(loop.Seeds, loop.Condition.Parameters.AsSpan(), before, number);
        for (int i = 0; i < loop.Seeds.Length; i++)
        {
            Set(loop.Body.Parameters[i], Of(loop.Condition.Parameters[i]));
            Set(loop.Defined[i], Of(loop.Condition.Parameters[i]));
        }
        EmitBlock(loop.Condition);
        Line($"br i1 {Of(loop.Condition.Results[0])}, label %body{number}, label %done{number}");
        Begin($"body{number}");
        EmitBlock(loop.Body);
        Line($"br label %next{number}");
        Begin($"next{number}");
        EndCarried(loop.Body.Results, loop.Seeds, carried);
        Line($"br label %loop{number}");
        Begin($"done{number}");
    }

    // The value that comes around is not known yet: it is given the name that EndCarried defines.
    private string[] BeginCarried(ImmutableArray<Value> seeds, ReadOnlySpan<Value> parameters, string before, int number)
    {
        var names = new string[seeds.Length];
        for (int i = 0; i < seeds.Length; i++)
        {
            names[i] = NewName();
            string type = LlvmTypes.Of(seeds[i].Type);
            Set(parameters[i], Define($"phi {type} [ {Of(seeds[i])}, %{before} ], [ {names[i]}, %next{number} ]"));
        }
        return names;
    }

    private void EndCarried(ImmutableArray<Value> results, ImmutableArray<Value> seeds, string[] names)
    {
        for (int i = 0; i < seeds.Length; i++)
        {
            string type = LlvmTypes.Of(seeds[i].Type);
            Line($"{names[i]} = bitcast {type} {Of(results[i])} to {type}");
        }
    }

    // The code that writes a trap stands at the end, out of the way of the loops.
    private void EmitTrapIf(TrapIfInstruction trap)
    {
        int number = _blocks++;
        _traps.Add(new PendingTrap($"trap{number}", trap.Site, [.. trap.Operands.Select(v => (Of(v), v.Type))], [.. trap.Details.Select(v => (Of(v), v.Type))]));
        int weights = Node("!{!\"branch_weights\", i32 1, i32 1048576}");
        Line($"br i1 {Of(trap.Condition)}, label %trap{number}, label %go{number}, !prof !{weights}");
        Begin($"go{number}");
    }

    private void EmitTraps()
    {
        foreach (PendingTrap trap in _traps)
        {
            Begin(trap.Label);
            Line($"store i64 {trap.Site}, ptr %trap, align 8");
            Report(trap.Indices, firstField: 1, most: 4);
            Report(trap.Details, firstField: 5, most: 2);
            Line("ret void");
        }
    }

    // The fields of TrapState, all i64: Site, Index0 … Index3, Detail0, Detail1.
    private void Report(ImmutableArray<(string Value, ScalarType Type)> values, int firstField, int most)
    {
        for (int i = 0; i < Math.Min(values.Length, most); i++)
        {
            string value = Convert(values[i].Value, values[i].Type, ScalarType.I64);
            Line($"store i64 {value}, ptr {Slot("%trap", firstField + i)}, align 8");
        }
    }
}
