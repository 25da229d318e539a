using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Import;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

/// <summary>
/// Every construct that an expression lambda may hold: it either is a body, which gives what the compiled lambda gives, or is refused by name.
/// </summary>
internal sealed class ImportConstructsTests
{
    private static readonly double[] s_host = [3, 1, 4, 1, 5, 9, 2, 6];
    private readonly int _inst = 13;

    private static IEnumerable<long[]> Indices => Enumerable.Range(-3, 15).Select(i => new long[] { i });

    private int Inst => _inst;

    private static void Works<T>(Expression<Func<long, T>> body, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0) =>
        BodyHarness.AssertAgrees(body, 100, Indices, line: line);

    /// <summary>Asserts that a body is refused with this id, and that the message names the expression, the place, the lambda and a remedy.</summary>
    private static void Refused<T>(string id, string expression, Expression<Func<long, T>> body)
    {

        AvialException error = Assert.Throws<AvialException>(() => LambdaImporter.Import([body], 1, new SourceSpan("/src/Program.cs", 42, "the lambda's text"), 100), expression)!;
        Assert.That(error.Id, Is.EqualTo(id), error.Message);
        Assert.That(error.Message, Does.StartWith($"{id}: '{expression}'"), error.Message);
        Assert.That(error.Message, Does.Contain("Remedy: "));
        Assert.That(error.Message, Does.EndWith("\n  at Program.cs:42: the lambda's text"));
    }

    [Test]
    public void Arithmetic_IsABody()
    {
        Works(x => (x * 2 + 1) / 3 % 5);
        Works(x => (x * 2 + 1) / x % 5);
        Works(x => 7 % x);
        Works(x => x + 0.5);
        Works(x => -x);
        Works(x => +x);
        Works(x => 2 * 3 + x);
        Works(x => (float)x * 2);
        Works(x => (double)x / 3 % 0.7);
        Works(x => x * 1.5f - 3);
        Works(x => (uint)x / 3u);
        Works(x => (ulong)x % 5ul);
    }

    [Test]
    public void Bits_AreABody()
    {
        Works(x => ((x << 2) >> 1) & 7 | x ^ ~x);
        Works(x => (int)x << (int)x);
        Works(x => (uint)x >> 3);
        Works(x => ~(uint)x);
        Works(x => (byte)x & 3);
        Works(x => x > 2 ^ true & !(x > 3));
        Works(x => x > 2 | x < 0);
    }

    [Test]
    public void Comparisons_AreABody()
    {
        Works(x => x > 0 && !(x < 5) || x == 9);
        Works(x => x >= 3 || x <= -1);
        Works(x => x != 4);
        Works(x => (x > 3) == (x < 7));
        Works(x => (x > 3) != (x < 7));
        Works(x => 0.0 / x == 0.0 / x);
        Works(x => 0.0 / x != 0.0 / x);
        Works(x => x > 0 ? x : -x);
        Works(x => x == 0 ? 0 : 10 / x);
        Works(x => x != 0 && 10 / x > 2);
        Works(x => x == 0 || 10 / x > 2);
    }

    [Test]
    public void Conversions_AreABody()
    {
        Works(x => (int)x);
        Works(x => (byte)x);
        Works(x => (sbyte)(x * 100));
        Works(x => (short)(x * 100000));
        Works(x => (ushort)(x * 100000));
        Works(x => (uint)x);
        Works(x => (ulong)x);
        Works(x => (float)x);
        Works(x => (Half)x);
        Works(x => (int)(x * 1e9));
        Works(x => (byte)(x * 100.7));
        Works(x => (sbyte)(x * 100.7f));
        Works(x => (ushort)(x * -1e6));
        Works(x => (ulong)(x * 1e18));
        Works(x => (uint)(x * 1e9));
        Works(x => (long)(0.0 / x));
        Works(x => (double)(ulong)x);
        Works(x => (float)(uint)x);
        Works(x => (int)(Half)x);
        Works(x => checked((byte)x));
        Works(x => checked((uint)x));
        Works(x => checked((int)(x * 1e9)));
        Works(x => (Colour)x);
        Works(x => (int)(Colour)x + 1);
        Works(x => (Colour)x == Colour.Green);
        Works(x => (DayOfWeek)x == DayOfWeek.Monday);
        Works(x => (float)(double)(int)x);
        Works(x => (int)(x + 0.5) + (byte)3 + (byte)x);
    }

    [Test]
    public void Checked_Traps()
    {
        Works(x => checked(x + 1));
        Works(x => checked((int)x * 1_000_000_000));
        Works(x => checked((uint)x - 5u));
        Works(x => checked(-(int.MinValue + (int)x)));
        Works(x => checked((int)x + int.MaxValue));
        Works(x => unchecked((int)x + int.MaxValue));
        Works(x => checked(x * 0.5 + 1));
        Works(x => int.MinValue / (int)x);
    }

    [Test]
    public void Constants_AreABody()
    {
        const int K = 5;
        Works(x => default(int) + x);
        Works(x => default(double));
        Works(x => default(V2));
        Works(x => sizeof(int) * x);
        Works(x => x + K);
        Works(_ => 1);
        Works(static x => x + 1);
        Works((long x) => x);
        Works(x => x + int.MaxValue);
        Works(x => (ulong)x + ulong.MaxValue / 2 > 3.0);
        Works(x => double.NaN + x);
        Works(x => x == 0 ? -0.0 : 0.0);
        Works(x => Half.MaxValue);
        Works(x => Colour.Blue);

    }

    [Test]
    public void Captures_AreABody()
    {
        int cap = 3;
        double d = 1.5;
        Half h = (Half)2.5;
        byte b = 200;
        bool flag = true;
        Colour colour = Colour.Blue;
        var v = new V2(1, 2);
        var flow = new Wide(new Flow(1, 2, 3), new Flow(4, 5, 6), true);
        (int A, double B) tuple = (4, 2.5);
        Works(x => x + cap);
        Works(x => d * x + (double)h + b);
        Works(x => flag && x > 2);
        Works(x => colour == Colour.Blue ? x : 0);
        Works(x => v);
        Works(x => v.X + v.Y * x);
        Works(x => flow.Right.U + flow.Left.Cell * x);
        Works(x => flow.Right);
        Works(x => tuple.A + tuple.B);
        string text = "abc";
        Works(x => text!.Length + x);
        Works(x => x + Helpers.SR);
        Works(x => x + Helpers.SP);
        Works(x => x + _inst);
        Works(x => x + Inst);
    }

    [Test]
    public void Functions_OfNumbers_AreABody()
    {
        Works(x => Math.Sqrt(x) + Math.Sin(x));
        Works(x => MathF.Sqrt(x) * MathF.FusedMultiplyAdd(x, x, x));
        Works(x => double.Sqrt(x) + double.Max(x, 1));
        Works(x => Math.Abs(x) + Math.Sign(x) + Math.Max(x, 3) + Math.Min((int)x, 4));
        Works(x => Math.Sign(0.0 / x));
        Works(x => Math.Abs((int)x + int.MinValue));
        Works(x => Math.Clamp(x, 1, 5));
        Works(x => Math.Clamp(x, 5, x));
        Works(x => Math.Clamp(x * 0.1f, -0.1f, 0.5f));
        Works(x => Math.Round(x * 0.37, 1));
        Works(x => Math.Round(x * 0.5, MidpointRounding.AwayFromZero));
        Works(x => Math.Pow(x, 0.5) + Math.Atan2(x, 2) + Math.Floor(x * 0.3) + Math.Truncate(x * 0.7));
        Works(x => Math.DivRem(x, 3));
        Works(x => Math.DivRem((int)x, (int)x));
        Works(x => Math.SinCos(x * 0.1).Sin);
        Works(x => Math.SinCos(x * 0.1));
        Works(x => double.Lerp(x, 2, 0.25) + double.Hypot(x, 2));
        Works(x => int.Abs((int)x) + int.Max((int)x, 3) + int.PopCount((int)x));
        Works(x => int.Log2((int)x));
        Works(x => long.Clamp(x, 0, 4));
        Works(x => System.Numerics.BitOperations.RotateLeft((uint)x, 3));
        Works(x => System.Numerics.BitOperations.TrailingZeroCount(x));
        Works(x => BitConverter.DoubleToInt64Bits(x * 0.1));
        Works(x => Half.Sqrt((Half)x) + Half.Max((Half)x, (Half)2));
        Works(x => Half.FusedMultiplyAdd((Half)(x * 0.37f), (Half)1.3f, (Half)0.001f));
        Works(x => byte.CreateTruncating(x));
        Works(x => byte.CreateChecked(x));
        Works(x => double.IsNaN(0.0 / x));
        Works(x => float.IsFinite(1f / x));
        Works(x => Math.BigMul((int)x, 1_000_000_007));
        Works(x => Math.ScaleB(x, 3));
    }

    [Test]
    public void Half_IsABody()
    {
        Works(x => (Half)x + (Half)x * (Half)2);
        Works(x => (Half)x / (Half)3 > (Half)1);
        Works(x => -(Half)x);
    }

    [Test]
    public void Structs_AreABody()
    {
        Works(x => new V2(x, 2 * x));
        Works<V2>(x => new(x, x));
        Works(x => new V2(x, 1).Y);
        Works(x => new V2 { X = x, Y = 1 });
        Works(x => new InitOnly { X = (int)x });
        Works(x => new RequiredMember { X = (int)x });
        Works(x => new V2());
        Works(x => new Nested { V = { X = 1 }, N = (int)x });
        Works(x => new Nested { V = new V2(x, 2), N = 1 }.V.Y);
        Works(x => new Flow(x, 2, (int)x));
        Works(x => new Wide(new Flow(x, 2, 3), new Flow(4, x, 6), x > 3).Right.U);
        Works(x => x > 3 ? new V2(x, 1) : new V2(2, x));
        Works(x => x > 3 ? new V2(s_host[x], 1) : new V2(2, x));
    }

    [Test]
    public void Tuples_AreABody()
    {
        (int a, int) t = (1, 2);
        Works(x => new ValueTuple<long, int>(x, 2));
        Works(x => ValueTuple.Create(x, 1.5f));
        Works(x => ValueTuple.Create(x, 1.5f).Item1);
        Works(x => t.a + t.Item2 + x);
        Works(x => At(x, 2 * x));
        Works(x => At(x, 2 * x).Item2);
        Works(x => At(x, 1, 2));
        Works(x => At(x, 1, 2, 3));
    }

    [Test]
    public void HostArrays_AreABody()
    {
        double[] arr = [1, 2, 3, 4, 5];
        int[,] table = { { 1, 2 }, { 3, 4 }, { 5, 6 } };
        V2[] structs = [new(1, 2), new(3, 4)];
        Works(x => arr[x]);
        Works(x => arr[(int)x] + arr.Length);
        Works(x => table[x, 1] + table.GetLength(0) + table.Length);
        Works(x => structs[x].Y);
        Works(x => s_host[x] + s_host[7 - x]);
    }

    [Test]
    public void KernelMath_IsABody()
    {
        Array1D<double> v = Array1D.From([1.5, -2, 3, 0.1, 5, 6, -7, 8]);
        Array1D<int> n = Array1D.From([1, -2, 3, 0, 5, 6, -7, 5]);
        Array1D<float> nan = Array1D.From([1, -2, float.NaN, 0, 5, float.NaN, -7, 8]);
        Works(x => Sum(0, x, k => v[k]));
        Works(x => Sum(-700, 1000 * x, k => 0.1 + k * 1e-3));
        Works(x => Sum(0, x, k => (float)v[k]));
        Works(x => Sum(0, x, k => (Half)k));
        Works(x => Sum(0, x, k => n[k]));
        Works(x => Sum(0, x, k => (ulong)k));
        Works(x => Product(0, x, k => n[k]));
        Works(x => Product(0, x, k => v[k]));
        Works(x => Min(0, x, k => v[k]));
        Works(x => Max(0, x, k => n[k]));
        Works(x => Max(0, x, k => nan[k]));
        Works(x => Min(0, x, k => (byte)k));
        Works(x => Any(0, x, k => n[k] > 4));
        Works(x => All(0, x, k => n[k] > -4));
        Works(x => ArgMin(0, x, k => v[k]));
        Works(x => ArgMax(0, x, k => n[k]));
        Works(x => ArgMax(0, x, k => nan[k]));
        Works(x => ArgMin(1, x, k => nan[k]));
        Works(x => Fold(0, x, 1.0, (acc, k) => acc * 0.5 + v[k]));
        Works(x => Fold(0, x, new V2(1, 2), (acc, k) => new V2(acc.Y, acc.X + k)));
        Works(x => While(x, s => s < 100, s => 2 * s + 7));
        Works(x => While(At(x, 0), s => s.Item1 < 100, s => At(2 * s.Item1 + 7, s.Item2 + 1)).Item2);
        Works(x => Let(x * 0.5, h => h * h));
        Works(x => Let(x, 2.5, (a, b) => a * b));
        Works(x => Let(x, 2.5, 3, (a, b, c) => a * b + c));
        Works(x => Let(x, 2.5, 3, 4L, (a, b, c, d) => a * b + c * d));
        Works(x => Let(v[x], a => Let(a + 1, b => a * b)));
        Works(x => Uniform(3, x));
        Works(x => Uniform(3, 2, x));
        Works(x => Normal(3, x));
        Works(x => Normal(3, 1, x));
        Works(x => RandomBits(3, x) + RandomBits(3, 1, x));
        Works(x => Sum(0, 3, a => Sum(0, x, b => a * b)));
        Works(x => Sum(0, 3, a => Sum(0, a, b => v[a] + v[b] + x)));
    }

    [Test]
    public void Functions_OfTheUsers_AreABody()
    {
        double factor = 3;
        Func<double, double> local = Function((double x) => factor * x);
        Works(x => Helpers.Flux(x, 2) + Helpers.Flux(2, Helpers.Flux(1, x)));
        Works(x => Helpers.Early(x));
        Works(x => local(x) + local(2));
        Works(x => local.Invoke(x));
        Works(x => Sum(0, x, k => Helpers.Late(k)));
        Func<long, double> term = Function((long k) => k * 0.5);
        Works(x => Sum(0, x, term));
        Works(x => Let(x, term));
    }

    [Test]
    public void Calls_OfTheUsers_AreRefused()
    {
        int captured = 3;
        Refused("AVL0202", "Helpers.Add((int)x, 2)", x => Helpers.Add((int)x, 2));
        Refused("AVL0202", "Helpers.Add((int)x, 2)", x => Helpers.Add(a: (int)x, b: 2));
        Refused("AVL0202", "Helpers.Opt((int)x, 2)", x => Helpers.Opt((int)x));
        Refused("AVL0202", "Helpers.Par(new int[] {(int)x, (int)x, 1})", x => Helpers.Par((int)x, (int)x, 1));
        Refused("AVL0202", "Helpers.OptPar((int)x, 1, new int[] {})", x => Helpers.OptPar((int)x));
        Refused("AVL0202", "((int)x).Dbl()", x => ((int)x).Dbl());
        Refused("AVL0202", "HelperExtensions.Trip((int)x)", x => int.Trip((int)x));
        Refused("AVL0202", "Helpers.In((int)x)", x => Helpers.In((int)x));
        Refused("AVL0202", "Helpers.Square(x)", x => Helpers.Square(x));
        Refused("AVL0202", "Helpers.Ap(i => i + (int)x, 3)", x => Helpers.Ap(i => i + (int)x, 3));
        Refused("AVL0203", "Helpers.Add(captured, 2)", x => Helpers.Add(captured, 2) + x);
        Refused("AVL0203", "Helpers.Rf(captured)", x => Helpers.Rf(ref captured) + x);
        Refused("AVL0203", "Interlocked.Increment(Helpers.SF)", x => Interlocked.Increment(ref Helpers.SF) + x);
    }

    [Test]
    public void Delegates_AreRefused()
    {
        Func<int, int> f = x => x + 1;
        Expression<Func<long, long>> ex = y => y;
        Refused("AVL0208", "Helpers.Fn((int)x)", x => Helpers.Fn((int)x));
        Refused("AVL0208", "f((int)x)", x => f((int)x));
        Refused("AVL0208", "ex.Compile()(x)", x => ex.Compile()(x));
        Refused("AVL0209", "Helpers.Missing", x => Helpers.Missing(x));
        Refused("AVL0201", "y => x + y", x => new Func<long, long>(y => x + y));
    }

    [Test]
    public void FunctionsThatCallEachOther_AreRefused()
    {
        AvialException error = Assert.Throws<AvialException>(() => BodyHarness.Import((Expression<Func<long, double>>)(x => Helpers.Ping(x))))!;
        Assert.That(error.Message, Does.StartWith("AVL0210: The function 'Ping' calls itself without end: Ping → Pong → Ping. Remedy: write the repetition with Fold or While."));
    }

    [Test]
    public void UserOperators_AreRefused()
    {
        V2 v = new(1, 2);
        Refused("AVL0204", "v + v * 2", x => (v + v * 2.0).X);
        Refused("AVL0204", "v", x => x + (double)v);
        Refused("AVL0204", "new V2(x, 1) + v", x => (new V2(x, 1) + v).X);
        Refused("AVL0204", "v + v", x => checked(v + v).X);
    }

    [Test]
    public void ComputedProperties_AreRefused()
    {
        Refused("AVL0212", "new V2(x, 1).Len", x => new V2(x, 1).Len);
        Refused("AVL0212", "new WithField { F = … }", x => new WithField { F = x });
    }

    [Test]
    public void Constructors_ThatDoMore_AreRefused()
    {
        Refused("AVL0211", "new Scaled(x)", x => new Scaled(x));
        Refused("AVL0211", "new Renamed(x)", x => new Renamed(x));
    }

    [Test]
    public void Objects_AreRefused()
    {
        object o = 3;
        string s = "abc";
        int? maybe = 3;
        Refused("AVL0201", "maybe ?? 3", x => (maybe ?? 3) + x);
        Refused("AVL0201", "\"x\"", x => nameof(x));
        Refused("AVL0201", "typeof(V2)", x => typeof(V2));
        Refused("AVL0201", "o is string", x => o is string);
        Refused("AVL0201", "o as string", x => o as string);
        Refused("AVL0201", "new Rec((int)x)", x => new Rec((int)x));
        Refused("AVL0201", "new List<int> { … }", x => new List<int> { (int)x, 1 });
        Refused("AVL0201", "new { … }(x, 1)", x => new { x, y = 1 });
        Refused("AVL0201", "new int[(int)x]", x => new int[(int)x]);
        Refused("AVL0201", "new int[] {(int)x, 1, 2}", x => new[] { (int)x, 1, 2 });
        Refused("AVL0201", "new int[(int)x, 2]", x => new int[(int)x, 2]);
        Refused("AVL0201", "new int[][] {new int[] {(int)x}}", x => new[] { new[] { (int)x } });
        Refused("AVL0201", "string.Format(\"v={0}\", x)", x => $"v={x}");
        Refused("AVL0205", "s + x == \"\"", x => s + x == "");
        Refused("AVL0206", "s", x => s);
        Refused<int?>("AVL0201", "1", x => x > 2 ? 1 : null);
        Refused("AVL0201", "FormattableStringFactory.Create(\"v={0}\", new object[] {x})", x => (FormattableString)$"v={x}");
        Refused("AVL0205", "\"v\" + x", x => "v" + x);
        Refused("AVL0201", "o.ToString()", x => o.ToString());
    }

    [Test]
    public void OtherNumbers_AreRefused()
    {
        decimal m = 1.5m;
        Int128 big = 3;
        UInt128 unsigned = 3;
        var z = new System.Numerics.Complex(1, 2);
        var four = new System.Numerics.Vector4(1, 2, 3, 4);
        var wide = new System.Numerics.Vector<double>(2);
        nint native = 3;
        char letter = 'a';
        Refused("AVL0205", "m * m + 1m", x => m * m + 1);
        Refused("AVL0205", "big * big + 1", x => big * big + 1);
        Refused("AVL0205", "unsigned << 3", x => unsigned << 3);
        Refused("AVL0205", "z * z + 1", x => z * z + 1);
        Refused("AVL0212", "new Complex(x, 1).Magnitude", x => new System.Numerics.Complex(x, 1).Magnitude);
        Refused("AVL0205", "wide * wide + wide", x => wide * wide + wide);
        Refused("AVL0202", "Vector4.Dot(new Vector4((float)x, 1f, 2f, 3f), four)", x => System.Numerics.Vector4.Dot(new System.Numerics.Vector4(x, 1, 2, 3), four) + four.X);
        Refused("AVL0205", "native", x => (long)native + x);
        Refused("AVL0206", "letter", x => letter + x);
        Refused("AVL0205", "Math.Round(m, 1) > 0m", x => Math.Round(m, 1) > 0);
        Refused("AVL0205", "Math.BigMul(x, x)", x => Math.BigMul(x, x));
        Refused("AVL0201", "Math.ReciprocalEstimate(x)", x => Math.ReciprocalEstimate(x));
        long rest = 0;
        Refused("AVL0201", "Math.DivRem(x, 3, rest)", x => Math.DivRem(x, 3, out rest));
    }

    [Test]
    public void OtherCollections_AreRefused()
    {
        int[] a = [1, 2, 3];
        var list = new List<int> { 1, 2 };
        var g = new Grid();
        int[][] jagged = [[1], [2, 3]];
        Refused("AVL0202", "g[x]", x => g[x]);
        Refused("AVL0202", "g[x, x + 1]", x => g[x, x + 1]);
        Refused("AVL0202", "g[new long[] {x, 1, 2}]", x => g[x, 1, 2]);
        Refused("AVL0203", "g[new Range(1, 3)]", x => g[new Range(1, 3)] + x);
        Refused("AVL0202", "list[(int)x]", x => list[(int)x]);
        Refused("AVL0203", "a.Contains(3)", x => a.Contains(3));
        Refused("AVL0203", "Helpers.SumOf(a)", x => Helpers.SumOf(a) + x);
        Refused("AVL0203", "a.Where(i => i > 1).Sum()", x => a.Where(i => i > 1).Sum() + x);
        Refused("AVL0203", "a.Where(i => i > 1).Sum()", x => (from i in a where i > 1 select i).Sum() + x);
        Refused("AVL0202", "a.Where(i => i > (int)x).Sum()", x => a.Where(i => i > (int)x).Sum());
        Refused("AVL0201", "jagged[(int)x][0]", x => jagged[x][0]);
        Refused("AVL0201", "a", x => a);
    }

    [Test]
    public void MethodsOfValues_AreRefused()
    {
        var value = new HasDefault { Value = 3 };
        IHasDefault f = value;
        Refused("AVL0203", "f.Bar()", x => f.Bar() + x);
        Refused("AVL0202", "x.CompareTo(3)", x => x.CompareTo(3));
        Refused("AVL0202", "x.Equals(3)", x => x.Equals(3));
        Refused("AVL0201", "x.ToString()", x => x.ToString());
    }

    [Test]
    public void MethodGroups_AreRefused() =>
        Refused("AVL0208", "Sum(0, x, ImportConstructsTests.Root)", x => Sum(0, x, (Func<long, double>)Root));

    [Test]
    public void ArrayMisuse_IsRefused()
    {
        Array1D<double> v = Array1D.From([1.0, 2, 3]);
        Array1D<double> w = Array1D.From([1.0, 2, 3]);
        Array2D<double> q = Array2D.From(new double[,] { { 1, 2 }, { 3, 4 } });
        var border = v.Wrap;
        Array1D<double>? missing = null;
        Refused("AVL0201", "v.ToArray()", x => v.ToArray());
        Refused("AVL0201", "v.ToArray()[(int)x]", x => v.ToArray()[x]);
        Refused("AVL0201", "v.Reduce(Reduction.Sum)", x => v.Reduce(Reduction.Sum) + x);
        Refused("AVL0201", "v", x => v);
        Refused("AVL0201", "(x > 1 ? v : w)[x]", x => (x > 1 ? v : w)[x]);
        Refused("AVL0201", "q.GetLength(2)", x => q.GetLength(2));
        Refused("AVL0201", "q.GetLength((int)x)", x => q.GetLength((int)x));
        Refused("AVL0201", "border[x]", x => border[x]);
        Refused("AVL0207", "missing", x => missing![x]);
    }

    [Test]
    public void NarrowSums_AreRefused()
    {
        Refused("AVL0214", "Sum(0, x, k => (byte)k)", x => Sum(0, x, k => (byte)k));
        Refused("AVL0214", "Sum(0, x, k => (short)k)", x => Sum(0, x, k => (short)k));
        Refused("AVL0201", "Sum(0, x, k => new V2(k, 1))", x => Sum(0, x, k => new V2(k, 1)));
        Refused("AVL0201", "Product(0, x, k => k > 1)", x => Product(0, x, k => k > 1));
        Refused("AVL0201", "ArgMin(0, x, k => k > 1)", x => ArgMin(0, x, k => k > 1));
    }

    [Test]
    public void FunctionInsideABody_IsCalled()
    {
        Works(x => Function((double y) => y + 1)(x));
        Refused("AVL0201", "Function(y => y + 1)", x => Function((double y) => y + 1));
    }

    private static double Root(long k) => Math.Sqrt(k);
}
