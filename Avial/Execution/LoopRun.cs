using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>
/// One run of a loop: the state goes round, its memory with it. The first state may belong to others; from the first step on the state is the loop's own and each
/// step writes into what the step before left behind.
/// </summary>
internal sealed unsafe class LoopRun
{
    private readonly CompiledNode _node;
    private readonly LoopOperation _loop;
    private readonly RunServices _services;
    private readonly RegionRun _body;
    private readonly long _limit;
    private readonly Storage[] _parameters;
    private readonly bool[] _isRecyclable;

    public LoopRun(CompiledNode node, LoopOperation loop, ulong[] scalars, RunServices services, RegionRun body)
    {
        _node = node;
        _loop = loop;
        _services = services;
        _body = body;
        _limit = (long)scalars[0];
        _parameters = new Storage[loop.Body.Parameters.Length];
        _isRecyclable = new bool[_parameters.Length];
        _parameters[loop.Carried] = services.Pool.Acquire(loop.Outputs[^1], "step");
    }

    /// <summary>Gives input number <paramref name="input"/> of the loop node: the first carried values, then the captures.</summary>
    public void Begin(int input, Storage storage, bool isOurs)
    {
        int parameter = input < _loop.Carried ? input : input + 1;
        _parameters[parameter] = storage;
        _isRecyclable[parameter] = isOurs;
    }

    /// <summary>Runs the steps; gives the last state and the number of steps.</summary>
    public Storage[] Run()
    {
        int carried = _loop.Carried;
        var results = new Storage[_loop.Body.Results.Length];
        var isNextRecyclable = new bool[carried];
        long step = 0;
        bool isDone = !_loop.HasUntil && _limit == 0;
        while (!isDone)
        {
            *(long*)_parameters[carried].Address(0) = step;
            _body.Run(_parameters, _isRecyclable, results);
            for (int k = 0; k < carried; k++)
            {
                results[k] = WithoutStep(results[k]);
                isNextRecyclable[k] = IsOurs(results[k]);
            }
            bool isTestOurs = _loop.HasUntil && IsOurs(results[^1]);
            for (int k = 0; k < carried; k++)
            {
                _parameters[k] = results[k];
                _isRecyclable[k] = isNextRecyclable[k];
            }
            step++;
            isDone = IsDone(step, results, isTestOurs);
            _services.Progress?.StepDone(step, _limit);
            _services.Cancellation.ThrowIfCancellationRequested();
        }
        return Finish(step);
    }

    /// <summary>A result that is the step number itself is copied: its memory is about to hold the next one.</summary>
    private Storage WithoutStep(Storage result)
    {
        Storage step = _parameters[_loop.Carried];
        if (!ReferenceEquals(result, step))
        {
            return result;
        }
        Storage copy = _services.Pool.Acquire(step.Type, _node.Node.Name);
        StorageCopy.All(step, copy);
        return copy;
    }

    /// <summary>True unless a result is a parameter that belongs to others.</summary>
    private bool IsOurs(Storage result)
    {
        int parameter = Array.IndexOf(_parameters, result);
        return parameter < 0 || _isRecyclable[parameter];
    }

    private bool IsDone(long step, Storage[] results, bool isTestOurs)
    {
        if (!_loop.HasUntil)
        {
            return step == _limit;
        }
        bool holds = false;
        if (step % _loop.Every == 0 || step == _limit)
        {
            holds = *results[^1].Address(0) != 0;
        }
        if (isTestOurs)
        {
            _services.Pool.Release(results[^1]);
        }
        if (!holds && step == _limit)
        {
            throw Throw.LoopLimit(_node.Node.Name, _limit, _node.Node.Span);
        }
        return holds;
    }

    private Storage[] Finish(long step)
    {
        int carried = _loop.Carried;
        var last = new Storage[carried + 1];
        for (int k = 0; k < carried; k++)
        {
            last[k] = _parameters[k];
            if (!_isRecyclable[k])
            {
                // The state still is somebody else's array: the loop's result must be its own.
                last[k] = _services.Pool.Acquire(_parameters[k].Type, _node.Node.Name);
                StorageCopy.All(_parameters[k], last[k]);
            }
        }
        *(long*)_parameters[carried].Address(0) = step;
        last[carried] = _parameters[carried];
        return last;
    }
}
