namespace Avial.Execution;

/// <summary>Tells the user's progress the fraction done: tasks of the outermost region, and within a loop its steps. Each hundredth once.</summary>
internal sealed class ProgressReporter(IProgress<double> progress, int nodes)
{
    private int _done;
    private int _lastHundredth;
    private object? _outermost;

    /// <summary>The run (or interpreted region) whose tasks are counted.</summary>
    public void Watch(object outermost) => _outermost = outermost;

    public void NodeDone(object run)
    {
        if (ReferenceEquals(run, _outermost))
        {
            _done++;
            Report(_done);
        }
    }

    public void StepDone(long step, long limit)
    {
        if (limit < long.MaxValue)
        {
            Report(_done + (double)step / limit);
        }
    }

    private void Report(double done)
    {
        int hundredth = (int)(100 * done / nodes);
        if (hundredth > _lastHundredth)
        {
            _lastHundredth = hundredth;
            progress.Report(Math.Min(1, done / nodes));
        }
    }
}
