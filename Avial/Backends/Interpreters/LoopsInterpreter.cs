using Avial.Execution;
using Avial.IR;

namespace Avial.Backends.Interpreters;

/// <summary>Runs loops functions one instruction at a time: slow, simple, and free of a compiler, so that schedules can be checked without one.</summary>
internal sealed class LoopsInterpreter : ICodeGenerator
{
    public static LoopsInterpreter Shared { get; } = new();

    /// <summary>Small tiles, so that schedules with them are run without a compiler.</summary>
    public LoweringChoices Choices { get; } = new() { Product = new ProductTile(Rows: 2, RowBytes: 32) };

    public string Name => "interpreter";

    public CompiledFunction Compile(LoopsFunction function) => new InterpretedFunction(function);

    private sealed unsafe class InterpretedFunction(LoopsFunction function) : CompiledFunction
    {
        public override void Run(byte** buffers, long* scalars, long* low, long* high, TrapState* trap)
        {
            using var call = new LoopsCall(function, buffers, trap);
            call.Define(function.Scalars, scalars);
            call.Define(function.BoxLow, low);
            call.Define(function.BoxHigh, high);
            call.Run(function.Body);
        }
    }
}
