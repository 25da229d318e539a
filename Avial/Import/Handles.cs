using System.Collections.Immutable;
using Avial.Graph;

namespace Avial.Import;

/// <summary>What the importer needs to know of an array captured in a body (implemented by <c>Array1D&lt;T&gt;</c> … <c>Array4D&lt;T&gt;</c>).</summary>
internal interface IArrayHandle
{
    NodeOutput Output { get; }

    /// <summary>
    /// Empty for an array that starts at 0. For the result of <c>Run</c> on a domain that does not, the domain's start per axis: such an array may
    /// only be read through <c>Or(v)</c>, at absolute indices.
    /// </summary>
    ImmutableArray<long> Origin { get; }
}

/// <summary>A lazy scalar captured in a body (<c>Scalar&lt;T&gt;</c>, the step of a loop): a rank-0 value.</summary>
internal interface IScalarHandle
{
    NodeOutput Output { get; }
}
