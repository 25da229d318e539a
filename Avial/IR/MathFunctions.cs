using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Numerics;
using System.Reflection;

namespace Avial.IR;

/// <summary>
/// The scalar functions of .NET that bodies may call: public static methods of <see cref="Math"/>, <see cref="MathF"/>,
/// <see cref="BitOperations"/>, <see cref="BitConverter"/> and the primitive types whose parameters and result are scalars.
/// </summary>
internal static class MathFunctions
{
    private static readonly Type[] s_homes =
    [
        typeof(Math), typeof(MathF), typeof(BitOperations), typeof(BitConverter),
        typeof(double), typeof(float), typeof(Half),
        typeof(sbyte), typeof(short), typeof(int), typeof(long), typeof(byte), typeof(ushort), typeof(uint), typeof(ulong),
    ];

    private static readonly FrozenDictionary<MethodInfo, MathFunction> s_byMethod =
        s_homes.SelectMany(h => h.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(Describe).OfType<MathFunction>().ToFrozenDictionary(f => f.Method);

    private static readonly FrozenDictionary<string, ImmutableArray<MathFunction>> s_byName =
        s_byMethod.Values.GroupBy(f => f.Name).ToFrozenDictionary(g => g.Key, g => g.ToImmutableArray());

    /// <summary>All of them.</summary>
    public static ImmutableArray<MathFunction> All => s_byMethod.Values;

    /// <summary>The function that a method is, or null when bodies may not call it.</summary>
    public static MathFunction? Find(MethodInfo method) => s_byMethod.GetValueOrDefault(method);

    /// <summary>The function with this name in text forms and these parameter types, or null.</summary>
    public static MathFunction? Find(string name, ReadOnlySpan<ScalarType> parameters)
    {
        if (s_byName.TryGetValue(name, out ImmutableArray<MathFunction> overloads))
        {
            foreach (MathFunction function in overloads)
            {
                if (function.Parameters.AsSpan().SequenceEqual(parameters))
                {
                    return function;
                }
            }
        }
        return null;
    }

    private static MathFunction? Describe(MethodInfo method)
    {
        // Operators are instructions.
        if (method.IsGenericMethod || method.IsSpecialName || DependsOnTheProcessor(method.Name))
        {
            return null;
        }
        ParameterInfo[] parameters = method.GetParameters();
        ScalarType?[] types = [.. parameters.Select(p => ScalarTypes.Of(p.ParameterType))];
        if (parameters.Length == 0 || types.Contains(null) || ScalarTypes.Of(method.ReturnType) is not { } result)
        {
            return null;
        }
        return new MathFunction(NameOf(method, parameters), method, [.. types.Select(t => t!.Value)], result, MayThrow(method, types[0]!.Value));
    }

    /// <summary>True for functions of more than their arguments: estimates, and those that leave NaN and -0 to the instruction at hand.</summary>
    private static bool DependsOnTheProcessor(string name) =>
        name.EndsWith("Estimate", StringComparison.Ordinal) || name.EndsWith("Native", StringComparison.Ordinal);

    /// <summary><c>Math.Sin</c>; enum parameters, which count as integers, are named to keep the overloads apart: <c>Math.Round.MidpointRounding</c>.</summary>
    private static string NameOf(MethodInfo method, ParameterInfo[] parameters) =>
        string.Join('.', [method.DeclaringType!.Name, method.Name, .. parameters.Where(p => p.ParameterType.IsEnum).Select(p => p.ParameterType.Name)]);

    private static bool MayThrow(MethodInfo method, ScalarType first) => method.Name switch
    {
        // The magnitude of MinValue does not fit.
        "Abs" or "CopySign" => first.IsSigned(),
        // NaN has no sign.
        "Sign" => first.IsFloat(),
        // A lower limit above the upper.
        "Clamp" => true,
        // Digits or mode out of range.
        "Round" => method.GetParameters().Length > 1,
        // Of a negative number.
        "Log2" => first.IsSigned() && method.DeclaringType != typeof(BitOperations),
        _ => false,
    };
}
