using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>What one rank does in a run of its plan, every step of its loops counted.</summary>
/// <param name="Steps">Steps of the plan.</param>
/// <param name="Messages">Messages that it sends, those inside reductions not counted, those inside scatters as many as there may be.</param>
/// <param name="Bytes">Bytes in these.</param>
/// <param name="Reductions">Reductions over all axes that ranks make together.</param>
/// <param name="Gathers">Gathers after inspections, whose messages are found in the run and not counted.</param>
/// <param name="HasOpenLoop">True when a loop ends by a condition, so that its steps counted once.</param>
internal readonly record struct RankTally(long Steps, long Messages, long Bytes, long Reductions, long Gathers, bool HasOpenLoop)
{
    public static RankTally Of(RankPlan plan, ulong[] scalars) => Of(plan.Body, plan.Rank, scalars, 0);

    // In so many of the loops around, from the inside, it is the first step.
    private static RankTally Of(RankBody body, RankId rank, ulong[] scalars, int first)
    {
        var cost = new RankTally(body.Steps.Length, 0, 0, 0, 0, false);
        foreach (RankStep step in body.Steps)
        {
            cost = step switch
            {
                SendStep send => cost with { Messages = cost.Messages + 1, Bytes = cost.Bytes + send.Pieces.Sum(p => p.BytesOf(body.Buffers[p.Buffer].Type)) },
                CombineStep { IsLocal: false } => cost with { Reductions = cost.Reductions + 1 },
                ScatterStep scatter => cost.Plus(OfScatter(body, scatter, rank, first)),
                GatherStep => cost with { Gathers = cost.Gathers + 1 },
                LoopStep loop => cost.Plus(OfLoop(body, loop, rank, scalars, first)),
                _ => cost,
            };
        }
        return cost;
    }

    private static RankTally OfScatter(RankBody body, ScatterStep step, RankId rank, int first)
    {
        var traffic = ScatterTraffic.Of((ScatterOperation)body.Region.Nodes[step.Node].Operation, step, rank, isKept: step.Lasting.Loops > first);
        return new RankTally(0, (long)traffic.Messages, (long)traffic.Bytes, 0, 0, false);
    }

    private static RankTally OfLoop(RankBody body, LoopStep step, RankId rank, ulong[] scalars, int first)
    {
        GraphNode node = body.Region.Nodes[step.Node];
        bool isOpen = ((LoopOperation)node.Operation).HasUntil;
        long count = isOpen ? 1 : Math.Max(0, (long)scalars[node.Scalars[0]]);
        if (count == 0)
        {
            return default;
        }
        ulong[] inside = [.. node.Scalars.Select(s => scalars[s])];
        long[] samples = LoopSteps.Samples(step.Bodies, count);
        var sum = new RankTally(0, 0, 0, 0, 0, isOpen);
        foreach (long sample in samples)
        {
            sum = sum.Plus(Of(step.Bodies.At(sample), rank, inside, 0));
        }
        // What the first step tells others, and the later ones need not.
        RankBody begin = step.Bodies.At(0);
        return sum.Times(count, samples.Length).Plus(Of(begin, rank, inside, first + 1).Minus(Of(begin, rank, inside, 0)));
    }

    private RankTally Plus(RankTally other) =>
        new(Steps + other.Steps, Messages + other.Messages, Bytes + other.Bytes, Reductions + other.Reductions, Gathers + other.Gathers, HasOpenLoop || other.HasOpenLoop);

    private RankTally Minus(RankTally other) =>
        new(Steps - other.Steps, Messages - other.Messages, Bytes - other.Bytes, Reductions - other.Reductions, Gathers - other.Gathers, false);

    private RankTally Times(long count, long of) =>
        new((long)((Int128)Steps * count / of), (long)((Int128)Messages * count / of), (long)((Int128)Bytes * count / of), (long)((Int128)Reductions * count / of), (long)((Int128)Gathers * count / of), HasOpenLoop);
}
