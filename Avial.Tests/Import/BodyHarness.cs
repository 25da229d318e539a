using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Backends.Interpreters;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;
using Avial.Import;
using Avial.IR;

namespace Avial.Tests.Import;

/// <summary>Imports bodies and evaluates them with the kernel interpreter.</summary>
internal static class BodyHarness
{
    /// <summary>Imports a body as a task recorded here would.</summary>
    public static Imported Import(LambdaExpression body, int? rank = null, long magnitude = 1000, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        Imported imported = LambdaImporter.Import([body], rank ?? body.Parameters.Count, new SourceSpan(file, line, body.ToString()), magnitude);
        KernelVerifier.Check(imported.Use.Kernel);
        return imported;
    }

    /// <summary>The result columns of a body at an index, or why it traps.</summary>
    public static (ulong[] Results, TrapKind? Trap) Run(Imported imported, params long[] index)
    {
        Kernel kernel = imported.Use.Kernel;
        ulong[] parameters = [.. imported.Use.Arguments.Select(a => a.Kind == ArgumentKind.Scalar ? imported.Scalars[a.Position]
            : new ArrayValue(StorageOf(imported.Inputs[a.Position])).Read(a.Column, []))];
        ulong[] results = new ulong[kernel.Body.Results.Length];
        var interpreter = new KernelInterpreter(kernel, new Operands(imported));
        return interpreter.TryRun(index, parameters, results, out KernelTrap trap) ? (results, null) : (results, trap.Kind);
    }

    /// <summary>Asserts that the kernel of a body gives what the compiled body gives, and traps where it throws.</summary>
    public static void AssertAgrees<TDelegate>(Expression<TDelegate> body, long magnitude, IEnumerable<long[]> indices, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
        where TDelegate : Delegate
    {
        Imported imported = Import(body, null, magnitude, file, line);
        Imported again = Import(body, null, magnitude, file, line);
        Assert.That(again.Use, Is.SameAs(imported.Use), "The same body again has the same kernel.");
        TDelegate compiled = body.Compile();
        ElementLayout layout = ElementLayout.Of(body.ReturnType);
        foreach (long[] index in indices)
        {
            ulong[] expected = new ulong[layout.Columns.Length];
            Exception? thrown = null;
            try
            {
                NumberBits.Read(compiled.DynamicInvoke([.. index.Cast<object>()])!, expected);
            }
            catch (System.Reflection.TargetInvocationException e)
            {
                thrown = e.InnerException;
            }
            var (results, trap) = Run(imported, index);
            string what = $"{body} at ({string.Join(", ", index)})\n{imported.Use.Kernel}";
            Assert.That(trap is not null, Is.EqualTo(thrown is not null), $"{what}\n{trap} {thrown}");
            if (trap is null)
            {
                Assert.That(Normal(results, layout), Is.EqualTo(Normal(expected, layout)), what);
            }
        }
    }

    private static Storage StorageOf(NodeOutput output) => output.Node.ValueOf(output.Index)!.Whole!;

    /// <summary>All NaNs are equal.</summary>
    private static ulong[] Normal(ulong[] bits, ElementLayout layout) =>
        [.. bits.Select((b, i) => Avial.Numerics.ScalarBits.IsNaN(layout.ColumnTypes[i], b) ? ulong.MaxValue : b)];

    private sealed class Operands(Imported imported) : IKernelOperands
    {
        private readonly ArrayValue[] _arrays = [.. imported.Use.Operands.Select(o => new ArrayValue(StorageOf(imported.Inputs[o])))];

        public long Extent(int operand, int axis) => _arrays[operand].Extent(axis);

        public ulong Read(int operand, int column, ReadOnlySpan<long> index) => _arrays[operand].Read(column, index);
    }
}
