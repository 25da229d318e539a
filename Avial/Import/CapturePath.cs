using System.Reflection;

namespace Avial.Import;

/// <summary>
/// How to read a captured value: from a root object (a closure, <c>this</c>, or null for statics) through fields and properties. The first reads
/// go through reflection; a path that is read again and again is compiled.
/// </summary>
internal sealed class CapturePath
{
    // Compiling costs about as much as a few hundred reads by reflection.
    private const int ReadsBeforeCompiling = 16;

    private readonly MemberInfo[] _members;
    private ScalarReader? _scalars;
    private ObjectReader? _object;
    private int _reads;

    public CapturePath(MemberInfo[] members, Type type)
    {
        _members = members;
        Type = type;
    }

    public delegate object? ObjectReader(object? root);

    public delegate void ScalarReader(object? root, ref ulong destination);

    /// <summary>The members from the root outwards; empty when the root itself is the value.</summary>
    public ReadOnlySpan<MemberInfo> Members => _members;

    /// <summary>The static type of the value.</summary>
    public Type Type { get; }

    /// <summary>The variable's name, or null for a root.</summary>
    public string? Name => _members.Length == 0 || _members[^1].Name.StartsWith('<') ? null : _members[^1].Name;

    /// <summary>The variable whose member the value is, for messages.</summary>
    public string Owner => _members.Length < 2 ? Name ?? "captured value" : _members[^2].Name;

    /// <summary>The type of <see cref="Owner"/>.</summary>
    public Type OwnerType => _members.Length < 2 ? Type : _members[^1].DeclaringType!;

    /// <summary>The value, boxed when it is a struct; null also where an object on the way is null.</summary>
    public object? ReadObject(object? root)
    {
        if (_object is not null)
        {
            return _object(root);
        }
        if (++_reads > ReadsBeforeCompiling)
        {
            _object = CaptureReader.CompileObject(_members, Type);
        }
        object? value = root;
        foreach (MemberInfo member in _members)
        {
            if (value is null && !IsStatic(member))
            {
                return null;
            }
            value = member is FieldInfo field ? field.GetValue(value) : ((PropertyInfo)member).GetValue(value, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        return value;
    }

    private static bool IsStatic(MemberInfo member) => member is FieldInfo field ? field.IsStatic : ((PropertyInfo)member).GetMethod!.IsStatic;

    /// <summary>The columns of a value of numbers, in the form of constants.</summary>
    public void ReadScalars(object? root, Span<ulong> destination)
    {
        if (_scalars is null)
        {
            if (++_reads <= ReadsBeforeCompiling)
            {
                NumberBits.Read(ReadObject(root)!, destination);
                return;
            }
            _scalars = CaptureReader.CompileScalars(_members, Type);
        }
        _scalars(root, ref destination[0]);
    }
}
