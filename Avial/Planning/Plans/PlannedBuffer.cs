using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>
/// A buffer of every rank's plan, by formula. Buffers whose memory passes from one to another (a loop's state) share one <see cref="Window"/>.
/// </summary>
internal sealed class PlannedBuffer(int number, string name, ArrayType type, BufferOrigin origin, WindowRule window)
{
    private WindowRule _window = window;

    public int Number { get; } = number;

    public string Name { get; } = name;

    public ArrayType Type { get; } = type;

    public BufferOrigin Origin { get; } = origin;

    public WindowRule Window => _window = _window.Root;

    /// <summary>The buffer of the same body whose memory this one shows (a reshape), or -1.</summary>
    public int Shows { get; set; } = -1;

    /// <summary>From now on both have one window, which holds what either needs.</summary>
    public void ShareWindow(PlannedBuffer other) => Window.Join(other.Window);
}

/// <summary>Which box of an array a rank has memory for: own parts and needs.</summary>
internal sealed class WindowRule
{
    private readonly List<Distribution> _owned = [];
    private readonly List<Need> _needs = [];
    private WindowRule? _joined;

    /// <summary>True when the window moves with the step of a loop or depends on captured numbers.</summary>
    public bool IsExact { get; init; }

    public WindowRule Root
    {
        get
        {
            WindowRule rule = this;
            while (rule._joined is { } next)
            {
                rule = next;
            }
            return rule;
        }
    }

    public IReadOnlyList<Need> Needs => _needs;

    public void Own(Distribution distribution)
    {
        if (!_owned.Contains(distribution))
        {
            _owned.Add(distribution);
        }
    }

    public void Add(Need need) => _needs.Add(need);

    public void Join(WindowRule other)
    {
        WindowRule mine = Root;
        WindowRule theirs = other.Root;
        if (ReferenceEquals(mine, theirs))
        {
            return;
        }
        theirs._owned.ForEach(mine.Own);
        mine._needs.AddRange(theirs._needs);
        theirs._joined = mine;
    }

    /// <summary>The window of a rank. Formulas that depend on numbers not known in the scope count with all that these might be.</summary>
    public Box Of(RankId rank, ArrayType type, SymbolScope scope)
    {
        Box? hull = null;
        foreach (Distribution owned in _owned)
        {
            if (owned.TryOwn(rank, out Box own))
            {
                hull = hull?.Hull(own) ?? own;
            }
        }
        foreach (Need need in _needs)
        {
            if (need.Of(rank, scope, IsExact) is { } box)
            {
                hull = hull?.Hull(box) ?? box;
            }
        }
        Box window = hull ?? Box.Nothing(type.Rank);
        for (int axis = 0; axis < type.Rank; axis++)
        {
            // Periodic places that go all the way round: each element once, at its own place.
            if ((window.Low[axis] < 0 || window.High[axis] > type.Extents[axis]) && window.High[axis] - window.Low[axis] > type.Extents[axis])
            {
                window = window.With(axis, 0, type.Extents[axis]);
            }
        }
        return window;
    }
}
