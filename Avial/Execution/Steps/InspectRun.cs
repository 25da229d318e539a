using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Graph;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>
/// Finds where a node reads an input at places that data decides, and makes the schedule by which they are brought. Nothing is done while an earlier one holds.
/// </summary>
internal sealed unsafe class InspectRun : KernelRun
{
    private static readonly ElementLayout s_mark = ElementLayout.Of(typeof(byte));

    private static readonly MergeRecords s_both = static (low, high, _) => *low &= *high;

    private readonly InspectedRead _read;
    private readonly CompiledOperation _inspector;
    private InspectStep _step;

    public InspectRun(BodyRun body, InspectStep step) : base(body, step.Node, step.Inputs, [], [.. step.Parts])
    {
        _step = step;
        (_read, _inspector) = Code.InspectorOf(step.Input);
        Context.Inputs = [.. Context.Inputs, null!];
    }

    private ICommunicator Communicator => Runtime.Communicator!;

    /// <summary>What holds for the steps of the loop so many levels out has to be found again.</summary>
    public void Forget(int levels)
    {
        if (_step.Kept == levels)
        {
            Body.Schedules.Remove(_step.Number);
        }
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not InspectStep inspect || inspect.Number != _step.Number || inspect.Input != _step.Input || !IsSame(inspect.Node, inspect.Inputs, []))
        {
            return false;
        }
        _step = inspect;
        inspect.Parts.CopyTo(Context.Parts!);
        return true;
    }

    protected override void Launch()
    {
        if (_step.Kept == 0 || !Body.Schedules.ContainsKey(_step.Number))
        {
            Body.Schedules[_step.Number] = OfEarlierRun() ?? Inspect();
        }
    }

    /// <summary>The schedule of an earlier run of the program on the same arrays, when every rank has it.</summary>
    private GatherSchedule? OfEarlierRun()
    {
        if (_step.Sources is null || Runtime.Schedules is not { } kept)
        {
            return null;
        }
        GatherSchedule? known = kept.Find(_step, ScalarsUsed());
        byte isKnown = (byte)(known is null ? 0 : 1);
        byte scratch;
        Collectives.AllReduce(Communicator, &isKnown, &scratch, 1, s_both, Site);
        return isKnown != 0 ? known : null;
    }

    private GatherSchedule Inspect()
    {
        ArrayType type = Body.Plan.Region.TypeOf(Code.Node.Inputs[_step.Input]);
        Storage marks = Runtime.Pool.Acquire(new ArrayType(s_mark, type.Extents), "places");
        try
        {
            NativeMemory.Clear(marks.Address(0), (nuint)type.Count);
            Context.Inputs[^1] = marks;
            Mark();
            GatherSchedule schedule = GatherSchedule.Of(marks, _step.Owner, _step.Tag, Communicator, Site);
            Runtime.Schedules?.Keep(_step, ScalarsUsed(), schedule);
            return schedule;
        }
        finally
        {
            Context.Inputs[^1] = null!;
            Runtime.Pool.Release(marks);
        }
    }

    private void Mark()
    {
        try
        {
            StageLauncher.Launch(_inspector, Context, Code.Node.Order, Runtime.Workers);
        }
        catch (TrapException)
        {
            // The task itself stops there or before, and all that it reads until then is marked.
        }
    }

    private ulong[] ScalarsUsed() => [.. _read.Scalars.Select(position => Context.Scalars[position])];
}
