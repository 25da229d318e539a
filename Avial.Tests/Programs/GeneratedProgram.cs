using System.Collections.Immutable;
using Avial.Execution;
using Avial.Graph;

namespace Avial.Tests.Programs;

/// <summary>What a random program may hold.</summary>
internal sealed record ProgramOptions
{
    /// <summary>How many tasks it has at the most, those of loop bodies apart.</summary>
    public int MostTasks { get; init; } = 9;

    /// <summary>The longest axis; smaller ones are likelier.</summary>
    public long MostExtent { get; init; } = 40;

    /// <summary>Divisions by anything, checked arithmetic, indices outside, empty minima, loops that reach their limit. Every task is then needed whole.</summary>
    public bool MayTrap { get; init; }
}

/// <summary>A random program with the data it runs on.</summary>
/// <param name="Seed">What it was made from; print it when a test fails.</param>
/// <param name="Region">The program as recorded.</param>
/// <param name="Sources">Its parameters.</param>
/// <param name="Scalars">Its captured numbers.</param>
internal sealed record GeneratedProgram(int Seed, Region Region, ImmutableArray<Storage> Sources, ImmutableArray<ulong> Scalars)
{
    public override string ToString() => $"seed {Seed}, captured numbers {string.Join(", ", Scalars.Select((s, k) => $"#{k} = 0x{s:x}"))}\n{Region}";
}
