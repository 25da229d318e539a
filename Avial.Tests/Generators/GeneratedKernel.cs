using System.Collections.Immutable;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Tests.Generators;

/// <summary>What a random kernel may hold. The defaults give kernels that never trap.</summary>
internal sealed record KernelGeneratorOptions
{
    /// <summary>The rank of the domain; -1 for 0 to 3 at random.</summary>
    public int Rank { get; init; } = -1;

    /// <summary>The domain; null for a small one at random. Operands are mostly large enough for it.</summary>
    public Box? Domain { get; init; }

    /// <summary>How many instructions the body has, more or less; those of nested blocks come on top.</summary>
    public int Size { get; init; } = 24;

    /// <summary>How many results; 0 for 1 to 3 at random.</summary>
    public int Results { get; init; }

    /// <summary>The types of the results are drawn from these, and so is most else.</summary>
    public ImmutableArray<ScalarType> Types { get; init; } = [.. Enum.GetValues<ScalarType>()];

    /// <summary>Division by anything, checked operations, functions that throw, reads outside and explicit traps.</summary>
    public bool MayTrap { get; init; }

    /// <summary>What it reads, with extents; null for operands at random.</summary>
    public ImmutableArray<(KernelOperand Operand, ImmutableArray<long> Extents)>? Operands { get; init; }

    /// <summary>Whether each operand is read at the beginning, often where the index stands.</summary>
    public bool ReadsAll { get; init; }

    /// <summary>The types of its scalar parameters; null for some at random.</summary>
    public ImmutableArray<ScalarType>? Parameters { get; init; }

    /// <summary>The types of its results, whatever <see cref="Results"/> says.</summary>
    public ImmutableArray<ScalarType>? ResultTypes { get; init; }

    /// <summary>Further results before the others: indices inside these extents (mostly, when it may trap).</summary>
    public ImmutableArray<long> Targets { get; init; } = [];

    public bool HasLoads { get; init; } = true;

    public bool HasIfs { get; init; } = true;

    /// <summary>For and While.</summary>
    public bool HasLoops { get; init; } = true;

    public bool HasInnerSums { get; init; } = true;

    public bool HasMath { get; init; } = true;

    public bool HasRandom { get; init; } = true;
}

/// <summary>A random kernel with a domain, operands and parameters to run it on.</summary>
/// <param name="Seed">What it was made from; print it when a test fails.</param>
/// <param name="Kernel">The kernel; valid.</param>
/// <param name="Domain">The domain that its proofs hold for; empty only where the options said so.</param>
/// <param name="Extents">The extents of each operand.</param>
/// <param name="Columns">The data of each operand's columns, row-major, as the bits of constants.</param>
/// <param name="Scalars">The values of its scalar parameters.</param>
internal sealed record GeneratedKernel(
    int Seed,
    Kernel Kernel,
    Box Domain,
    ImmutableArray<ImmutableArray<long>> Extents,
    ImmutableArray<ImmutableArray<ImmutableArray<ulong>>> Columns,
    ImmutableArray<ulong> Scalars)
{
    public override string ToString() => $"seed {Seed}, domain {Domain}, extents {string.Join(", ", Extents.Select(e => string.Join('×', e)))}, "
        + $"scalars {string.Join(", ", Scalars.Select(s => $"0x{s:x}"))}\n{Kernel}";
}
