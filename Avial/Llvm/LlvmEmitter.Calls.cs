using Avial.IR;

namespace Avial.Llvm;

/// <content>Functions of .NET: as instructions where there are such, else by the C function that .NET calls, else by calling .NET.</content>
internal sealed partial class LlvmEmitter
{
    private string _arguments = "";
    private int _mostArguments;
    private string _results = "";

    private void EmitMath(MathInstruction call)
    {
        ReadOnlySpan<ScalarType> parameters = call.Function.Parameters.AsSpan();
        ScalarType type = parameters[0];
        string[] arguments = [.. call.Arguments.Select(Of)];
        string method = call.Function.Method.Name;
        if (call.Defined.Length == 2)
        {
            EmitGuarded(call, method, type, arguments);
            return;
        }
        Set(call.Defined[0], InlineMath.Find(call.Function) is { } inline ? inline(this, type, arguments)
            : InlineMath.LibraryName(call.Function) is { } library
            ? CallExternal(RuntimeFunctions.LibraryPrefix + library, LlvmTypes.Of(call.Function.Result), [.. call.Arguments.Select(Typed)])
            : CallMethod(RuntimeFunctions.OfMath(call.Function), call.Function.Result, [.. call.Arguments.Select(Typed)]));
    }

    // (result, failed) = function(arguments)
    private void EmitGuarded(MathInstruction call, string method, ScalarType type, string[] arguments)
    {
        string name = LlvmTypes.Of(type);
        if (method == "Abs" && type.IsSigned() && call.Function.Result == type)
        {
            string least = LlvmTypes.Constant(type, (ulong)IntegerLimits.Of(type).Low);
            Set(call.Defined[1], Define($"icmp eq {name} {arguments[0]}, {least}"));
            Set(call.Defined[0], Intrinsic($"llvm.abs.{name}", name, $"{name} {arguments[0]}", "i1 false"));
            return;
        }
        // Those of double and float themselves treat NaN in another way.
        if (method == "Clamp" && call.Function.Parameters.All(p => p == type) && (type.IsInteger() || call.Function.Method.DeclaringType == typeof(Math)))
        {
            EmitClamp(call, type, arguments);
            return;
        }
        string result = CallMethod(RuntimeFunctions.OfMath(call.Function), call.Function.Result, [.. call.Arguments.Select(Typed)]);
        string failed = Define($"load i8, ptr {Slot(_results, 1)}, align 8");
        Set(call.Defined[0], result);
        Set(call.Defined[1], Define($"trunc i8 {failed} to i1"));
    }

    // low > high fails; x < low ? low : x > high ? high : x
    private void EmitClamp(MathInstruction call, ScalarType type, string[] arguments)
    {
        string name = LlvmTypes.Of(type);
        string less = type.IsFloat() ? "fcmp olt" : type.IsSigned() ? "icmp slt" : "icmp ult";
        (string x, string low, string high) = (arguments[0], arguments[1], arguments[2]);
        Set(call.Defined[1], Define($"{less} {name} {high}, {low}"));
        string isBelow = Define($"{less} {name} {x}, {low}");
        string isAbove = Define($"{less} {name} {high}, {x}");
        string above = Define($"select i1 {isAbove}, {name} {high}, {name} {x}");
        Set(call.Defined[0], Define($"select i1 {isBelow}, {name} {low}, {name} {above}"));
    }

    /// <summary>Calls .NET: arguments in 8-byte slots, the result in the first of two more, whether it threw in the second.</summary>
    private string CallMethod(string function, ScalarType result, params ReadOnlySpan<string> typedArguments)
    {
        if (_arguments.Length == 0)
        {
            _arguments = NewName();
            _results = NewName();
        }
        _mostArguments = Math.Max(_mostArguments, typedArguments.Length);
        for (int i = 0; i < typedArguments.Length; i++)
        {
            string value = typedArguments[i].StartsWith("i1 ", StringComparison.Ordinal) ? $"i8 {Define($"zext {typedArguments[i]} to i8")}" : typedArguments[i];
            Line($"store {value}, ptr {Slot(_arguments, i)}, align 8");
        }
        _externals.Add(function);
        _declarations.Add($"void @{Quoted(function)}(ptr, ptr) #2");
        Line($"call void @{Quoted(function)}(ptr {_arguments}, ptr {_results})");
        string loaded = Define($"load {LlvmTypes.InMemory(result)}, ptr {_results}, align 8");
        return result == ScalarType.Bool ? Define($"trunc i8 {loaded} to i1") : loaded;
    }

    private void AllocateSlots()
    {
        if (_arguments.Length > 0)
        {
            Allocate(_arguments, $"[{_mostArguments} x i64]", 8);
            Allocate(_results, "[2 x i64]", 8);
        }
    }

    internal string InlineIntrinsic(string name, ScalarType result, params ReadOnlySpan<string> typedArguments) => Intrinsic(name, LlvmTypes.Of(result), typedArguments);

    internal string InlineDefine(string expression) => Define(expression);
}
