using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans.Moving;

/// <summary>
/// One rank's body of a loop whose boxes move with the step, for one run after another: in place where nothing but ends of boxes changes from one step to the next, planned
/// anew where who computes what or who talks to whom does.
/// </summary>
/// <remarks>A new frame is trusted once its first move has given what planning anew gives.</remarks>
internal sealed class MovingBody
{
    // Where an owner changes, a few steps differ one after another, and then many are alike again.
    private const int Patience = 4;
    private const int LongestPause = 64;

    private readonly BodyPlan _plan;
    private readonly RankId _rank;
    private readonly SymbolScope _scope;
    private MovingFrame? _frame;
    private bool _isTrusted;
    private int _failed;
    private int _pause = 1;
    private int _planned;

    /// <param name="plan">The body, for all ranks.</param>
    /// <param name="rank">The rank.</param>
    /// <param name="outer">The scope of the body around.</param>
    /// <param name="loop">The loop.</param>
    public MovingBody(BodyPlan plan, RankId rank, SymbolScope outer, GraphNode loop)
    {
        _plan = plan;
        _rank = rank;
        _scope = outer.Inside(loop, 0);
    }

    /// <summary>How many steps were planned, rather than moved to.</summary>
    public int Planned { get; private set; }

    /// <summary>The body at a step, until the next call: perhaps the same object, with other boxes.</summary>
    public RankBody At(long step)
    {
        _scope.Step = step;
        bool isMoved = _frame is not null && _frame.TryMove();
        if (isMoved && _isTrusted)
        {
            return _frame!.Body;
        }
        RankBody planned = Plan();
        if (isMoved && BodyBoxes.AreSame(_frame!.Body, planned))
        {
            (_isTrusted, _failed, _pause) = (true, 0, 1);
            return _frame.Body;
        }
        if (_frame is not null && !_isTrusted && ++_failed > Patience)
        {
            // Where frames never last, not every step is worth one.
            _pause = Math.Min(2 * _pause, LongestPause);
        }
        _isTrusted = false;
        _frame = ++_planned % _pause == 0 ? MovingFrame.Of(planned, _plan, _rank, _scope) : null;
        return _frame?.Body ?? planned;
    }

    private RankBody Plan()
    {
        Planned++;
        return RankPlanBuilder.BuildBody(_plan, _rank, _scope);
    }
}
