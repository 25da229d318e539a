using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Avial.Backends;
using Avial.Graph;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>
/// Finds where a node reads an input at places that data decides, and makes the schedule by which they are brought. Nothing is done while an earlier one holds.
/// </summary>
internal sealed unsafe class InspectRun : ScheduledRun<GatherSchedule>
{
    private static readonly ElementLayout s_mark = ElementLayout.Of(typeof(byte));

    private readonly InspectedRead _read;
    private readonly CompiledOperation _inspector;
    private InspectStep _step;

    public InspectRun(BodyRun body, InspectStep step) : base(body, step.Node, step.Inputs, [], [.. step.Parts])
    {
        _step = step;
        (_read, _inspector) = Code.InspectorOf(step.Input);
        Context.Inputs = [.. Context.Inputs, null!];
    }

    protected override Dictionary<int, GatherSchedule> Schedules => Body.Gathers;

    protected override int Number => _step.Number;

    protected override int Tag => _step.Tag;

    protected override Lasting Lasting => _step.Lasting;

    protected override ImmutableArray<int> Deciding => _read.Scalars;

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
        if (Held() is null)
        {
            Hold(Inspect());
        }
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
            return GatherSchedule.Of(marks, _step.Owner, _step.Tag, Communicator, Site);
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
}
