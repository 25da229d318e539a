using System.Collections.Immutable;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>A launch of a node's compiled stages, whose context is kept from one launch to the next.</summary>
internal abstract unsafe class KernelRun : StepRun
{
    private readonly int[] _inputs;
    private readonly int[] _outputs;
    private readonly int[] _inPlace;

    protected KernelRun(BodyRun body, int node, ImmutableArray<int> inputs, ImmutableArray<int> outputs, Box[] parts) : base(body)
    {
        NodeNumber = node;
        Code = body.Code[node];
        _inputs = [.. inputs];
        _outputs = [.. outputs];
        _inPlace = [.. _outputs.Where(o => _inputs.Contains(o)).Distinct()];
        Context = new LaunchContext
        {
            Inputs = [.. inputs.Select((buffer, i) => buffer < 0 ? Unread(body.Plan.Region.TypeOf(Code.Node.Inputs[i])) : null!)],
            Outputs = new Storage[_outputs.Length],
            Scalars = body.ScalarsOf(node),
            Domains = Code.ConstantDomains ?? [.. Code.Domains.Select(d => MutableBox.Copy(Box.Nothing(d.Rank)))],
            Parts = parts,
            ForcedParts = body.Runtime.ForcedParts,
            Cancellation = body.Runtime.Stop,
        };
    }

    protected NodeCode Code { get; }

    protected LaunchContext Context { get; }

    public sealed override void Run()
    {
        foreach (int buffer in _inPlace)
        {
            Body.Own(buffer);
        }
        for (int i = 0; i < _inputs.Length; i++)
        {
            if (_inputs[i] >= 0)
            {
                Context.Inputs[i] = Storages[_inputs[i]]!;
            }
        }
        for (int o = 0; o < _outputs.Length; o++)
        {
            Context.Outputs[o] = Storages[_outputs[o]]!;
        }
        if (Code.ConstantDomains is null)
        {
            FindDomains();
        }
        try
        {
            Launch();
        }
        catch (TrapException exception)
        {
            exception.Node ??= Code.Node;
            throw;
        }
    }

    protected abstract void Launch();

    /// <summary>
    /// Runs one stage and gives the trap that it ends with. Where ranks agree on what failed they go on together until then, as others wait for what this one sends, whatever it
    /// holds; elsewhere a trap is thrown.
    /// </summary>
    protected TrapException? TryLaunchStage(CompiledOperation stages, int stage)
    {
        try
        {
            StageLauncher.LaunchStage(stages, stage, Context, Code.Node.Order, Runtime.Workers);
            return null;
        }
        catch (TrapException exception) when (Runtime.AgreesAfterEachNode)
        {
            return exception;
        }
    }

    /// <summary>True when a step is the same launch but for its boxes.</summary>
    protected bool IsSame(int node, ImmutableArray<int> inputs, ReadOnlySpan<int> outputs) =>
        node == NodeNumber && inputs.AsSpan().SequenceEqual(_inputs) && outputs.SequenceEqual(_outputs);

    // Domains that depend on rank-0 inputs.
    private void FindDomains()
    {
        Box[] domains = Context.Domains;
        for (int piece = 0; piece < domains.Length; piece++)
        {
            ImmutableArray<AxisRange> axes = Code.Domains[piece].Axes;
            Span<long> low = MutableBox.Low(domains[piece]);
            Span<long> high = MutableBox.High(domains[piece]);
            for (int axis = 0; axis < axes.Length; axis++)
            {
                (low[axis], high[axis]) = (ValueOf(axes[axis].Low), ValueOf(axes[axis].High));
            }
        }
        if (Code.Node.Operation is not (MapOperation or SweepOperation))
        {
            return;
        }
        ArrayType written = Code.Node.Operation.Outputs[0];
        foreach (Box box in domains)
        {
            if (!box.IsEmpty && !written.Box.Contains(box))
            {
                throw Throw.DomainOutside(box.ToString(), written, Code.Node.Span);
            }
        }
    }

    private long ValueOf(LinearBound bound)
    {
        long sum = bound.Constant;
        foreach (BoundTerm term in bound.Terms)
        {
            sum += term.Coefficient * *(long*)Context.Inputs[term.Input].Address(0);
        }
        return sum;
    }

    // What stands for an input that the part does not read: it has extents, but no memory.
    private static Storage Unread(ArrayType type)
    {
        var columns = new ColumnMemory[type.Element.Columns.Length];
        Array.Fill(columns, ScratchMemory.None);
        return new Storage(type, Box.Nothing(type.Rank), columns);
    }
}

/// <summary>Computes parts of a node's outputs.</summary>
internal sealed class LaunchRun : KernelRun
{
    public LaunchRun(BodyRun body, LaunchStep step) : base(body, step.Node, step.Inputs, step.Outputs, [.. step.Parts]) => Context.Within = step.Within;

    protected override void Launch() => StageLauncher.Launch(Code.Operation!, Context, Code.Node.Order, Runtime.Workers);

    public override bool TryRefresh(RankStep step)
    {
        if (step is not LaunchStep launch || !IsSame(launch.Node, launch.Inputs, launch.Outputs.AsSpan()))
        {
            return false;
        }
        launch.Parts.CopyTo(Context.Parts!);
        Context.Within = launch.Within;
        return true;
    }
}
