using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    /// <summary>A step that all ranks come to together.</summary>
    private sealed class Meeting<T> where T : RankStep
    {
        public required PlanViolationKind Kind { get; init; }

        /// <summary>What the messages call it.</summary>
        public required Func<T, string> NameOf { get; init; }

        /// <summary>False for steps of this kind that each rank does alone.</summary>
        public Predicate<T> IsJoint { get; init; } = _ => true;

        /// <summary>How a rank's step differs from that of the first, whose state is given; null where it does not.</summary>
        public required Func<T, T, RankState, string?> Difference { get; init; }

        /// <summary>Looks at the parts of all ranks, where all speak of the same.</summary>
        public Action<T> Check { get; init; } = _ => { };

        /// <summary>What the step does on a rank.</summary>
        public required Action<RankState, T> Do { get; init; }
    }

    /// <summary>When every rank has come to such a step, they pass it together.</summary>
    private bool Meet<T>(Meeting<T> meeting) where T : RankStep
    {
        if (!Array.TrueForAll(_states, s => !s.IsDone && s.IsReady && s.Body.Steps[s.Next] is T joint && meeting.IsJoint(joint)))
        {
            return false;
        }
        RankState first = _states[0];
        var step = (T)first.Body.Steps[first.Next];
        if (_run.IsComplete && _states.Length != _run.Ranks)
        {
            Report(first, first.Next, meeting.Kind, $"{_states.Length} of {_run.Ranks} ranks take part in {meeting.NameOf(step)}");
        }
        bool isSame = true;
        foreach (RankState state in _states)
        {
            if (meeting.Difference((T)state.Body.Steps[state.Next], step, first) is { } difference)
            {
                Report(state, state.Next, meeting.Kind, difference);
                isSame = false;
            }
        }
        if (isSame)
        {
            meeting.Check(step);
        }
        foreach (RankState state in _states)
        {
            meeting.Do(state, (T)state.Body.Steps[state.Next]);
            Pass(state);
        }
        return true;
    }

    /// <summary>A step that all ranks came to has ended.</summary>
    private void Pass(RankState state)
    {
        state.HasEnded[state.Next] = true;
        state.Next++;
        if (_counts)
        {
            _run.Steps++;
        }
    }
}
