using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>A program ready to run: the plan of all ranks and the code, which they share and which is compiled when first needed.</summary>
internal sealed class ProgramPlan(Region recorded, BodyPlan body, Func<CompiledNodes> compile, Func<DistributionReport?> report)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<RankId, RankPlan> _ranks = [];
    private readonly Dictionary<RankId, KeptSchedules> _schedules = [];
    private readonly Lazy<CompiledNodes> _code = new(compile);
    private readonly ScalarUse _use = ScalarUse.Of(body);
    private ulong[] _scalars = [];
    private ulong[]? _checked;

    /// <summary>The program as it was recorded first.</summary>
    public Region Recorded => recorded;

    public BodyPlan Body => body;

    public CompiledNodes Code => _code.Value;

    /// <summary>Why values are distributed as they are; null where costs did not decide. Found anew at each call.</summary>
    public DistributionReport? Report => report();

    public Region Region => body.Region;

    /// <summary>The steps of a rank in a run with these captured numbers; made again only when boxes depend on them and they have changed.</summary>
    public RankPlan Of(RankId rank, ulong[] scalars)
    {
        lock (_lock)
        {
            if (body.Ranks > 1 && _use.IsInBoxes && !_scalars.AsSpan().SequenceEqual(scalars))
            {
                _ranks.Clear();
                _scalars = scalars;
            }
            if (!_ranks.TryGetValue(rank, out RankPlan? plan))
            {
                plan = RankPlanBuilder.Build(body, rank, scalars);
                _ranks.Add(rank, plan);
            }
            return plan;
        }
    }

    /// <summary>What a rank's inspections have found so far.</summary>
    public KeptSchedules SchedulesOf(RankId rank)
    {
        lock (_lock)
        {
            if (!_schedules.TryGetValue(rank, out KeptSchedules? schedules))
            {
                schedules = new KeptSchedules();
                _schedules.Add(rank, schedules);
            }
            return schedules;
        }
    }

    /// <summary>False when the plan was checked with numbers that lead to the same steps.</summary>
    public bool IsUnchecked(ulong[] scalars) => _checked is null || !_checked.AsSpan().SequenceEqual(_use.Key(scalars));

    /// <summary>Remembers that the plan is right with these captured numbers.</summary>
    public void NoteChecked(ulong[] scalars) => _checked = _use.Key(scalars);
}
