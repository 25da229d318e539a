using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Avial.Graph;

namespace Avial.Import;

/// <summary>The columns of one field of a struct.</summary>
internal readonly record struct FieldSlice(Type Type, int First, int Count)
{
    private static readonly ConcurrentDictionary<(Type, MemberInfo), FieldSlice?> s_slices = [];

    /// <summary>The columns of a field or automatic property; null for a property that computes.</summary>
    public static FieldSlice? Of(Type owner, MemberInfo member) => s_slices.GetOrAdd((owner, member), static key => Find(key.Item1, key.Item2));

    private static FieldSlice? Find(Type owner, MemberInfo member)
    {
        const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        FieldInfo? field = member as FieldInfo ?? owner.GetField($"<{member.Name}>k__BackingField", Fields);
        // A property with a body may use a backing field too ('field'); only the compiler's own accessors merely hand it over.
        if (field is null || (member is PropertyInfo property && !IsAutomatic(property)))
        {
            return null;
        }
        int first = 0;
        foreach (FieldInfo other in owner.GetFields(Fields).OrderBy(f => f.MetadataToken))
        {
            int count = ElementLayout.Of(other.FieldType).Columns.Length;
            if (other.Name == field.Name)
            {
                return new FieldSlice(other.FieldType, first, count);
            }
            first += count;
        }
        return null;
    }

    private static bool IsAutomatic(PropertyInfo property) =>
        property.GetGetMethod(nonPublic: true)?.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) ?? false;
}
