using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Distributing;

/// <summary>What is handed on in rounds of a value, as all of an audience need the same of it: see <see cref="SharedExchange"/>.</summary>
internal sealed class SharedCost(ArrayType type, Distribution owner)
{
    private readonly BoxList _boxes = new();
    private Audience _audience;

    /// <summary>The rounds.</summary>
    public double Messages { get; private set; }

    /// <summary>
    /// The points that the busiest rank sends: one that owns all sends it in every round; of many who own it together each sends in a round what it has, twice as much as in the
    /// one before, until it has all.
    /// </summary>
    public double Points { get; private set; }

    /// <summary>Counts a need in that ranks share; false for others.</summary>
    public bool TryAdd(Need need, SymbolScope scope)
    {
        if (!Audience.TryFind(need, scope, type, owner, out Audience audience, out Box box) || Messages > 0 && !audience.Equals(_audience))
        {
            return false;
        }
        _audience = audience;
        Messages = ValueTerm.Levels(audience.Count);
        int owners = Math.Min(audience.Count, Audience.OwnersOf(owner, box));
        double each = Messages - ValueTerm.Levels(owners) + (owners - 1.0) / owners;
        if (type.Rank == 0)
        {
            Points = each;
            return true;
        }
        foreach (Box fresh in _boxes.Missing(box))
        {
            Points += each * fresh.Volume;
        }
        _boxes.Add(box);
        return true;
    }

    /// <summary>True for a rank that gets it.</summary>
    public bool IsFor(RankId rank) => Messages > 0 && _audience.Needs(rank);

    /// <summary>Adds what it brings to a rank, which holds nothing yet.</summary>
    public void AddHeldBy(RankId rank, BoxBuffer held)
    {
        if (!IsFor(rank))
        {
            return;
        }
        foreach (Box box in _boxes.Boxes)
        {
            held.Append(box.Low.AsSpan(), box.High.AsSpan());
        }
    }
}
