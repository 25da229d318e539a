using Avial.IR;

namespace Avial.Llvm;

/// <summary>Functions of .NET that are an instruction or a few, and those that are functions of the C library: facts, no logic.</summary>
internal static class InlineMath
{
    internal delegate string Inline(LlvmEmitter to, ScalarType type, string[] arguments);

    // .NET calls these for double, and those with an f behind for float.
    private static readonly HashSet<string> s_library =
    [
        "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atan2", "Atanh", "Cbrt", "Cos", "Cosh", "Exp", "Log", "Log10", "Log2", "Pow", "Sin", "Sinh", "Tan", "Tanh",
    ];

    private static readonly Dictionary<string, string> s_intrinsics = new()
    {
        ["Sqrt"] = "llvm.sqrt",
        ["Abs"] = "llvm.fabs",
        ["Floor"] = "llvm.floor",
        ["Ceiling"] = "llvm.ceil",
        ["Truncate"] = "llvm.trunc",
        ["Round"] = "llvm.roundeven",
        ["CopySign"] = "llvm.copysign",
        ["FusedMultiplyAdd"] = "llvm.fma",
        ["Min"] = "llvm.minimum",
        ["Max"] = "llvm.maximum",
    };

    private static readonly Dictionary<string, Inline> s_tests = new()
    {
        ["IsNaN"] = (to, type, a) => to.InlineDefine($"fcmp uno {LlvmTypes.Of(type)} {a[0]}, {a[0]}"),
        ["IsFinite"] = (to, type, a) => IsBelowInfinity(to, type, a[0], "olt"),
        ["IsInfinity"] = (to, type, a) => IsBelowInfinity(to, type, a[0], "oeq"),
    };

    private static readonly Dictionary<string, Inline> s_ofIntegers = new()
    {
        ["Min"] = (to, type, a) => to.InlineIntrinsic($"llvm.{Sign(type)}min.{LlvmTypes.Of(type)}", type, Typed(type, a[0]), Typed(type, a[1])),
        ["Max"] = (to, type, a) => to.InlineIntrinsic($"llvm.{Sign(type)}max.{LlvmTypes.Of(type)}", type, Typed(type, a[0]), Typed(type, a[1])),
    };

    private static readonly HashSet<string> s_homes = ["Math", "MathF", "Double", "Single"];

    private static readonly HashSet<string> s_integerHomes = ["Math", "SByte", "Int16", "Int32", "Int64", "Byte", "UInt16", "UInt32", "UInt64"];

    /// <summary>How a function is written without a call; null where it takes one.</summary>
    public static Inline? Find(MathFunction function)
    {
        ScalarType type = function.Parameters[0];
        string home = function.Method.DeclaringType!.Name;
        if (home == "BitConverter" && function.Parameters.Length == 1 && type.Size() == function.Result.Size() && type != ScalarType.Bool)
        {
            return (to, t, a) => LlvmTypes.Of(t) == LlvmTypes.Of(function.Result) ? a[0]
                : to.InlineDefine($"bitcast {LlvmTypes.Of(t)} {a[0]} to {LlvmTypes.Of(function.Result)}");
        }
        if (!function.Parameters.All(p => p == type))
        {
            return null;
        }
        return type is ScalarType.F32 or ScalarType.F64
            ? s_homes.Contains(home) && (function.Method.Name != "Round" || function.Parameters.Length == 1) ? OfFloats(function.Method.Name) : null
            : s_integerHomes.Contains(home) && type == function.Result ? s_ofIntegers.GetValueOrDefault(function.Method.Name) : null;
    }

    /// <summary>True for functions of floats that are one intrinsic, which vectors have too.</summary>
    public static bool IsLaneByLane(MathFunction function) => Find(function) is not null && VectorIntrinsicOf(function) is not null;

    /// <summary>The intrinsic that a function of floats is, without the suffix for its type; null where it is none.</summary>
    public static string? VectorIntrinsicOf(MathFunction function) => function.Result == function.Parameters[0] && function.Result is ScalarType.F32 or ScalarType.F64
        ? s_intrinsics.GetValueOrDefault(function.Method.Name) : null;

    /// <summary>The name of the C library's function that .NET calls; null where it calls none.</summary>
    public static string? LibraryName(MathFunction function)
    {
        string name = function.Method.Name;
        bool isOfFloats = s_homes.Contains(function.Method.DeclaringType!.Name) && function.Parameters.All(p => p == function.Result) && function.Result is ScalarType.F32 or ScalarType.F64;
        int arity = name is "Pow" or "Atan2" ? 2 : 1;
        return isOfFloats && s_library.Contains(name) && function.Parameters.Length == arity
            ? name.ToLowerInvariant() + (function.Result == ScalarType.F32 ? "f" : "")
            : null;
    }

    private static Inline? OfFloats(string name) => s_intrinsics.TryGetValue(name, out string? intrinsic) ? Intrinsic(intrinsic) : s_tests.GetValueOrDefault(name);

    private static Inline Intrinsic(string name) => (to, type, arguments) =>
        to.InlineIntrinsic($"{name}.{LlvmTypes.Suffix(type)}", type, [.. arguments.Select(a => Typed(type, a))]);

    private static string Typed(ScalarType type, string value) => $"{LlvmTypes.Of(type)} {value}";

    private static string Sign(ScalarType type) => type.IsSigned() ? "s" : "u";

    private static string IsBelowInfinity(LlvmEmitter to, ScalarType type, string value, string test)
    {
        string magnitude = to.InlineIntrinsic($"llvm.fabs.{LlvmTypes.Suffix(type)}", type, Typed(type, value));
        ulong infinity = type == ScalarType.F64 ? BitConverter.DoubleToUInt64Bits(double.PositiveInfinity) : BitConverter.SingleToUInt32Bits(float.PositiveInfinity);
        return to.InlineDefine($"fcmp {test} {LlvmTypes.Of(type)} {magnitude}, {LlvmTypes.Constant(type, infinity)}");
    }
}
