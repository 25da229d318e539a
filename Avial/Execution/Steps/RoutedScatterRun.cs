using System.Collections.Immutable;
using Avial.Backends;
using Avial.Execution.Scatters;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Inspecting;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>
/// A scatter whose contributions travel to the owners of their targets. Who sends how many for what is found out when it is done first, and while that holds only values are sent.
/// </summary>
internal sealed unsafe class RoutedScatterRun : ScheduledRun<ScatterSchedule>
{
    private readonly ScatterStep _step;
    private readonly ArrayType _type;
    private readonly bool _isOwner;
    private readonly ContributionLayout _whole;
    private readonly ContributionLayout _values;
    private readonly ContributionPacker _packer;
    private readonly ContributionExchange _exchange;
    private readonly ContributionMerger? _merger;
    private readonly TargetPlaces _places;

    public RoutedScatterRun(BodyRun body, ScatterStep step) : base(body, step.Node, step.Inputs, [step.Output], [step.Part])
    {
        _step = step;
        _type = Code.Node.Operation.Outputs[0];
        _isOwner = step.Target.Owns(Communicator.Rank);
        Allocator allocator = Runtime.Pool.Allocator;
        _whole = ContributionLayout.Whole(_type.Element.ColumnTypes, step.Exchange == ScatterExchange.Numbered);
        _values = ContributionLayout.OfValues(_type.Element.ColumnTypes);
        _packer = new ContributionPacker(step.Target, allocator);
        _exchange = new ContributionExchange(_packer, step.Target, step.Tag, Communicator, allocator);
        _merger = _whole.HasSources ? new ContributionMerger(step.Target.Ranks, allocator) : null;
        _places = new TargetPlaces(_type, allocator);
        Context.Contributions = new nint[1 + _type.Element.Columns.Length];
    }

    protected override Dictionary<int, ScatterSchedule> Schedules => Body.Scatters;

    protected override int Number => _step.Tag;

    protected override int Tag => _step.Tag;

    protected override Lasting Lasting => _step.Lasting;

    protected override ImmutableArray<int> Deciding => ScatterPlaces.Of((ScatterOperation)Code.Node.Operation).Scalars;

    private CompiledOperation Stages => Code.Operation!.Scattered;

    public override bool TryRefresh(RankStep step)
    {
        if (step is not ScatterStep scatter || scatter.Exchange != _step.Exchange || scatter.Tag != _step.Tag || !scatter.Lasting.Equals(_step.Lasting)
            || !scatter.Target.Equals(_step.Target) || !IsSame(scatter.Node, scatter.Inputs, [scatter.Output]))
        {
            return false;
        }
        Context.Parts![0] = scatter.Part;
        return true;
    }

    public override void ReleaseMemory()
    {
        _packer.Release();
        _exchange.Release();
        _merger?.Release();
        _places.Release();
    }

    protected override void Launch()
    {
        ScatterSchedule? schedule = Held();
        StageLauncher.Begin(Stages, Context);
        TrapException? trap;
        int* segments = null;
        try
        {
            trap = TryLaunchStage(Stages, SharedScatter.ContributionStage);
            if (schedule is null)
            {
                segments = Pack(trap is null ? Context.Parts![0].Count : 0);
            }
            else
            {
                // Others wait for as many as they know of, whatever stopped here.
                _packer.SetCounts(schedule.Sent);
                _packer.Pack(_values, Context.Temporaries, schedule.Segments, Context.Parts![0].Count);
            }
        }
        finally
        {
            StageLauncher.End(Stages, Context);
        }
        if (schedule is null)
        {
            FindAndCombine(segments, trap is null && Lasting.IsKept);
        }
        else
        {
            Combine(schedule);
        }
        if (trap is not null)
        {
            throw trap;
        }
    }

    private int* Pack(long count)
    {
        Box part = Context.Parts![0];
        int* segments = _packer.FindSegments((long*)Context.Temporaries[0].Address, count);
        _packer.Pack(_whole, Context.Temporaries, segments, count);
        if (_whole.HasSources)
        {
            _packer.NumberSources(_whole, segments, count, part, Context.Domains[0]);
        }
        return segments;
    }

    /// <summary>Contributions travel with their places, which are kept where they hold for longer.</summary>
    private void FindAndCombine(int* segments, bool isKept)
    {
        _exchange.ExchangeCounts(Site);
        _exchange.Start(_whole);
        if (_step.Target.Kind == DistributionKind.Everywhere)
        {
            // The others are sent this rank's own contributions, whose targets become places.
            _exchange.FinishSends(Site);
        }
        List<MergedRun>? runs = isKept && _merger is not null ? [] : null;
        long[] targets = isKept ? new long[Sum(_exchange.Received)] : [];
        long noted = 0;
        for (int rank = 0; rank < _step.Target.Ranks; rank++)
        {
            byte* segment = _exchange.Take(rank, out long count, Site);
            _merger?.Set(rank, segment, count);
            if (_merger is null && count > 0)
            {
                CombineNoted(segment, count);
            }
        }
        if (_merger is not null && _isOwner)
        {
            byte* merged = _merger.Merge(_whole, runs, out long count);
            CombineNoted(merged, count);
        }
        _exchange.FinishSends(Site);
        if (isKept)
        {
            ReadOnlySpan<int> found = segments is null ? [] : new ReadOnlySpan<int>(segments, (int)Sum(_packer.Counts));
            Hold(new ScatterSchedule(found, _packer.Counts, _exchange.Received, targets, runs?.ToArray()));
            // Values alone take less.
            ReleaseMemory();
        }

        void CombineNoted(byte* contributions, long count)
        {
            var found = (long*)contributions;
            if (isKept)
            {
                new ReadOnlySpan<long>(found, (int)count).CopyTo(targets.AsSpan((int)noted));
                noted += count;
            }
            _places.Find(Context.Outputs[0], found, count);
            Apply(found, contributions, _whole, count);
        }
    }

    /// <summary>Values travel, in the order that was found.</summary>
    private void Combine(ScatterSchedule schedule)
    {
        _exchange.SetCounts(schedule.Received);
        _exchange.Start(_values);
        long* places = _places.Of(schedule, Context.Outputs[0]);
        for (int rank = 0; rank < _step.Target.Ranks; rank++)
        {
            byte* segment = _exchange.Take(rank, out long count, Site);
            _merger?.Set(rank, segment, count);
            if (_merger is null && count > 0)
            {
                Apply(places, segment, _values, count);
                places += count;
            }
        }
        if (_merger is not null && _isOwner)
        {
            Apply(places, _merger.Merge(_values, schedule.Runs!), _values, schedule.Combined);
        }
        _exchange.FinishSends(Site);
        GC.KeepAlive(schedule);
    }

    /// <summary>Combines packed contributions with the output, in order.</summary>
    private void Apply(long* places, byte* segment, ContributionLayout layout, long count)
    {
        Context.Contributions[0] = (nint)places;
        for (int column = 1; column < Context.Contributions.Length; column++)
        {
            Context.Contributions[column] = (nint)(segment + layout.OffsetOf(layout.FirstValue + column - 1, count));
        }
        Context.ContributionCount = count;
        StageLauncher.LaunchStage(Stages, SharedScatter.ApplicationStage, Context, Code.Node.Order, Runtime.Workers);
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        long sum = 0;
        foreach (long count in counts)
        {
            sum += count;
        }
        return sum;
    }
}
