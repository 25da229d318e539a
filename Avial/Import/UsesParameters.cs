using System.Linq.Expressions;

namespace Avial.Import;

/// <summary>Whether an expression depends on a parameter of a lambda around it.</summary>
internal sealed class UsesParameters : ExpressionVisitor
{
    private readonly HashSet<ParameterExpression> _own = [];
    private bool _found;

    public static bool In(Expression expression)
    {
        var visitor = new UsesParameters();
        visitor.Visit(expression);
        return visitor._found;
    }

    protected override Expression VisitLambda<T>(Expression<T> node)
    {
        _own.UnionWith(node.Parameters);
        return base.VisitLambda(node);
    }

    protected override Expression VisitParameter(ParameterExpression node)
    {
        _found |= !_own.Contains(node);
        return node;
    }
}
