using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>
/// What a part of a sweep reads of the array itself. A read a constant way off finds the new value when it lies before the point, the old one
/// otherwise; other reads can be judged only when the part is the whole domain, or all of it between two places of the first axis.
/// </summary>
internal static class SweepReads
{
    public static void Add(NodeAccess access, SweepOperation sweep, Box domain, Box part)
    {
        KernelStructure structure = KernelStructure.Of(sweep.Use.Kernel);
        GraphValue start = access.InputValue(sweep.Start);
        if (structure.Loads.IsEmpty)
        {
            return;
        }
        Footprints footprints = access.FootprintsOf(sweep.Use, sweep.Domain, part);
        for (int n = 0; n < structure.Loads.Length; n++)
        {
            Access read = structure.Loads[n].Access;
            if (read.Operand != 0 || footprints.Accesses[n].Box is not { IsEmpty: false } box)
            {
                continue;
            }
            ulong columns = NodeAccess.ColumnMask(read.Column);
            // Outside the domain, old and new are the same.
            foreach (Box outside in box.Subtract(domain))
            {
                access.Own(outside, start, columns);
            }
            Box inside = box.Intersect(domain);
            if (inside.IsEmpty)
            {
                continue;
            }
            int? order = read.Border is BorderKind.None or BorderKind.Or ? OrderOf(sweep, read) : null;
            if (part == domain)
            {
                if (order is not < 0)
                {
                    access.Own(inside, start, columns);
                }
                continue;
            }
            if (order is null && TryTake(access, sweep, domain, part, inside, columns))
            {
                continue;
            }
            if (order is not { } direction)
            {
                access.Problems.Add($"the part {part} of the sweep over {domain} reads {read.Span.Text} at no constant distance");
                continue;
            }
            if (direction >= 0)
            {
                access.Own(inside, start, columns);
                continue;
            }
            foreach (Box before in inside.Subtract(part))
            {
                access.Own(before, access.OutputValue, columns);
            }
        }
    }

    // A part that is whole on all axes but the first: what lies before it has its new value while the part is computed, and what lies after it the old one. Inside, the
    // sweep itself finds the right one when it began with the old.
    private static bool TryTake(NodeAccess access, SweepOperation sweep, Box domain, Box part, Box inside, ulong columns)
    {
        if (part.With(0, domain.Low[0], domain.High[0]) != domain)
        {
            return false;
        }
        foreach (Box outside in inside.Subtract(part))
        {
            bool isBefore = outside.Low[0] < part.Low[0] != sweep.Domain.Axes[0].IsReversed;
            access.Own(outside, isBefore ? access.OutputValue : access.InputValue(sweep.Start), columns);
        }
        access.Own(inside.Intersect(part), access.InputValue(sweep.Start), columns);
        return true;
    }

    /// <summary>Below 0 when the place read comes before the point, above 0 when after; null when that differs from point to point.</summary>
    private static int? OrderOf(SweepOperation sweep, Access read)
    {
        Kernel kernel = sweep.Use.Kernel;
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
                order = Math.Sign(index.Constant) * (sweep.Domain.Axes[axis].IsReversed ? -1 : 1);
            }
        }
        return order;
    }
}
