using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans.Moving;

/// <summary>Who talks to whom, as far as a formula says.</summary>
internal interface IMovingWatch
{
    /// <summary>True while it is as it was found last. Allocates nothing.</summary>
    bool AreSame(SymbolScope scope);
}

/// <summary>The ranks that need some of what this rank owns, as long as they are the same ones.</summary>
internal sealed class PeerWatch(Need need, Box own, ArrayType type) : IMovingWatch
{
    private readonly List<RankId> _peers = [];

    public IReadOnlyList<RankId> Peers => _peers;

    /// <summary>Finds them.</summary>
    public void Search(SymbolScope scope)
    {
        _peers.Clear();
        foreach (RankId peer in Found(scope))
        {
            _peers.Add(peer);
        }
    }

    /// <summary>True while they are those that were found last.</summary>
    public bool AreSame(SymbolScope scope)
    {
        int count = 0;
        foreach (RankId peer in Found(scope))
        {
            if (count == _peers.Count || _peers[count] != peer)
            {
                return false;
            }
            count++;
        }
        return count == _peers.Count;
    }

    private PeerSearch<NeedOfOwn> Found(SymbolScope scope) =>
        PeerSearch.Of(need.Consumer, new NeedOfOwn(need, scope, own, type), own.Low.AsSpan(), own.High.AsSpan());
}
