using System.Globalization;
using System.Text;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>What a plan costs per rank: the least, the mean, and the most.</summary>
internal static class DryRunReport
{
    public static string Of(BodyPlan plan, ulong[] scalars, string name, TimeSpan planning)
    {
        RankClasses classes = RankClasses.Of(plan);
        var costs = new RankTally[classes.Ranks.Length];
        var memory = new long[costs.Length];
        for (int i = 0; i < costs.Length; i++)
        {
            RankPlan rank = RankPlanBuilder.Build(plan, classes.Ranks[i], scalars);
            costs[i] = RankTally.Of(rank, scalars);
            memory[i] = PlanMemory.Of(rank, scalars).Bytes;
        }
        string seen = costs.Length == plan.Ranks ? "" : $" (from {costs.Length} that stand for all)";
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Dry run of '{name}' on {plan.Ranks} ranks, planned in {planning.TotalMilliseconds:0.0} ms. Each rank{seen}:\n");
        text.Append(CultureInfo.InvariantCulture, $"  {"",-16}{"least",14}{"mean",14}{"most",14}\n");
        Row("steps", [.. costs.Select(c => c.Steps)], Number);
        Row("messages sent", [.. costs.Select(c => c.Messages)], Number);
        Row("bytes sent", [.. costs.Select(c => c.Bytes)], Throw.Bytes);
        Row("reductions", [.. costs.Select(c => c.Reductions)], Number);
        bool isGathering = Array.Exists(costs, c => c.Gathers > 0);
        if (isGathering)
        {
            Row("gathers", [.. costs.Select(c => c.Gathers)], Number);
        }
        Row("memory", memory, Throw.Bytes);
        if (Array.Exists(costs, c => c.HasOpenLoop))
        {
            text.Append("  A loop that ends by a condition counts as one step.\n");
        }
        if (isGathering)
        {
            text.Append("  What a gather sends is found when the program runs; it is not among the messages and bytes.\n");
        }
        return text.ToString();

        void Row(string title, long[] values, Func<long, string> format) => text.Append(CultureInfo.InvariantCulture,
            $"  {title,-16}{format(values.Min()),14}{format((long)Math.Round(classes.Mean(values))),14}{format(values.Max()),14}\n");
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
