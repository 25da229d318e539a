using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>
/// The certificate of a plan, independent of what made it: follows the steps of every rank together and checks that each read finds the right version of
/// its data, that messages and combinations fit, that no rank waits for ever, that no two unordered steps touch the same memory with one writing, that all
/// memory is made and given back, and how much there is at a time.
/// </summary>
internal static class PlanVerifier
{
    /// <summary>Up to this many ranks, all are followed; above, those chosen and the ranks they exchange messages with.</summary>
    public const int MostFollowed = 64;

    /// <summary>The certificate of the plans of all ranks; an internal error that names everything that is wrong.</summary>
    public static PlanCertificate Certify(IReadOnlyList<RankPlan> plans, ulong[]? scalars = null) => Certify(Verify(plans, scalars));

    /// <summary>The same for a choice of ranks.</summary>
    public static PlanCertificate Certify(int ranks, Func<RankId, RankPlan> planOf, IEnumerable<RankId> chosen, ulong[]? scalars = null) =>
        Certify(Verify(ranks, planOf, chosen, scalars));

    /// <summary>Checks the plans of all ranks, in order.</summary>
    /// <param name="plans">The plans.</param>
    /// <param name="scalars">The region's table of captured numbers; null when it is not known.</param>
    /// <param name="budget">The most bytes a rank may hold at a time.</param>
    public static PlanVerdict Verify(IReadOnlyList<RankPlan> plans, ulong[]? scalars = null, long budget = long.MaxValue) =>
        Verify(plans.Count, rank => plans[rank.Value], plans.Select((_, n) => new RankId(n)), scalars, budget);

    /// <summary>
    /// Checks some ranks of many: each of them, and the ranks it exchanges messages with, step by step; what still others send is taken to be right. With one
    /// rank of each class (corner, edge, interior, weight) chosen, what is taken to be right was checked with another rank of its class.
    /// </summary>
    public static PlanVerdict Verify(int ranks, Func<RankId, RankPlan> planOf, IEnumerable<RankId> chosen, ulong[]? scalars = null, long budget = long.MaxValue)
    {
        SortedDictionary<int, RankPlan> plans = Followed(ranks, planOf, chosen);
        var run = new VerifierRun(ranks, [.. plans.Keys]);
        Region region = plans.Values.First().Body.Region;
        BodyScope scope = BodyScope.Of(region, scalars);
        foreach ((int rank, RankPlan plan) in plans)
        {
            if (plan.Rank.Value != rank || plan.Ranks != ranks)
            {
                run.Report(new RankId(rank), scope, -1, PlanViolationKind.Form, $"this is the plan of {plan.Rank} of {plan.Ranks}");
            }
            if (!IsSameProgram(region, plan.Body.Region))
            {
                run.Report(new RankId(rank), scope, -1, PlanViolationKind.Form, "it is the plan of another program");
            }
        }
        RankState[]? states = run.Violations.Count > 0 ? null : BodyTrace.Prepare(run, scope, [.. plans.Values.Select(p => (p.Rank, p.Body))]);
        if (states is null)
        {
            return new PlanVerdict([.. run.Violations], new PlanCertificate(ranks, plans.Count, 0, 0, 0, []));
        }
        foreach (RankState state in states)
        {
            BodyTrace.BeginProgram(run, state);
        }
        BodyTrace.Follow(run, scope, states, counts: true);
        foreach (RankState state in states)
        {
            BodyTrace.EndProgram(run, state);
            if (state.PeakBytes > budget)
            {
                run.Report(state.Rank, scope, -1, PlanViolationKind.Budget, $"it holds {state.PeakBytes} bytes at a time, of {budget} that it may");
            }
        }
        ImmutableArray<MemoryPeak> peaks = [.. states.Select(s => new MemoryPeak(s.Rank, s.PeakBytes, [.. s.PeakLive]))];
        return new PlanVerdict([.. run.Violations], new PlanCertificate(ranks, plans.Count, run.Steps, run.Messages, run.Bytes, peaks));
    }

    private static PlanCertificate Certify(PlanVerdict verdict) => verdict.IsValid
        ? verdict.Certificate
        : throw new InternalErrorException($"The plan breaks its promises:\n  {string.Join("\n  ", verdict.Violations)}");

    private static SortedDictionary<int, RankPlan> Followed(int ranks, Func<RankId, RankPlan> planOf, IEnumerable<RankId> chosen)
    {
        var plans = new SortedDictionary<int, RankPlan>();
        if (ranks <= MostFollowed)
        {
            for (int rank = 0; rank < ranks; rank++)
            {
                plans[rank] = planOf(new RankId(rank));
            }
            return plans;
        }
        foreach (RankId rank in chosen)
        {
            plans[rank.Value] = planOf(rank);
        }
        var peers = new SortedSet<int>();
        foreach (RankPlan plan in plans.Values)
        {
            CollectPeers(plan.Body, peers);
        }
        // Who exchanges with very many (a gather to one rank) is followed with the first of them.
        foreach (int peer in peers.Where(p => p >= 0 && p < ranks && !plans.ContainsKey(p)).Take(MostFollowed * 4))
        {
            plans[peer] = planOf(new RankId(peer));
        }
        return plans;
    }

    private static void CollectPeers(RankBody body, SortedSet<int> peers)
    {
        foreach (RankStep step in body.Steps)
        {
            switch (step)
            {
                case SendStep send:
                    peers.Add(send.To.Value);
                    break;
                case ReceiveStep receive:
                    peers.Add(receive.From.Value);
                    break;
                case ScanStep scan:
                    peers.UnionWith(new[] { scan.CarryFrom, scan.CarryTo }.OfType<RankId>().Select(peer => peer.Value));
                    break;
                case LoopStep loop:
                    CollectPeers(loop.Bodies.At(0), peers);
                    break;
            }
        }
    }

    private static bool IsSameProgram(Region a, Region b) => ReferenceEquals(a, b)
        || a.Parameters.SequenceEqual(b.Parameters, GraphTypes.Instance) && a.Results.SequenceEqual(b.Results) && a.Nodes.Length == b.Nodes.Length
        && a.Nodes.Zip(b.Nodes).All(p => p.First.Operation.GetType() == p.Second.Operation.GetType() && p.First.Inputs.SequenceEqual(p.Second.Inputs)
            && p.First.Operation.Outputs.SequenceEqual(p.Second.Operation.Outputs, GraphTypes.Instance));

    private sealed class GraphTypes : IEqualityComparer<ArrayType>
    {
        public static GraphTypes Instance { get; } = new();

        public bool Equals(ArrayType? a, ArrayType? b) => a is not null && b is not null && GraphEquality.AreEqual(a, b);

        public int GetHashCode(ArrayType type) => type.Rank;
    }
}
