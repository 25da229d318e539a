using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>Which value a box of a buffer's places holds, in these columns.</summary>
internal readonly record struct Held(Box Box, ulong Columns, int Value);

/// <summary>Of a value, in these columns, all that the reads of an inspection need.</summary>
internal readonly record struct Gathered(InspectStep Inspection, ulong Columns, int Value);

/// <summary>What a buffer holds, place by place; what is not listed is undefined.</summary>
internal sealed class BufferContents
{
    /// <summary>A value that satisfies every reader: what ranks that are not followed send.</summary>
    public const int Anything = -1;

    private readonly List<Held> _held = [];
    private readonly List<Gathered> _gathered = [];

    public IReadOnlyList<Held> All => _held;

    /// <summary>What was brought after inspections and is there still.</summary>
    public IReadOnlyList<Gathered> Gathered => _gathered;

    public void Clear()
    {
        _held.Clear();
        _gathered.Clear();
    }

    /// <summary>
    /// Notes what was brought into some of these boxes: where they hold the value already, as <paramref name="there"/> says, they still do; what else they held is no longer known.
    /// </summary>
    public void Gather(Gathered gathered, IEnumerable<Box> boxes, List<Held> there)
    {
        foreach (Box box in boxes)
        {
            List<Gathered> others = [.. _gathered.Where(g => g.Value == gathered.Value)];
            Forget(box, gathered.Columns);
            _gathered.AddRange(others);
            foreach (Held held in there)
            {
                ulong columns = held.Columns & gathered.Columns;
                if (columns != 0 && held.Box.Intersect(box) is { IsEmpty: false } kept)
                {
                    _held.Add(new Held(kept, columns, held.Value));
                }
            }
        }
        _gathered.Add(gathered);
    }

    public void Write(Box box, ulong columns, int value)
    {
        Forget(box, columns);
        if (!box.IsEmpty && columns != 0)
        {
            _held.Add(new Held(box, columns, value));
        }
    }

    /// <summary>The box holds this value too: values that are equal there.</summary>
    public void Add(Held held) => _held.Add(held);

    /// <summary>The box becomes undefined.</summary>
    public void Forget(Box box, ulong columns)
    {
        if (!box.IsEmpty)
        {
            _gathered.RemoveAll(g => (g.Columns & columns) != 0);
        }
        for (int n = _held.Count - 1; n >= 0; n--)
        {
            Held held = _held[n];
            ulong both = held.Columns & columns;
            if (both == 0 || held.Box.Intersect(box).IsEmpty)
            {
                continue;
            }
            _held.RemoveAt(n);
            if ((held.Columns & ~columns) != 0)
            {
                _held.Add(held with { Columns = held.Columns & ~columns });
            }
            foreach (Box rest in held.Box.Subtract(box))
            {
                _held.Add(held with { Box = rest, Columns = both });
            }
        }
    }

    /// <summary>What lies in a box of places, cut to it.</summary>
    public List<Held> Within(Box box, ulong columns)
    {
        var found = new List<Held>();
        foreach (Held held in _held)
        {
            Box part = held.Box.Intersect(box);
            if (!part.IsEmpty && (held.Columns & columns) != 0)
            {
                found.Add(new Held(part, held.Columns & columns, held.Value));
            }
        }
        return found;
    }

    /// <summary>A part of the box that none of these covers; null when all is covered.</summary>
    public static Box? Uncovered(Box box, ulong columns, IEnumerable<Held> covers)
    {
        var rest = new List<Held>();
        if (!box.IsEmpty && columns != 0)
        {
            rest.Add(new Held(box, columns, 0));
        }
        foreach (Held cover in covers)
        {
            if (rest.Count == 0)
            {
                return null;
            }
            for (int n = rest.Count - 1; n >= 0; n--)
            {
                Held open = rest[n];
                if ((open.Columns & cover.Columns) == 0 || open.Box.Intersect(cover.Box).IsEmpty)
                {
                    continue;
                }
                rest.RemoveAt(n);
                if ((open.Columns & ~cover.Columns) != 0)
                {
                    rest.Add(open with { Columns = open.Columns & ~cover.Columns });
                }
                foreach (Box part in open.Box.Subtract(cover.Box))
                {
                    rest.Add(open with { Box = part, Columns = open.Columns & cover.Columns });
                }
            }
        }
        return rest.Count == 0 ? null : rest[0].Box;
    }
}
