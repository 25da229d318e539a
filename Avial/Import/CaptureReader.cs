using System.Reflection;
using System.Reflection.Emit;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>Compiles capture paths: no boxing of numbers.</summary>
internal static class CaptureReader
{
    public static CapturePath.ObjectReader CompileObject(ReadOnlySpan<MemberInfo> members, Type type)
    {
        var method = new DynamicMethod("readCapture", typeof(object), [typeof(object)], typeof(CaptureReader).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        EmitPath(il, members, type);
        if (type.IsValueType)
        {
            il.Emit(OpCodes.Box, type);
        }
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<CapturePath.ObjectReader>();
    }

    public static CapturePath.ScalarReader CompileScalars(ReadOnlySpan<MemberInfo> members, Type type)
    {
        ElementLayout layout = ElementLayout.Of(type);
        var method = new DynamicMethod("readCapture", null, [typeof(object), typeof(ulong).MakeByRefType()], typeof(CaptureReader).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        LocalBuilder value = il.DeclareLocal(type);
        EmitPath(il, members, type);
        il.Emit(OpCodes.Stloc, value);
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldc_I4, i * sizeof(ulong));
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldloca, value);
            il.Emit(OpCodes.Ldc_I4, layout.Columns[i].Offset);
            il.Emit(OpCodes.Add);
            EmitLoadBits(il, layout.Columns[i].Type);
            il.Emit(OpCodes.Stind_I8);
        }
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<CapturePath.ScalarReader>();
    }

    private static void EmitPath(ILGenerator il, ReadOnlySpan<MemberInfo> members, Type type)
    {
        il.Emit(OpCodes.Ldarg_0);
        if (members.IsEmpty)
        {
            il.Emit(OpCodes.Unbox_Any, type);
            return;
        }
        Type current = typeof(object);
        foreach (MemberInfo member in members)
        {
            Type owner = member.DeclaringType!;
            MethodInfo? getter = (member as PropertyInfo)?.GetGetMethod(nonPublic: true);
            if (getter?.IsStatic ?? ((FieldInfo)member).IsStatic)
            {
                il.Emit(OpCodes.Pop);
            }
            else if (owner.IsValueType)
            {
                if (current == typeof(object))
                {
                    il.Emit(OpCodes.Unbox, owner);
                }
                else
                {
                    LocalBuilder copy = il.DeclareLocal(current);
                    il.Emit(OpCodes.Stloc, copy);
                    il.Emit(OpCodes.Ldloca, copy);
                }
            }
            else if (current == typeof(object))
            {
                il.Emit(OpCodes.Castclass, owner);
            }
            EmitMember(il, member, getter);
            current = getter?.ReturnType ?? ((FieldInfo)member).FieldType;
        }
    }

    private static void EmitMember(ILGenerator il, MemberInfo member, MethodInfo? getter)
    {
        if (getter is not null)
        {
            il.Emit(getter.IsVirtual && !getter.DeclaringType!.IsValueType ? OpCodes.Callvirt : OpCodes.Call, getter);
            return;
        }
        var field = (FieldInfo)member;
        il.Emit(field.IsStatic ? OpCodes.Ldsfld : OpCodes.Ldfld, field);
    }

    private static void EmitLoadBits(ILGenerator il, ScalarType type)
    {
        il.Emit(type switch
        {
            ScalarType.I8 => OpCodes.Ldind_I1,
            ScalarType.I16 => OpCodes.Ldind_I2,
            ScalarType.I32 => OpCodes.Ldind_I4,
            ScalarType.Bool or ScalarType.U8 => OpCodes.Ldind_U1,
            ScalarType.U16 or ScalarType.F16 => OpCodes.Ldind_U2,
            ScalarType.U32 or ScalarType.F32 => OpCodes.Ldind_U4,
            _ => OpCodes.Ldind_I8,
        });
        il.Emit(type is ScalarType.I8 or ScalarType.I16 or ScalarType.I32 ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
    }
}
