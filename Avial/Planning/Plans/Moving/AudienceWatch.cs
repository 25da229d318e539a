using Avial.Geometry;

namespace Avial.Planning.Plans.Moving;

/// <summary>The ranks that all need the same, as long as they are the same ones.</summary>
internal sealed class AudienceWatch : IMovingWatch
{
    private readonly Need _need;
    private readonly bool _isThere;
    private readonly Audience _audience;

    public AudienceWatch(Need need, SymbolScope scope)
    {
        _need = need;
        _isThere = Audience.TryFind(need, scope, out _audience);
    }

    /// <summary>The first of them; null for none.</summary>
    public RankId? First => _isThere && _audience.Readers > 0 ? _audience.RankOf(0) : null;

    public bool AreSame(SymbolScope scope) => Audience.TryFind(_need, scope, out Audience audience) == _isThere && audience.Equals(_audience);
}
