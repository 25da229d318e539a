using Avial.Geometry;

namespace Avial.Tests.Geometry;

/// <summary>What index Factor × part[Axis] + Low … + High reads along one axis of an array; axis −1: the constants.</summary>
internal readonly record struct AffineRead(int Axis, long Factor, long Low, long High);

/// <summary>A need by affine reads, one per axis of the array, clipped to the array; parts are clipped to a domain first.</summary>
internal sealed record AffineNeed(Box Domain, Box Array, AffineRead[] Reads) : INeed
{
    public int Evaluations { get; private set; }

    public bool TryEvaluate(scoped ReadOnlySpan<long> partLow, scoped ReadOnlySpan<long> partHigh, scoped Span<long> low, scoped Span<long> high)
    {
        Evaluations++;
        for (int axis = 0; axis < partLow.Length; axis++)
        {
            if (Math.Max(partLow[axis], Domain.Low[axis]) >= Math.Min(partHigh[axis], Domain.High[axis]))
            {
                return false;
            }
        }
        for (int axis = 0; axis < Reads.Length; axis++)
        {
            AffineRead read = Reads[axis];
            long first = read.Axis < 0 ? 0 : read.Factor * Math.Max(partLow[read.Axis], Domain.Low[read.Axis]);
            long last = read.Axis < 0 ? 0 : read.Factor * (Math.Min(partHigh[read.Axis], Domain.High[read.Axis]) - 1);
            low[axis] = Math.Max(Array.Low[axis], Math.Min(first, last) + read.Low);
            high[axis] = Math.Min(Array.High[axis], Math.Max(first, last) + read.High + 1);
        }
        return true;
    }
}
