using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Avial.Tests.Packaging;

/// <summary>The public types and members of an assembly, as text close to C# and as the identifiers of XML documentation.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>A paragraph per type: its declaration, then its members in ordinal order.</summary>
    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in Types(assembly))
        {
            text.AppendLine(DeclarationOf(type));
            foreach (string member in Members(type).Select(m => DescribeMember(m, type)).Order(StringComparer.Ordinal))
            {
                text.Append("    ").AppendLine(member);
            }
            text.AppendLine();
        }
        return text.ToString();
    }

    /// <summary>What documentation must exist for.</summary>
    public static IEnumerable<string> DocumentationIds(Assembly assembly) =>
        Types(assembly).SelectMany(t => Members(t).Where(m => !IsWrittenByCompiler(m, t)).Select(m => IdOf(m, t)).Prepend($"T:{NameForId(t)}"));

    private static Type[] Types(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(t => !t.Name.Contains('<', StringComparison.Ordinal) && t.DeclaringType?.Name.Contains('<', StringComparison.Ordinal) != true).OrderBy(t => t.FullName, StringComparer.Ordinal)];

    private static IEnumerable<MemberInfo> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return [];
        }
        return type.GetMembers(Declared).Where(m => m switch
        {
            Type => false,
            FieldInfo field => IsVisible(field.IsPublic, field.IsFamily || field.IsFamilyOrAssembly, type) && !field.IsSpecialName,
            PropertyInfo property => property.GetAccessors(true).Any(a => IsVisible(a, type)),
            EventInfo e => IsVisible(e.AddMethod!, type),
            MethodBase method => IsVisible(method, type) && !IsAccessor(method) && !method.Name.Contains('<', StringComparison.Ordinal),
            _ => false,
        });
    }

    private static bool IsVisible(MethodBase method, Type type) => IsVisible(method.IsPublic, method.IsFamily || method.IsFamilyOrAssembly, type);

    private static bool IsVisible(bool isPublic, bool isFamily, Type type) => isPublic || (isFamily && !type.IsSealed);

    private static bool IsAccessor(MethodBase method) =>
        method.IsSpecialName && (method.Name.StartsWith("get_", StringComparison.Ordinal) || method.Name.StartsWith("set_", StringComparison.Ordinal));

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Declared) is not null;

    /// <summary>Members that the compiler adds: those of records, implicit constructors of structs, enum members' storage.</summary>
    private static bool IsWrittenByCompiler(MemberInfo member, Type type)
    {
        if (member.GetCustomAttribute<CompilerGeneratedAttribute>() is not null)
        {
            return true;
        }
        if (!IsRecord(type))
        {
            return false;
        }
        return member switch
        {
            MethodInfo method => method.Name is "Deconstruct" or "Equals" or "GetHashCode" or "ToString" or "op_Equality" or "op_Inequality" or "PrintMembers" or "<Clone>$" or "get_EqualityContract",
            ConstructorInfo constructor => constructor.GetParameters() is not { Length: > 0 } || constructor.GetParameters() is [var copied] && copied.ParameterType == type,
            PropertyInfo property => property.Name == "EqualityContract",
            _ => false,
        };
    }

    private static string DeclarationOf(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return $"delegate {Name(invoke.ReturnType)} {Name(type)}({Parameters(invoke)})";
        }
        string modifiers = type switch
        {
            { IsInterface: true } or { IsEnum: true } => "",
            { IsValueType: true } => type.GetCustomAttribute<IsReadOnlyAttribute>() is null ? "" : "readonly ",
            { IsAbstract: true, IsSealed: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsSealed: true } => "sealed ",
            _ => "",
        };
        string kind = type switch
        {
            { IsInterface: true } => "interface",
            { IsEnum: true } => "enum",
            { IsValueType: true } => $"{(type.IsByRefLike ? "ref " : "")}{(IsRecord(type) ? "record " : "")}struct",
            _ => IsRecord(type) ? "record" : "class",
        };
        Type? parent = type.IsValueType || type.IsInterface || type.BaseType == typeof(object) ? null : type.BaseType;
        IEnumerable<Type> interfaces = type.IsEnum ? [] : type.GetInterfaces().Where(i => i.IsVisible).OrderBy(Name, StringComparer.Ordinal);
        string[] parents = [.. (parent is null ? interfaces : interfaces.Prepend(parent)).Select(Name)];
        return $"{modifiers}{kind} {type.Namespace}.{Name(type)}{(parents.Length == 0 ? "" : $" : {string.Join(", ", parents)}")}{Constraints(type.GetGenericArguments())}";
    }

    private static string DescribeMember(MemberInfo member, Type type) => member switch
    {
        FieldInfo { IsLiteral: true } field => type.IsEnum
            ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"
            : $"const {Name(field.FieldType)} {field.Name} = {field.GetRawConstantValue()}",
        FieldInfo field => $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property => DescribeProperty(property, type),
        EventInfo e => $"event {Name(e.EventHandlerType!)} {e.Name}",
        ConstructorInfo constructor => $"{Access(constructor)}{type.Name.Split('`')[0]}({Parameters(constructor)})",
        MethodInfo method => $"{Access(method)}{Modifiers(method)}{Name(method.ReturnType)} {method.Name}{Arguments(method)}({Parameters(method)}){Constraints(method.IsGenericMethod ? method.GetGenericArguments() : [])}",
        _ => throw new InvalidOperationException($"{member} is of an unknown kind."),
    };

    private static string DescribeProperty(PropertyInfo property, Type type)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(true).Where(a => IsVisible(a, type))];
        string indices = property.GetIndexParameters() is { Length: > 0 } list ? $"this[{string.Join(", ", list.Select(p => $"{Name(p.ParameterType)} {p.Name}"))}]" : property.Name;
        IEnumerable<string> kinds = accessors.Select(a => a.ReturnType != typeof(void) ? "get;"
            : a.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init;" : "set;");
        return $"{Access(accessors[0])}{Modifiers(accessors[0])}{Name(property.PropertyType)} {indices} {{ {string.Join(" ", kinds)} }}";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method) =>
        method.DeclaringType!.IsInterface ? method.IsStatic ? "static " : ""
        : method.IsStatic ? "static "
        : method.IsAbstract ? "abstract "
        : !method.IsVirtual || method.IsFinal ? ""
        : method.GetBaseDefinition() != method ? "override " : "virtual ";

    private static string Arguments(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p =>
    {
        string prefix = p.GetCustomAttribute<ParamArrayAttribute>() is not null || p.GetCustomAttribute<ParamCollectionAttribute>() is not null ? "params "
            : p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : "";
        string fallback = !p.HasDefaultValue ? "" : p.DefaultValue switch
        {
            null => p.ParameterType.IsValueType ? " = default" : " = null",
            string text => $" = \"{text}\"",
            bool flag => flag ? " = true" : " = false",
            IFormattable number => $" = {number.ToString(null, CultureInfo.InvariantCulture)}",
            var other => $" = {other}",
        };
        return $"{prefix}{Name(p.ParameterType.IsByRef ? p.ParameterType.GetElementType()! : p.ParameterType)} {p.Name}{fallback}";
    }));

    private static string Constraints(Type[] arguments) => string.Concat(arguments.Select(a =>
    {
        GenericParameterAttributes flags = a.GenericParameterAttributes;
        List<string> limits = [];
        if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint))
        {
            limits.Add(a.CustomAttributes.Any(c => c.AttributeType.Name == "IsUnmanagedAttribute") ? "unmanaged" : "struct");
        }
        if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            limits.Add("class");
        }
        limits.AddRange(a.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name));
        return limits.Count == 0 ? "" : $" where {a.Name} : {string.Join(", ", limits)}";
    }));

    private static string Name(Type type)
    {
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{Name(underlying)}?";
        }
        if (type.IsGenericParameter || (!type.IsGenericType && !type.IsNested))
        {
            return Keyword(type) ?? type.Name;
        }
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true || (type.Namespace == "System" && type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal)))
        {
            return $"({string.Join(", ", type.GetGenericArguments().Select(Name))})";
        }
        string name = type.IsNested ? $"{type.DeclaringType!.Name.Split('`')[0]}.{type.Name.Split('`')[0]}" : type.Name.Split('`')[0];
        return type.IsGenericType ? $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    private static string? Keyword(Type type) => type switch
    {
        _ when type == typeof(void) => "void",
        _ when type == typeof(object) => "object",
        _ when type == typeof(string) => "string",
        _ when type == typeof(bool) => "bool",
        _ when type == typeof(byte) => "byte",
        _ when type == typeof(int) => "int",
        _ when type == typeof(uint) => "uint",
        _ when type == typeof(long) => "long",
        _ when type == typeof(ulong) => "ulong",
        _ when type == typeof(float) => "float",
        _ when type == typeof(double) => "double",
        _ => null,
    };

    private static string IdOf(MemberInfo member, Type type) => member switch
    {
        FieldInfo => $"F:{NameForId(type)}.{member.Name}",
        EventInfo => $"E:{NameForId(type)}.{member.Name}",
        PropertyInfo property => $"P:{NameForId(type)}.{member.Name}{ParametersForId(property.GetIndexParameters())}",
        ConstructorInfo constructor => $"M:{NameForId(type)}.#ctor{ParametersForId(constructor.GetParameters())}",
        MethodInfo method => $"M:{NameForId(type)}.{method.Name}{(method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")}{ParametersForId(method.GetParameters())}"
            + (method.Name is "op_Implicit" or "op_Explicit" ? $"~{TypeForId(method.ReturnType)}" : ""),
        _ => throw new InvalidOperationException($"{member} is of an unknown kind."),
    };

    private static string ParametersForId(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : $"({string.Join(",", parameters.Select(p => TypeForId(p.ParameterType)))})";

    private static string NameForId(Type type) => (type.FullName ?? type.Name).Replace('+', '.');

    private static string TypeForId(Type type)
    {
        if (type.IsByRef)
        {
            return TypeForId(type.GetElementType()!) + "@";
        }
        if (type.IsArray)
        {
            return TypeForId(type.GetElementType()!) + (type.GetArrayRank() == 1 ? "[]" : $"[{string.Join(",", Enumerable.Repeat("0:", type.GetArrayRank()))}]");
        }
        if (type.IsGenericParameter)
        {
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition.ToString(CultureInfo.InvariantCulture);
        }
        if (type.IsGenericType)
        {
            string name = type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.');
            return $"{name}{{{string.Join(",", type.GetGenericArguments().Select(TypeForId))}}}";
        }
        return type.FullName!.Replace('+', '.');
    }
}
