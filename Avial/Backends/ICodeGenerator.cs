using Avial.Execution;
using Avial.IR;

namespace Avial.Backends;

/// <summary>Turns loops functions into something that runs: the loops interpreter, managed execution, LLVM.</summary>
internal interface ICodeGenerator
{
    /// <summary>A short name for explanations: <c>managed</c>, <c>interpreter</c>, <c>LLVM</c>.</summary>
    string Name { get; }

    /// <summary>The loops that it wants.</summary>
    LoweringChoices Choices => LoweringChoices.Plain;

    /// <summary>Compiles; the result may be called from many threads at once.</summary>
    CompiledFunction Compile(LoopsFunction function);

    /// <summary>What it makes of the loops before they are machine code, to be read; empty where that is nothing.</summary>
    string SourceOf(LoopsFunction function) => "";

    /// <summary>The machine code, to be read, or how to see it; empty where there is none.</summary>
    string MachineCodeOf(LoopsFunction function) => "";
}

/// <summary>A compiled loops function.</summary>
internal abstract unsafe class CompiledFunction
{
    /// <summary>
    /// Computes the part [low, high) of the iteration space. On a trap it writes <paramref name="trap"/> (Site, Index0…, Detail0…) and returns at
    /// once; within a call elements are visited in lexicographic order, so the first trap is the call's lowest.
    /// </summary>
    /// <param name="buffers">The address of each buffer, in the function's order.</param>
    /// <param name="scalars">One 8-byte slot per scalar, in order: integers extended to 64 bits, floats as their bits, bool as 0 or 1.</param>
    /// <param name="low">The lower bound per axis of the iteration space.</param>
    /// <param name="high">The upper bound per axis.</param>
    /// <param name="trap">Site is -1 on entry.</param>
    public abstract void Run(byte** buffers, long* scalars, long* low, long* high, TrapState* trap);
}
