using System.Collections.Immutable;
using System.Collections.ObjectModel;
using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

// Reads of arrays, their borders and extents.
internal sealed partial class BodyImporter
{
    /// <summary>An array as a body names it: the operand, what is outside, and the origin of a partial array.</summary>
    private readonly record struct ArrayReference(int Operand, ElementLayout Element, BorderKind Border, KernelValue? Outside, ImmutableArray<Value> Origin);

    /// <summary>True for <c>x[...]</c>, <c>x.Wrap[...]</c>, <c>x.Or(v)[...]</c> and <c>self[...]</c>.</summary>
    private static bool IsRead(MethodCallExpression call) =>
        call.Object is not null && call.Method.Name is "get_Item" or "Get" && (IsArray(call.Object) || BorderOf(call.Object) is not null);

    private static bool IsArray(Expression expression) =>
        Capture.RoleOf(expression.Type) is CaptureRole.Array || (expression.Type.IsArray && Capture.RoleOf(expression.Type) == CaptureRole.HostArray);

    /// <summary>The array and the kind of border of <c>x.Wrap</c>, <c>x.Clamp</c> and <c>x.Or(v)</c>.</summary>
    private static (Expression Array, BorderKind Kind, Expression? Outside)? BorderOf(Expression expression) => expression switch
    {
        MemberExpression { Expression: { } array, Member.Name: "Wrap" } when Capture.RoleOf(array.Type) == CaptureRole.Array => (array, BorderKind.Wrap, null),
        MemberExpression { Expression: { } array, Member.Name: "Clamp" } when Capture.RoleOf(array.Type) == CaptureRole.Array => (array, BorderKind.Clamp, null),
        MethodCallExpression { Object: { } array, Method.Name: "Or" } call when Capture.RoleOf(array.Type) == CaptureRole.Array => (array, BorderKind.Or, call.Arguments[0]),
        _ => null,
    };

    /// <summary>Reads an element, or only the columns of one of its fields.</summary>
    private KernelValue VisitRead(Expression read, Expression source, ReadOnlyCollection<Expression> indices, FieldSlice? slice)
    {
        ArrayReference array = Resolve(source, read);
        var affine = ImmutableArray.CreateBuilder<AffineIndex>();
        for (int axis = 0; axis < indices.Count; axis++)
        {
            Value index = ConvertNumber(VisitNumber(indices[axis]), ScalarType.I64, false, indices[axis]);
            AffineIndex form = _facts.Index(index);
            affine.Add(array.Origin.IsEmpty ? form : form - AffineIndex.Of(array.Origin[axis]));
        }
        FieldSlice columns = slice ?? new FieldSlice(array.Element.Type, 0, array.Element.Columns.Length);
        var values = ImmutableArray.CreateBuilder<Value>();
        for (int column = columns.First; column < columns.First + columns.Count; column++)
        {
            values.Add(Load(array, column, affine.ToImmutable(), read));
        }
        return new KernelValue(columns.Type, values.ToImmutable());
    }

    private Value Load(ArrayReference array, int column, ImmutableArray<AffineIndex> indices, Expression read)
    {
        var place = new Access(array.Operand, column, indices, array.Border, array.Outside?.Columns[column], [], true, BoundsProof.Unknown, SourceSpan.None);
        if (_scope.FindLoad(place) is { } known)
        {
            return known;
        }
        Value result = _numbers.New(array.Element.ColumnTypes[column]);
        SourceSpan span = At(read);
        _scope.Builder.Add(new LoadInstruction(result, place with { Guard = _scope.Guard, GuardIsExact = _scope.GuardIsExact, Span = span }) { Span = span });
        _scope.AddLoad(place, result);
        return result;
    }

    private ArrayReference Resolve(Expression source, Expression read)
    {
        if (BorderOf(source) is { } border)
        {
            ArrayReference inner = ResolveArray(border.Array, read);
            KernelValue? outside = border.Outside is null ? null : Visit(border.Outside);
            CheckOrigin(inner, border.Kind, border.Array);
            return inner with { Border = border.Kind, Outside = outside };
        }
        ArrayReference array = ResolveArray(source, read);
        CheckOrigin(array, BorderKind.None, source);
        return array;
    }

    private void CheckOrigin(ArrayReference array, BorderKind border, Expression source)
    {
        if (!array.Origin.IsEmpty && border != BorderKind.Or)
        {
            throw Throw.PartialArrayRead(ExpressionText.Of(source), _span);
        }
    }

    private ArrayReference ResolveArray(Expression source, Expression read)
    {
        if (source == _selfParameter)
        {
            return new ArrayReference(0, _self!, BorderKind.None, null, []);
        }
        if (_shape.CaptureOf.TryGetValue(source, out int capture) && _captured.ArrayOf[capture] is >= 0 and var array)
        {
            return new ArrayReference(array + (_self is null ? 0 : 1), _captured.ArrayTypes[array].Element, BorderKind.None, null, _originOf.GetValueOrDefault(capture, []));
        }
        throw Throw.UnsupportedInBody(ExpressionText.Of(read), "a read of an array that the body computes or chooses",
            source is ConditionalExpression ? "read first and choose then: condition ? a[i] : b[i]" : "capture the array itself in a variable before the task", _span);
    }

    /// <summary><c>x.Length</c>, or <c>x.GetLength(axis)</c> with an axis that is a constant.</summary>
    private KernelValue VisitLength(Expression expression, Expression source, Expression? axis)
    {
        ArrayReference array = ResolveArray(source, expression);
        int rank = array.Operand == 0 && _self is not null ? _rank : _captured.ArrayTypes[array.Operand - (_self is null ? 0 : 1)].Rank;
        Value length;
        if (axis is null)
        {
            length = Extent(array.Operand, 0);
            for (int i = 1; i < rank; i++)
            {
                length = Arithmetic(BinaryOp.Multiply, length, Extent(array.Operand, i), expression);
            }
        }
        else if (axis is ConstantExpression { Value: int number } && number >= 0 && number < rank)
        {
            length = Extent(array.Operand, number);
        }
        else
        {
            throw Throw.UnsupportedInBody(ExpressionText.Of(expression), $"the extent along an axis that is no constant from 0 to {rank - 1}", "write the axis as a number", _span);
        }
        return new KernelValue(expression.Type, ConvertNumber(length, ScalarTypes.Of(expression.Type)!.Value, false, expression));
    }

    private Value Extent(int operand, int axis)
    {
        Value extent = _root.Builder.Pure(ScalarType.I64, r => new ExtentInstruction(r, operand, axis));
        _facts.AddAtom(extent, new IntegerRange(0, ValueFacts.AnyIndex.High));
        return extent;
    }
}
