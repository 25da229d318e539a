using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>Memory is made just before its first use and given back just after its last.</summary>
internal sealed partial class BodyPlanner
{
    private void AddLifetimes()
    {
        int count = _body.Buffers.Count;
        var first = new int[count];
        var last = new int[count];
        Array.Fill(first, -1);
        Array.Fill(last, -1);
        var isTaken = new bool[count];
        var isGivenByLoop = new bool[count];
        for (int s = 0; s < _body.Steps.Count; s++)
        {
            foreach (int buffer in Touched(_body.Steps[s]))
            {
                int memory = MemoryOf(buffer);
                first[memory] = first[memory] < 0 ? s : first[memory];
                last[memory] = s;
            }
            if (_body.Steps[s] is PlannedLoop loop)
            {
                foreach (int initial in loop.Initial)
                {
                    isTaken[initial] = true;
                }
                for (int o = 0; o < loop.Outputs.Length - 1; o++)
                {
                    isGivenByLoop[loop.Outputs[o]] = true;
                }
            }
        }
        var isResult = new bool[count];
        foreach (int result in _body.Results)
        {
            isResult[MemoryOf(result)] = true;
        }
        int carried = _body.LoopNode?.Operation is LoopOperation outer ? outer.Carried : 0;
        var mine = new bool[count];
        for (int k = 0; k < carried; k++)
        {
            mine[_body.Parameters[k]] = true;
        }
        var makes = new List<int>?[_body.Steps.Count];
        var frees = new List<int>?[_body.Steps.Count];
        var unused = new List<int>();
        for (int b = 0; b < count; b++)
        {
            PlannedBuffer buffer = _body.Buffers[b];
            if (first[b] < 0 || buffer.Shows >= 0)
            {
                if (mine[b] && !isResult[b])
                {
                    // A state that the step has no use for.
                    unused.Add(b);
                }
                continue;
            }
            if (buffer.Origin == BufferOrigin.Step && !isGivenByLoop[b])
            {
                (makes[first[b]] ??= []).Add(b);
            }
            if (!isResult[b] && !isTaken[b] && (buffer.Origin == BufferOrigin.Step || mine[b]))
            {
                (frees[last[b]] ??= []).Add(b);
            }
        }
        var steps = new List<PlannedStep>(_body.Steps.Count * 2);
        unused.ForEach(b => steps.Add(new PlannedFree(b)));
        for (int s = 0; s < _body.Steps.Count; s++)
        {
            makes[s]?.ForEach(b => steps.Add(new PlannedAllocate(b)));
            steps.Add(_body.Steps[s]);
            frees[s]?.ForEach(b => steps.Add(new PlannedFree(b)));
        }
        _body.Steps = steps;
    }

    private int MemoryOf(int buffer)
    {
        while (_body.Buffers[buffer].Shows is >= 0 and int shown)
        {
            buffer = shown;
        }
        return buffer;
    }

    private static IEnumerable<int> Touched(PlannedStep step) => step switch
    {
        PlannedExchange exchange => exchange.Transfers.SelectMany(t => (int[])[t.From, t.To]),
        PlannedInspect inspect => inspect.Inputs.Where(i => i >= 0),
        PlannedGather gather => [gather.From, gather.To],
        PlannedLaunch launch => launch.Inputs.Where(i => i >= 0).Concat(launch.Outputs),
        PlannedSweep sweep => sweep.Inputs.Where(i => i >= 0).Append(sweep.Output),
        PlannedCombine combine => combine.Inputs.Where(i => i >= 0).Append(combine.Output),
        PlannedScan scan => scan.Inputs.Where(i => i >= 0).Append(scan.Output),
        PlannedScatter scatter => scatter.Inputs.Where(i => i >= 0).Append(scatter.Output),
        PlannedCopyOutside copy => [copy.From, copy.To],
        PlannedCopy copy => [copy.From, copy.To],
        PlannedReshape reshape => [reshape.From, reshape.To],
        PlannedRead read => [read.Output],
        PlannedCall call => call.Inputs.Where(i => i >= 0).Concat(call.Outputs),
        PlannedLoop loop => loop.Initial.Concat(loop.Outputs).Concat(loop.Imports.Select(i => i.Outer)),
        _ => [],
    };
}
