using System.Collections.Immutable;

namespace Avial.IR;

/// <summary>What a kernel reads: an array of some rank, as its primitive columns.</summary>
internal sealed record KernelOperand(int Rank, ImmutableArray<ScalarType> Columns)
{
    public bool Equals(KernelOperand? other) => other is not null && Rank == other.Rank && Columns.AsSpan().SequenceEqual(other.Columns.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Rank, Columns.Length);
}

/// <summary>
/// One point of a domain, pure: (index variables, scalar parameters, reads) → scalars. <see cref="Body"/>'s parameters are the
/// <see cref="Rank"/> index variables (i64) and then the scalar parameters; its results are the flattened columns of the outputs.
/// A combiner or a scalar expression has rank 0.
/// </summary>
internal sealed record Kernel(int Rank, ImmutableArray<KernelOperand> Operands, Block Body)
{
    /// <summary>The index variables.</summary>
    public ReadOnlySpan<Value> Indices => Body.Parameters.AsSpan()[..Rank];

    /// <summary>The scalar parameters.</summary>
    public ReadOnlySpan<Value> Parameters => Body.Parameters.AsSpan()[Rank..];

    /// <summary>The types of the results.</summary>
    public ImmutableArray<ScalarType> ResultTypes => [.. Body.Results.Select(r => r.Type)];

    /// <summary>A number that the importer gives each distinct kernel of a process; 0 for kernels made by passes.</summary>
    public int Identity { get; init; }

    public override string ToString() => KernelPrinter.Print(this);
}
