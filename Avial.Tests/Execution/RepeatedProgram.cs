using System.Collections.Immutable;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;

namespace Avial.Tests.Execution;

/// <summary>A program planned for some ranks, run again and again.</summary>
internal sealed class RepeatedProgram : IDisposable
{
    private readonly int _ranks;
    private readonly BuiltRegion _built;
    private readonly ProgramPlan _plan;
    private readonly PlacedArray[] _sources;
    private readonly RankTeam _team;

    public RepeatedProgram(int ranks, IComputed result)
    {
        _ranks = ranks;
        _team = new RankTeam(1, ranks, TimeSpan.FromSeconds(60));
        _built = SessionRunner.Describe([((IComputedHandle)result).Output]);
        ImmutableArray<Distribution> everywhere = [.. _built.Region.Parameters.Select(p => Distribution.Everywhere(p.Box, ranks))];
        _plan = new PlanCache(new ManagedCodeGenerator(), isVerifying: true, ranks, new ShapeChooser()).Get(_built.Region, isFusing: true, everywhere);
        _sources = [.. _built.Sources.Select(s => s.Node.ValueOf(s.Index)!)];
    }

    /// <summary>How many schedules each rank has made so far.</summary>
    public IEnumerable<int> Made => Enumerable.Range(0, _ranks).Select(r => SchedulesOf(r).Made);

    public KeptSchedules SchedulesOf(int rank) => _plan.SchedulesOf(new RankId(rank));

    /// <summary>The steps of the body of the only loop.</summary>
    public IEnumerable<RankStep> StepsInLoop(int rank) => _plan.Of(new RankId(rank), _built.Scalars).Body.Steps.OfType<LoopStep>().Single().Bodies.At(0).Steps;

    /// <summary>The result of one more run.</summary>
    public Storage Run(bool withCopies = false)
    {
        PlacedArray[] sources = withCopies ? [.. _sources.Select(s => new PlacedArray(Copy(s.Whole!)))] : _sources;
        return new ProgramRun(_plan, _built.Scalars, _team, sources) { IsPoisoning = true }.Run()[0].Assemble("result");
    }

    public void Dispose() => _team.Dispose();

    private static Storage Copy(Storage storage)
    {
        Storage copy = Allocator.Shared.Allocate(storage.Type, "copy");
        StorageCopy.All(storage, copy);
        return copy;
    }
}
