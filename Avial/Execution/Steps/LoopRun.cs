using Avial.Diagnostics;
using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Planning.Plans.Moving;

namespace Avial.Execution.Steps;

/// <summary>Runs a loop: the state goes round, its memory with it. Each step writes into what the step before left behind.</summary>
internal sealed unsafe class LoopRun : StepRun
{
    private readonly LoopOperation _loop;
    private readonly Storage?[] _state;
    private readonly Storage?[] _next;
    private readonly long _limit;
    private LoopStep _step;
    private MovingBody? _moving;
    private BodyRun? _inner;
    private Storage? _counter;

    public LoopRun(BodyRun body, LoopStep step) : base(body)
    {
        NodeNumber = step.Node;
        _step = step;
        _loop = (LoopOperation)Node!.Operation;
        _state = new Storage?[_loop.Carried];
        _next = new Storage?[_loop.Carried];
        _limit = (long)body.ScalarsOf(step.Node)[0];
        _moving = step.Bodies.Follow();
    }

    public override void Run()
    {
        BodyRun inner = Begin();
        long step = 0;
        bool isDone = !_loop.HasUntil && _limit == 0;
        while (!isDone)
        {
            if (step > 0 && _step.Bodies.IsMoving)
            {
                inner.Refresh(BodyAt(step));
            }
            RunStep(inner, step);
            step++;
            isDone = IsDone(inner, step);
            inner.End();
            Runtime.Progress?.StepDone(step, _limit);
            Runtime.Stop.ThrowIfCancellationRequested();
        }
        Finish(step);
    }

    public override bool TryRefresh(RankStep step)
    {
        if (step is not LoopStep loop || loop.Node != NodeNumber || !loop.Initial.AsSpan().SequenceEqual(_step.Initial.AsSpan())
            || !loop.Outputs.AsSpan().SequenceEqual(_step.Outputs.AsSpan()) || !loop.Imports.AsSpan().SequenceEqual(_step.Imports.AsSpan()))
        {
            return false;
        }
        _step = loop;
        _moving = loop.Bodies.Follow();
        return true;
    }

    public override void ReleaseMemory() => _inner?.ReleaseMemory();

    /// <summary>See <see cref="BodyRun.Forget"/>.</summary>
    public void Forget(int levels) => _inner?.Forget(levels);

    private RankBody BodyAt(long step) => _moving is null ? _step.Bodies.At(step) : _moving.At(step);

    private BodyRun Begin()
    {
        RankBody first = BodyAt(0);
        if (_inner is null)
        {
            _inner = new BodyRun(first, Body.Code[NodeNumber].Body!, Body.ScalarsOf(NodeNumber), Runtime, _loop.Carried);
        }
        else
        {
            _inner.Refresh(first);
            _inner.Forget(1);
        }
        foreach ((int inside, int outside) in _step.Imports)
        {
            _inner.Storages[inside] = Storages[outside];
        }
        _counter = Runtime.Pool.Acquire(_loop.Outputs[^1], "step");
        bool[] moves = Body.Memory.MovedInitials(Position);
        for (int k = 0; k < _state.Length; k++)
        {
            _state[k] = Body.Take(_step.Initial[k], moves[k]);
        }
        for (int k = 0; k < _state.Length; k++)
        {
            if (moves[k])
            {
                Storages[Body.Memory.RootOf(_step.Initial[k])] = null;
            }
        }
        return _inner;
    }

    private void RunStep(BodyRun inner, long step)
    {
        RankBody plan = inner.Plan;
        int stepBuffer = plan.Parameters[_loop.Carried];
        if (stepBuffer >= 0)
        {
            *(long*)_counter!.Address(0) = step;
            inner.Storages[stepBuffer] = _counter;
        }
        for (int k = 0; k < _state.Length; k++)
        {
            int parameter = plan.Parameters[k];
            if (parameter >= 0)
            {
                inner.Storages[parameter] = inner.Fitting(_state[k]!, plan.Buffers[parameter]);
            }
        }
        inner.Run();
        for (int k = 0; k < _state.Length; k++)
        {
            _next[k] = plan.Results[k] < 0 ? _state[k] : inner.Take(plan.Results[k], inner.Memory.Moves[k]);
        }
        for (int k = 0; k < _state.Length; k++)
        {
            // What the body was given it has given back; what it was not shown ends here.
            if (plan.Parameters[k] < 0 && !ReferenceEquals(_next[k], _state[k]))
            {
                Runtime.Pool.Release(_state[k]!);
            }
            _state[k] = _next[k];
        }
    }

    private bool IsDone(BodyRun inner, long step)
    {
        if (!_loop.HasUntil)
        {
            return step == _limit;
        }
        bool holds = (step % _loop.Every == 0 || step == _limit) && *inner.Storages[inner.Plan.Results[^1]]!.Address(0) != 0;
        if (!holds && step == _limit)
        {
            throw Throw.LoopLimit(Node!.Name, _limit, Node.Span);
        }
        return holds;
    }

    private void Finish(long steps)
    {
        for (int k = 0; k < _state.Length; k++)
        {
            int output = _step.Outputs[k];
            if (output >= 0)
            {
                Storages[output] = Body.Fitting(_state[k]!, Body.Plan.Buffers[output]);
            }
            else
            {
                Runtime.Pool.Release(_state[k]!);
            }
            (_state[k], _next[k]) = (null, null);
        }
        Runtime.Pool.Release(_counter!);
        _counter = null;
        if (_step.Outputs[^1] >= 0)
        {
            *(long*)Storages[_step.Outputs[^1]]!.Address(0) = steps;
        }
    }
}
