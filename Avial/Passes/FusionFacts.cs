using Avial.Graph;
using Avial.IR;

namespace Avial.Passes;

/// <summary>
/// What decides whether a task is fused: of its built kernel, or, along a chain of tasks, added up from the links. A chain is built when it has doubled since
/// it was built last, so that the work stays in proportion to its length.
/// </summary>
/// <param name="Size">The instructions of its kernel.</param>
/// <param name="Cost">The cost of one element.</param>
/// <param name="CanTrap">Whether some element could stop the run.</param>
/// <param name="BuiltSize">The instructions when it, or the link before, was built last.</param>
internal readonly record struct FusionFacts(int Size, int Cost, bool CanTrap, int BuiltSize)
{
    private const int AlwaysBuilt = 64;

    /// <summary>True while the kernel is only added up.</summary>
    public bool IsBuiltLater => Size != BuiltSize;

    /// <summary>The facts of a built node; of no interest for what is not a map of one piece.</summary>
    public static FusionFacts Of(GraphNode node)
    {
        if (node.Operation is not MapOperation { Pieces.Length: 1 } map)
        {
            return default;
        }
        Kernel kernel = map.Pieces[0].Use.Kernel;
        int size = Kernels.Size(kernel);
        return new FusionFacts(size, Kernels.Cost(kernel.Body), Kernels.CanTrap(kernel), size);
    }

    /// <summary>The facts of a reader of this task with its body put in place of the one read; to be built later unless it is small or has doubled.</summary>
    public FusionFacts Then(GraphNode reader)
    {
        FusionFacts own = Of(reader);
        int size = Size + own.Size;
        bool isBuilt = size <= AlwaysBuilt || size >= 2 * BuiltSize;
        return new FusionFacts(size, Cost + own.Cost, CanTrap || own.CanTrap, isBuilt ? size : BuiltSize);
    }
}
