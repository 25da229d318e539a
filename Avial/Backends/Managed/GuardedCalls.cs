using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;

namespace Avial.Backends.Managed;

/// <summary>For a method that may throw, a method with one more parameter, <c>bool* failed</c>, that catches instead.</summary>
internal static class GuardedCalls
{
    private static readonly ConcurrentDictionary<MethodInfo, DynamicMethod> s_methods = [];

    public static DynamicMethod Of(MethodInfo method) => s_methods.GetOrAdd(method, Emit);

    private static DynamicMethod Emit(MethodInfo method)
    {
        Type[] parameters = [.. method.GetParameters().Select(p => p.ParameterType)];
        var guarded = new DynamicMethod($"Guarded.{method.Name}", method.ReturnType, [.. parameters, typeof(bool).MakeByRefType()],
            typeof(GuardedCalls).Module, skipVisibility: true);
        ILGenerator il = guarded.GetILGenerator();
        LocalBuilder result = il.DeclareLocal(method.ReturnType);
        il.Emit(OpCodes.Ldarg, parameters.Length);
        il.Emit(OpCodes.Ldc_I4_0);
        il.Emit(OpCodes.Stind_I1);
        il.BeginExceptionBlock();
        for (int i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg, i);
        }
        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Stloc, result);
        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ldarg, parameters.Length);
        il.Emit(OpCodes.Ldc_I4_1);
        il.Emit(OpCodes.Stind_I1);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Ret);
        return guarded;
    }
}
