using System.Reflection;
using Avial.Import;

namespace Avial.Diagnostics;

// What bodies cannot hold. Every message names the expression and the remedy; the place and the whole lambda follow.
internal static partial class Throw
{
    public static AvialException UnsupportedInBody(string expression, string what, string remedy, SourceSpan place) => new("AVL0201",
        $"'{expression}' is {what}, which a body cannot hold. Remedy: {remedy}.", place);

    public static AvialException OpaqueMethod(string expression, MethodInfo method, SourceSpan place) => new("AVL0202",
        $"'{expression}' calls {ExpressionText.Of(method.DeclaringType!)}.{method.Name}, whose code a body cannot see into. "
        + (method is { Name: "get_Item", IsSpecialName: true } ? "Remedy: copy the elements before the task, to a .NET array or by Array1D.From, and read that."
            : $"Remedy: write it as a function of expressions, 'static readonly Func<...> {method.Name} = Function((...) => ...)', and call that."), place);

    public static AvialException ClosedCall(string expression, SourceSpan place) => new("AVL0203",
        $"'{expression}' is a call that does not depend on the body's parameters, and bodies do not run your code. "
        + "Remedy: compute it before the task and capture the value: 'var value = ...;'.", place);

    public static AvialException UserOperator(string expression, string what, SourceSpan place) => new("AVL0204",
        $"'{expression}' uses {what}, whose code a body cannot see into. "
        + "Remedy: write it as a function of expressions, 'static readonly Func<...> F = Function((...) => ...)', and call that, or compute with the fields.", place);

    public static AvialException UnsupportedType(string expression, Type type, SourceSpan place) => new("AVL0205",
        $"'{expression}' computes with {ExpressionText.Of(type)}. Bodies compute with bool, the integers of 8 to 64 bits, Half, float, double, and structs of these. "
        + "Remedy: convert to one of these types.", place);

    public static AvialException UnsupportedCapture(string expression, Type type, SourceSpan place) => new("AVL0206",
        $"'{expression}' is a captured {ExpressionText.Of(type)}, which a body cannot use: it can capture numbers, structs of numbers, arrays, lazy scalars, .NET arrays of numbers, and functions made by Function. "
        + "Remedy: capture the numbers that are needed in variables of their own.", place);

    public static AvialException CapturedNull(string name, Type type, SourceSpan place) => new("AVL0207",
        $"'{name}', a captured {ExpressionText.Of(type)}, is null when the task is recorded. Remedy: assign it before the task.", place);

    public static AvialException OpaqueDelegate(string call, string function, SourceSpan place) => new("AVL0208",
        $"'{call}' calls '{function}', a delegate whose code a body cannot see into. "
        + "Remedy: write a lambda in its place, or make it with Function: 'Func<...> f = Function((...) => ...)'.", place);

    public static AvialException FunctionIsNull(string function, SourceSpan place) => new("AVL0209",
        $"'{function}' is null when the task is recorded. Static fields are initialised in the order they are written. "
        + "Remedy: declare the function above the task's field, or record the task later.", place);

    public static AvialException FunctionCycle(IReadOnlyList<string> names, SourceSpan place) => new("AVL0210",
        $"The function '{names[0]}' calls itself without end: {string.Join(" → ", names)}. Remedy: write the repetition with Fold or While.", place);

    public static AvialException OpaqueConstructor(string expression, Type type, SourceSpan place) => new("AVL0211",
        $"'{expression}' runs a constructor of {ExpressionText.Of(type)} that does more than fill the fields named like its parameters. "
        + $"Remedy: make {ExpressionText.Of(type)} a record struct, or use an object initialiser, 'new {ExpressionText.Of(type)} {{ ... }}'.", place);

    public static AvialException ComputedProperty(string expression, Type type, string property, SourceSpan place) => new("AVL0212",
        $"'{expression}' reads '{property}' of {ExpressionText.Of(type)}, a property that computes and whose code a body cannot see into. "
        + "Remedy: write the computation with the fields, or as a function of expressions made by Function.", place);

    public static AvialException PartialArrayRead(string array, SourceSpan place) => new("AVL0213",
        $"'{array}' was computed on a domain that does not start at 0, so that it has no elements there. "
        + $"Remedy: give it a background, '{array} = ....Over(base)', read it with a value outside, '{array}.Or(0)[...]', or shift it to 0, '{array}.Rebase()'.", place);

    public static AvialException NarrowSum(string expression, Type type, SourceSpan place) => new("AVL0214",
        $"'{expression}' sums {ExpressionText.Of(type)}, which would wrap. Remedy: sum a wider type: Sum(lo, hi, k => (int)...).", place);

    public static AvialException BodyTooLarge(int limit, SourceSpan place) => new("AVL0215",
        $"The body has more than {limit} expressions once its functions are written out. Remedy: compute the repeated part once, with Let or in a task of its own.", place);
}
