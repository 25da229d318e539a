using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Explaining;

/// <summary>The messages of a whole plan, counted over its ranks: over all up to 64, above over ranks that stand for all. Bodies that move with a step count as they are at step 0.</summary>
internal sealed class PlanTraffic
{
    private const int MostRanksInFull = 64;

    private readonly Dictionary<int, ExchangeTraffic> _exchanges = [];
    private readonly Dictionary<int, long> _gathers = [];

    private PlanTraffic()
    {
    }

    public static PlanTraffic Of(BodyPlan plan, ulong[] scalars)
    {
        var traffic = new PlanTraffic();
        if (plan.Ranks > 1)
        {
            foreach (int rank in RanksOf(plan))
            {
                traffic.Count(new RankId(rank), RankPlanBuilder.Build(plan, new RankId(rank), scalars).Body);
            }
        }
        return traffic;
    }

    /// <summary>What the exchange of this number costs.</summary>
    public ExchangeTraffic Of(int exchange) => _exchanges.GetValueOrDefault(exchange) ?? ExchangeTraffic.None;

    /// <summary>The most bytes that what an inspection finds can bring to a rank.</summary>
    public long MostOf(PlannedGather gather) => _gathers.GetValueOrDefault(gather.Number);

    private static SortedSet<int> RanksOf(BodyPlan plan)
    {
        var ranks = new SortedSet<int>();
        if (plan.Ranks <= MostRanksInFull)
        {
            ranks.UnionWith(Enumerable.Range(0, plan.Ranks));
            return ranks;
        }
        var distributions = new HashSet<Distribution>();
        AddDistributions(plan.Map, distributions);
        foreach (Distribution distribution in distributions)
        {
            ranks.UnionWith(distribution.Representatives().Select(r => r.Value));
        }
        return ranks;
    }

    private static void AddDistributions(DistributionMap map, HashSet<Distribution> found)
    {
        found.UnionWith(map.Parameters);
        found.UnionWith(map.Outputs.SelectMany(o => o));
        found.UnionWith(map.Iterations.OfType<Distribution>());
        foreach (DistributionMap body in map.Bodies.OfType<DistributionMap>())
        {
            AddDistributions(body, found);
        }
    }

    private void Count(RankId rank, RankBody body)
    {
        long BytesOf(IEnumerable<Piece> pieces) => pieces.Sum(p => p.BytesOf(body.Buffers[p.Buffer].Type));
        foreach (IGrouping<int, SendStep> sends in body.Steps.OfType<SendStep>().GroupBy(s => s.Tag))
        {
            Exchange(sends.Key).Count(sends.Count(), BytesOf(sends.SelectMany(s => s.Pieces)));
        }
        foreach (IGrouping<int, ReceiveStep> receives in body.Steps.OfType<ReceiveStep>().GroupBy(r => r.Tag))
        {
            ExchangeTraffic exchange = Exchange(receives.Key);
            exchange.Count(receives.Count(), BytesOf(receives.SelectMany(r => r.Pieces)));
            foreach (IGrouping<int, Piece> pieces in receives.SelectMany(r => r.Pieces).GroupBy(p => p.Buffer))
            {
                exchange.CountInto(pieces.Key, BytesOf(pieces), [.. pieces.Select(p => p.Box)]);
            }
        }
        foreach (GatherStep gather in body.Steps.OfType<GatherStep>())
        {
            InspectStep inspection = body.Steps.OfType<InspectStep>().First(i => i.Number == gather.Inspection);
            RankBuffer buffer = body.Buffers[gather.To];
            long held = inspection.Owner.TryOwn(rank, out Box own) ? own.Intersect(buffer.Window).Count : 0;
            long most = (buffer.Window.Count - held) * ColumnMask.SizeOf(gather.Columns, buffer.Type.Element);
            _gathers[gather.Inspection] = Math.Max(most, _gathers.GetValueOrDefault(gather.Inspection));
        }
        foreach (LoopStep loop in body.Steps.OfType<LoopStep>())
        {
            Count(rank, loop.Bodies.At(0));
        }
    }

    private ExchangeTraffic Exchange(int number)
    {
        if (!_exchanges.TryGetValue(number, out ExchangeTraffic? exchange))
        {
            _exchanges.Add(number, exchange = new ExchangeTraffic());
        }
        return exchange;
    }
}
