using Avial.Execution.Ranks;
using Avial.Geometry;

namespace Avial.Diagnostics;

/// <summary>AVL07xx: ranks and plans.</summary>
internal static partial class Throw
{
    /// <summary>A wait for another rank that took too long.</summary>
    public static AvialException WatchdogExpired(RankId rank, TimeSpan limit, string step, string awaited, string doing, RankId? peer, SourceSpan span) => new("AVL0701",
        FormattableString.Invariant($"Rank {rank.Value} waited {limit.TotalSeconds:0.###} s {step}for {awaited}{doing}. ")
        + $"All ranks must evaluate the same. If {(peer is { } other ? $"{other}" : "the other rank")} only needs longer, raise SessionOptions.WatchdogTimeout or AVIAL_WATCHDOG (seconds; 0 waits for ever).", span);

    /// <summary>Code of the user's that threw outside of tasks.</summary>
    public static AvialException RankThrew(RankId rank, Exception exception) => new("AVL0702",
        $"Rank {rank.Value} threw {exception.GetType().Name}: {exception.Message} All ranks end with it.", SourceSpan.None, exception);

    /// <summary>True for what follows from the recorded program alone, whichever rank finds it: traps, loop limits and plans that need too much memory.</summary>
    public static bool IsSameOnAllRanks(AvialException error) => error.Id.StartsWith("AVL042", StringComparison.Ordinal) || error.Id is LoopLimitId or MemoryBudgetId;

    /// <summary>What an evaluation ended with on one rank, for all: names the rank.</summary>
    public static AvialException OnRank(RankId rank, AvialException error, Exception? inner) => new(error.Id, $"On {rank}: {error.Text}", error.Place, inner);

    public static AvialException TwoEvaluationsAtOnce(RankId rank, string name, string running, SourceSpan span) => new("AVL0703",
        $"Rank {rank.Value} evaluates '{name}' while its evaluation of '{running}' is still running. All ranks must evaluate in one order: await one evaluation before the next is started, and start none inside a Call.", span);

    public static AvialException RanksRecordDifferentTasks(int position, IReadOnlyList<int> same, TaskDetail? task, IReadOnlyList<int> other, TaskDetail? otherTask) => new("AVL0704",
        $"The ranks record different tasks: number {position + 1} of an evaluation is {Described(task)} on {RankList.Text(same)} and {Described(otherTask)} on {RankList.Text(other)}"
        + $"{(Described(task) == Described(otherTask) ? ", with another domain, body or target" : "")}. "
        + $"{RecordTheSame}", (task ?? otherTask)!.Span);

    public static AvialException RanksCaptureDifferentNumbers(TaskDetail task, IReadOnlyList<int> same, IReadOnlyList<int> other, string otherNumbers) => new("AVL0705",
        $"The ranks capture different numbers: '{task.Name}' captures {task.Numbers} on {RankList.Text(same)} and {otherNumbers} on {RankList.Text(other)}. "
        + "Captured numbers are the same on every rank: compute those that are not (times, random numbers, anything from Session.Rank) in a task, or read them from a file.", task.Span);

    public static AvialException RanksDoDifferentThings(IReadOnlyList<int> same, EvaluationDetail detail, IReadOnlyList<int> other, EvaluationDetail otherDetail) => new("AVL0706",
        $"{RankList.Capitalised(other)} {Doing(otherDetail, other.Count)}, where {RankList.Text(same)} {Doing(detail, same.Count)}. "
        + (detail.Kind == otherDetail.Kind && detail.Kind != EvaluationKind.Evaluate ? "Every rank reads, copies and saves the same: what a rank has itself it reads by Local, alone."
            : "Every rank evaluates the same in the same order: no rank may return early, or evaluate under a condition on Session.Rank."),
        otherDetail.Kind == EvaluationKind.EndOfProgram ? detail.Site.Span : otherDetail.Site.Span);

    public static AvialException RanksHaveDifferentOptions(IReadOnlyList<int> same, string options, IReadOnlyList<int> other, string otherOptions, SourceSpan span) => new("AVL0707",
        $"The sessions of the ranks have different options: {options} on {RankList.Text(same)}, {otherOptions} on {RankList.Text(other)}. Give all ranks the same.", span);

    public static AvialException RanksInsideRanks() => new("AVL0708",
        "Session.RunOnRanks is called by a program that runs on ranks already. Call it outside, with as many ranks as are needed.", SourceSpan.None);

    public static AvialException ArrayOfAnotherRank(string name, RankId rank, SourceSpan span) => new("AVL0709",
        $"'{name}' was evaluated by rank {rank.Value} of Session.RunOnRanks, which alone has its part, and is used outside of that rank's program. Every rank records and evaluates for "
        + "itself: take out what is to outlive the program by ToArray, Value or Save, and record what ranks share before it.", span);

    private const string RecordTheSame = "A condition on Session.Rank may not decide what is recorded: record the same on every rank, and keep what only one rank does in Session.OnRoot.";

    private static string Described(TaskDetail? task) => task is null ? "nothing" : $"'{task.Name}' of {task.Types} ({task.Span.Place})";

    private static string Doing(EvaluationDetail detail, int ranks) => detail.Kind switch
    {
        EvaluationKind.EndOfProgram => ranks == 1 ? "has ended its program" : "have ended their program",
        EvaluationKind.ReadElement => $"read{(ranks == 1 ? "s" : "")} {detail.Detail} of {Where(detail)}",
        EvaluationKind.Gather => $"cop{(ranks == 1 ? "ies" : "y")} all of {Where(detail)}",
        EvaluationKind.Save => $"save{(ranks == 1 ? "s" : "")} {Where(detail)} as {detail.Detail}",
        _ => $"evaluate{(ranks == 1 ? "s" : "")} {Where(detail)}",
    };

    private static string Where(EvaluationDetail detail) => $"'{detail.Site.Step}' ({detail.Site.Span.Place})";
}
