using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// How far apart in the order of a sweep dependent elements lie. A read of the array itself at a fixed offset o (in places counted in each axis'
/// direction) depends on that element's new value when o precedes (distance -o), and must come before its writing when it follows (distance o).
/// </summary>
internal sealed class SweepDependences
{
    private readonly Kernel _kernel;
    private readonly IterationDomain _domain;
    private readonly HashSet<(long, long, long, long)> _known = [];
    private readonly List<long[]> _distances = [];

    public SweepDependences(SweepOperation operation)
    {
        _kernel = operation.Use.Kernel;
        _domain = operation.Domain;
        foreach (LoadInstruction load in KernelWork.All(_kernel.Body).OfType<LoadInstruction>().Where(l => l.Access.Operand == 0))
        {
            Add(load.Access);
        }
    }

    /// <summary>Why the distances are not known; null when they are.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>The distances, each lexicographically positive.</summary>
    public IReadOnlyList<long[]> Distances => _distances;

    private void Add(Access access)
    {
        ImmutableArray<long>? offset = access.Border == BorderKind.Wrap ? null : OffsetOf(access);
        if (offset is not { } known)
        {
            string place = string.Join(", ", access.Indices.Select(i => i.ToString()));
            Obstacle ??= $"it reads itself at [{place}]{(access.Border == BorderKind.Wrap ? " with a periodic border" : "")}, which is not a fixed distance away";
            return;
        }
        // A clamped index lies anywhere between the place itself and the offset.
        long[][] choices = [.. known.Select(o => access.Border == BorderKind.Clamp ? Between(o) : [o])];
        Spread(choices, 0, new long[known.Length]);
    }

    private ImmutableArray<long>? OffsetOf(Access access)
    {
        var offset = ImmutableArray.CreateBuilder<long>(_domain.Rank);
        for (int axis = 0; axis < access.Indices.Length; axis++)
        {
            AffineIndex index = access.Indices[axis];
            if (index.Terms.Length != 1 || index.Terms[0].Coefficient != 1 || index.Terms[0].Atom != _kernel.Indices[axis] || Math.Abs(index.Constant) > 8)
            {
                return null;
            }
            offset.Add(_domain.Axes[axis].IsReversed ? -index.Constant : index.Constant);
        }
        return offset.ToImmutable();
    }

    private static long[] Between(long offset) =>
        [.. Enumerable.Range(0, (int)Math.Abs(offset) + 1).Select(step => step * (long)Math.Sign(offset))];

    private void Spread(long[][] choices, int axis, long[] offset)
    {
        if (axis == choices.Length)
        {
            AddDistance(offset);
            return;
        }
        foreach (long choice in choices[axis])
        {
            offset[axis] = choice;
            Spread(choices, axis + 1, offset);
        }
    }

    private void AddDistance(long[] offset)
    {
        long first = Array.Find(offset, o => o != 0);
        if (first == 0)
        {
            return;
        }
        long[] distance = [.. offset.Select(o => o * Math.Sign(first))];
        long At(int axis) => axis < distance.Length ? distance[axis] : 0;
        if (_known.Add((At(0), At(1), At(2), At(3))))
        {
            _distances.Add(distance);
        }
    }
}
