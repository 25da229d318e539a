using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;

namespace Avial.Explaining;

/// <summary>Why costs decided as they did, in words.</summary>
internal static class ReportText
{
    /// <summary>Whether several ranks pay: the two predicted times.</summary>
    public static string Verdict(DistributionReport report, int ranks)
    {
        if (!report.StaysOnOneRank)
        {
            return $"predicted {Time(report.Chosen)} on {ranks} ranks against {Time(report.OnOneRank)} on one";
        }
        PlanCost? shared = null;
        foreach (DistributionChoice choice in report.Choices)
        {
            if (choice.RunnerUp is { Kind: DistributionKind.Blocks })
            {
                // Everything else stays as it is.
                PlanCost other = report.Chosen with { Seconds = report.Chosen.Seconds + choice.RunnerUpCost.Seconds - choice.Cost.Seconds };
                shared = shared is { } least && !other.IsBelow(least) ? shared : other;
            }
        }
        string against = shared is { } best ? $" against {Time(best)} on {ranks} ranks" : "";
        string place = report.Choices.Any(c => c.Chosen.Kind == DistributionKind.OnOne) ? "stays on one rank" : "stays whole, each rank computes all of it";
        return $"{place}: predicted {Time(report.Chosen)}{against}";
    }

    /// <summary>What a decision costs, and the best of what was not chosen.</summary>
    public static string Alternative(DistributionChoice choice)
    {
        string chosen = $"predicted {Time(choice.Cost)} with all that reads it";
        if (choice.RunnerUp is not { } other)
        {
            return chosen;
        }
        bool isSame = Time(choice.RunnerUpCost) == Time(choice.Cost);
        string rest = isSame && choice.RunnerUpCost.Bytes > choice.Cost.Bytes ? $"as long, but {Throw.Bytes((long)(choice.RunnerUpCost.Bytes - choice.Cost.Bytes))} more move"
            : isSame ? "as long" : Time(choice.RunnerUpCost);
        return $"{chosen}; next best: {other}, {rest}";
    }

    private static string Time(PlanCost cost) => MachineModel.Time(cost.Seconds);
}
