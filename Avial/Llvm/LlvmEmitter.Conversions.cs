using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <content>Conversions, as C# compiles them: floats to integers saturate since .NET 9, those to narrow integers in 32 bits.</content>
internal sealed partial class LlvmEmitter
{
    private string Convert(string value, ScalarType from, ScalarType to)
    {
        if (from == ScalarType.F16 || to == ScalarType.F16)
        {
            return ConvertHalf(value, from, to);
        }
        if (from.IsFloat() && !to.IsFloat())
        {
            return Truncate(value, from, to);
        }
        return ConversionName(from, to) is { } operation ? Define($"{operation} {LlvmTypes.Of(from)} {value} to {LlvmTypes.Of(to)}") : value;
    }

    // The instruction that converts, on scalars and on vectors; null where the bits stay. Floats to integers, and halves, are not one instruction.
    private static string? ConversionName(ScalarType from, ScalarType to) => from == to ? null
        : from == ScalarType.Bool ? "zext"
        : from.IsFloat() ? from == ScalarType.F32 ? "fpext" : "fptrunc"
        : to.IsFloat() ? from.IsSigned() ? "sitofp" : "uitofp"
        : to.Size() == from.Size() ? null
        : to.Size() < from.Size() ? "trunc"
        : from.IsSigned() ? "sext" : "zext";

    private string Truncate(string value, ScalarType from, ScalarType to)
    {
        ScalarType direct = to.Size() < 4 ? ScalarType.I32 : to;
        string name = LlvmTypes.Of(direct);
        string saturated = Intrinsic($"llvm.fpto{(direct.IsSigned() ? "s" : "u")}i.sat.{name}.{LlvmTypes.Suffix(from)}", name, $"{LlvmTypes.Of(from)} {value}");
        return direct == to ? saturated : Define($"trunc i32 {saturated} to {LlvmTypes.Of(to)}");
    }

    private string ConvertHalf(string value, ScalarType from, ScalarType to)
    {
        switch (from, to)
        {
            case (ScalarType.F16, ScalarType.F16):
                return value;
            case (ScalarType.F16, ScalarType.F32):
                return Widen(value);
            case (ScalarType.F16, ScalarType.F64):
                return Convert(Widen(value), ScalarType.F32, ScalarType.F64);
            case (ScalarType.F32, ScalarType.F16):
                return Narrow(value);
            default:
                return CallMethod(RuntimeFunctions.OfConversion(from, to), to, $"{LlvmTypes.Of(from)} {value}");
        }
    }

    private string Widen(string half) => Define($"fpext half {half} to float");

    private string Narrow(string value) => Define($"fptrunc float {value} to half");

    private string ConvertFits(ConvertFitsInstruction fits)
    {
        ScalarType from = fits.Operand.Type;
        string operand = Of(fits.Operand);
        if (from.IsFloat())
        {
            string value = Convert(operand, from, ScalarType.F64);
            (double above, double below) = IntegerLimits.Truncated(fits.To);
            string isAbove = Define($"fcmp ogt double {value}, {Double(above)}");
            string isBelow = Define($"fcmp olt double {value}, {Double(below)}");
            return Define($"and i1 {isAbove}, {isBelow}");
        }
        (long low, long high) = IntegerLimits.Of(fits.To);
        if (from == ScalarType.U64)
        {
            return fits.To == ScalarType.U64 ? "true" : Define($"icmp ule i64 {operand}, {high}");
        }
        string wide = Convert(operand, from, ScalarType.I64);
        string isNotLess = Define($"icmp sge i64 {wide}, {low}");
        string isNotMore = Define($"icmp sle i64 {wide}, {high}");
        return Define($"and i1 {isNotLess}, {isNotMore}");
    }

    private static string Double(double value) => LlvmTypes.Constant(ScalarType.F64, BitConverter.DoubleToUInt64Bits(value));
}
