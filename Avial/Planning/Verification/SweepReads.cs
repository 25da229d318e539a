using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>
/// What a part of a sweep reads of the array itself. A read a constant way off finds the new value when it lies before the point, the old one otherwise; others are taken apart into
/// those that go back and those that go ahead, axis by axis. What cannot be taken apart can be judged only when the part is the whole domain, or all of it between two
/// places of the first axis.
/// </summary>
internal sealed class SweepReads
{
    private readonly NodeAccess _access;
    private readonly SweepOperation _sweep;
    private readonly Box _domain;
    private readonly Box _part;
    private readonly ImmutableArray<Box> _slices;
    private readonly GraphValue _start;

    private SweepReads(NodeAccess access, SweepOperation sweep, Box domain, Box part, ImmutableArray<Box> slices)
    {
        _access = access;
        _sweep = sweep;
        _domain = domain;
        _part = part;
        _slices = slices;
        _start = access.InputValue(sweep.Start);
    }

    /// <summary>Adds the reads of a part. <paramref name="slices"/>: the disjoint boxes of it that are computed; more than one where it lies in a slanted band.</summary>
    public static void Add(NodeAccess access, SweepOperation sweep, Box domain, Box part, ImmutableArray<Box> slices)
    {
        var reads = new SweepReads(access, sweep, domain, part, slices);
        foreach (Box slice in slices)
        {
            reads.Add(slice);
        }
    }

    private void Add(Box slice)
    {
        foreach (LoadSite site in KernelStructure.Of(_sweep.Use.Kernel).Loads)
        {
            if (site.Access.Operand != 0)
            {
                continue;
            }
            foreach (AccessModel model in _access.ModelsOf(_sweep.Use, _sweep.Domain, slice, site))
            {
                foreach (Box box in NodeAccess.ElementsOf(model))
                {
                    Add(slice, model, box);
                }
            }
        }
    }

    private void Add(Box slice, AccessModel model, Box box)
    {
        Access read = model.Site.Access;
        var sought = new Sought(ColumnMask.Of(read.Column), read.Border == BorderKind.Wrap);
        int? order = read.Border is BorderKind.None or BorderKind.Or ? OrderOf(read) : null;
        if (order is { } direction)
        {
            Take(box, isBefore: direction < 0, sought);
        }
        else if (slice == _domain)
        {
            Take(box, isBefore: false, sought);
        }
        else if (!TryTakeSlab(box, sought) && !TryTakeApart(model, box, sought))
        {
            _access.Problems.Add($"the part {_part} of the sweep over {_domain} reads {read.Span.Text}, which may lie before or after a point");
        }
    }

    private void Own(Box box, GraphValue value, Sought sought) => _access.Own(box, value, sought.Columns, sought.IsWrapping);

    /// <summary>What lies before has its new value, as far as this launch does not compute it itself; the rest, and what lies outside the domain, the old one.</summary>
    private void Take(Box box, bool isBefore, Sought sought)
    {
        // Outside the domain, old and new are the same.
        foreach (Box outside in box.Subtract(_domain))
        {
            Own(outside, _start, sought);
        }
        Box inside = box.Intersect(_domain);
        if (!isBefore)
        {
            Own(inside, _start, sought);
            return;
        }
        foreach (Box before in Places.Without(inside, _slices))
        {
            Own(before, _access.OutputValue, sought);
        }
    }

    // A part that is whole on all axes but the first: what lies before it has its new value while the part is computed, and what lies after it the old one. Inside, the
    // sweep itself finds the right one when it began with the old.
    private bool TryTakeSlab(Box box, Sought sought)
    {
        if (_slices is not [var slab] || slab.With(0, _domain.Low[0], _domain.High[0]) != _domain)
        {
            return false;
        }
        foreach (Box outside in box.Subtract(_domain))
        {
            Own(outside, _start, sought);
        }
        Box inside = box.Intersect(_domain);
        foreach (Box outside in inside.Subtract(slab))
        {
            bool isBefore = outside.Low[0] < slab.Low[0] != _sweep.Domain.Axes[0].IsReversed;
            Own(outside, isBefore ? _access.OutputValue : _start, sought);
        }
        Own(inside.Intersect(slab), _start, sought);
        return true;
    }

    /// <summary>Takes a read apart by the first axis on which the place differs from the point, and by which of them comes first there.</summary>
    private bool TryTakeApart(AccessModel model, Box box, Sought sought)
    {
        if (sought.IsWrapping || model.Indices.Any(i => i is not { } index || !Interval.Long.Contains(index.Range)))
        {
            return false;
        }
        foreach ((AffineSystem system, AffineForm[] places) in Shown(model, 0, NodeAccess.WithPoints(model), []))
        {
            AffineSystem equal = system;
            for (int axis = 0; axis < places.Length; axis++)
            {
                AffineForm ahead = places[axis] - AffineForm.OfVariable(axis);
                ahead = _sweep.Domain.Axes[axis].IsReversed ? -ahead : ahead;
                TakeIf(equal.With(-ahead - 1), places, box, isBefore: true, sought);
                TakeIf(equal.With(ahead - 1), places, box, isBefore: false, sought);
                equal = equal.With(ahead, -ahead);
            }
            TakeIf(equal, places, box, isBefore: false, sought);
        }
        return true;
    }

    private void TakeIf(AffineSystem system, AffineForm[] places, Box box, bool isBefore, Sought sought)
    {
        if (system.IsInfeasible())
        {
            return;
        }
        for (int axis = 0; axis < places.Length; axis++)
        {
            FormRange range = system.Range(places[axis]);
            long low = (long)Int128.Max(range.Min ?? box.Low[axis], box.Low[axis]);
            long high = (long)Int128.Min((range.Max ?? box.High[axis]) + 1, box.High[axis]);
            box = box.With(axis, low, Math.Max(low, high));
        }
        if (!box.IsEmpty)
        {
            Take(box, isBefore, sought);
        }
    }

    /// <summary>The places that are read: the index itself, or, where a clamped one leaves the array, the array's first or last place.</summary>
    private static IEnumerable<(AffineSystem System, AffineForm[] Places)> Shown(AccessModel model, int axis, AffineSystem system, AffineForm[] places)
    {
        if (axis == model.Indices.Length)
        {
            return [(system, places)];
        }
        AffineForm index = model.Indices[axis]!.Value.Form;
        long last = model.Extents[axis] - 1;
        if (model.Site.Access.Border != BorderKind.Clamp)
        {
            return Shown(model, axis + 1, system, [.. places, index]);
        }
        return Shown(model, axis + 1, system.With(index, -index + last), [.. places, index])
            .Concat(Shown(model, axis + 1, system.With(-index - 1), [.. places, index - index]))
            .Concat(Shown(model, axis + 1, system.With(index - last - 1), [.. places, index - index + last]));
    }

    /// <summary>Below 0 when the place read comes before the point, above 0 when after; null when that differs from point to point.</summary>
    private int? OrderOf(Access read)
    {
        Kernel kernel = _sweep.Use.Kernel;
        int order = 0;
        for (int axis = 0; axis < read.Indices.Length; axis++)
        {
            AffineIndex index = read.Indices[axis];
            if (index.Terms is not [{ Coefficient: 1 } only] || only.Atom.Id != kernel.Indices[axis].Id)
            {
                return null;
            }
            if (order == 0)
            {
                order = Math.Sign(index.Constant) * (_sweep.Domain.Axes[axis].IsReversed ? -1 : 1);
            }
        }
        return order;
    }

    /// <summary>The columns of a read, and whether its places are those of a periodic axis.</summary>
    private readonly record struct Sought(ulong Columns, bool IsWrapping);
}
