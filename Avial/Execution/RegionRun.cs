using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>One run of a compiled region: its values while they live. Loop bodies keep theirs from step to step.</summary>
internal sealed unsafe class RegionRun
{
    private readonly CompiledRegion _region;
    private readonly RunServices _services;
    private readonly ulong[][] _scalars;
    private readonly Box[]?[] _domains;
    private readonly RegionRun?[] _bodies;
    private readonly Storage?[] _values;
    private readonly bool[] _isRecyclable;

    /// <param name="region">The compiled region.</param>
    /// <param name="table">Its captured numbers.</param>
    /// <param name="services">The session's pool, workers and watchers.</param>
    public RegionRun(CompiledRegion region, ulong[] table, RunServices services)
    {
        _region = region;
        _services = services;
        _scalars = [.. region.Nodes.Select(n => (ulong[])[.. n.Node.Scalars.Select(s => table[s])])];
        _domains = [.. region.Nodes.Select(n => n.Domains.All(d => d.IsConstant) ? (Box[])[.. n.Domains.Select(d => d.ToBox())] : null)];
        _bodies = new RegionRun?[region.Nodes.Length];
        _values = new Storage?[region.ValueCount];
        _isRecyclable = new bool[region.Region.Parameters.Length];
    }

    /// <summary>Runs all nodes; the results are the caller's, and so are parameters that are not recyclable.</summary>
    /// <param name="parameters">The region's parameters.</param>
    /// <param name="isRecyclable">For each, whether this run may give its memory to others after its last use.</param>
    /// <param name="results">Filled with the results.</param>
    public void Run(ReadOnlySpan<Storage> parameters, ReadOnlySpan<bool> isRecyclable, Span<Storage> results)
    {
        parameters.CopyTo(_values!);
        isRecyclable.CopyTo(_isRecyclable);
        for (int n = 0; n < _region.Nodes.Length; n++)
        {
            _services.Cancellation.ThrowIfCancellationRequested();
            RunNode(n, _region.Nodes[n]);
            foreach (int dead in _region.Nodes[n].Dying)
            {
                if (_values[dead] is { } storage && (dead >= _isRecyclable.Length || _isRecyclable[dead]))
                {
                    _services.Pool.Release(storage);
                }
                _values[dead] = null;
            }
        }
        for (int r = 0; r < results.Length; r++)
        {
            results[r] = ResultOf(r, results[..r]);
        }
        ReleaseRest(results);
        Array.Clear(_values);
    }

    /// <summary>Gives back what is left that is no result: memory that only a copy was made of, parameters that nothing read.</summary>
    private void ReleaseRest(ReadOnlySpan<Storage> results)
    {
        for (int v = 0; v < _values.Length; v++)
        {
            if (_values[v] is not { } storage || (v < _isRecyclable.Length && !_isRecyclable[v]))
            {
                continue;
            }
            bool isResult = false;
            foreach (Storage result in results)
            {
                isResult |= ReferenceEquals(result, storage);
            }
            if (!isResult)
            {
                _services.Pool.Release(storage);
            }
        }
    }

    /// <summary>A result of its own: memory shown by a reshape or given twice is copied.</summary>
    private Storage ResultOf(int result, ReadOnlySpan<Storage> before)
    {
        int value = _region.Results[result];
        Storage storage = _values[value]!;
        GraphValue graph = _region.Region.Results[result];
        bool isReshape = !graph.IsParameter && _region.Region.Nodes[graph.Node].Operation is ReshapeOperation;
        bool isTwice = false;
        foreach (Storage other in before)
        {
            isTwice |= ReferenceEquals(other, storage);
        }
        if (!isReshape && !isTwice)
        {
            return storage;
        }
        Storage copy = _services.Pool.Acquire(storage.Type, "copy");
        StorageCopy.All(storage, copy);
        return copy;
    }

    private void RunNode(int number, CompiledNode node)
    {
        long started = _services.Profile is null ? 0 : System.Diagnostics.Stopwatch.GetTimestamp();
        switch (node.Node.Operation)
        {
            case LoopOperation loop:
                RunLoop(number, node, loop);
                break;
            case CallOperation call:
                RunCall(node, call);
                break;
            case FileOperation file:
                Storage read = _services.Pool.Acquire(file.Outputs[0], node.Node.Name);
                ArrayFiles.Read(file.Path, read, node.Node.Span);
                _values[node.FirstOutput] = read;
                break;
            case ReshapeOperation reshape:
                _values[node.FirstOutput] = _values[node.Inputs[0]]!.Reshaped(reshape.Outputs[0]);
                break;
            default:
                Launch(number, node);
                break;
        }
        _services.Profile?.Add(node.Node, System.Diagnostics.Stopwatch.GetTimestamp() - started);
        _services.Progress?.NodeDone(this);
    }

    private void Launch(int number, CompiledNode node)
    {
        var inputs = new Storage[node.Inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = _values[node.Inputs[i]]!;
        }
        Box[] domains = _domains[number] ?? DomainsNow(node, inputs);
        var outputs = new Storage[node.Node.Operation.Outputs.Length];
        for (int o = 0; o < outputs.Length; o++)
        {
            outputs[o] = OutputOf(node, o, domains);
            _values[node.FirstOutput + o] = outputs[o];
        }
        var context = new LaunchContext
        {
            Inputs = inputs,
            Outputs = outputs,
            Scalars = _scalars[number],
            Domains = domains,
            Cancellation = _services.Cancellation,
            ForcedParts = _services.ForcedParts,
        };
        try
        {
            StageLauncher.Launch(node.Code!, context, node.Node.Order, _services.Workers);
        }
        catch (TrapException exception)
        {
            exception.Node ??= node.Node;
            throw;
        }
    }

    /// <summary>Memory for an output: fresh, or what it starts from, taken over or copied.</summary>
    private Storage OutputOf(CompiledNode node, int output, Box[] domains)
    {
        ArrayType type = node.Node.Operation.Outputs[output];
        int start = node.StartsFrom[output];
        if (start < 0)
        {
            return _services.Pool.Acquire(type, node.Node.Name);
        }
        int value = node.Inputs[start];
        Storage from = _values[value]!;
        bool isOurs = _services.Pool.Owns(from) && (value >= _isRecyclable.Length || _isRecyclable[value]);
        if (node.MayOverwrite[output] && isOurs)
        {
            // The value dies here: its memory lives on as the output.
            _values[value] = null;
            return from;
        }
        Storage copy = _services.Pool.Acquire(type, node.Node.Name);
        if (node.Node.Operation is MapOperation map && !node.ReadsInPlace[output])
        {
            StorageCopy.Outside(from, copy, domains, map.Origin);
        }
        else
        {
            StorageCopy.All(from, copy);
        }
        return copy;
    }

    private static Box[] DomainsNow(CompiledNode node, Storage[] inputs)
    {
        Box[] boxes = [.. node.Domains.Select(d => d.ToBox(position => *(long*)inputs[position].Address(0)))];
        if (node.Node.Operation is MapOperation or SweepOperation)
        {
            ArrayType written = node.Node.Operation.Outputs[0];
            foreach (Box box in boxes)
            {
                if (!box.IsEmpty && !written.Box.Contains(box))
                {
                    throw Throw.DomainOutside(box.ToString(), written, node.Node.Span);
                }
            }
        }
        return boxes;
    }

    private void RunCall(CompiledNode node, CallOperation call)
    {
        if (_services.CallResults?.TryGetValue(node.Node.Order, out Storage[]? known) == true)
        {
            known.CopyTo(_values, node.FirstOutput);
            return;
        }
        Storage[] reads = [.. node.Inputs.Select(i => _values[i]!)];
        Storage[] writes = [.. call.Outputs.Select(t => _services.Pool.Acquire(t, node.Node.Name))];
        try
        {
            call.Body.Invoke(reads, writes);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or InternalErrorException))
        {
            throw Throw.CallFailed(node.Node.Name, exception, node.Node.Span);
        }
        writes.CopyTo(_values, node.FirstOutput);
        _services.NoteCall(node.Node, writes);
    }

    private void RunLoop(int number, CompiledNode node, LoopOperation loop)
    {
        var steps = new LoopRun(node, loop, _scalars[number], _services, _bodies[number] ??= new RegionRun(node.Body!, _scalars[number], _services));
        int carried = loop.Carried;
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            int value = node.Inputs[i];
            Storage storage = _values[value]!;
            bool isOurs = i < carried && node.HandsOver[i] && _services.Pool.Owns(storage) && (value >= _isRecyclable.Length || _isRecyclable[value]);
            steps.Begin(i, storage, isOurs);
            if (isOurs)
            {
                _values[value] = null;
            }
        }
        Storage[] last = steps.Run();
        last.CopyTo(_values, node.FirstOutput);
    }
}
