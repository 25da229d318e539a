using System.Collections.Immutable;
using System.Reflection;
using Avial.Diagnostics;
using Avial.IR;
using Avial.Numerics;

namespace Avial.Llvm;

/// <summary>
/// The functions that kernels call and do not contain, by the names that objects carry. Those of the C library have its names behind <c>avial.</c>, so that LLVM does not take
/// them for functions that it may change; methods of .NET are called with their arguments in 8-byte slots: <c>void (ptr arguments, ptr results)</c>.
/// </summary>
internal static class RuntimeFunctions
{
    /// <summary>What stands before the names of the C library's functions.</summary>
    public const string LibraryPrefix = "avial.";

    /// <summary><see cref="BinnedSum64.AddTo"/> and so on: <c>avial.binned64.add</c>.</summary>
    public static string OfBinned(ScalarType type, string action) => $"binned{(type == ScalarType.F64 ? 64 : 32)}.{action}";

    public static string HalfFma => "half.fma";

    /// <summary>Random numbers of type f16.</summary>
    public static string OfRandom(RandomKind kind) => $"half.{(kind == RandomKind.Uniform ? "uniform" : "normal")}";

    /// <summary>A conversion to or from f16.</summary>
    public static string OfConversion(ScalarType from, ScalarType to) => $"convert {from.Text()} {to.Text()}";

    /// <summary>A function of .NET.</summary>
    public static string OfMath(MathFunction function) => $"math {function.Name} {string.Join(' ', function.Parameters.Select(p => p.Text()))}";

    /// <summary>The method of .NET that a name stands for, or null where it stands for none.</summary>
    public static MethodInfo? MethodOf(string name)
    {
        string[] words = name.Split(' ');
        return words[0] switch
        {
            "half.fma" => typeof(ScalarArithmetic).GetMethod(nameof(ScalarArithmetic.Fma), [typeof(Half), typeof(Half), typeof(Half)]),
            "half.uniform" => typeof(Philox).GetMethod(nameof(Philox.Uniform16)),
            "half.normal" => typeof(Philox).GetMethod(nameof(Philox.Normal16)),
            "convert" => HalfConversions.Find(TypeOf(words[1]).ClrType(), TypeOf(words[2]).ClrType(), ConvertMode.Unchecked),
            "math" => MathFunctions.Find(words[1], [.. words[2..].Select(TypeOf)])?.Method,
            _ => null,
        };
    }

    private static ScalarType TypeOf(string text) => ScalarTypes.Parse(text) ?? throw new InternalErrorException($"{text} is no scalar type.");
}
