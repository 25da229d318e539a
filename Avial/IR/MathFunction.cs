using System.Collections.Immutable;
using System.Reflection;

namespace Avial.IR;

/// <summary>
/// A scalar function of .NET that bodies may call: strict mode calls exactly this method on every backend (rule 7 of the orders).
/// </summary>
/// <param name="Name">The name in text forms: <c>Math.Sin</c>, <c>MathF.Pow</c>, <c>Double.RootN</c>.</param>
/// <param name="Method">The static method; parameters and result are scalar types.</param>
/// <param name="Parameters">Its parameter types.</param>
/// <param name="Result">Its result type.</param>
/// <param name="MayThrow">True when some arguments make it throw (<c>Math.Abs(int.MinValue)</c>, <c>Math.Clamp</c>).</param>
internal sealed record MathFunction(string Name, MethodInfo Method, ImmutableArray<ScalarType> Parameters, ScalarType Result, bool MayThrow)
{
    public bool Equals(MathFunction? other) => other is not null && Method == other.Method;

    public override int GetHashCode() => Method.GetHashCode();

    public override string ToString() => Name;
}
