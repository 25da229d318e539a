using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Import;

/// <summary>A block under construction, with what is known wherever it is executed.</summary>
internal sealed class Scope
{
    private readonly Dictionary<Access, Value> _loads = [];

    public Scope(BlockBuilder builder)
    {
        Builder = builder;
        Guard = [];
        GuardIsExact = true;
    }

    private Scope(Scope parent, ImmutableArray<AffineIndex> guard, bool isExact)
    {
        Parent = parent;
        Builder = parent.Builder.Nested();
        Guard = guard;
        GuardIsExact = isExact;
    }

    public BlockBuilder Builder { get; }

    public Scope? Parent { get; }

    /// <summary>Affine conditions, each ≥ 0, that hold here.</summary>
    public ImmutableArray<AffineIndex> Guard { get; }

    /// <summary>True when the guard holds exactly where this block is executed.</summary>
    public bool GuardIsExact { get; }

    public Scope Nested(IEnumerable<AffineIndex> conditions, bool isExact) => new(this, [.. Guard, .. conditions], GuardIsExact && isExact);

    /// <summary>The value of an equal read that was executed before, whatever the path to it.</summary>
    public Value? FindLoad(Access place)
    {
        for (Scope? scope = this; scope is not null; scope = scope.Parent)
        {
            if (scope._loads.TryGetValue(place, out Value known))
            {
                return known;
            }
        }
        return null;
    }

    public void AddLoad(Access place, Value value) => _loads[place] = value;
}
