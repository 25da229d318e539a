using System.Collections.ObjectModel;
using System.Linq.Expressions;
using System.Reflection;

namespace Avial.Import;

/// <summary>
/// Compares a lambda with a template's tokens and notes the root object of each capture. Allocates nothing. It visits nodes in the order of
/// <see cref="ShapeRecorder"/>: change them together.
/// </summary>
internal sealed class ShapeMatcher
{
    private readonly List<ParameterExpression> _parameters = [];
    private object?[] _roots = new object?[16];
    private ShapeToken[] _tokens = [];
    private Capture[] _captures = [];
    private int _next;
    private int _found;

    /// <summary>The root object of a capture, after a match.</summary>
    public object? Root(int capture) => _roots[capture];

    public bool Match(ShapeToken[] tokens, Capture[] captures, ReadOnlySpan<LambdaExpression> bodies)
    {
        _tokens = tokens;
        _captures = captures;
        _next = 0;
        _found = 0;
        if (_roots.Length < captures.Length)
        {
            _roots = new object?[captures.Length];
        }
        foreach (LambdaExpression body in bodies)
        {
            if (!VisitLambda(body))
            {
                return false;
            }
        }
        return _next == tokens.Length && _found == captures.Length;
    }

    /// <summary>Lets go of the user's objects.</summary>
    public void Clear()
    {
        Array.Clear(_roots);
        _parameters.Clear();
        _tokens = [];
        _captures = [];
    }

    private bool VisitLambda(LambdaExpression lambda)
    {
        int outer = _parameters.Count;
        var parameters = lambda.Parameters;
        for (int i = 0; i < parameters.Count; i++)
        {
            _parameters.Add(parameters[i]);
        }
        bool isEqual = Visit(lambda.Body);
        _parameters.RemoveRange(outer, _parameters.Count - outer);
        return isEqual;
    }

    private bool Visit(Expression expression)
    {
        if ((uint)_next >= (uint)_tokens.Length)
        {
            return false;
        }
        ref readonly ShapeToken token = ref _tokens[_next];
        if (token.Kind == ShapeToken.CaptureKind)
        {
            _next++;
            return expression.Type == token.Type && VisitCapture(expression, (int)token.Number);
        }
        if (expression.NodeType != token.Kind || expression.Type != token.Type)
        {
            return false;
        }
        switch (expression)
        {
            case BinaryExpression binary:
                return Take(in token, binary.Method) && Visit(binary.Left) && Visit(binary.Right);
            case MethodCallExpression call:
                return Take(in token, call.Method) && (call.Object is not { } instance || Visit(instance)) && VisitArguments(call);
            case ParameterExpression parameter:
                return Take(in token, null, _parameters.LastIndexOf(parameter));
            case ConstantExpression constant:
                return NumberBits.TryOf(constant.Value, out ulong bits) ? Take(in token, null, (long)bits) : Take(in token, constant.Value);
            case UnaryExpression unary:
                return Take(in token, unary.Method) && Visit(unary.Operand);
            case ConditionalExpression conditional:
                return Take(in token, null) && Visit(conditional.Test) && Visit(conditional.IfTrue) && Visit(conditional.IfFalse);
            case MemberExpression member:
                return Take(in token, member.Member) && (member.Expression is not { } owner || Visit(owner));
            case LambdaExpression lambda:
                return Take(in token, null, lambda.Parameters.Count) && VisitLambda(lambda);
            case InvocationExpression invocation:
                return Take(in token, null) && Visit(invocation.Expression) && VisitArguments(invocation);
            case NewExpression creation:
                return Take(in token, creation.Constructor) && VisitArguments(creation);
            case MemberInitExpression init:
                return Take(in token, null, init.Bindings.Count) && Visit(init.NewExpression) && VisitBindings(init.Bindings);
            case NewArrayExpression array:
                return Take(in token, null, array.Expressions.Count) && VisitAll(array.Expressions);
            default:
                return Take(in token, null);
        }
    }

    private bool Take(in ShapeToken token, object? detail, long number = 0)
    {
        _next++;
        return token.Number == number && (ReferenceEquals(token.Detail, detail) || (detail is not null && detail.Equals(token.Detail)));
    }

    private bool VisitArguments(IArgumentProvider arguments)
    {
        for (int i = 0; i < arguments.ArgumentCount; i++)
        {
            if (!Visit(arguments.GetArgument(i)))
            {
                return false;
            }
        }
        return true;
    }

    private bool VisitAll(ReadOnlyCollection<Expression> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (!Visit(items[i]))
            {
                return false;
            }
        }
        return true;
    }

    private bool VisitBindings(ReadOnlyCollection<MemberBinding> bindings)
    {
        for (int i = 0; i < bindings.Count; i++)
        {
            MemberBinding binding = bindings[i];
            if (!TakeNext(ExpressionType.Assign, binding.Member, (long)binding.BindingType))
            {
                return false;
            }
            bool isEqual = binding switch
            {
                MemberAssignment assignment => Visit(assignment.Expression),
                MemberMemberBinding nested => TakeNext(ExpressionType.Assign, null, nested.Bindings.Count) && VisitBindings(nested.Bindings),
                _ => false,
            };
            if (!isEqual)
            {
                return false;
            }
        }
        return true;
    }

    private bool TakeNext(ExpressionType kind, MemberInfo? member, long number) =>
        _next < _tokens.Length && _tokens[_next].Kind == kind && Take(in _tokens[_next], member, number);

    private bool VisitCapture(Expression expression, int number)
    {
        Capture capture = _captures[number];
        if (capture.Element is { } element)
        {
            if (expression is not BinaryExpression { NodeType: ExpressionType.ArrayIndex } read)
            {
                return false;
            }
            // The index is found first by the recorder too.
            bool isSameIndex = element.IndexCapture >= 0 ? VisitPath(read.Right, element.IndexCapture)
                : read.Right is ConstantExpression { Value: int index } && index == element.Constant;
            return isSameIndex && VisitPath(read.Left, number);
        }
        if (!VisitPath(expression, number))
        {
            return false;
        }
        if (capture.Role != CaptureRole.Function)
        {
            return true;
        }
        return capture.Path.ReadObject(_roots[number]) is Delegate function && KernelFunction.BodyOf(function) is { } body && VisitLambda(body);
    }

    private bool VisitPath(Expression expression, int number)
    {
        ReadOnlySpan<MemberInfo> members = _captures[number].Path.Members;
        for (int i = members.Length - 1; i >= 0; i--)
        {
            if (expression is not MemberExpression member || !(ReferenceEquals(member.Member, members[i]) || member.Member.Equals(members[i])))
            {
                return false;
            }
            if (member.Expression is null)
            {
                return i == 0 && TakeRoot(null, number);
            }
            expression = member.Expression;
        }
        return expression is ConstantExpression { Value: { } root } && TakeRoot(root, number);
    }

    private bool TakeRoot(object? root, int number)
    {
        if (number > _found)
        {
            return false;
        }
        if (number == _found)
        {
            _roots[number] = root;
            _found++;
            return true;
        }
        return ReferenceEquals(_roots[number], root);
    }
}
