using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Tests.IR;

/// <summary>Small loops functions built by hand, by name.</summary>
internal static class LoopsSamples
{
    public static IEnumerable<(string Name, LoopsFunction Function)> All =>
    [
        ("saxpy", Saxpy()),
        ("stencil", Stencil()),
        ("sum", Sum()),
        ("merge", Merge()),
        ("checked", Checked()),
        ("control", Control()),
    ];

    public static LoopsFunction Saxpy()
    {
        var numbers = new ValueNumbers();
        Value s = numbers.New(ScalarType.F32);
        (Value low, Value high) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        var b = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        BlockBuilder body = b.Nested();
        Value x = Read(body, ScalarType.F32, 0, i);
        Value y = Read(body, ScalarType.F32, 1, i);
        Value sum = body.Binary(BinaryOp.Add, body.Binary(BinaryOp.Multiply, s, x), y);
        body.Add(new BufferStoreInstruction(2, i, sum) { Span = new SourceSpan("Saxpy.cs", 7, "s * x[i] + y[i]") });
        b.Add(new ForInstruction([], low, high, [], body.Finish([i])) { Kind = LoopKind.Simd });
        return new LoopsFunction("saxpy", [In("x"), In("y"), Out("out")], [s], [low], [high], b.Finish([]));
    }

    public static LoopsFunction Stencil()
    {
        var numbers = new ValueNumbers();
        Value width = numbers.New(ScalarType.I64);
        ImmutableArray<Value> low = [numbers.New(ScalarType.I64), numbers.New(ScalarType.I64)];
        ImmutableArray<Value> high = [numbers.New(ScalarType.I64), numbers.New(ScalarType.I64)];
        var b = new BlockBuilder(numbers);
        (Value i, Value j) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        BlockBuilder rows = b.Nested();
        Value row = rows.Binary(BinaryOp.Multiply, i, width);
        BlockBuilder columns = rows.Nested();
        Value at = columns.Binary(BinaryOp.Add, row, j);
        Value left = Read(columns, ScalarType.F32, 0, columns.Binary(BinaryOp.Subtract, at, columns.Constant(1)));
        Value right = Read(columns, ScalarType.F32, 0, columns.Binary(BinaryOp.Add, at, columns.Constant(1)));
        columns.Add(new BufferStoreInstruction(1, at, columns.Binary(BinaryOp.Add, left, right)));
        rows.Add(new ForInstruction([], low[1], high[1], [], columns.Finish([j])) { Kind = LoopKind.Simd });
        b.Add(new ForInstruction([], low[0], high[0], [], rows.Finish([i])) { Kind = LoopKind.Threads });
        return new LoopsFunction("stencil", [In("a.H"), Out("out")], [width], low, high, b.Finish([]));
    }

    /// <summary>A binned sum of leaves of eight, kept in a record; two buffers of one name.</summary>
    public static LoopsFunction Sum()
    {
        var numbers = new ValueNumbers();
        (Value low, Value high) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        var b = new BlockBuilder(numbers);
        b.Add(new AccumulatorInstruction(0, AccumulatorKind.Binned, ScalarType.F32));
        Value zero = b.Constant(ScalarType.F32, 0);
        (Value leaf, Value k, Value acc, Value sum) =
            (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64), numbers.New(ScalarType.F32), numbers.New(ScalarType.F32));
        BlockBuilder leaves = b.Nested();
        Value last = leaves.Binary(BinaryOp.Add, leaf, leaves.Constant(8));
        BlockBuilder elements = leaves.Nested();
        Value next = elements.Binary(BinaryOp.Add, acc, Read(elements, ScalarType.F32, 0, k));
        leaves.Add(new ForInstruction([sum], leaf, last, [zero], elements.Finish([k, acc], next)) { Kind = LoopKind.Unroll });
        leaves.Add(new AccumulateInstruction(0, sum));
        b.Add(new ForInstruction([], low, high, [], leaves.Finish([leaf])) { Step = 8 });
        b.Add(new AccumulatorStoreInstruction(0, 1, b.Constant(0)));
        return new LoopsFunction("sum", [In("x"), new BufferParameter("x", ScalarType.U8, true, true)], [], [low], [high], b.Finish([]));
    }

    public static LoopsFunction Merge()
    {
        var numbers = new ValueNumbers();
        (Value low, Value high) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        var b = new BlockBuilder(numbers);
        b.Add(new AccumulatorInstruction(1, AccumulatorKind.Binned, ScalarType.F64));
        Value part = numbers.New(ScalarType.I64);
        BlockBuilder parts = b.Nested();
        parts.Add(new AccumulatorMergeInstruction(1, 0, parts.Binary(BinaryOp.Multiply, part, parts.Constant(AccumulatorStoreInstruction.RecordBytes))));
        b.Add(new ForInstruction([], low, high, [], parts.Finish([part])));
        Value total = numbers.New(ScalarType.F64);
        b.Add(new AccumulatorResultInstruction(total, 1));
        b.Add(new BufferStoreInstruction(1, b.Constant(0), total));
        return new LoopsFunction("merge", [new BufferParameter("parts", ScalarType.U8, false, true), new BufferParameter("sum of all", ScalarType.F64, true, true)],
            [], [low], [high], b.Finish([]));
    }

    /// <summary>A checked sum, conversion, quotient and magnitude with their traps.</summary>
    public static LoopsFunction Checked()
    {
        var numbers = new ValueNumbers();
        Value x = numbers.New(ScalarType.I32);
        (Value low, Value high) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        var b = new BlockBuilder(numbers);
        Value i = numbers.New(ScalarType.I64);
        BlockBuilder body = b.Nested();
        Value overflows = body.Pure(ScalarType.Bool, r => new OverflowInstruction(r, BinaryOp.Multiply, x, x));
        body.Add(new TrapIfInstruction(overflows, TrapKind.Overflow, [i], []) { Site = 0, Span = new SourceSpan("C.cs", 4, "checked(x * x)") });
        Value square = body.Binary(BinaryOp.Multiply, x, x);
        Value fits = body.Pure(ScalarType.Bool, r => new ConvertFitsInstruction(r, square, ScalarType.I16));
        body.Add(new TrapIfInstruction(body.Unary(UnaryOp.Not, fits), TrapKind.Overflow, [i], []) { Site = 0 });
        MathFunction abs = MathFunctions.Find("Math.Abs", [ScalarType.I32])!;
        (Value size, Value failed) = (numbers.New(ScalarType.I32), numbers.New(ScalarType.Bool));
        body.Add(new MathInstruction([size, failed], abs, [square]));
        body.Add(new TrapIfInstruction(failed, TrapKind.MathDomain, [i], []) { Site = 1 });
        body.Add(new TrapIfInstruction(body.Compare(CompareOp.Less, i, low), TrapKind.OutOfRange, [i], [i, high]) { Site = 2 });
        body.Add(new BufferStoreInstruction(0, i, size));
        b.Add(new ForInstruction([], low, high, [], body.Finish([i])));
        return new LoopsFunction("checked \"names\"", [new BufferParameter("out", ScalarType.I32, true, true)], [x], [low], [high], b.Finish([]))
        {
            TrapSites =
            [
                new TrapSite(0, TrapKind.Overflow, new SourceSpan("C.cs", 4, "checked(x * x)"), "x * x"),
                new TrapSite(1, TrapKind.MathDomain, SourceSpan.None, "Math.Abs"),
                new TrapSite(2, TrapKind.OutOfRange, new SourceSpan("sub folder/C.cs", 5, ""), "out"),
            ],
        };
    }

    /// <summary>A while loop, an if without else and local memory.</summary>
    public static LoopsFunction Control()
    {
        var numbers = new ValueNumbers();
        Value n = numbers.New(ScalarType.I64);
        var b = new BlockBuilder(numbers);
        Value zero = b.Constant(0);
        BlockBuilder condition = b.Nested();
        (Value tested, Value value, Value last) = (numbers.New(ScalarType.I64), numbers.New(ScalarType.I64), numbers.New(ScalarType.I64));
        Value goesOn = condition.Compare(CompareOp.Less, zero, tested);
        BlockBuilder body = b.Nested();
        Value next = body.Binary(BinaryOp.Subtract, value, body.Constant(1));
        body.Add(new BufferStoreInstruction(1, zero, next));
        b.Add(new WhileInstruction([last], [n], condition.Finish([tested], goesOn), body.Finish([value], next), long.MaxValue));
        BlockBuilder then = b.Nested();
        then.Add(new BufferStoreInstruction(0, zero, Read(then, ScalarType.I64, 1, zero)));
        b.Add(new IfInstruction([], b.Compare(CompareOp.Equal, last, zero), then.Finish([]), new Block([], [], [])));
        return new LoopsFunction("control", [new BufferParameter("out", ScalarType.I64, true, false)], [n], [], [], b.Finish([]))
        {
            Locals = [new LocalBuffer("ring", ScalarType.I64, 16)],
        };
    }

    private static BufferParameter In(string name) => new(name, ScalarType.F32, false, true);

    private static BufferParameter Out(string name) => new(name, ScalarType.F32, true, true);

    private static Value Read(BlockBuilder b, ScalarType type, int buffer, Value offset)
    {
        Value result = b.Numbers.New(type);
        b.Add(new BufferLoadInstruction(result, buffer, offset));
        return result;
    }
}
