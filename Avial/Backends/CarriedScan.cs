using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends;

/// <summary>
/// How ranks share a scan along its axis: parts are cut at multiples of 256 along it, and each line begins with the value of all its elements before the part,
/// in the scan's direction, which whoever has these leaves. A part that begins the lines needs none.
/// </summary>
/// <param name="Axis">The axis of the scan.</param>
/// <param name="Columns">The columns of a line's value.</param>
/// <param name="CarryStage">
/// The stage that reads what lines begin with and writes what they leave: those before need nothing of other ranks, those after nobody waits for.
/// </param>
/// <param name="Lower">Makes the stages.</param>
internal sealed record CarriedScan(int Axis, ImmutableArray<ScalarType> Columns, int CarryStage, Func<LoweredOperation> Lower)
{
    private readonly Lazy<LoweredOperation> _stages = new(Lower);

    /// <summary>The cuts along the axis are at multiples of this.</summary>
    public const long LeafLength = 256;

    /// <summary>The stages, made when first asked for.</summary>
    public LoweredOperation Stages => _stages.Value;

    /// <summary>The array of all lines' values: the domain without the axis, from 0 on.</summary>
    public ArrayType TypeOf(Box domain) =>
        new(ElementLayout.Anonymous([.. Columns.Select((type, column) => ($"C{column}", type))]), LinesOf(domain, domain).High);

    /// <summary>The lines of a part of a domain, as a box of that array.</summary>
    public Box LinesOf(Box domain, Box part)
    {
        var low = ImmutableArray.CreateBuilder<long>(domain.Rank - 1);
        var high = ImmutableArray.CreateBuilder<long>(domain.Rank - 1);
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            if (axis != Axis)
            {
                low.Add(part.Low[axis] - domain.Low[axis]);
                high.Add(part.High[axis] - domain.Low[axis]);
            }
        }
        return new Box(low.MoveToImmutable(), high.MoveToImmutable());
    }
}
