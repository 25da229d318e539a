using Avial.Diagnostics;

namespace Avial.Execution.Ranks;

/// <summary>
/// Finds the first thing that ranks do differently, on rank 0: kind of evaluation, options, tasks in recorded order with their numbers, results. Keeps of every rank
/// only where it first differs from rank 0.
/// </summary>
internal sealed class Divergence(EvaluationDetail root)
{
    private readonly List<(int Rank, Difference Difference, EvaluationDetail Head, TaskDetail? Task)> _others = [];

    private enum Subject
    {
        Kind,
        Options,
        Detail,
        Task,
        Results,
        Nothing,
    }

    private readonly record struct Difference(Subject Subject, int Task) : IComparable<Difference>
    {
        public int CompareTo(Difference other) => (Subject, Task).CompareTo((other.Subject, other.Task));
    }

    /// <summary>Takes what a rank does.</summary>
    public void Add(int rank, EvaluationDetail detail)
    {
        Difference difference = First(detail);
        TaskDetail? task = difference.Subject == Subject.Task ? TaskOf(detail, difference.Task) : null;
        _others.Add((rank, difference, detail with { Tasks = [] }, task));
    }

    /// <summary>The error that all ranks throw: names the first difference with both sides.</summary>
    public AvialException ToError()
    {
        var first = _others.MinBy(o => o.Difference);
        List<int> same = [0, .. _others.Where(o => o.Difference.CompareTo(first.Difference) > 0).Select(o => o.Rank)];
        List<int> other = [.. _others.Where(o => o.Difference == first.Difference && (first.Task is null ? o.Task is null && o.Head == first.Head : o.Task == first.Task)).Select(o => o.Rank)];
        return first.Difference.Subject switch
        {
            Subject.Kind => Throw.RanksDoDifferentThings(same, root, other, first.Head),
            Subject.Options => Throw.RanksHaveDifferentOptions(same, root.Options, other, first.Head.Options, root.Site.Span),
            Subject.Task => OfTask(same, TaskOf(root, first.Difference.Task), other, first.Task, first.Difference.Task),
            Subject.Detail or Subject.Results => Throw.RanksDoDifferentThings(same, root, other, first.Head),
            _ => throw new InternalErrorException("The ranks differ in their hashes and in nothing else."),
        };
    }

    private static AvialException OfTask(List<int> same, TaskDetail? task, List<int> other, TaskDetail? otherTask, int position) =>
        task is not null && otherTask is not null && task.Hash == otherTask.Hash
            ? Throw.RanksCaptureDifferentNumbers(task, same, other, otherTask.Numbers)
            : Throw.RanksRecordDifferentTasks(position, same, task, other, otherTask);

    private Difference First(EvaluationDetail detail)
    {
        if (detail.Kind != root.Kind)
        {
            return new Difference(Subject.Kind, 0);
        }
        if (detail.Options != root.Options)
        {
            return new Difference(Subject.Options, 0);
        }
        if (detail.Kind != EvaluationKind.Evaluate && (detail.Detail, detail.Site.Step, detail.Site.Span.Place) != (root.Detail, root.Site.Step, root.Site.Span.Place))
        {
            return new Difference(Subject.Detail, 0);
        }
        for (int n = 0; n < Math.Max(detail.Tasks.Length, root.Tasks.Length); n++)
        {
            if (TaskOf(detail, n) is not { } task || TaskOf(root, n) is not { } mine || task.Hash != mine.Hash || task.Numbers != mine.Numbers)
            {
                return new Difference(Subject.Task, n);
            }
        }
        return new Difference(detail.Results != root.Results ? Subject.Results : Subject.Nothing, 0);
    }

    private static TaskDetail? TaskOf(EvaluationDetail detail, int task) => task < detail.Tasks.Length ? detail.Tasks[task] : null;
}
