using System.Collections.Concurrent;
using System.Numerics;
using System.Reflection;
using Avial.IR;

namespace Avial.Import;

/// <summary>How a function of numbers is expressed in a kernel.</summary>
internal enum MathForm : byte
{
    /// <summary>By calling it.</summary>
    Call,
    Min,
    Max,
    Fma,
    Clamp,
    DivRem,
    SinCos,
}

/// <summary>The functions of numbers that .NET has: those of Math, MathF, BitOperations, BitConverter and of the number types themselves.</summary>
internal static class MathFunctions
{
    private static readonly HashSet<Type> s_classes = [typeof(Math), typeof(MathF), typeof(BitOperations), typeof(BitConverter)];

    private static readonly ConcurrentDictionary<MethodInfo, MathFunction> s_functions = [];

    /// <summary>True for a class whose static members are functions of numbers.</summary>
    public static bool Declares(Type type) => s_classes.Contains(type) || (ScalarTypes.Of(type) is not null && !type.IsEnum);

    public static MathForm FormOf(MethodInfo method) => (method.Name, method.GetParameters().Length) switch
    {
        ("Min", 2) => MathForm.Min,
        ("Max", 2) => MathForm.Max,
        ("FusedMultiplyAdd", 3) => MathForm.Fma,
        ("Clamp", 3) => MathForm.Clamp,
        ("DivRem", 2) => MathForm.DivRem,
        ("SinCos", 1) => MathForm.SinCos,
        _ => MathForm.Call,
    };

    public static MathFunction Of(MethodInfo method) => s_functions.GetOrAdd(method, static m => new MathFunction(
        $"{m.DeclaringType!.Name}.{m.Name}",
        m,
        [.. m.GetParameters().Select(p => ScalarTypes.Of(p.ParameterType)!.Value)],
        ScalarTypes.Of(m.ReturnType)!.Value,
        MayThrow(m)));

    private static bool MayThrow(MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        ScalarType first = ScalarTypes.Of(parameters[0].ParameterType)!.Value;
        return method.Name switch
        {
            "Abs" or "CopySign" => first.IsSigned(),
            "Sign" => first.IsFloat(),
            "Log2" => first.IsSigned() && method.DeclaringType != typeof(BitOperations),
            "Clamp" or "ClampNative" or "CreateChecked" => true,
            "Round" => parameters.Length > 1,
            _ => false,
        };
    }
}
