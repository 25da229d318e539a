namespace Avial;

/// <summary>One task of a run: how often it ran, for how long, and how many bytes it read and wrote.</summary>
/// <param name="Task">The task's name; fused tasks are listed under the one they were fused into.</param>
/// <param name="Runs">How often it ran (loops run their tasks once a step).</param>
/// <param name="Time">The time in it, in all.</param>
/// <param name="Bytes">The bytes of its inputs and outputs, per run.</param>
public sealed record TaskProfile(string Task, long Runs, TimeSpan Time, long Bytes);

/// <summary>What an evaluation did.</summary>
/// <param name="Tasks">The tasks in the order they ran first.</param>
/// <param name="Total">The time of the whole evaluation.</param>
/// <param name="PeakBytes">The highest number of live array bytes during it.</param>
public sealed record Profile(IReadOnlyList<TaskProfile> Tasks, TimeSpan Total, long PeakBytes)
{
    /// <summary>Nothing ran.</summary>
    public static Profile Empty { get; } = new([], TimeSpan.Zero, 0);

    /// <summary>A table: a line per task.</summary>
    public override string ToString()
    {
        var text = new System.Text.StringBuilder();
        foreach (TaskProfile task in Tasks)
        {
            double seconds = task.Time.TotalSeconds;
            double rate = seconds > 0 ? task.Bytes * (double)task.Runs / seconds / 1e9 : 0;
            text.AppendLine(FormattableString.Invariant($"{task.Task,-36} {task.Runs,9} × {Milliseconds(task.Time),12} {Diagnostics.Throw.Bytes(task.Bytes),12} {rate,8:0.0} GB/s"));
        }
        text.Append(FormattableString.Invariant($"total {Milliseconds(Total)}, peak {Diagnostics.Throw.Bytes(PeakBytes)}"));
        return text.ToString();
    }

    private static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:0.000} ms");
}
