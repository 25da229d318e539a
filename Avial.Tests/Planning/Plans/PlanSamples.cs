using System.Collections.Immutable;
using Avial.Graph;
using Avial.Planning.Plans;
using Avial.Tests.Planning.Verification;

namespace Avial.Tests.Planning.Plans;

/// <summary>Small plans written by hand, all of them right.</summary>
internal static partial class PlanSamples
{
    public static IEnumerable<string> Names => s_texts.Keys;

    public static string Text(string name) => s_texts[name];

    public static ImmutableArray<RankPlan> Plans(string name)
    {
        var calls = new CallNames();
        calls.Add("reverse", new ReverseCall());
        return RankPlanParser.Parse(s_texts[name], calls);
    }

    /// <summary>The captured numbers that the sample's graph has: for loops, the number of steps.</summary>
    public static ulong[] Scalars => [5, 2];

    private static readonly SortedDictionary<string, string> s_texts = new(StringComparer.Ordinal)
    {
        ["jacobi"] = Jacobi(),
        ["redistribute"] = Redistribute,
        ["sum"] = Sum,
        ["loop"] = Loop,
        ["in-place"] = InPlace,
        ["call"] = Call,
        ["periodic"] = Periodic,
        ["reshape"] = Reshape,
        ["sweep"] = Sweep,
        ["columns"] = Columns,
        ["ordered"] = Ordered,
        ["until"] = Until,
        ["lines"] = Lines,
        ["scattered"] = Scattered,
        ["deposited"] = Deposited,
        ["deposited again"] = DepositedAgain,
        ["tiles"] = Tiles,
        ["slant"] = Slant,
        ["gather"] = Gather,
        ["gathers"] = Gathers,
    };
}
