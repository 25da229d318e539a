using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>
/// Which fields a constructor fills from its parameters: those of the same name, up to case, and the items of a tuple. The constructor is tried with
/// two sets of distinct numbers; one that does anything else is not understood.
/// </summary>
internal static class StructConstructor
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ImmutableArray<FieldSlice>?> s_known = [];

    /// <summary>Per parameter, the columns it fills; null when the constructor does more than that.</summary>
    public static ImmutableArray<FieldSlice>? Of(ConstructorInfo constructor) => s_known.GetOrAdd(constructor, static c => Analyse(c));

    private static ImmutableArray<FieldSlice>? Analyse(ConstructorInfo constructor)
    {
        Type type = constructor.DeclaringType!;
        ParameterInfo[] parameters = constructor.GetParameters();
        var slices = ImmutableArray.CreateBuilder<FieldSlice>();
        foreach (ParameterInfo parameter in parameters)
        {
            if (Find(type, parameter.Name!) is not { } slice || slice.Type != parameter.ParameterType)
            {
                return null;
            }
            slices.Add(slice);
        }
        return Agrees(constructor, slices, 1) && Agrees(constructor, slices, 2) ? slices.ToImmutable() : null;
    }

    private static FieldSlice? Find(Type type, string parameter)
    {
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            if (string.Equals(ElementLayout.FieldName(field), parameter, StringComparison.OrdinalIgnoreCase)
                || string.Equals(field.Name, "_" + parameter, StringComparison.OrdinalIgnoreCase))
            {
                return FieldSlice.Of(type, field);
            }
        }
        return null;
    }

    private static bool Agrees(ConstructorInfo constructor, ImmutableArray<FieldSlice>.Builder slices, int seed)
    {
        ElementLayout layout = ElementLayout.Of(constructor.DeclaringType!);
        ulong[] expected = new ulong[layout.Columns.Length];
        var arguments = new object[slices.Count];
        int next = seed;
        for (int i = 0; i < slices.Count; i++)
        {
            arguments[i] = Sample(slices[i].Type, ref next);
            NumberBits.Read(arguments[i], expected.AsSpan(slices[i].First, slices[i].Count));
        }
        ulong[] found = new ulong[expected.Length];
        try
        {
            NumberBits.Read(constructor.Invoke(arguments), found);
        }
        catch (TargetInvocationException)
        {
            // A constructor that refuses values cannot be replaced by its fields.
            return false;
        }
        return found.AsSpan().SequenceEqual(expected);
    }

    /// <summary>A value whose numbers differ from all others of the trial, as far as bools allow.</summary>
    private static object Sample(Type type, ref int next)
    {
        next++;
        if (type.IsEnum)
        {
            return Enum.ToObject(type, next);
        }
        if (ScalarTypes.Of(type) is { } scalar)
        {
            return scalar switch
            {
                ScalarType.Bool => next % 2 == 1,
                ScalarType.F16 => (Half)next,
                _ => Convert.ChangeType(next, type, System.Globalization.CultureInfo.InvariantCulture),
            };
        }
        object value = Activator.CreateInstance(type)!;
        foreach (FieldInfo field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            field.SetValue(value, Sample(field.FieldType, ref next));
        }
        return value;
    }
}
