using System.Collections.Immutable;
using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Distributing;
using Avial.Planning.Plans;
using Avial.Tests.Backends.Interpreters;
using Avial.Tests.Programs;
using static Avial.Tests.Backends.Interpreters.GraphMaker;

namespace Avial.Tests.Execution;

/// <summary>Memory that is written over, handed out again or given back while something still shows it.</summary>
public sealed class MemoryLifetimeTests
{
    private const string Increment = """
        kernel rank 1 (%0) reads (a0: i64[]) {
          %1 = load.i64 a0[%0] proven
          %2 = const.i64 1
          %3 = add.i64 %1, %2
          return %3
        }
        """;

    private const string LastFirst = """
        kernel rank 1 (%0) reads (a0: i64[,]) {
          %1 = load.i64 a0[0, -%0 + 3] proven
          return %1
        }
        """;

    private static readonly ArrayType s_array = TypeOf<long>(4);
    private static readonly ArrayType s_row = TypeOf<long>(1, 4);
    private static readonly ArrayType s_integer = TypeOf<long>();
    private static readonly IterationDomain s_all = Domain((0, 4));

    [Test]
    public void Map_OverABaseThatItReadsReshaped_DoesNotWriteOverIt()
    {
        // x = …; r = reshape x; y = r read backwards, over x. Both are last used here.
        var region = new Region([s_array],
            [
                Node(Plus(), [GraphValue.Parameter(0)]),
                Node(new ReshapeOperation { Outputs = [s_row] }, [new GraphValue(0, 0)]),
                Node(new MapOperation([new MapPiece(s_all, Use(LastFirst, [1]))], [0], [0]) { Outputs = [s_array] }, [new GraphValue(0, 0), new GraphValue(1, 0)]),
            ],
            [new GraphValue(2, 0)]);

        Assert.That(Run(region, [1L, 2, 3, 4]), Is.EqualTo(new[] { 5L, 4, 3, 2 }));
    }

    [Test]
    public void Loop_GivenAnArrayAndAReshapeOfIt_KeepsTheReshapeWhole([Values(1, 3)] long count)
    {
        // state ← state + 1; y ← the capture, which shows the first state's memory.
        var body = new Region([s_array, s_array, s_integer, s_row],
            [
                Node(Plus(), [GraphValue.Parameter(0)]),
                Node(Plus(), [new GraphValue(0, 0)]),
                Node(new MapOperation([new MapPiece(s_all, Use(LastFirst, [0]))], [], [0]) { Outputs = [s_array] }, [GraphValue.Parameter(3)]),
            ],
            [new GraphValue(1, 0), new GraphValue(2, 0)]);
        var region = new Region([s_array],
            [
                Node(Plus(), [GraphValue.Parameter(0)]),
                Node(new ReshapeOperation { Outputs = [s_row] }, [new GraphValue(0, 0)]),
                Node(new LoopOperation(body, 2, false, 1) { Outputs = [s_array, s_array, s_integer] }, [new GraphValue(0, 0), GraphValue.Parameter(0), new GraphValue(1, 0)], 0),
            ],
            [new GraphValue(2, 1)]);

        Assert.That(Run(region, [1L, 2, 3, 4], (ulong)count), Is.EqualTo(new[] { 5L, 4, 3, 2 }));
    }

    [Test]
    public void Loop_WhoseStateIsTheStep_SeesTheStepBefore()
    {
        // (s, sum) ← (t, sum + s), from (10, 0): 10 + 0 + 1 + 2.
        KernelUse sum = Use("kernel rank 0 (; %0: i64, %1: i64) { %2 = add.i64 %0, %1\n return %2 }", [],
            [new KernelArgument(ArgumentKind.Input, 0), new KernelArgument(ArgumentKind.Input, 1)]);
        var body = new Region([s_integer, s_integer, s_integer],
            [Node(new MapOperation([new MapPiece(IterationDomain.Scalar, sum)], [], []) { Outputs = [s_integer] }, [GraphValue.Parameter(0), GraphValue.Parameter(1)])],
            [GraphValue.Parameter(2), new GraphValue(0, 0)]);
        var region = new Region([s_integer, s_integer],
            [Node(new LoopOperation(body, 2, false, 1) { Outputs = [s_integer, s_integer, s_integer] }, [GraphValue.Parameter(0), GraphValue.Parameter(1)], 0)],
            [new GraphValue(0, 1)]);

        long[] result = Read<long>(RunAll(region, [StorageOf([10L], []), StorageOf([0L], [])], 4)[0]);

        Assert.That(result, Is.EqualTo(new[] { 13L }));
    }

    [Test]
    public void Loop_WhoseConditionIsACapture_LeavesItToItsOwner()
    {
        // The condition is computed outside; the array made after the loop must not take its memory before it is read again.
        ArrayType flag = TypeOf<bool>();
        KernelUse yes = Use("kernel rank 0 () { %0 = const.i1 true\n return %0 }");
        KernelUse no = Use("kernel rank 0 () { %0 = const.i1 false\n return %0 }");
        var body = new Region([s_array, s_integer, flag], [Node(Plus(), [GraphValue.Parameter(0)])], [new GraphValue(0, 0), GraphValue.Parameter(2)]);
        var region = new Region([s_array],
            [
                Node(new MapOperation([new MapPiece(IterationDomain.Scalar, yes)], [], []) { Outputs = [flag] }, []),
                Node(new LoopOperation(body, 1, true, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0), new GraphValue(0, 0)], 0),
                Node(new MapOperation([new MapPiece(IterationDomain.Scalar, no)], [], []) { Outputs = [flag] }, []),
            ],
            [new GraphValue(0, 0), new GraphValue(2, 0), new GraphValue(1, 0)]);

        Storage[] results = RunAll(region, [StorageOf([1L, 2, 3, 4], [4])], 5);

        Assert.That((Read<bool>(results[0])[0], Read<bool>(results[1])[0]), Is.EqualTo((true, false)));
    }

    [Test]
    public void Loop_WhoseStateIsReshapedEachStep_LivesOnAFewArrays()
    {
        var body = new Region([s_array, s_integer],
            [
                Node(Plus(), [GraphValue.Parameter(0)]),
                Node(new ReshapeOperation { Outputs = [s_row] }, [new GraphValue(0, 0)]),
                Node(new ReshapeOperation { Outputs = [s_array] }, [new GraphValue(1, 0)]),
            ],
            [new GraphValue(2, 0)]);
        var region = new Region([s_array], [Node(new LoopOperation(body, 1, false, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0)]);
        var allocator = new Allocator();

        Run(region, [1L, 2, 3, 4], allocator, 50);

        Assert.That(allocator.PeakBytes, Is.LessThan(8 * 64));
    }

    [Test]
    public void Trap_AfterACallWhoseResultIsDead_DoesNotReadItsMemoryAgain()
    {
        // c = call; d = c + 1; e = 1 / (d - d): naming the trap runs the tasks again, with the call's results of the first run.
        KernelUse divide = Use("""
            kernel rank 1 (%0) reads (a0: i64[]) {
              %1 = load.i64 a0[%0] proven
              %2 = sub.i64 %1, %1
              %3 = div.i64 %1, %2
              return %3
            }
            """);
        var region = new Region([s_array],
            [
                Node(new CallOperation(new MixingCall(), false) { Outputs = [s_array] }, [GraphValue.Parameter(0)]) with { Name = "code" },
                Node(Plus(), [new GraphValue(0, 0)]) with { Name = "plus", Order = 1 },
                Node(Plus(), [GraphValue.Parameter(0)]) with { Name = "other", Order = 2 },
                Node(new MapOperation([new MapPiece(s_all, divide)], [], [0]) { Outputs = [s_array] }, [new GraphValue(1, 0)]) with { Name = "divide", Order = 3 },
            ],
            [new GraphValue(3, 0), new GraphValue(2, 0)]);
        var program = new GeneratedProgram(0, region, [StorageOf([1L, 2, 3, 4], [4])], []);

        Assert.That(ProgramRunner.MessageOf(program, Engine.Managed), Is.EqualTo(ProgramRunner.MessageOf(program, Engine.Interpreter)).And.Contain("'divide'"));
    }

    [Test]
    public void Call_NeededByTwoEvaluations_RunsOnce()
    {
        var code = new CountingCall();
        var region = new Region([s_array],
            [
                Node(new CallOperation(code, false) { Outputs = [s_array] }, [GraphValue.Parameter(0)]),
                Node(Plus(), [new GraphValue(0, 0)]),
                Node(Plus(), [new GraphValue(0, 0)]) with { Name = "again" },
            ],
            [new GraphValue(1, 0), new GraphValue(2, 0)]);
        var recorded = new RecordedProgram(new GeneratedProgram(0, region, [StorageOf([1L, 2, 3, 4], [4])], []));
        using var runner = new SessionRunner(new SessionOptions { Threads = 1 });

        runner.Run(recorded.Roots.AsSpan()[..1], static () => [], null, default);
        runner.Run(recorded.Roots.AsSpan()[1..], static () => [], null, default);

        Assert.That(code.Runs, Is.EqualTo(1));
    }

    [Test]
    public void View_ReadThroughData_IsCheckedAgainstItsOwnExtents([Values(Engine.Managed, Engine.LoopsInterpreter, Engine.Interpreter)] Engine engine)
    {
        // v = x[1..3]; v[x[i]]: 2 lies outside v, though inside x.
        KernelUse gather = Use("""
            kernel rank 1 (%0) reads (a0: i64[], a1: i64[]) {
              %1 = load.i64 a0[%0] proven
              %2 = load.i64 a1[%1] check_element
              return %2
            }
            """);
        var view = new ViewOperation([AffineIndex.Of(new Value(0, ScalarType.I64)) + 1], [0]) { Outputs = [TypeOf<long>(2)] };
        var region = new Region([s_array],
            [
                Node(view, [GraphValue.Parameter(0)]) with { Name = "part" },
                Node(new MapOperation([new MapPiece(s_all, gather)], [], [0]) { Outputs = [s_array] }, [GraphValue.Parameter(0), new GraphValue(0, 0)]) with { Name = "gather", Order = 1 },
            ],
            [new GraphValue(1, 0)]);
        var program = new GeneratedProgram(0, region, [StorageOf([0L, 1, 2, 3], [4])], []);

        Assert.That(ProgramRunner.MessageOf(program, engine), Does.StartWith("AVL0422: 'gather' reads outside an array at [2]: index 2, where 0..1 exist"));
    }

    [Test]
    public void Cancellation_InTheMiddleOfALoop_LeavesTheSessionAndItsSourcesWhole()
    {
        using var source = new CancellationTokenSource();
        var body = new Region([s_array, s_integer],
            [Node(Plus(), [GraphValue.Parameter(0)]), Node(new CallOperation(new CancellingCall(source), true) { Outputs = [s_integer] }, [])],
            [new GraphValue(0, 0)]);
        var region = new Region([s_array], [Node(new LoopOperation(body, 1, false, 1) { Outputs = [s_array, s_integer] }, [GraphValue.Parameter(0)], 0)], [new GraphValue(0, 0)]);
        var program = new GeneratedProgram(0, region, [StorageOf([1L, 2, 3, 4], [4])], [100]);
        using var runner = new SessionRunner(new SessionOptions { Threads = 2 });
        var recorded = new RecordedProgram(program);

        Assert.That(() => runner.Run(recorded.Roots.AsSpan(), static () => [], null, source.Token), Throws.InstanceOf<OperationCanceledException>());

        runner.Run(recorded.Roots.AsSpan(), static () => [], null, default);
        Assert.That(Read<long>(recorded.Values()[0]), Is.EqualTo(new[] { 101L, 102, 103, 104 }));
        Assert.That(Read<long>(program.Sources[0]), Is.EqualTo(new[] { 1L, 2, 3, 4 }));
    }

    private static MapOperation Plus() => new([new MapPiece(s_all, Use(Increment))], [], [0]) { Outputs = [s_array] };

    private static GraphNode Node(Operation operation, ImmutableArray<GraphValue> inputs, params ImmutableArray<int> scalars) =>
        new(operation, inputs, scalars.IsDefault ? [] : scalars) { Name = "task", Span = new SourceSpan("Program.cs", 1, "") };

    private static long[] Run(Region region, long[] source, params ulong[] scalars) => Read<long>(RunAll(region, [StorageOf(source, [source.Length])], scalars)[0]);

    private static void Run(Region region, long[] source, Allocator allocator, params ulong[] scalars) => RunWith(region, [StorageOf(source, [source.Length])], allocator, scalars);

    private static Storage[] RunAll(Region region, Storage[] sources, params ulong[] scalars) => RunWith(region, sources, Allocator.Shared, scalars);

    // Without the passes, so that nothing is fused away.
    private static Storage[] RunWith(Region region, Storage[] sources, Allocator allocator, ulong[] scalars)
    {
        GraphVerifier.Check(region, scalars.Length);
        var body = BodyPlanner.PlanProgram(region, new ShapeChooser().Choose(region, [.. region.Parameters.Select(p => Distribution.Everywhere(p.Box, 1))], 1), 1, []);
        var pool = new StoragePool(allocator) { IsPoisoning = true };
        using var workers = new WorkerPool(1);
        using var runtime = new RankRuntime(workers, pool);
        using var executor = new PlanExecutor(RankPlanBuilder.Build(body, new RankId(0), scalars), CompiledNodes.Compile(region, new ManagedCodeGenerator(), body), scalars, runtime);
        var results = new Storage?[region.Results.Length];
        executor.Run(sources, results);
        return [.. results.Select(r => r!)];
    }

    private sealed class CountingCall : CallBody
    {
        public int Runs { get; private set; }

        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
        {
            Runs++;
            new MixingCall().Invoke(reads, writes);
        }
    }

    private sealed class CancellingCall(CancellationTokenSource source) : CallBody
    {
        private int _runs;

        public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
        {
            new MixingCall().Invoke(reads, writes);
            if (++_runs == 7)
            {
                source.Cancel();
            }
        }
    }
}
