using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using Avial.IR;

namespace Avial.Numerics;

/// <summary>A scalar function of .NET on slots: reads its arguments from consecutive slots.</summary>
internal unsafe delegate ulong SlotFunction(ulong* arguments);

/// <summary>Calls of .NET's scalar functions on <see cref="ScalarBits"/> slots.</summary>
internal static unsafe class ScalarCalls
{
    private static readonly ConcurrentDictionary<MethodInfo, SlotFunction> s_functions = [];

    private static readonly MethodInfo s_of = typeof(ScalarBits).GetMethod(nameof(ScalarBits.Of))!;

    private static readonly MethodInfo s_to = typeof(ScalarBits).GetMethod(nameof(ScalarBits.To))!;

    /// <summary>The function as a delegate, compiled once per process.</summary>
    public static SlotFunction Of(MathFunction function) => s_functions.GetOrAdd(function.Method, static (_, f) => Compile(f), function);

    /// <summary>Calls the function; false when it throws.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Whatever the function throws is the trap.")]
    public static bool TryCall(MathFunction function, ReadOnlySpan<ulong> arguments, out ulong result, out TrapKind trap)
    {
        SlotFunction call = Of(function);
        trap = default;
        try
        {
            fixed (ulong* slots = arguments)
            {
                result = call(slots);
            }
            return true;
        }
        catch (Exception)
        {
            result = 0;
            trap = TrapKind.MathDomain;
            return false;
        }
    }

    private static SlotFunction Compile(MathFunction function)
    {
        var method = new DynamicMethod(function.Name, typeof(ulong), [typeof(ulong*)], typeof(ScalarCalls).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        for (int i = 0; i < function.Parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, i * sizeof(ulong));
            il.Emit(OpCodes.Conv_I);
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldobj, typeof(ulong));
            il.Emit(OpCodes.Call, s_to.MakeGenericMethod(function.Parameters[i].ClrType()));
        }
        il.Emit(OpCodes.Call, function.Method);
        il.Emit(OpCodes.Call, s_of.MakeGenericMethod(function.Result.ClrType()));
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<SlotFunction>();
    }
}
