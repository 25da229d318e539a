using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Avial.Llvm;
using Avial.Numerics;

namespace Avial.Backends.Cpu;

/// <summary>The addresses of the functions that kernels call, by the names that <see cref="RuntimeFunctions"/> gives them.</summary>
internal static unsafe class RuntimeSymbols
{
    private static readonly ConcurrentDictionary<string, nint> s_addresses = new(StringComparer.Ordinal);
    private static readonly ConcurrentBag<Delegate> s_kept = [];
    private static readonly Lazy<nint> s_mathLibrary = new(() => NativeLibrary.Load("libm.so.6"));

    private delegate void SlotCall(byte* arguments, byte* results);

    /// <summary>The address; 0 for a name that is unknown.</summary>
    public static nint Resolve(string name) => s_addresses.GetOrAdd(name, Find);

    private static nint Find(string name)
    {
        if (name.StartsWith(RuntimeFunctions.LibraryPrefix, StringComparison.Ordinal))
        {
            return NativeLibrary.TryGetExport(s_mathLibrary.Value, name[RuntimeFunctions.LibraryPrefix.Length..], out nint address) ? address : 0;
        }
        nint own = name switch
        {
            "binned64.add" => (nint)(delegate* unmanaged[Cdecl]<BinnedSum64*, double, void>)&Add64,
            "binned64.merge" => (nint)(delegate* unmanaged[Cdecl]<BinnedSum64*, BinnedSum64*, void>)&Merge64,
            "binned64.result" => (nint)(delegate* unmanaged[Cdecl]<BinnedSum64*, double>)&Result64,
            "binned32.add" => (nint)(delegate* unmanaged[Cdecl]<BinnedSum32*, float, void>)&Add32,
            "binned32.merge" => (nint)(delegate* unmanaged[Cdecl]<BinnedSum32*, BinnedSum32*, void>)&Merge32,
            "binned32.result" => (nint)(delegate* unmanaged[Cdecl]<BinnedSum32*, float>)&Result32,
            // LLVM calls these by itself: where a choice between halves is known to be the smaller or larger of two numbers, to clear and to copy memory.
            "fmin" or "fminf" or "fmax" or "fmaxf" => NativeLibrary.GetExport(s_mathLibrary.Value, name),
            "memset" or "memcpy" or "memmove" => NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), name),
            _ => 0,
        };
        return own != 0 ? own : RuntimeFunctions.MethodOf(name) is { } method ? OfMethod(method) : 0;
    }

    /// <summary>
    /// A native entry to a method of .NET: arguments in 8-byte slots, the result in the first slot of the results, 1 in the second where it threw. Nothing may be thrown
    /// through native code.
    /// </summary>
    private static nint OfMethod(MethodInfo method)
    {
        var entry = new DynamicMethod($"Slots.{method.Name}", typeof(void), [typeof(byte*), typeof(byte*)], typeof(RuntimeSymbols).Module, skipVisibility: true);
        ILGenerator il = entry.GetILGenerator();
        LocalBuilder result = il.DeclareLocal(method.ReturnType);
        StoreFailure(il, 0);
        il.BeginExceptionBlock();
        ParameterInfo[] parameters = method.GetParameters();
        for (int i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4, i * sizeof(long));
            il.Emit(OpCodes.Add);
            il.Emit(OpCodes.Ldobj, parameters[i].ParameterType);
        }
        il.Emit(OpCodes.Call, method);
        il.Emit(OpCodes.Stloc, result);
        il.BeginCatchBlock(typeof(Exception));
        il.Emit(OpCodes.Pop);
        StoreFailure(il, 1);
        il.EndExceptionBlock();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldloc, result);
        il.Emit(OpCodes.Stobj, method.ReturnType);
        il.Emit(OpCodes.Ret);
        Delegate call = entry.CreateDelegate<SlotCall>();
        s_kept.Add(call);
        return Marshal.GetFunctionPointerForDelegate(call);
    }

    private static void StoreFailure(ILGenerator il, int failed)
    {
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldc_I4, sizeof(long));
        il.Emit(OpCodes.Add);
        il.Emit(OpCodes.Ldc_I4, failed);
        il.Emit(OpCodes.Stind_I1);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Add64(BinnedSum64* sum, double x) => BinnedSum64.AddTo(sum, x);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Merge64(BinnedSum64* sum, BinnedSum64* other) => BinnedSum64.MergeInto(sum, other);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static double Result64(BinnedSum64* sum) => BinnedSum64.ResultOf(sum);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Add32(BinnedSum32* sum, float x) => BinnedSum32.AddTo(sum, x);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Merge32(BinnedSum32* sum, BinnedSum32* other) => BinnedSum32.MergeInto(sum, other);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static float Result32(BinnedSum32* sum) => BinnedSum32.ResultOf(sum);
}
