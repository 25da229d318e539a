using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Backends.Managed;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Backends;

public sealed class StageLauncherTests
{
    private static readonly int[] s_parts = [0, 1, 2, 3, 4, 7, 8, 100];

    private static readonly WorkerPool s_pool = new(3);

    [Test]
    public void Map_HoweverItIsCut_ComputesEachElementOnce([ValueSource(nameof(s_parts))] int parts)
    {
        foreach (int[] shape in new int[][] { [0, 5], [5, 0], [1, 1], [1, 13], [13, 1], [7, 11], [2, 100] })
        {
            CompiledOperation operation = CompiledOperation.Compile(AddOne(CutKind.Any), ManagedCodeGenerator.Shared);
            using var memory = new Memory(shape[0] * shape[1]);

            StageLauncher.Launch(operation, memory.Context(new Box([0, 0], [shape[0], shape[1]]), parts), 0, s_pool);

            Assert.That(memory.Output, Is.EqualTo(memory.Input.Select(x => x + 1)), $"{shape[0]}×{shape[1]}");
        }
    }

    [Test]
    public void Trap_HoweverItIsCut_IsTheLowestElement([ValueSource(nameof(s_parts))] int parts)
    {
        CompiledOperation operation = CompiledOperation.Compile(AddOne(CutKind.Any), ManagedCodeGenerator.Shared);
        using var memory = new Memory(9 * 20);
        foreach (int bad in new[] { 179, 77, 78, 141 })
        {
            memory.SetInput(bad, -1000);
        }

        Trap trap = TrapOf(() => StageLauncher.Launch(operation, memory.Context(new Box([0, 0], [9, 20]), parts), 5, s_pool));

        Assert.That((trap.Order, trap.LinearIndex, trap.Site.Subject), Is.EqualTo((5, 77L, "minus thousand")));
        Assert.That((trap.OffendingIndex, trap.Extent), Is.EqualTo((17L, 20L)));
    }

    [Test]
    public void Trap_InADomainThatDoesNotStartAtZero_CountsFromItsCorner()
    {
        CompiledOperation operation = CompiledOperation.Compile(AddOne(CutKind.Any), LoopsInterpreter.Shared);
        using var memory = new Memory(9 * 20);
        memory.SetInput(4 * 20 + 6, -1000);

        Trap trap = TrapOf(() => StageLauncher.Launch(operation, memory.Context(new Box([3, 5], [9, 20]), 4), 0, s_pool));

        Assert.That(trap.LinearIndex, Is.EqualTo(15 + 1));
    }

    [Test]
    public void SnappedCuts_LieAtAbsoluteMultiples([Values(1, 2, 3, 5, 50)] int parts, [Values(-130, -1, 0, 1, 63, 64, 65)] int low, [Values(0, 1, 63, 64, 200)] int length)
    {
        List<Box> boxes = Boxes(CutKind.Snapped, new Box([low], [low + length]), parts, s => s with { Snap = 64 });

        AssertTiles(boxes, new Box([low], [low + length]));
        Assert.That(boxes.SelectMany(b => new[] { b.Low[0], b.High[0] }).Where(x => x != low && x != low + length).Select(x => x % 64), Is.All.Zero);
        Assert.That(boxes, Has.Count.LessThanOrEqualTo(parts));
    }

    [Test]
    public void CutsOfAnyKind_TileTheBox([Values(1, 2, 3, 7, 64)] int parts, [Values("None", "Any", "Snapped", "Axes")] string kind)
    {
        CutKind cut = Enum.Parse<CutKind>(kind);
        var box = new Box([1, -3, 10], [4, 2, 300]);

        List<Box> boxes = Boxes(cut, box, parts, s => s with { Snap = 16, SnapAxis = 2, CutAxes = [1] });

        AssertTiles(boxes, box);
        Assert.That(boxes, Has.Count.GreaterThanOrEqualTo(cut switch
        {
            CutKind.None => 1,
            CutKind.Axes => Math.Min(parts, 5),
            _ => parts,
        }));
        if (cut == CutKind.Axes)
        {
            Assert.That(boxes.Select(b => (b.Low[0], b.High[0], b.Low[2], b.High[2])), Is.All.EqualTo((1L, 4L, 10L, 300L)));
        }
    }

    [Test]
    public void MostParts_IsNotExceeded([Values(1, 2, 3, 5, 6, 7)] int most)
    {
        var box = new Box([0, 0, 0], [2, 3, 100]);

        List<Box> boxes = Boxes(CutKind.Any, box, 100, s => s with { MostParts = most });

        AssertTiles(boxes, box);
        Assert.That(boxes, Has.Count.LessThanOrEqualTo(most));
    }

    [Test]
    public void SmallWork_IsOnePart_LargeWorkIsCut()
    {
        var box = new Box([0], [1000]);

        Assert.That(Boxes(CutKind.Any, box, 0, s => s), Has.Count.EqualTo(1));
        Assert.That(Boxes(CutKind.Any, box, 0, s => s with { Work = 100_000 }), Has.Count.EqualTo(12));
    }

    [Test]
    public void SequentialAxis_IsWalkedInOrder([Values(1, 3)] int parts)
    {
        List<Box> boxes = Boxes(CutKind.Any, new Box([2, 0], [6, 9]), parts, s => s with { SequentialAxis = 0 });

        Assert.That(boxes.Select(b => b.Length(0)), Is.All.EqualTo(1));
        Assert.That(boxes.Select(b => b.Low[0]), Is.Ordered);
        AssertTiles(boxes, new Box([2, 0], [6, 9]));
        Assert.That(boxes, Has.Count.EqualTo(4 * parts));
    }

    [TestCase("None", 1)]
    [TestCase("Any", 0)]
    public void EmptyBox_RunsNothing_UnlessTheStageIsOneCall(string cut, int calls) =>
        Assert.That(Boxes(Enum.Parse<CutKind>(cut), new Box([3], [3]), 4, s => s), Has.Count.EqualTo(calls));

    [Test]
    public void PartTemporaries_AreMergedByTheNextStage([ValueSource(nameof(s_parts))] int parts, [Values(0, 1, 7, 1000)] int length)
    {
        CompiledOperation operation = CompiledOperation.Compile(SumOfIndices(), ManagedCodeGenerator.Shared);
        for (int launch = 0; launch < 3; launch++)
        {
            using var memory = new Memory(1);

            StageLauncher.Launch(operation, memory.Context(new Box([5], [5 + length]), parts), 0, s_pool);

            Assert.That(memory.Output[0], Is.EqualTo(Enumerable.Range(5, length).Sum()));
        }
    }

    [Test]
    public void Launch_WhenCancelled_Throws()
    {
        CompiledOperation operation = CompiledOperation.Compile(AddOne(CutKind.Any), ManagedCodeGenerator.Shared);
        using var memory = new Memory(4);

        Assert.That(() => StageLauncher.Launch(operation, memory.Context(new Box([0, 0], [2, 2]), 0, new CancellationToken(true)), 0, s_pool),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(memory.Output, Is.All.Zero);
    }

    [Test]
    public void Launch_Repeated_AllocatesNothing()
    {
        CompiledOperation operation = CompiledOperation.Compile(SumOfIndices(), ManagedCodeGenerator.Shared);
        using var memory = new Memory(1);
        LaunchContext context = memory.Context(new Box([0], [100]), 0);
        StageLauncher.Launch(operation, context, 0, s_pool);

        long allocated = SteadyState.AllocatedBy(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                StageLauncher.Launch(operation, context, 0, s_pool);
            }
        });

        Assert.That(allocated, Is.Zero);
    }

    private static Trap TrapOf(Action launch)
    {
        try
        {
            launch();
        }
        catch (TrapException exception)
        {
            return exception.Trap;
        }
        throw new AssertionException("No trap.");
    }

    private static void AssertTiles(List<Box> boxes, Box whole)
    {
        Assert.That(boxes.Sum(b => b.Count), Is.EqualTo(whole.Count));
        Assert.That(boxes.All(b => whole.Contains(b)));
        for (int i = 0; i < boxes.Count; i++)
        {
            Assert.That(boxes.Skip(i + 1).All(b => b.Intersect(boxes[i]).IsEmpty), $"{boxes[i]} overlaps another part");
        }
    }

    private static List<Box> Boxes(CutKind cut, Box box, int parts, Func<LoweredStage, LoweredStage> change)
    {
        var recorder = new BoxRecorder(box.Rank);
        var numbers = new ValueNumbers();
        Value[] bounds = [.. Enumerable.Range(0, 2 * box.Rank).Select(_ => numbers.New(ScalarType.I64))];
        var function = new LoopsFunction("boxes", [], [], [.. bounds[..box.Rank]], [.. bounds[box.Rank..]], new Block([], [], []));
        LoweredStage stage = change(new LoweredStage(function, [], [], new DomainBox(0), cut));
        using var memory = new Memory(1);
        StageLauncher.Launch(CompiledOperation.Compile(new LoweredOperation([stage], []), recorder), memory.Context(box, parts), 0, s_pool);
        return recorder.Boxes;
    }

    // out[i, j] = in[i, j] + 1 over the box; an element of -1000 traps.
    private static LoweredOperation AddOne(CutKind cut)
    {
        var numbers = new ValueNumbers();
        Value[] v = [.. Enumerable.Range(0, 7).Select(_ => numbers.New(ScalarType.I64))];
        (Value width, Value rowLow, Value columnLow, Value rowHigh, Value columnHigh, Value row, Value column) = (v[0], v[1], v[2], v[3], v[4], v[5], v[6]);
        var inner = new BlockBuilder(numbers);
        Value offset = inner.Binary(BinaryOp.Add, inner.Binary(BinaryOp.Multiply, row, width), column);
        Value x = numbers.New(ScalarType.I32);
        inner.Add(new BufferLoadInstruction(x, 0, offset));
        Value isBad = inner.Compare(CompareOp.Equal, x, inner.Constant(ScalarType.I32, unchecked((ulong)-1000)));
        inner.Add(new TrapIfInstruction(isBad, TrapKind.OutOfRange, [row, column], [column, width]) { Site = 0 });
        inner.Add(new BufferStoreInstruction(1, offset, inner.Binary(BinaryOp.Add, x, inner.Constant(ScalarType.I32, 1))));
        var columns = new ForInstruction([], columnLow, columnHigh, [], inner.Finish([column]));
        var rows = new ForInstruction([], rowLow, rowHigh, [], new Block([row], [columns], [])) { Kind = LoopKind.Threads };
        var function = new LoopsFunction("add_one", [new("in", ScalarType.I32, false, true), new("out", ScalarType.I32, true, true)],
            [width], [rowLow, columnLow], [rowHigh, columnHigh], new Block([], [rows], []))
        {
            TrapSites = [new TrapSite(0, TrapKind.OutOfRange, default, "minus thousand")],
        };
        return new LoweredOperation([new LoweredStage(function, [new(BufferSource.Input, 0, 0), new(BufferSource.Output, 0, 0)],
            [new ScalarBinding(ScalarSource.DomainHigh, 0, 1)], new DomainBox(0), cut)], []);
    }

    // Stage 1: each part stores the sum of its indices in its record; stage 2: one call adds the records.
    private static LoweredOperation SumOfIndices()
    {
        var numbers = new ValueNumbers();
        Value low = numbers.New(ScalarType.I64);
        Value high = numbers.New(ScalarType.I64);
        var body = new BlockBuilder(numbers);
        Value sum = Total(body, numbers, low, high, (_, k) => k);
        body.Add(new BufferStoreInstruction(0, body.Constant(0), sum));
        var parts = new LoopsFunction("sum", [new("parts", ScalarType.I64, true, true)], [], [low], [high], body.Finish([]));

        numbers = new ValueNumbers();
        Value count = numbers.New(ScalarType.I64);
        body = new BlockBuilder(numbers);
        Value total = Total(body, numbers, body.Constant(0), count, (b, k) =>
        {
            Value record = numbers.New(ScalarType.I64);
            b.Add(new BufferLoadInstruction(record, 0, k));
            return record;
        });
        body.Add(new BufferStoreInstruction(1, body.Constant(0), body.Convert(total, ScalarType.I32)));
        var merge = new LoopsFunction("merge", [new("parts", ScalarType.I64, false, true), new("out", ScalarType.I32, true, true)],
            [count], [], [], body.Finish([]));

        return new LoweredOperation(
            [
                new LoweredStage(parts, [new(BufferSource.Temporary, 0, 0)], [], new DomainBox(0), CutKind.Any) { PartTemporary = 0 },
                new LoweredStage(merge, [new(BufferSource.Temporary, 0, 0), new(BufferSource.Output, 0, 0)],
                    [new ScalarBinding(ScalarSource.PartCount, 0)], new CountBox([]), CutKind.None),
            ],
            [new TemporaryMemory(8, [new ScalarBinding(ScalarSource.PartCount, 0)])]);
    }

    private static Value Total(BlockBuilder block, ValueNumbers numbers, Value from, Value to, Func<BlockBuilder, Value, Value> term)
    {
        Value seed = block.Constant(0);
        Value k = numbers.New(ScalarType.I64);
        Value carried = numbers.New(ScalarType.I64);
        BlockBuilder body = block.Nested();
        Value next = body.Binary(BinaryOp.Add, carried, term(body, k));
        Value result = numbers.New(ScalarType.I64);
        block.Add(new ForInstruction([result], from, to, [seed], body.Finish([k, carried], next)));
        return result;
    }

    private sealed unsafe class BoxRecorder(int rank) : CompiledFunction, ICodeGenerator
    {
        public List<Box> Boxes { get; } = [];

        public string Name => "recorder";

        public CompiledFunction Compile(LoopsFunction function) => this;

        public override void Run(byte** buffers, long* scalars, long* low, long* high, TrapState* trap)
        {
            var box = new Box([.. new ReadOnlySpan<long>(low, rank)], [.. new ReadOnlySpan<long>(high, rank)]);
            lock (Boxes)
            {
                Boxes.Add(box);
            }
        }
    }

    private sealed unsafe class Memory : IDisposable
    {
        private static readonly ElementLayout s_element = ElementLayout.Of(typeof(int));
        private readonly int _count;
        private readonly Storage _input;
        private readonly Storage _output;

        public Memory(int count)
        {
            _count = count;
            _input = new Allocator().Allocate(new ArrayType(s_element, [count]), "in");
            _output = new Allocator().Allocate(new ArrayType(s_element, [count]), "out");
            for (int i = 0; i < count; i++)
            {
                ((int*)_input.Address(0))[i] = i * 3;
                ((int*)_output.Address(0))[i] = 0;
            }
        }

        public int[] Input => new ReadOnlySpan<int>(_input.Address(0), _count).ToArray();

        public int[] Output => new ReadOnlySpan<int>(_output.Address(0), _count).ToArray();

        public void SetInput(int index, int value) => ((int*)_input.Address(0))[index] = value;

        public LaunchContext Context(Box box, int parts, CancellationToken cancellation = default) => new()
        {
            Inputs = [_input],
            Outputs = [_output],
            Scalars = [],
            Domains = [box],
            ForcedParts = parts,
            Cancellation = cancellation,
        };

        public void Dispose()
        {
            _input.Release();
            _output.Release();
        }
    }
}
