using Avial.Geometry;

namespace Avial.Planning.Verification;

/// <summary>What one verification has found so far.</summary>
/// <param name="ranks">How many ranks there are.</param>
/// <param name="followed">Those that are followed; messages of the others are taken to be right.</param>
internal sealed class VerifierRun(int ranks, HashSet<int> followed)
{
    private readonly HashSet<PlanViolation> _known = [];

    public int Ranks => ranks;

    public bool IsComplete => followed.Count == ranks;

    public List<PlanViolation> Violations { get; } = [];

    public long Steps { get; set; }

    public long Messages { get; set; }

    public long Bytes { get; set; }

    public bool IsFollowed(RankId rank) => followed.Contains(rank.Value);

    public void Report(RankId rank, BodyScope scope, int step, PlanViolationKind kind, string text)
    {
        var violation = new PlanViolation(rank, scope.Path, step, kind, text);
        if (_known.Add(violation))
        {
            Violations.Add(violation);
        }
    }
}
