using System.Reflection;
using Avial.Diagnostics;

namespace Avial.IR;

/// <summary>The conversion operators of <see cref="Half"/>.</summary>
internal static class HalfConversions
{
    /// <summary>The operator that C# calls.</summary>
    public static MethodInfo Find(Type from, Type to, ConvertMode mode)
    {
        string[] names = mode == ConvertMode.Checked ? ["op_CheckedExplicit", "op_Explicit", "op_Implicit"] : ["op_Explicit", "op_Implicit"];
        MethodInfo[] conversions =
        [
            .. typeof(Half).GetMethods(BindingFlags.Public | BindingFlags.Static)
                .Where(m => m.ReturnType == to && m.GetParameters() is [{ ParameterType: var parameter }] && parameter == from),
        ];
        return names.Select(name => Array.Find(conversions, m => m.Name == name)).FirstOrDefault(m => m is not null)
            ?? throw new InternalErrorException($"Half has no conversion from {from.Name} to {to.Name}.");
    }
}
