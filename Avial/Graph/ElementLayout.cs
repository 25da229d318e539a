using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Graph;

/// <summary>One primitive column of an element type.</summary>
/// <param name="Path">The field path, <c>H</c> or <c>Position.X</c>; empty for a primitive element.</param>
/// <param name="Type">The primitive type.</param>
/// <param name="Offset">The offset in the managed struct, in bytes.</param>
internal sealed record Column(string Path, ScalarType Type, int Offset);

/// <summary>How a .NET element type is kept: one column per primitive field, nested structs flattened.</summary>
internal sealed class ElementLayout
{
    private static readonly ConcurrentDictionary<Type, ElementLayout> s_layouts = [];
    private static readonly ConcurrentDictionary<string, ElementLayout> s_anonymous = [];

    private ElementLayout(Type type, int size, ImmutableArray<Column> columns)
    {
        Type = type;
        Size = size;
        Columns = columns;
        ColumnTypes = [.. columns.Select(c => c.Type)];
        PackedSize = columns.Sum(c => c.Type.Size());
        Operand = [.. Enumerable.Range(0, 5).Select(rank => new KernelOperand(rank, ColumnTypes))];
    }

    /// <summary>The .NET element type.</summary>
    public Type Type { get; }

    /// <summary>The size of the managed element in bytes, padding included.</summary>
    public int Size { get; }

    public ImmutableArray<Column> Columns { get; }

    public ImmutableArray<ScalarType> ColumnTypes { get; }

    /// <summary>True when the element is one primitive.</summary>
    public bool IsPrimitive => Columns.Length == 1 && Columns[0].Path.Length == 0;

    /// <summary>The bytes of one element over all columns, without padding.</summary>
    public int PackedSize { get; }

    /// <summary>The kernel operand of an array of this element, by rank.</summary>
    internal ImmutableArray<KernelOperand> Operand { get; }

    /// <summary>The layout of an element type; throws AVL0101 for a type that cannot be an element.</summary>
    public static ElementLayout Of(Type type) => s_layouts.GetOrAdd(type, static t => Create(t));

    /// <summary>
    /// Columns whose .NET type is not known, as a graph's text may give: arrays of it can be computed, not handed to .NET code. Its type is void; equal
    /// columns give the same layout.
    /// </summary>
    public static ElementLayout Anonymous(ImmutableArray<(string Path, ScalarType Type)> fields)
    {
        return s_anonymous.GetOrAdd(string.Join(',', fields), _ =>
        {
            var columns = ImmutableArray.CreateBuilder<Column>();
            int offset = 0;
            foreach ((string path, ScalarType type) in fields)
            {
                columns.Add(new Column(path, type, offset));
                offset += type.Size();
            }
            return new ElementLayout(typeof(void), offset, columns.ToImmutable());
        });
    }

    /// <summary>True when the .NET type is not known.</summary>
    public bool IsAnonymous => Type == typeof(void);

    public override string ToString() => IsPrimitive ? Columns[0].Type.Text() : $"{{{string.Join(", ", Columns.Select(c => $"{c.Path}:{c.Type.Text()}"))}}}";

    private static ElementLayout Create(Type type)
    {
        var columns = ImmutableArray.CreateBuilder<Column>();
        Flatten(type, "", 0, columns, type);
        return new ElementLayout(type, SizeOf(type), columns.ToImmutable());
    }

    private static void Flatten(Type type, string path, int offset, ImmutableArray<Column>.Builder columns, Type element)
    {
        if (ScalarTypes.Of(type) is { } scalar)
        {
            columns.Add(new Column(path, scalar, offset));
            return;
        }
        if (!type.IsValueType || type.IsPrimitive || type.IsPointer || type == typeof(decimal) || type.Namespace == "System" && !type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal))
        {
            throw Throw.UnsupportedElementType(element, path, type);
        }
        FieldInfo[] fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        if (fields.Length == 0)
        {
            throw Throw.UnsupportedElementType(element, path, type);
        }
        foreach (FieldInfo field in fields.OrderBy(f => f.MetadataToken))
        {
            string name = FieldName(field);
            Flatten(field.FieldType, path.Length == 0 ? name : $"{path}.{name}", offset + OffsetOf(type, field), columns, element);
        }
    }

    /// <summary>The name a user knows: the property's for an auto-property's backing field.</summary>
    public static string FieldName(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static int SizeOf(Type type)
    {
        var method = new DynamicMethod("sizeOf", typeof(int), null, typeof(ElementLayout).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        il.Emit(OpCodes.Sizeof, type);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }

    private static int OffsetOf(Type type, FieldInfo field)
    {
        var method = new DynamicMethod("offsetOf", typeof(int), null, typeof(ElementLayout).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LocalBuilder instance = il.DeclareLocal(type);
        il.Emit(OpCodes.Ldloca, instance);
        il.Emit(OpCodes.Ldflda, field);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Ldloca, instance);
        il.Emit(OpCodes.Conv_U);
        il.Emit(OpCodes.Sub);
        il.Emit(OpCodes.Conv_I4);
        il.Emit(OpCodes.Ret);
        return (int)method.Invoke(null, null)!;
    }
}
