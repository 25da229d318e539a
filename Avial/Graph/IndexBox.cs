using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>A domain of any rank as the user gave it: a range per axis.</summary>
internal readonly struct IndexBox(Domain1D[] axes)
{
    public Domain1D[] Axes { get; } = axes;

    public int Rank => Axes.Length;

    public bool IsConstant
    {
        get
        {
            foreach (Domain1D axis in Axes)
            {
                if (!axis.Start.IsConstant || !axis.End.IsConstant)
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>True when every axis starts at 0.</summary>
    public bool StartsAtZero
    {
        get
        {
            foreach (Domain1D axis in Axes)
            {
                if (!axis.Start.IsConstant || axis.Start.Constant != 0)
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>The largest |bound|: how far indices can be from 0. Unknown (2⁶²) when a bound depends on a step.</summary>
    public long Magnitude
    {
        get
        {
            long most = 0;
            foreach (Domain1D axis in Axes)
            {
                if (!axis.Start.IsConstant || !axis.End.IsConstant)
                {
                    return 1L << 62;
                }
                most = Math.Max(most, Math.Max(Math.Abs(axis.Start.Constant), Math.Abs(axis.End.Constant)));
            }
            return most;
        }
    }

    public ImmutableArray<long> Starts => [.. Axes.Select(a => a.Start.Constant)];

    /// <summary>The lengths; a negative one is the user's mistake.</summary>
    public ImmutableArray<long> Lengths(SourceSpan span)
    {
        var lengths = new long[Axes.Length];
        for (int axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = Axes[axis].End.Constant - Axes[axis].Start.Constant;
            if (lengths[axis] < 0)
            {
                throw Throw.NegativeExtent(axis, Axes[axis].ToString(), span);
            }
        }
        return [.. lengths];
    }

    /// <summary>The domain as an operation has it: steps become inputs, found or appended.</summary>
    public IterationDomain ToDomain(List<NodeOutput> inputs, SourceSpan span)
    {
        var ranges = new AxisRange[Axes.Length];
        for (int axis = 0; axis < ranges.Length; axis++)
        {
            Domain1D range = Axes[axis];
            if (range.Start.IsConstant && range.End.IsConstant && range.End.Constant < range.Start.Constant)
            {
                throw Throw.NegativeExtent(axis, range.ToString(), span);
            }
            ranges[axis] = new AxisRange(ToLinear(range.Start, inputs), ToLinear(range.End, inputs), range.IsReversed);
        }
        return new IterationDomain([.. ranges]);
    }

    public static LinearBound ToLinear(Bound bound, List<NodeOutput> inputs)
    {
        if (bound.IsConstant)
        {
            return bound.Constant;
        }
        var terms = ImmutableArray.CreateBuilder<BoundTerm>();
        foreach ((NodeOutput step, long coefficient) in bound.Terms)
        {
            int position = inputs.IndexOf(step);
            if (position < 0)
            {
                position = inputs.Count;
                inputs.Add(step);
            }
            terms.Add(new BoundTerm(position, coefficient));
        }
        return new LinearBound(bound.Constant, terms.ToImmutable());
    }

    public override string ToString() => $"[{string.Join(", ", Axes)}]";
}
