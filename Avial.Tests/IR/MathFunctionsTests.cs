using System.Numerics;
using System.Reflection;
using Avial.IR;

namespace Avial.Tests.IR;

public sealed class MathFunctionsTests
{
    [Test]
    public void Find_ByNameAndTypes_IsUnique()
    {
        foreach (MathFunction function in MathFunctions.All)
        {
            Assert.That(MathFunctions.Find(function.Name, function.Parameters.AsSpan()), Is.EqualTo(function));
            Assert.That(MathFunctions.Find(function.Method), Is.SameAs(function));
        }
    }

    [TestCase("Math.Sin", false, ScalarType.F64)]
    [TestCase("MathF.Pow", false, ScalarType.F32, ScalarType.F32)]
    [TestCase("Double.RootN", false, ScalarType.F64, ScalarType.I32)]
    [TestCase("Half.Sqrt", false, ScalarType.F16)]
    [TestCase("BitOperations.PopCount", false, ScalarType.U64)]
    [TestCase("Double.IsNaN", false, ScalarType.F64)]
    [TestCase("Math.Abs", true, ScalarType.I32)]
    [TestCase("Math.Abs", false, ScalarType.F64)]
    [TestCase("Math.Round", true, ScalarType.F64, ScalarType.I32)]
    [TestCase("Math.Round.MidpointRounding", true, ScalarType.F64, ScalarType.I32)]
    [TestCase("Int32.Log2", true, ScalarType.I32)]
    public void Find_OfAKnownFunction_TellsWhetherItThrows(string name, bool mayThrow, params ScalarType[] parameters)
    {
        MathFunction? function = MathFunctions.Find(name, parameters);

        Assert.That(function?.MayThrow, Is.EqualTo(mayThrow));
    }

    [TestCase("Math.DivRem", ScalarType.I32, ScalarType.I32)]
    [TestCase("Math.ReciprocalEstimate", ScalarType.F64)]
    [TestCase("Double.MaxNative", ScalarType.F64, ScalarType.F64)]
    [TestCase("Half.op_Addition", ScalarType.F16, ScalarType.F16)]
    [TestCase("Math.Sin", ScalarType.F32)]
    public void Find_OfWhatBodiesMayNotCall_IsNull(string name, params ScalarType[] parameters) =>
        Assert.That(MathFunctions.Find(name, parameters), Is.Null);

    [Test]
    public void MayThrow_OfEveryFunction_IsWhatItsEdgeCasesShow()
    {
        Assert.Multiple(() =>
        {
            foreach (MathFunction function in MathFunctions.All)
            {
                Assert.That(ThrowsForSomeEdgeCase(function.Method), Is.EqualTo(function.MayThrow),
                    $"{function.Name}({string.Join(", ", function.Parameters)})");
            }
        });
    }

    private static bool ThrowsForSomeEdgeCase(MethodInfo method)
    {
        object[][] choices = [.. method.GetParameters().Select(p => EdgeCases(p.ParameterType))];
        IEnumerable<object[]> tuples = [[]];
        foreach (object[] choice in choices)
        {
            tuples = tuples.SelectMany(t => choice.Select(c => (object[])[.. t, c]));
        }
        return tuples.Any(tuple => Fails(method, tuple));
    }

    private static bool Fails(MethodInfo method, object[] arguments)
    {
        try
        {
            method.Invoke(null, arguments);
            return false;
        }
        catch (TargetInvocationException)
        {
            return true;
        }
    }

    private static object[] EdgeCases(Type type)
    {
        if (type.IsEnum)
        {
            return [Enum.ToObject(type, 0), Enum.ToObject(type, 1), Enum.ToObject(type, 99)];
        }
        return type == typeof(bool) ? [false, true]
            : type == typeof(double) ? Floats<double>() : type == typeof(float) ? Floats<float>() : type == typeof(Half) ? Floats<Half>()
            : type == typeof(sbyte) ? Integers<sbyte>() : type == typeof(short) ? Integers<short>() : type == typeof(int) ? Integers<int>()
            : type == typeof(long) ? Integers<long>() : type == typeof(byte) ? Integers<byte>() : type == typeof(ushort) ? Integers<ushort>()
            : type == typeof(uint) ? Integers<uint>() : Integers<ulong>();
    }

    private static object[] Floats<T>() where T : IFloatingPointIeee754<T>, IMinMaxValue<T> =>
        [T.NaN, T.PositiveInfinity, T.NegativeInfinity, T.Zero, T.NegativeZero, T.Epsilon, T.MinValue, T.MaxValue, T.CreateChecked(1.5)];

    private static object[] Integers<T>() where T : IBinaryInteger<T>, IMinMaxValue<T> =>
        [T.MinValue, T.MinValue + T.One, T.Zero, T.One, T.CreateChecked(7), T.CreateChecked(100), T.MaxValue - T.One, T.MaxValue];
}
