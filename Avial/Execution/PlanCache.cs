using System.Collections.Concurrent;
using System.Collections.Immutable;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>
/// Programs that are planned and compiled, by structure and by how their sources are distributed, so that a C# <c>for</c> over the same tasks plans once. Captured numbers and
/// array contents are not part of the key.
/// </summary>
internal sealed class PlanCache(ICodeGenerator generator, bool isVerifying, int ranks = 1, IDistributionChooser? chooser = null)
{
    private const int Most = 1000; // plans are small, but a program that never repeats itself must not grow without end

    private readonly ICodeGenerator _generator = isVerifying ? new VerifyingCodeGenerator(generator) : generator;
    private readonly ConcurrentDictionary<PlanKey, ProgramPlan> _plans = [];

    /// <summary>Decides about distributions.</summary>
    public IDistributionChooser Chooser { get; set; } = chooser ?? new ShapeChooser();

    public int Ranks => ranks;

    /// <summary>The plan of a region; with <paramref name="isFusing"/> false each recorded task stays a task of its own.</summary>
    /// <param name="region">The recorded region.</param>
    /// <param name="isFusing">Whether tasks may be fused.</param>
    /// <param name="sources">How its parameters are distributed.</param>
    /// <param name="requested">For each result how it must be distributed, or null; default: as the planner likes.</param>
    public ProgramPlan Get(Region region, bool isFusing, ImmutableArray<Distribution> sources, ImmutableArray<Distribution?> requested = default)
    {
        var key = new PlanKey(region.Key, isFusing, sources, requested.IsDefault ? [] : requested);
        if (_plans.TryGetValue(key, out ProgramPlan? plan))
        {
            return plan;
        }
        if (_plans.Count >= Most)
        {
            _plans.Clear();
        }
        return _plans.GetOrAdd(key, _ => Plan(region, isFusing, sources, requested));
    }

    /// <summary>Forgets all plans: what they were made for has changed.</summary>
    public void Clear() => _plans.Clear();

    /// <summary>The plan that <see cref="Get"/> gives, with the names and places of this recording even where an equal program was planned before.</summary>
    public ProgramPlan ToExplain(Region region, ImmutableArray<Distribution> sources)
    {
        ProgramPlan plan = Get(region, isFusing: true, sources);
        return HasSameText(plan.Recorded, region) ? plan : Plan(region, true, sources, []);
    }

    /// <summary>The region after all passes, each result printed and verified where asked for.</summary>
    public Region Optimised(Region region, bool isFusing)
    {
        Check("record", region);
        DebugPrinter.Form("record", region);
        return Optimiser.Optimise(region, isFusing, (pass, result) =>
        {
            Check(pass, result);
            DebugPrinter.Form(pass, result);
        });
    }

    private ProgramPlan Plan(Region region, bool isFusing, ImmutableArray<Distribution> sources, ImmutableArray<Distribution?> requested)
    {
        Region optimised = Optimised(region, isFusing);
        IDistributionChooser chooser = Chooser;
        DistributionMap map = chooser.Choose(optimised, sources.AsSpan(), ranks);
        Region split = ranks == 1 ? optimised : SplitOperands.Apply(optimised, map);
        BodyPlan body = BodyPlanner.PlanProgram(split, map, ranks, requested, chooser.Tiles);
        return new ProgramPlan(region, body, () => CompiledNodes.Compile(split, _generator, body),
            () => ranks > 1 && chooser is CostChooser cost ? cost.Report(optimised, sources.AsSpan(), ranks) : null);
    }

    private static bool HasSameText(Region a, Region b)
    {
        for (int n = 0; n < a.Nodes.Length; n++)
        {
            if (a.Nodes[n].Name != b.Nodes[n].Name || a.Nodes[n].Span != b.Nodes[n].Span
                || a.Nodes[n].Operation is LoopOperation loop && !HasSameText(loop.Body, ((LoopOperation)b.Nodes[n].Operation).Body))
            {
                return false;
            }
        }
        return true;
    }

    private void Check(string pass, Region region)
    {
        if (!isVerifying)
        {
            return;
        }
        try
        {
            GraphVerifier.Check(region, isRestricted: pass != "record");
        }
        catch (InternalErrorException exception)
        {
            throw new InternalErrorException($"After '{pass}': {exception.Message}");
        }
    }

    private readonly struct PlanKey(RegionKey region, bool isFusing, ImmutableArray<Distribution> sources, ImmutableArray<Distribution?> requested) : IEquatable<PlanKey>
    {
        private readonly RegionKey _region = region;
        private readonly bool _isFusing = isFusing;
        private readonly ImmutableArray<Distribution> _sources = sources;
        private readonly ImmutableArray<Distribution?> _requested = requested;

        public bool Equals(PlanKey other) => _isFusing == other._isFusing && _region.Equals(other._region)
            && _sources.AsSpan().SequenceEqual(other._sources.AsSpan()) && _requested.SequenceEqual(other._requested);

        public override bool Equals(object? obj) => obj is PlanKey other && Equals(other);

        public override int GetHashCode() => HashCode.Combine(_region, _isFusing, _requested.Length);
    }
}
