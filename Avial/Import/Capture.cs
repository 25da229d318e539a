using System.Collections.Concurrent;
using System.Reflection;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>What a captured value is to a body.</summary>
internal enum CaptureRole : byte
{
    /// <summary>A number or a struct of numbers: read by value.</summary>
    Numbers,
    /// <summary>An array of ours.</summary>
    Array,
    /// <summary>A lazy scalar.</summary>
    LazyScalar,
    /// <summary>A .NET array of numbers: copied.</summary>
    HostArray,
    /// <summary>An end of a domain: a number plus multiples of the steps of loops.</summary>
    Bound,
    /// <summary>A delegate.</summary>
    Function,
    /// <summary>Anything else; cannot be used.</summary>
    Other,
}

/// <summary>A captured value of a template: where it is found and what it is. Holds no user object.</summary>
/// <param name="Path">From the root object to the value, or to the .NET array that holds it.</param>
/// <param name="Role">What it is.</param>
/// <param name="Layout">The layout of numbers, arrays and lazy scalars.</param>
/// <param name="Element">For an array of ours in a .NET array, <c>layers[2]</c>: the constant index, or the capture that holds it.</param>
internal sealed record Capture(CapturePath Path, CaptureRole Role, ElementLayout? Layout, CapturedElement? Element)
{
    private static readonly ConcurrentDictionary<Type, CaptureRole> s_roles = [];

    public static CaptureRole RoleOf(Type type) => s_roles.GetOrAdd(type, static t => Classify(t));

    /// <summary>The scalar type that a body computes with; ends of domains and steps are indices there.</summary>
    public static ScalarType? NumberType(Type type) => type == typeof(Bound) || type == typeof(Step) ? ScalarType.I64 : ScalarTypes.Of(type);

    /// <summary>True for values that bodies read members of, so that a chain of members ends there.</summary>
    public static bool EndsChain(Type type) => RoleOf(type) is CaptureRole.Array or CaptureRole.LazyScalar or CaptureRole.HostArray or CaptureRole.Bound or CaptureRole.Function || type.IsArray;

    private static CaptureRole Classify(Type type)
    {
        if (ScalarTypes.Of(type) is not null)
        {
            return CaptureRole.Numbers;
        }
        if (typeof(IArrayHandle).IsAssignableFrom(type))
        {
            return CaptureRole.Array;
        }
        if (typeof(IScalarHandle).IsAssignableFrom(type))
        {
            return CaptureRole.LazyScalar;
        }
        if (type == typeof(Bound))
        {
            return CaptureRole.Bound;
        }
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return CaptureRole.Function;
        }
        if (type.IsArray)
        {
            return IsElement(type.GetElementType()!) ? CaptureRole.HostArray : CaptureRole.Other;
        }
        return IsElement(type) ? CaptureRole.Numbers : CaptureRole.Other;
    }

    /// <summary>True for numbers and structs of numbers.</summary>
    public static bool IsElement(Type type)
    {
        if (ScalarTypes.Of(type) is not null)
        {
            return true;
        }
        if (!type.IsValueType || type.IsPrimitive || type.IsByRefLike || type == typeof(decimal) || Nullable.GetUnderlyingType(type) is not null || typeof(IScalarHandle).IsAssignableFrom(type)
            || (type.Namespace == "System" && !type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal)))
        {
            return false;
        }
        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        return fields.Length > 0 && fields.All(f => IsElement(f.FieldType));
    }
}

/// <summary>The position of a captured array of ours in a .NET array.</summary>
internal readonly record struct CapturedElement(int Constant, int IndexCapture);
