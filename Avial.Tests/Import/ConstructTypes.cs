using System.Linq.Expressions;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

internal struct V2(double x, double y)
{
    public double X = x;
    public double Y = y;

    public readonly double Len => X * X + Y * Y;

    public static V2 operator +(V2 a, V2 b) => new(a.X + b.X, a.Y + b.Y);

    public static V2 operator *(V2 a, double s) => new(a.X * s, a.Y * s);

    public static V2 operator checked +(V2 a, V2 b) => new(a.X + b.X, a.Y + b.Y);

    public static implicit operator double(V2 a) => a.X;
}

internal struct InitOnly
{
    public int X { get; init; }
}

internal struct RequiredMember
{
    public required int X { get; init; }
}

internal struct Nested
{
    public V2 V;
    public int N;
}

internal struct Scaled
{
    public Scaled(double x)
    {
        X = 2 * x;
    }

    public double X { get; }
}

internal struct Renamed
{
    private readonly double _x;

    public Renamed(double value)
    {
        _x = value;
    }

    public readonly double X => _x;
}

internal readonly record struct Flow(float H, float U, int Cell);

internal readonly record struct Wide(Flow Left, Flow Right, bool IsDry);

internal sealed record Rec(int X);

internal struct WithField
{
    public double F
    {
        readonly get => field;
        set => field = Math.Max(0, value);
    }
}

internal interface IHasDefault
{
    int Bar() => 4;
}

internal struct HasDefault : IHasDefault
{
    public int Value { get; init; }
}

internal enum Colour : byte
{
    Red,
    Green,
    Blue,
}

/// <summary>An array type that is not ours.</summary>
internal sealed class Grid
{
    public double this[long i] => i;

    public double this[long i, long j] => i * j;

    public double this[params long[] index] => index[0];

    public double this[Range range] => range.Start.Value;
}

internal static class Helpers
{
    public static readonly int SR = 7;

    public static readonly Func<double, double, double> Flux = Function((double l, double r) => 0.5 * (l * l + r * r));

    // Declared before the one it calls.
    public static readonly Func<double, double> Early = Function((double x) => Late!(x) + 1);

    public static readonly Func<double, double> Late = Function((double x) => x * 3);

    public static readonly Func<double, double> Ping = Function((double x) => Pong!(x));

    public static readonly Func<double, double> Pong = Function((double x) => Ping(x) + 1);

    public static readonly Func<double, double> Missing = null!;

    public static int SF;

    public static readonly Func<int, int> Fn = x => x + 1;

    public static int SP => 11;

    public static int Add(int a, int b) => a + b;

    public static int Opt(int a, int b = 2) => a + b;

    public static int Par(params int[] values) => values.Sum();

    public static int OptPar(int a, int b = 1, params int[] rest) => a + b + rest.Length;

    public static int In(in int a) => a + 1;

    public static int Ap(Func<int, int> f, int x) => f(x);

    public static int Rf(ref int a) => a;

    public static int SumOf(ReadOnlySpan<int> s) => s.Length;

    public static int SpanLen(ReadOnlySpan<char> s) => s.Length;

    public static T Square<T>(T x) where T : System.Numerics.INumber<T> => x * x;

    public static Expression<Func<T, T>> Twice<T>(Expression<Func<T, T>> body) => body;
}

internal static class HelperExtensions
{
    public static int Dbl(this int x) => 2 * x;

    extension(int)
    {
        public static int Trip(int x) => 3 * x;
    }
}
