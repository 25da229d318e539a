using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Tests.Execution;

/// <summary>Writes a rank's plan of a region step by step.</summary>
internal sealed class PlanMaker(Region region)
{
    private readonly List<RankBuffer> _buffers = [];
    private readonly List<RankStep> _steps = [];

    /// <summary>A buffer that is there when the body starts.</summary>
    public int Given(string name, ArrayType type, Box? window = null) => Buffer(name, type, window, BufferOrigin.Given);

    /// <summary>A buffer that a step makes.</summary>
    public int Made(string name, ArrayType type, Box? window = null) => Buffer(name, type, window, BufferOrigin.Step);

    /// <summary>A buffer and the step that makes it.</summary>
    public int Allocated(string name, ArrayType type, Box? window = null)
    {
        int buffer = Made(name, type, window);
        Add(new AllocateStep(buffer));
        return buffer;
    }

    /// <summary>Adds a step that runs after others; gives its position.</summary>
    public int Add(RankStep step, params ImmutableArray<int> after)
    {
        _steps.Add(step with { After = after.IsDefault ? [] : after });
        return _steps.Count - 1;
    }

    public RankBody Body(ImmutableArray<int> parameters, ImmutableArray<int> results) => new(region, [.. _buffers], [.. _steps], parameters, results, [], []);

    private int Buffer(string name, ArrayType type, Box? window, BufferOrigin origin)
    {
        _buffers.Add(new RankBuffer(_buffers.Count, name, type, window ?? type.Box, origin));
        return _buffers.Count - 1;
    }
}

/// <summary>The same body at every step.</summary>
internal sealed class FixedBodies(RankBody body) : LoopBodies
{
    public override bool IsMoving => false;

    public override RankBody At(long step) => body;
}

/// <summary>A body for each step.</summary>
internal sealed class MovingBodies(Func<long, RankBody> body) : LoopBodies
{
    public override bool IsMoving => true;

    public override RankBody At(long step) => body(step);
}
