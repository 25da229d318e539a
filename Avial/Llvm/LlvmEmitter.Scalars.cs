using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <content>Scalar arithmetic, as C# compiles it.</content>
internal sealed partial class LlvmEmitter
{
    private string Unary(UnaryInstruction unary)
    {
        ScalarType type = unary.Result.Type;
        string operand = Of(unary.Operand);
        return unary.Op switch
        {
            UnaryOp.Negate when type.IsFloat() => Define($"fneg {LlvmTypes.Of(type)} {operand}"),
            UnaryOp.Negate => Define($"sub {LlvmTypes.Of(type)} 0, {operand}"),
            UnaryOp.Not => Define($"xor {LlvmTypes.Of(type)} {operand}, {(type == ScalarType.Bool ? "true" : "-1")}"),
            _ => throw new InternalErrorException($"LLVM code for {unary.Op} of {type.Text()} is not known."),
        };
    }

    private string Binary(BinaryInstruction binary)
    {
        ScalarType type = binary.Result.Type;
        string left = Of(binary.Left);
        string right = Of(binary.Right);
        if (type == ScalarType.F16 && binary.Op is BinaryOp.Min or BinaryOp.Max)
        {
            return HalfExtreme(binary.Op, left, right);
        }
        if (type == ScalarType.F16)
        {
            // As .NET computes with halves: in float, rounded back.
            return Narrow(FloatBinary(binary.Op, ScalarType.F32, Widen(left), Widen(right)));
        }
        return type.IsFloat() ? FloatBinary(binary.Op, type, left, right) : IntegerBinary(binary, type, left, right);
    }

    private string FloatBinary(BinaryOp op, ScalarType type, string left, string right)
    {
        string name = LlvmTypes.Of(type);
        return op switch
        {
            BinaryOp.Remainder => CallExternal(type == ScalarType.F64 ? "avial.fmod" : "avial.fmodf", name, $"{name} {left}", $"{name} {right}"),
            BinaryOp.Min or BinaryOp.Max => Intrinsic($"{ExtremeName(op, type)}.{LlvmTypes.Suffix(type)}", name, $"{name} {left}", $"{name} {right}"),
            _ => Define($"{OperationName(op, type)} {name} {left}, {right}"),
        };
    }

    // LLVM 19 gives the other operand for a NaN of type half: so a is NaN or beyond b, or equal to it and of the sign asked for ? a : b.
    private string HalfExtreme(BinaryOp op, string a, string b)
    {
        (string wideA, string wideB) = (Widen(a), Widen(b));
        string isNaN = Define($"fcmp uno float {wideA}, {wideA}");
        string isBeyond = Define($"fcmp {(op == BinaryOp.Min ? "olt" : "ogt")} float {wideA}, {wideB}");
        string isEqual = Define($"fcmp oeq float {wideA}, {wideB}");
        string bits = Define($"bitcast half {a} to i16");
        string hasSign = Define($"icmp {(op == BinaryOp.Min ? "slt" : "sge")} i16 {bits}, 0");
        string isFirst = Define($"and i1 {isEqual}, {hasSign}");
        string either = Define($"or i1 {isNaN}, {isBeyond}");
        string takesA = Define($"or i1 {either}, {isFirst}");
        return Define($"select i1 {takesA}, half {a}, half {b}");
    }

    private string IntegerBinary(BinaryInstruction binary, ScalarType type, string left, string right)
    {
        string name = LlvmTypes.Of(type);
        return binary.Op switch
        {
            BinaryOp.ShiftLeft or BinaryOp.ShiftRight => Define($"{OperationName(binary.Op, type)} {name} {left}, {ShiftCount(binary.Right, type)}"),
            BinaryOp.Min or BinaryOp.Max => Intrinsic($"{ExtremeName(binary.Op, type)}.{name}", name, $"{name} {left}", $"{name} {right}"),
            _ => Define($"{OperationName(binary.Op, type)} {name} {left}, {right}"),
        };
    }

    // What the operation is called, on scalars and on vectors.
    private static string OperationName(BinaryOp op, ScalarType type) => (op, type.IsFloat(), type.IsSigned()) switch
    {
        (BinaryOp.Add, true, _) => "fadd",
        (BinaryOp.Subtract, true, _) => "fsub",
        (BinaryOp.Multiply, true, _) => "fmul",
        (BinaryOp.Divide, true, _) => "fdiv",
        (BinaryOp.Add, false, _) => "add",
        (BinaryOp.Subtract, false, _) => "sub",
        (BinaryOp.Multiply, false, _) => "mul",
        (BinaryOp.Divide, false, var isSigned) => isSigned ? "sdiv" : "udiv",
        (BinaryOp.Remainder, false, var isSigned) => isSigned ? "srem" : "urem",
        (BinaryOp.And, false, _) => "and",
        (BinaryOp.Or, false, _) => "or",
        (BinaryOp.Xor, false, _) => "xor",
        (BinaryOp.ShiftLeft, false, _) => "shl",
        (BinaryOp.ShiftRight, false, var isSigned) => isSigned ? "ashr" : "lshr",
        _ => throw new InternalErrorException($"LLVM code for {op} of {type.Text()} is not known."),
    };

    // The intrinsic of a minimum or maximum, without the suffix for its type.
    private static string ExtremeName(BinaryOp op, ScalarType type)
    {
        string extreme = op == BinaryOp.Min ? "min" : "max";
        return type.IsFloat() ? $"llvm.{extreme}imum" : $"llvm.{(type.IsSigned() ? "s" : "u")}{extreme}";
    }

    // The count is masked to the width, as C# does.
    private string ShiftCount(Value count, ScalarType type)
    {
        string masked = Define($"and i32 {Of(count)}, {type.Size() * 8 - 1}");
        return type.Size() switch
        {
            4 => masked,
            8 => Define($"zext i32 {masked} to i64"),
            _ => Define($"trunc i32 {masked} to {LlvmTypes.Of(type)}"),
        };
    }

    private string Compare(CompareInstruction compare)
    {
        ScalarType type = compare.Left.Type;
        string left = Of(compare.Left);
        string right = Of(compare.Right);
        if (type == ScalarType.F16)
        {
            (type, left, right) = (ScalarType.F32, Widen(left), Widen(right));
        }
        return Define($"{(type.IsFloat() ? "fcmp" : "icmp")} {Relation(compare.Op, type)} {LlvmTypes.Of(type)} {left}, {right}");
    }

    // With NaN all but "not equal" are false.
    private static string Relation(CompareOp op, ScalarType type)
    {
        string order = type.IsFloat() ? "o" : type.IsSigned() ? "s" : "u";
        return op switch
        {
            CompareOp.Equal => type.IsFloat() ? "oeq" : "eq",
            CompareOp.NotEqual => type.IsFloat() ? "une" : "ne",
            CompareOp.Less => order + "lt",
            CompareOp.LessOrEqual => order + "le",
            CompareOp.Greater => order + "gt",
            _ => order + "ge",
        };
    }

    private string Fma(FmaInstruction fma)
    {
        ScalarType type = fma.Result.Type;
        string name = LlvmTypes.Of(type);
        return type == ScalarType.F16
            ? CallMethod(RuntimeFunctions.HalfFma, type, Typed(fma.A), Typed(fma.B), Typed(fma.C))
            : Intrinsic($"llvm.fma.{LlvmTypes.Suffix(type)}", name, Typed(fma.A), Typed(fma.B), Typed(fma.C));
    }

    private string Overflow(OverflowInstruction overflow)
    {
        ScalarType type = overflow.Left.Type;
        string name = LlvmTypes.Of(type);
        string operation = overflow.Op switch
        {
            BinaryOp.Add => "add",
            BinaryOp.Subtract => "sub",
            BinaryOp.Multiply => "mul",
            _ => throw new InternalErrorException($"There is no overflow test of {overflow.Op}."),
        };
        string function = $"llvm.{(type.IsSigned() ? "s" : "u")}{operation}.with.overflow.{name}";
        string both = $"{{ {name}, i1 }}";
        _declarations.Add($"{both} @{function}({name}, {name})");
        string pair = Define($"call {both} @{function}({Typed(overflow.Left)}, {Typed(overflow.Right)})");
        return Define($"extractvalue {both} {pair}, 1");
    }

    private string Random(RandomInstruction random)
    {
        string arguments = $"{Typed(random.Seed)}, {Typed(random.Stream)}, {Typed(random.Index)}";
        ScalarType type = random.Result.Type;
        string name = LlvmTypes.Of(type);
        switch (random.Kind, type)
        {
            case (RandomKind.Uniform, ScalarType.F32 or ScalarType.F64):
                return CallLibrary(type == ScalarType.F64 ? LlvmLibraryFunction.Uniform64 : LlvmLibraryFunction.Uniform32, name, arguments);
            case (RandomKind.Normal, ScalarType.F64):
                return CallLibrary(LlvmLibraryFunction.Normal64, "double", arguments);
            case (RandomKind.Normal, ScalarType.F32):
                return Define($"fptrunc double {CallLibrary(LlvmLibraryFunction.Normal64, "double", arguments)} to float");
            case (RandomKind.Bits, ScalarType.U64):
                return CallLibrary(LlvmLibraryFunction.Bits64, "i64", arguments);
            case (RandomKind.Bits, ScalarType.U32):
                return CallLibrary(LlvmLibraryFunction.Bits32, "i32", arguments);
            case (RandomKind.Bits, ScalarType.U8 or ScalarType.U16):
                return Define($"trunc i32 {CallLibrary(LlvmLibraryFunction.Bits32, "i32", arguments)} to {name}");
            case (_, ScalarType.F16):
                return CallMethod(RuntimeFunctions.OfRandom(random.Kind), type, Typed(random.Seed), Typed(random.Stream), Typed(random.Index));
            default:
                throw new InternalErrorException($"There are no {random.Kind} random numbers of type {type.Text()}.");
        }
    }

    private string CallLibrary(string function, string result, string arguments)
    {
        _library.UnionWith(LlvmLibraryFunction.WithNeeds(function));
        return Define($"call {result} @{function}({arguments})");
    }
}
