namespace Avial;

/// <summary>An array or a scalar: what <c>Plan.For</c>, <c>Compute.Evaluate</c> and the loops accept.</summary>
public interface IComputed
{
    /// <summary>The task that produces it.</summary>
    TaskNode Producer { get; }
}

/// <summary>What the machinery needs of every array and scalar handle.</summary>
internal interface IComputedHandle : IComputed
{
    /// <summary>The value it stands for.</summary>
    Graph.NodeOutput Output { get; }

    /// <summary>A handle of the same kind on another value of the same type.</summary>
    IComputed Rebind(Graph.NodeOutput output);
}
