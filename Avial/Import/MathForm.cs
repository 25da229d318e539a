using System.Numerics;
using System.Reflection;
using Avial.IR;

namespace Avial.Import;

/// <summary>How a function of numbers is expressed in a kernel.</summary>
internal enum MathForm : byte
{
    /// <summary>By calling it.</summary>
    Call,
    /// <summary>An instruction.</summary>
    Min,
    /// <summary>An instruction.</summary>
    Max,
    /// <summary>An instruction.</summary>
    Fma,
    /// <summary>Two comparisons.</summary>
    Clamp,
    /// <summary>Quotient and remainder.</summary>
    DivRem,
    /// <summary>Two calls.</summary>
    SinCos,
    /// <summary>A conversion that wraps: <c>int.CreateTruncating(x)</c>.</summary>
    Truncate,
    /// <summary>A conversion that traps: <c>int.CreateChecked(x)</c>.</summary>
    Check,
}

/// <summary>The functions of numbers that have a form of their own.</summary>
internal static class MathForms
{
    private static readonly HashSet<Type> s_classes = [typeof(Math), typeof(MathF), typeof(BitOperations), typeof(BitConverter)];

    /// <summary>True for a class whose static members are functions of numbers.</summary>
    public static bool Declares(Type type) => s_classes.Contains(type) || (ScalarTypes.Of(type) is not null && !type.IsEnum);

    public static MathForm Of(MethodInfo method) => (method.Name, method.GetParameters().Length) switch
    {
        ("Min", 2) => MathForm.Min,
        ("Max", 2) => MathForm.Max,
        ("FusedMultiplyAdd", 3) => MathForm.Fma,
        ("Clamp", 3) => MathForm.Clamp,
        ("DivRem", 2) => MathForm.DivRem,
        ("SinCos", 1) => MathForm.SinCos,
        ("CreateTruncating", 1) => MathForm.Truncate,
        ("CreateChecked", 1) => MathForm.Check,
        _ => MathForm.Call,
    };
}
