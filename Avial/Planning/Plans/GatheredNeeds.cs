using System.Collections;
using Avial.Geometry;

namespace Avial.Planning.Plans;

/// <summary>The needs that one window is to hold, as they are found one after another; what they are together on a rank is not found anew for each.</summary>
/// <param name="step">The scope of a step by which needs are judged that move with it; null: all values that symbols might have count.</param>
internal sealed class GatheredNeeds(SymbolScope? step = null) : IReadOnlyCollection<Need>
{
    private static readonly SymbolScope s_unknown = new([], null, null);
    private readonly List<Need> _needs = [];
    private readonly Dictionary<RankId, (int Seen, Box? Hull)> _hulls = [];

    /// <summary>True when needs count as they are at one step.</summary>
    public bool IsOfOneStep => step is not null;

    public int Count => _needs.Count;

    /// <summary>True when something is needed whose box says what it is: what inspections find is brought apart.</summary>
    public bool HasPlanned { get; private set; }

    /// <summary>The needs but for what inspections find.</summary>
    public IEnumerable<Need> Planned => _needs.Where(need => !need.IsInspected);

    public void Add(Need need)
    {
        _needs.Add(need);
        HasPlanned |= !need.IsInspected;
    }

    public void AddRange(IEnumerable<Need> needs)
    {
        foreach (Need need in needs)
        {
            Add(need);
        }
    }

    /// <summary>The box around all that a rank needs; null for nothing.</summary>
    public Box? HullOn(RankId rank)
    {
        (int seen, Box? hull) = _hulls.GetValueOrDefault(rank);
        for (; seen < _needs.Count; seen++)
        {
            hull = With(hull, _needs[seen], rank);
        }
        _hulls[rank] = (seen, hull);
        return hull;
    }

    /// <summary>The same of needs that are looked at once.</summary>
    public Box? HullOf(List<Need> needs, RankId rank)
    {
        Box? hull = null;
        foreach (Need need in needs)
        {
            hull = With(hull, need, rank);
        }
        return hull;
    }

    public IEnumerator<Need> GetEnumerator() => _needs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private Box? With(Box? hull, Need need, RankId rank) => need.Of(rank, step ?? s_unknown, IsOfOneStep) is not { } box ? hull : hull?.Hull(box) ?? box;
}
