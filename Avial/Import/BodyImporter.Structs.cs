using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

// Structs: field reads, constructors, initialisers.
internal sealed partial class BodyImporter
{
    private KernelValue VisitMember(MemberExpression member, FieldSlice? inner)
    {
        Expression? owner = member.Expression;
        if (owner is null)
        {
            throw Throw.UnsupportedCapture(ExpressionText.Of(member), member.Type, _span);
        }
        if (Capture.RoleOf(owner.Type) == CaptureRole.LazyScalar && member.Member.Name == "Value" && _shape.CaptureOf.TryGetValue(owner, out int capture))
        {
            return Take(_numbersOf[capture], inner);
        }
        if (IsArray(owner) || owner.Type.IsArray)
        {
            return member.Member.Name is "Length" or "LongLength" ? VisitLength(member, owner, null)
                : throw Throw.UnsupportedInBody(ExpressionText.Of(member), $"'{member.Member.Name}' of an array", "a body may read elements, Length and GetLength(axis); compute anything else before the task and capture it", _span);
        }
        if (!Capture.IsElement(owner.Type) || ScalarTypes.Of(owner.Type) is not null)
        {
            throw Unsupported(Capture.IsElement(member.Type) ? owner : member);
        }
        FieldSlice slice = FieldSlice.Of(owner.Type, member.Member) ?? throw Throw.ComputedProperty(ExpressionText.Of(member), owner.Type, member.Member.Name, _span);
        if (inner is { } field)
        {
            slice = field with { First = slice.First + field.First };
        }
        // A field of an element loads the columns of that field alone.
        return owner switch
        {
            _ when _shape.CaptureOf.ContainsKey(owner) => Take(Visit(owner), slice),
            MemberExpression outer => VisitMember(outer, slice),
            MethodCallExpression call when IsRead(call) => VisitRead(call, call.Object!, call.Arguments, slice),
            BinaryExpression { NodeType: ExpressionType.ArrayIndex } element => VisitRead(element, element.Left, new([element.Right]), slice),
            _ => Take(Visit(owner), slice),
        };
    }

    private static KernelValue Take(KernelValue value, FieldSlice? slice) =>
        slice is { } s ? new KernelValue(s.Type, value.Columns.Slice(s.First, s.Count)) : value;

    private KernelValue VisitNew(NewExpression creation)
    {
        if (!Capture.IsElement(creation.Type))
        {
            throw Unsupported(creation);
        }
        if (creation.Constructor is null)
        {
            return Default(creation.Type, creation);
        }
        ImmutableArray<FieldSlice> slices = StructConstructor.Of(creation.Constructor)
            ?? throw Throw.OpaqueConstructor(ExpressionText.Of(creation), creation.Type, _span);
        return Assemble(creation.Type, slices, [.. creation.Arguments.Select(Visit)]);
    }

    private KernelValue Assemble(Type type, ImmutableArray<FieldSlice> slices, ImmutableArray<KernelValue> parts)
    {
        ElementLayout layout = ElementLayout.Of(type);
        var columns = new Value?[layout.Columns.Length];
        for (int i = 0; i < slices.Length; i++)
        {
            for (int c = 0; c < slices[i].Count; c++)
            {
                columns[slices[i].First + c] = parts[i].Columns[c];
            }
        }
        return new KernelValue(type, [.. columns.Select((c, i) => c ?? Constant(layout.ColumnTypes[i], 0))]);
    }

    private KernelValue VisitInit(MemberInitExpression init)
    {
        if (!Capture.IsElement(init.Type))
        {
            throw Unsupported(init.NewExpression);
        }
        var columns = VisitNew(init.NewExpression).Columns.ToBuilder();
        Bind(init, init.Type, init.Bindings, columns, 0);
        return new KernelValue(init.Type, columns.ToImmutable());
    }

    private void Bind(Expression init, Type type, IEnumerable<MemberBinding> bindings, ImmutableArray<Value>.Builder columns, int offset)
    {
        foreach (MemberBinding binding in bindings)
        {
            FieldSlice slice = FieldSlice.Of(type, binding.Member) ?? throw Throw.ComputedProperty($"{ExpressionText.Of(init)}", type, binding.Member.Name, _span);
            switch (binding)
            {
                case MemberAssignment assignment:
                    KernelValue value = Visit(assignment.Expression);
                    for (int c = 0; c < slice.Count; c++)
                    {
                        columns[offset + slice.First + c] = value.Columns[c];
                    }
                    break;
                case MemberMemberBinding nested:
                    Bind(init, slice.Type, nested.Bindings, columns, offset + slice.First);
                    break;
                default:
                    throw Unsupported(init);
            }
        }
    }

    private static KernelValue Tuple(Type type, params ReadOnlySpan<KernelValue> items)
    {
        var columns = ImmutableArray.CreateBuilder<Value>();
        foreach (KernelValue item in items)
        {
            columns.AddRange(item.Columns);
        }
        return new KernelValue(type, columns.ToImmutable());
    }
}
