using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Avial.Execution;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <content>Loops, branches and traps.</content>
internal sealed partial class FunctionEmitter
{
    private static readonly FieldInfo[] s_trapIndices =
    [
        Field(nameof(TrapState.Index0)), Field(nameof(TrapState.Index1)), Field(nameof(TrapState.Index2)), Field(nameof(TrapState.Index3)),
    ];

    private static readonly FieldInfo[] s_trapDetails = [Field(nameof(TrapState.Detail0)), Field(nameof(TrapState.Detail1))];

    private readonly List<PendingTrap> _traps = [];

    private sealed record PendingTrap(Label Label, TrapIfInstruction Trap, Dictionary<int, long> Unrolled);

    private static FieldInfo Field(string name) => typeof(TrapState).GetField(name)!;

    private void EmitIf(IfInstruction branch)
    {
        Label otherwise = _il.DefineLabel();
        Label end = _il.DefineLabel();
        Push(branch.Condition);
        _il.Emit(OpCodes.Brfalse, otherwise);
        EmitBlock(branch.Then);
        AssignArm(branch.Then, branch.Defined);
        _il.Emit(OpCodes.Br, end);
        _il.MarkLabel(otherwise);
        EmitBlock(branch.Else);
        AssignArm(branch.Else, branch.Defined);
        _il.MarkLabel(end);
    }

    private void AssignArm(Block arm, ImmutableArray<Value> defined)
    {
        for (int i = 0; i < defined.Length; i++)
        {
            if (_plan.IsUsed(defined[i]))
            {
                Push(arm.Results[i]);
                _il.Emit(OpCodes.Stloc, Local(defined[i]));
            }
        }
    }

    // for (k = from; k < to; k += step) { … carried = next; }, as the C# compiler writes it: the test at the bottom.
    private void EmitFor(ForInstruction loop)
    {
        SeedCarried(loop.Seeds, loop.Body.Parameters[1..], loop.Defined);
        long trips = _plan.UnrolledTrips(loop);
        if (trips >= 0)
        {
            EmitUnrolled(loop, trips);
            return;
        }

        Label body = _il.DefineLabel();
        Label test = _il.DefineLabel();
        LocalBuilder counter = Local(loop.Body.Parameters[0]);
        bool isConstantEnd = _plan.IsConstant(loop.To, out _);
        LocalBuilder? end = null;
        if (!isConstantEnd)
        {
            end = _il.DeclareLocal(typeof(long));
            Push(loop.To);
            _il.Emit(OpCodes.Stloc, end);
        }
        Push(loop.From);
        _il.Emit(OpCodes.Stloc, counter);
        EmitRowPointers(loop);
        _il.Emit(OpCodes.Br, test);
        _il.MarkLabel(body);
        EmitBlock(loop.Body);
        AssignCarried(loop.Body.Results, loop.Body.Parameters[1..]);
        _il.Emit(OpCodes.Ldloc, counter);
        _il.Emit(OpCodes.Ldc_I8, loop.Step);
        _il.Emit(OpCodes.Add);
        _il.Emit(OpCodes.Stloc, counter);
        _il.MarkLabel(test);
        _il.Emit(OpCodes.Ldloc, counter);
        if (isConstantEnd)
        {
            Push(loop.To);
        }
        else
        {
            _il.Emit(OpCodes.Ldloc, end!);
        }
        _il.Emit(loop.Step > 0 ? OpCodes.Blt : OpCodes.Bgt, body);
    }

    private void EmitUnrolled(ForInstruction loop, long trips)
    {
        _plan.IsConstant(loop.From, out ulong from);
        int counter = loop.Body.Parameters[0].Id;
        for (long trip = 0; trip < trips; trip++)
        {
            _unrolled[counter] = (long)from + trip * loop.Step;
            EmitBlock(loop.Body);
            AssignCarried(loop.Body.Results, loop.Body.Parameters[1..]);
        }
        _unrolled.Remove(counter);
    }

    private void EmitWhile(WhileInstruction loop)
    {
        SeedCarried(loop.Seeds, loop.Body.Parameters, loop.Defined);
        for (int i = 0; i < loop.Seeds.Length; i++)
        {
            _locals[loop.Condition.Parameters[i].Id] = _locals[loop.Body.Parameters[i].Id];
        }
        Label body = _il.DefineLabel();
        Label test = _il.DefineLabel();
        EmitRowPointers(loop);
        _il.Emit(OpCodes.Br, test);
        _il.MarkLabel(body);
        EmitBlock(loop.Body);
        AssignCarried(loop.Body.Results, loop.Body.Parameters);
        _il.MarkLabel(test);
        EmitBlock(loop.Condition);
        Push(loop.Condition.Results[0]);
        _il.Emit(OpCodes.Brtrue, body);
    }

    // A carried value, its parameter in the body and the loop's result share one local.
    private void SeedCarried(ImmutableArray<Value> seeds, ImmutableArray<Value> parameters, ImmutableArray<Value> defined)
    {
        for (int i = 0; i < seeds.Length; i++)
        {
            LocalBuilder local = Local(parameters[i]);
            _locals[defined[i].Id] = local;
            Push(seeds[i]);
            _il.Emit(OpCodes.Stloc, local);
        }
    }

    private void AssignCarried(ImmutableArray<Value> results, ImmutableArray<Value> parameters)
    {
        int[] changed = [.. Enumerable.Range(0, results.Length).Where(i => !IsIn(results[i], Local(parameters[i])))];
        if (MayAssignInOrder(changed, results, parameters))
        {
            foreach (int i in changed)
            {
                Push(results[i]);
                _il.Emit(OpCodes.Stloc, Local(parameters[i]));
            }
            return;
        }
        foreach (int i in changed)
        {
            Push(results[i]);
        }
        foreach (int i in changed.Reverse())
        {
            _il.Emit(OpCodes.Stloc, Local(parameters[i]));
        }
    }

    // True when no result reads a carried value that was assigned before it.
    private bool MayAssignInOrder(int[] changed, ImmutableArray<Value> results, ImmutableArray<Value> parameters)
    {
        var assigned = new HashSet<LocalBuilder>();
        foreach (int i in changed)
        {
            if (Reads(results[i], assigned))
            {
                return false;
            }
            assigned.Add(Local(parameters[i]));
        }
        return true;
    }

    private bool Reads(Value value, HashSet<LocalBuilder> locals)
    {
        if (_unrolled.ContainsKey(value.Id) || _plan.IsConstant(value, out _))
        {
            return false;
        }
        if (!_plan.IsInline(value))
        {
            return _locals[value.Id] is { } local && locals.Contains(local);
        }
        Instruction definition = _plan.Definition(value)!;
        return definition is BufferLoadInstruction load
            ? _plan.Address(load).Terms.Any(t => Reads(t.Atom, locals))
            : definition.Operands().Any(v => Reads(v, locals));
    }

    private bool IsIn(Value value, LocalBuilder local) =>
        !_unrolled.ContainsKey(value.Id) && !_plan.IsConstant(value, out _) && !_plan.IsInline(value) && _locals[value.Id] == local;

    // The code that writes a trap stands at the end, out of the way of the loops.
    private void EmitTrapIf(TrapIfInstruction trap)
    {
        Label label = _il.DefineLabel();
        _traps.Add(new PendingTrap(label, trap, new Dictionary<int, long>(_unrolled)));
        Push(trap.Condition);
        _il.Emit(OpCodes.Brtrue, label);
    }

    private void EmitTraps()
    {
        foreach (PendingTrap pending in _traps)
        {
            _il.MarkLabel(pending.Label);
            _unrolled.Clear();
            foreach ((int id, long counter) in pending.Unrolled)
            {
                _unrolled[id] = counter;
            }
            _il.Emit(OpCodes.Ldarg, 4);
            _il.Emit(OpCodes.Ldc_I8, (long)pending.Trap.Site);
            _il.Emit(OpCodes.Stfld, Field(nameof(TrapState.Site)));
            StoreReported(pending.Trap.Operands, s_trapIndices);
            StoreReported(pending.Trap.Details, s_trapDetails);
            _il.Emit(OpCodes.Ret);
        }
    }

    private void StoreReported(ImmutableArray<Value> values, FieldInfo[] fields)
    {
        for (int i = 0; i < Math.Min(values.Length, fields.Length); i++)
        {
            _il.Emit(OpCodes.Ldarg, 4);
            Push(values[i]);
            EmitConvert(values[i].Type, ScalarType.I64, ConvertMode.Unchecked);
            _il.Emit(OpCodes.Stfld, fields[i]);
        }
    }
}
