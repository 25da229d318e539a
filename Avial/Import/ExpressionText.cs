using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Avial.Import;

/// <summary>An expression tree as the C# it was written in, near enough to be recognised in a message.</summary>
internal static class ExpressionText
{
    private const int LongestText = 160;

    public static string Of(Expression expression)
    {
        var text = new StringBuilder();
        Write(expression, text, 0);
        return text.Length <= LongestText ? text.ToString() : string.Concat(text.ToString().AsSpan(0, LongestText - 1), "…");
    }

    /// <summary>A type as C# writes it: <c>float</c>, <c>Array2D&lt;float&gt;</c>.</summary>
    public static string Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Of(underlying) + "?";
        }
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }
        if (type.IsGenericType)
        {
            string name = type.Name.Contains('`', StringComparison.Ordinal) ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;
            return $"{name}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
        }
        return type.IsEnum ? type.Name : Keyword(type) ?? type.Name;
    }

    private static string? Keyword(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.SByte => "sbyte",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.Decimal => "decimal",
        TypeCode.String => "string",
        TypeCode.Char => "char",
        _ => type == typeof(object) ? "object" : null,
    };

    private static void Write(Expression expression, StringBuilder text, int outer)
    {
        if (text.Length > LongestText)
        {
            return;
        }
        switch (expression)
        {
            case ConstantExpression constant:
                WriteConstant(constant, text);
                break;
            case ParameterExpression parameter:
                text.Append(parameter.Name);
                break;
            case MemberExpression member:
                WriteMember(member, text);
                break;
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } element:
                Write(element.Left, text, 100);
                text.Append('[');
                Write(element.Right, text, 0);
                text.Append(']');
                break;
            case BinaryExpression binary:
                WriteBinary(binary, text, outer);
                break;
            case UnaryExpression unary:
                WriteUnary(unary, text, outer);
                break;
            case ConditionalExpression conditional:
                Parenthesised(text, outer > 1, () =>
                {
                    Write(conditional.Test, text, 2);
                    text.Append(" ? ");
                    Write(conditional.IfTrue, text, 1);
                    text.Append(" : ");
                    Write(conditional.IfFalse, text, 1);
                });
                break;
            case MethodCallExpression call:
                WriteCall(call, text);
                break;
            case InvocationExpression invocation:
                Write(invocation.Expression, text, 100);
                WriteList(text, '(', invocation.Arguments, ')');
                break;
            case LambdaExpression lambda:
                text.Append(lambda.Parameters.Count == 1 ? lambda.Parameters[0].Name : $"({string.Join(", ", lambda.Parameters.Select(p => p.Name))})").Append(" => ");
                Write(lambda.Body, text, 0);
                break;
            case NewExpression creation:
                text.Append("new ").Append(creation.Type.Name.StartsWith('<') ? "{ … }" : Of(creation.Type));
                WriteList(text, '(', creation.Arguments, ')');
                break;
            case MemberInitExpression init:
                text.Append("new ").Append(Of(init.Type)).Append(" { ").AppendJoin(", ", init.Bindings.Select(b => b.Member.Name + " = …")).Append(" }");
                break;
            case ListInitExpression list:
                text.Append("new ").Append(Of(list.Type)).Append(" { … }");
                break;
            case NewArrayExpression array:
                text.Append("new ").Append(Of(array.Type.GetElementType()!));
                if (array.NodeType == ExpressionType.NewArrayBounds)
                {
                    WriteList(text, '[', array.Expressions, ']');
                }
                else
                {
                    text.Append("[] ");
                    WriteList(text, '{', array.Expressions, '}');
                }
                break;
            case TypeBinaryExpression test:
                Write(test.Expression, text, 50);
                text.Append(" is ").Append(Of(test.TypeOperand));
                break;
            case DefaultExpression value:
                text.Append("default(").Append(Of(value.Type)).Append(')');
                break;
            default:
                text.Append(expression);
                break;
        }
    }

    private static void WriteConstant(ConstantExpression constant, StringBuilder text)
    {
        switch (constant.Value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                text.Append('"').Append(s).Append('"');
                break;
            case bool b:
                text.Append(b ? "true" : "false");
                break;
            case Type type:
                text.Append("typeof(").Append(Of(type)).Append(')');
                break;
            case float f:
                text.Append(f.ToString(CultureInfo.InvariantCulture)).Append('f');
                break;
            case decimal d:
                text.Append(d.ToString(CultureInfo.InvariantCulture)).Append('m');
                break;
            case IFormattable number when IR.ScalarTypes.Of(constant.Type) is not null:
                text.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(IsClosure(constant.Type) ? "…" : "this");
                break;
        }
    }

    private static bool IsClosure(Type type) => type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    private static void WriteMember(MemberExpression member, StringBuilder text)
    {
        if (member.Expression is null)
        {
            text.Append(Of(member.Member.DeclaringType!)).Append('.').Append(member.Member.Name);
            return;
        }
        if (member.Expression is ConstantExpression || (member.Expression is MemberExpression inner && IsClosure(inner.Type)))
        {
            // A captured variable, or a member of this: the user wrote only the name.
            text.Append(member.Member.Name.StartsWith('<') ? "this" : member.Member.Name);
            return;
        }
        Write(member.Expression, text, 100);
        text.Append('.').Append(member.Member.Name);
    }

    private static void WriteCall(MethodCallExpression call, StringBuilder text)
    {
        MethodInfo method = call.Method;
        if (method is { IsSpecialName: true, Name: "op_Implicit" })
        {
            Write(call.Arguments[0], text, 0);
            return;
        }
        if (method.Name == nameof(MethodInfo.CreateDelegate) && call.Object is ConstantExpression { Value: MethodInfo group })
        {
            text.Append(group.Name.StartsWith('<') ? "function" : $"{Of(group.DeclaringType!)}.{group.Name}");
            return;
        }
        bool isExtension = call.Object is null && call.Arguments.Count > 0 && method.IsDefined(typeof(ExtensionAttribute), inherit: false);
        if (method.Name is "get_Item" or "Get" && call.Object is not null && (method.IsSpecialName || call.Object.Type.IsArray))
        {
            Write(call.Object, text, 100);
            WriteList(text, '[', call.Arguments, ']');
            return;
        }
        if (call.Object is not null || isExtension)
        {
            Write(call.Object ?? call.Arguments[0], text, 100);
            text.Append('.');
        }
        else if (method.DeclaringType != typeof(KernelMath))
        {
            text.Append(Of(method.DeclaringType!)).Append('.');
        }
        text.Append(method.Name);
        WriteList(text, '(', isExtension ? call.Arguments.Skip(1) : call.Arguments, ')');
    }

    private static void WriteList(StringBuilder text, char open, IEnumerable<Expression> items, char close)
    {
        text.Append(open);
        bool isFirst = true;
        foreach (Expression item in items)
        {
            text.Append(isFirst ? "" : ", ");
            isFirst = false;
            Write(item, text, 0);
        }
        text.Append(close);
    }

    private static void WriteUnary(UnaryExpression unary, StringBuilder text, int outer)
    {
        switch (unary.NodeType)
        {
            case ExpressionType.Convert or ExpressionType.ConvertChecked:
                if (!IsImplicit(unary.Operand.Type, unary.Type))
                {
                    Parenthesised(text, outer > 90, () =>
                    {
                        text.Append('(').Append(Of(unary.Type)).Append(')');
                        Write(unary.Operand, text, 90);
                    });
                    return;
                }
                Write(unary.Operand, text, outer);
                return;
            case ExpressionType.Quote:
                Write(unary.Operand, text, 0);
                return;
            case ExpressionType.ArrayLength:
                Write(unary.Operand, text, 100);
                text.Append(".Length");
                return;
            case ExpressionType.TypeAs:
                Write(unary.Operand, text, 90);
                text.Append(" as ").Append(Of(unary.Type));
                return;
            default:
                text.Append(unary.NodeType switch
                {
                    ExpressionType.Negate or ExpressionType.NegateChecked => "-",
                    ExpressionType.Not when unary.Type == typeof(bool) => "!",
                    ExpressionType.Not or ExpressionType.OnesComplement => "~",
                    _ => "+",
                });
                Write(unary.Operand, text, 90);
                return;
        }
    }

    private static bool IsImplicit(Type from, Type to) =>
        IR.ScalarTypes.Of(from) is { } source && IR.ScalarTypes.Of(to) is { } target && !from.IsEnum && !to.IsEnum
            ? target > source && IR.ScalarTypes.Size(target) >= IR.ScalarTypes.Size(source)
            : true;

    private static void WriteBinary(BinaryExpression binary, StringBuilder text, int outer)
    {
        (string symbol, int level) = binary.NodeType switch
        {
            ExpressionType.Multiply or ExpressionType.MultiplyChecked => ("*", 12),
            ExpressionType.Divide => ("/", 12),
            ExpressionType.Modulo => ("%", 12),
            ExpressionType.Add or ExpressionType.AddChecked => ("+", 11),
            ExpressionType.Subtract or ExpressionType.SubtractChecked => ("-", 11),
            ExpressionType.LeftShift => ("<<", 10),
            ExpressionType.RightShift => (">>", 10),
            ExpressionType.LessThan => ("<", 9),
            ExpressionType.LessThanOrEqual => ("<=", 9),
            ExpressionType.GreaterThan => (">", 9),
            ExpressionType.GreaterThanOrEqual => (">=", 9),
            ExpressionType.Equal => ("==", 8),
            ExpressionType.NotEqual => ("!=", 8),
            ExpressionType.And => ("&", 7),
            ExpressionType.ExclusiveOr => ("^", 6),
            ExpressionType.Or => ("|", 5),
            ExpressionType.AndAlso => ("&&", 4),
            ExpressionType.OrElse => ("||", 3),
            ExpressionType.Coalesce => ("??", 2),
            _ => (binary.NodeType.ToString(), 2),
        };
        Parenthesised(text, outer > level, () =>
        {
            Write(binary.Left, text, level);
            text.Append(' ').Append(symbol).Append(' ');
            Write(binary.Right, text, level + 1);
        });
    }

    private static void Parenthesised(StringBuilder text, bool isNeeded, Action write)
    {
        text.Append(isNeeded ? "(" : "");
        write();
        text.Append(isNeeded ? ")" : "");
    }
}
