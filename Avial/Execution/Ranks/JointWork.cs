using Avial.Backends;
using Avial.Graph;

namespace Avial.Execution.Ranks;

/// <summary>What ranks that record for themselves do together.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Built">The recorded region, for what evaluates.</param>
/// <param name="Site">The name of what it is done with, and where that was recorded.</param>
/// <param name="Detail">What else must be the same: the index of an element, the path of a file.</param>
internal sealed record JointWork(EvaluationKind Kind, BuiltRegion Built, WaitSite Site, string Detail)
{
    public JointWork(EvaluationKind kind, BuiltRegion built, Node first, string detail = "") : this(kind, built, new WaitSite(first.Name, first.Span), detail)
    {
    }

    /// <summary>Adds to a hash what ranks must agree on beside the recorded tasks.</summary>
    public void AddTo(ref StableHash hash)
    {
        if (Kind is EvaluationKind.Evaluate or EvaluationKind.EndOfProgram)
        {
            return;
        }
        hash.Add(Detail);
        hash.Add(Site.Step);
        hash.Add(Site.Span.Place);
    }
}
