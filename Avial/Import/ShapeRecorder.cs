using System.Linq.Expressions;
using System.Reflection;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Import;

/// <summary>
/// Flattens lambdas to tokens and finds what they capture. <see cref="ShapeMatcher"/> visits nodes in the same order: change them together.
/// </summary>
internal sealed class ShapeRecorder
{
    // Functions are inlined where they are called, so a chain of functions that call twice grows as 2^n.
    private const int MostTokens = 200_000;

    private readonly SourceSpan _span;
    private readonly List<ParameterExpression> _parameters = [];
    private readonly List<(LambdaExpression Body, string Name)> _inlined = [];

    public ShapeRecorder(SourceSpan span) => _span = span;

    public List<ShapeToken> Tokens { get; } = [];

    public List<Capture> Captures { get; } = [];

    /// <summary>Per capture, the object its path starts at in this recording.</summary>
    public List<object?> Roots { get; } = [];

    /// <summary>The capture that a node of the tree is.</summary>
    public Dictionary<Expression, int> CaptureOf { get; } = [];

    /// <summary>Per capture that is a delegate made by <c>Function</c>, its lambda.</summary>
    public Dictionary<int, LambdaExpression> Functions { get; } = [];

    public void VisitLambda(LambdaExpression lambda)
    {
        int outer = _parameters.Count;
        _parameters.AddRange(lambda.Parameters);
        Visit(lambda.Body);
        _parameters.RemoveRange(outer, _parameters.Count - outer);
    }

    private void Visit(Expression expression)
    {
        if (Tokens.Count > MostTokens)
        {
            throw Throw.BodyTooLarge(MostTokens, _span);
        }
        if (IsClosed(expression))
        {
            VisitCapture(expression);
            return;
        }
        switch (expression)
        {
            case ConstantExpression constant:
                VisitConstant(constant);
                break;
            case ParameterExpression parameter:
                Add(parameter, null, _parameters.LastIndexOf(parameter));
                break;
            case BinaryExpression binary:
                Add(binary, binary.Method);
                Visit(binary.Left);
                Visit(binary.Right);
                break;
            case UnaryExpression unary:
                Add(unary, unary.Method);
                Visit(unary.Operand);
                break;
            case ConditionalExpression conditional:
                Add(conditional, null);
                Visit(conditional.Test);
                Visit(conditional.IfTrue);
                Visit(conditional.IfFalse);
                break;
            case MemberExpression member:
                Add(member, member.Member);
                if (member.Expression is not null)
                {
                    Visit(member.Expression);
                }
                break;
            case MethodCallExpression call:
                Add(call, call.Method);
                if (call.Object is not null)
                {
                    Visit(call.Object);
                }
                VisitArguments(call);
                break;
            case LambdaExpression lambda:
                Add(lambda, null, lambda.Parameters.Count);
                VisitLambda(lambda);
                break;
            case InvocationExpression invocation:
                Add(invocation, null);
                Visit(invocation.Expression);
                VisitArguments(invocation);
                break;
            case NewExpression creation:
                Add(creation, creation.Constructor);
                VisitArguments(creation);
                break;
            case MemberInitExpression init:
                Add(init, null, init.Bindings.Count);
                Visit(init.NewExpression);
                foreach (MemberBinding binding in init.Bindings)
                {
                    VisitBinding(binding);
                }
                break;
            case NewArrayExpression array:
                Add(array, null, array.Expressions.Count);
                foreach (Expression item in array.Expressions)
                {
                    Visit(item);
                }
                break;
            default:
                // Cannot be imported: no template is kept.
                Add(expression, null);
                break;
        }
    }

    private void VisitArguments(IArgumentProvider arguments)
    {
        for (int i = 0; i < arguments.ArgumentCount; i++)
        {
            Visit(arguments.GetArgument(i));
        }
    }

    private void VisitBinding(MemberBinding binding)
    {
        Tokens.Add(new ShapeToken(ExpressionType.Assign, binding.Member.DeclaringType!, binding.Member, (long)binding.BindingType));
        switch (binding)
        {
            case MemberAssignment assignment:
                Visit(assignment.Expression);
                break;
            case MemberMemberBinding nested:
                Tokens.Add(new ShapeToken(ExpressionType.Assign, binding.Member.DeclaringType!, null, nested.Bindings.Count));
                foreach (MemberBinding inner in nested.Bindings)
                {
                    VisitBinding(inner);
                }
                break;
        }
    }

    private void VisitConstant(ConstantExpression constant)
    {
        if (NumberBits.TryOf(constant.Value, out ulong bits))
        {
            Add(constant, null, (long)bits);
            return;
        }
        Add(constant, constant.Value);
    }

    private void Add(Expression expression, object? detail, long number = 0) =>
        Tokens.Add(new ShapeToken(expression.NodeType, expression.Type, detail, number));

    /// <summary>True for a value found through fields and properties of a root object or of a type: the lambda's captures.</summary>
    private static bool IsClosed(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value is not null && constant.Type != typeof(Type) && constant.Value is not (string or Type or MemberInfo) && !Capture.IsElement(constant.Type),
        MemberExpression member => member.Expression is null || (!Capture.EndsChain(member.Expression.Type) && IsClosed(member.Expression)),
        BinaryExpression { NodeType: ExpressionType.ArrayIndex } element => Capture.RoleOf(element.Type) is CaptureRole.Array or CaptureRole.LazyScalar
            && IsClosed(element.Left) && (element.Right is ConstantExpression || IsClosed(element.Right)),
        _ => false,
    };

    private void VisitCapture(Expression expression)
    {
        int capture = expression is BinaryExpression element ? FindElement(element) : FindPath(expression);
        CaptureOf[expression] = capture;
        Tokens.Add(new ShapeToken(ShapeToken.CaptureKind, expression.Type, null, capture));
        if (Captures[capture].Role != CaptureRole.Function || Captures[capture].Path.ReadObject(Roots[capture]) is not Delegate function || KernelFunction.BodyOf(function) is not { } body)
        {
            return;
        }
        string name = Captures[capture].Path.Name ?? "Function";
        if (_inlined.Exists(f => ReferenceEquals(f.Body, body)))
        {
            throw Throw.FunctionCycle([.. _inlined.SkipWhile(f => !ReferenceEquals(f.Body, body)).Select(f => f.Name), name], _span);
        }
        Functions[capture] = body;
        _inlined.Add((body, name));
        VisitLambda(body);
        _inlined.RemoveAt(_inlined.Count - 1);
    }

    private int FindElement(BinaryExpression element)
    {
        var (members, root) = Path(element.Left);
        var position = element.Right is ConstantExpression constant ? new CapturedElement((int)constant.Value!, -1) : new CapturedElement(0, FindPath(element.Right));
        return Find(members, root, element.Left.Type, element.Type, position);
    }

    private int FindPath(Expression expression)
    {
        var (members, root) = Path(expression);
        return Find(members, root, expression.Type, expression.Type, null);
    }

    private int Find(MemberInfo[] members, object? root, Type pathType, Type type, CapturedElement? element)
    {
        for (int i = 0; i < Captures.Count; i++)
        {
            if (ReferenceEquals(Roots[i], root) && Captures[i].Element == element && Captures[i].Path.Type == pathType && Captures[i].Path.Members.SequenceEqual(members))
            {
                return i;
            }
        }
        CaptureRole role = Capture.RoleOf(type);
        Captures.Add(new Capture(new CapturePath(members, pathType), role, LayoutOf(type, role), element));
        Roots.Add(root);
        return Captures.Count - 1;
    }

    private static ElementLayout? LayoutOf(Type type, CaptureRole role) => role switch
    {
        CaptureRole.Numbers => ElementLayout.Of(type),
        CaptureRole.HostArray => ElementLayout.Of(type.GetElementType()!),
        _ => null,
    };

    private static (MemberInfo[] Members, object? Root) Path(Expression expression)
    {
        var members = new List<MemberInfo>();
        while (expression is MemberExpression member)
        {
            members.Add(member.Member);
            if (member.Expression is null)
            {
                break;
            }
            expression = member.Expression;
        }
        members.Reverse();
        return ([.. members], (expression as ConstantExpression)?.Value);
    }
}
