using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Import;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

/// <summary>The text of every message about bodies, by id.</summary>
internal sealed class LambdaMessagesTests
{
    private sealed class Settings
    {
        public double Factor => 2;
    }

    private static string Message<T>(Expression<Func<long, T>> body) =>
        Assert.Throws<AvialException>(() => LambdaImporter.Import([body], 1, new SourceSpan("/src/Program.cs", 42, "i => ..."), 100))!.Message;

    private static void Says<T>(string expected, Expression<Func<long, T>> body) =>
        Assert.That(Message(body), Is.EqualTo(expected + "\n  at Program.cs:42: i => ..."));

    [Test]
    public void AVL0201_UnsupportedConstruct() => Says(
        "AVL0201: 'new int[] {(int)i, 1}' is a new .NET array, which a body cannot hold. Remedy: make the array before the task and capture it.",
        i => new[] { (int)i, 1 });

    [Test]
    public void AVL0202_OpaqueMethod() => Says(
        "AVL0202: 'Helpers.Add((int)i, 2)' calls Helpers.Add, whose code a body cannot see into. "
        + "Remedy: write it as a function of expressions, 'static readonly Func<...> Add = Function((...) => ...)', and call that.",
        i => Helpers.Add((int)i, 2));

    [Test]
    public void AVL0203_ClosedCall()
    {
        int n = 3;
        Says("AVL0203: 'Helpers.Add(n, 2)' is a call that does not depend on the body's parameters, and bodies do not run your code. "
            + "Remedy: compute it before the task and capture the value: 'var value = ...;'.", i => i + Helpers.Add(n, 2));
    }

    [Test]
    public void AVL0204_UserOperator() => Says(
        "AVL0204: 'new V2(i, 1) * 2' uses an operator that V2 defines, whose code a body cannot see into. "
        + "Remedy: write it as a function of expressions, 'static readonly Func<...> F = Function((...) => ...)', and call that, or compute with the fields.",
        i => new V2(i, 1) * 2);

    [Test]
    public void AVL0205_UnsupportedType()
    {
        decimal m = 2;
        Says("AVL0205: 'm + 1m' computes with decimal. Bodies compute with bool, the integers of 8 to 64 bits, Half, float, double, and structs of these. "
            + "Remedy: convert to one of these types.", i => m + 1);
    }

    [Test]
    public void AVL0206_UnsupportedCapture()
    {
        object o = 3;
        Says("AVL0206: 'o' is a captured object, which a body cannot use: it can capture numbers, structs of numbers, arrays, lazy scalars, .NET arrays of numbers, and functions made by Function. "
            + "Remedy: capture the numbers that are needed in variables of their own.", i => o);
    }

    [Test]
    public void AVL0207_CapturedNull()
    {
        Array1D<double>? x = null;
        Settings? settings = null;
        Says("AVL0207: 'x', a captured Array1D<double>, is null when the task is recorded. Remedy: assign it before the task.", i => x![i]);
        Says("AVL0207: 'settings', a captured Settings, is null when the task is recorded. Remedy: assign it before the task.", i => settings!.Factor * i);
    }

    [Test]
    public void AVL0207_OnceRecorded()
    {
        Settings? settings = new();
        LambdaExpression Body() => (Expression<Func<long, double>>)(i => settings!.Factor * i);
        for (int n = 0; n < 30; n++)
        {
            BodyHarness.Import(Body());
        }
        settings = null;

        Assert.That(() => BodyHarness.Import(Body()), Throws.TypeOf<AvialException>().With.Message.StartsWith("AVL0207: 'settings', a captured Settings, is null"));
    }

    [Test]
    public void AVL0208_OpaqueDelegate()
    {
        Func<double, double> f = x => x;
        Says("AVL0208: 'f(i)' calls 'f', a delegate whose code a body cannot see into. "
            + "Remedy: write a lambda in its place, or make it with Function: 'Func<...> f = Function((...) => ...)'.", i => f(i));
    }

    [Test]
    public void AVL0209_FunctionIsNull() => Says(
        "AVL0209: 'Helpers.Missing' is null when the task is recorded. Static fields are initialised in the order they are written. "
        + "Remedy: declare the function above the task's field, or record the task later.",
        i => Helpers.Missing(i));

    [Test]
    public void AVL0210_FunctionCycle() => Says(
        "AVL0210: The function 'Ping' calls itself without end: Ping → Pong → Ping. Remedy: write the repetition with Fold or While.",
        i => Helpers.Ping(i));

    [Test]
    public void AVL0211_OpaqueConstructor() => Says(
        "AVL0211: 'new Scaled(i)' runs a constructor of Scaled that does more than fill the fields named like its parameters. "
        + "Remedy: make Scaled a record struct, or use an object initialiser, 'new Scaled { ... }'.",
        i => new Scaled(i));

    [Test]
    public void AVL0212_ComputedProperty() => Says(
        "AVL0212: 'new V2(i, 1).Len' reads 'Len' of V2, a property that computes and whose code a body cannot see into. "
        + "Remedy: write the computation with the fields, or as a function of expressions made by Function.",
        i => new V2(i, 1).Len);

    [Test]
    public void AVL0214_NarrowSum() => Says(
        "AVL0214: 'Sum(0, i, k => (short)k)' sums short, which would wrap. Remedy: sum a wider type: Sum(lo, hi, k => (int)...).",
        i => Sum(0, i, k => (short)k));

    [Test]
    public void AVL0215_BodyTooLarge()
    {
        Func<double, double> f = Function((double x) => x + 1);
        for (int n = 0; n < 17; n++)
        {
            Func<double, double> inner = f;
            f = Function((double x) => inner(x) + inner(x + 1));
        }
        Func<double, double> outer = f;
        Says("AVL0215: The body has more than 200000 expressions once its functions are written out. Remedy: compute the repeated part once, with Let or in a task of its own.", i => outer(i));
    }
}
