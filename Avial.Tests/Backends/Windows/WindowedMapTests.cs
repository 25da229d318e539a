using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Managed;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Tests.Backends.Lowering;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Windows;

public sealed class WindowedMapTests
{
    private const int Batch = 15;

    [Test]
    public void RandomKernels_InParts_GiveTheBitsOfTheWhole([Range(0, 5)] int batch, [Values] bool mayTrap)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed, new KernelGeneratorOptions { MayTrap = mayTrap });
        }
    }

    [Test]
    public void RandomKernelsOnLargerDomains_InParts_GiveTheBitsOfTheWhole([Range(0, 3)] int batch)
    {
        for (int seed = batch * Batch; seed < (batch + 1) * Batch; seed++)
        {
            AssertAgrees(seed, new KernelGeneratorOptions { Domain = RandomDomains.Next(new Random(seed)), Size = 10, HasLoops = seed % 3 == 0 });
        }
    }

    [Test]
    public void PeriodicStencil_OnItsHaloAlone_GivesTheBitsOfTheWhole(
        [Values(5, 9)] long extent, [Values(0, -1, 2)] long row, [Values(-3, 0, 1)] long column, [Values(0, 1)] int others)
    {
        var random = new Random(7);
        var numbers = new ValueNumbers();
        ImmutableArray<Value> index = [numbers.New(ScalarType.I64), numbers.New(ScalarType.I64)];
        var b = new BlockBuilder(numbers);
        Value sum = Read(b, BorderKind.Wrap, AffineIndex.Of(index[0]) + row, AffineIndex.Of(index[1]) + column);
        for (int other = 0; other < others; other++)
        {
            sum = b.Binary(BinaryOp.Subtract, sum, Read(b, BorderKind.None, AffineIndex.Of(index[0]), AffineIndex.Of(index[1])));
        }
        var kernel = new Kernel(2, [new KernelOperand(2, [ScalarType.F64])], b.Finish(index, sum));
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), [extent, extent + 2]);
        var domain = new Box([0, 0], type.Extents);
        var map = new MapOperation([new MapPiece(RandomDomains.Of(domain), LoweringCase.Use(kernel))], [], [0, 0]) { Outputs = [type] };
        Storage input = LoweringCase.RandomArray(random, type.Element, type.Extents);
        var whole = new WindowedCase(map, [input], []);
        Storage expected = whole.Start(type, 0);
        CompiledOperation compiled = CompiledOperation.Compile(whole.Lowered, ManagedCodeGenerator.Shared);
        using var pool = new WorkerPool(1);
        StageLauncher.Launch(compiled, whole.Context([input], [expected], null, random), 0, pool);
        foreach (ICodeGenerator generator in WindowedCase.Generators)
        {
            compiled = CompiledOperation.Compile(whole.Lowered, generator);
            for (int turn = 0; turn < 12; turn++)
            {
                foreach (Box part in RandomParts.Of(domain, random, [0, 1]).Where(p => !p.IsEmpty))
                {
                    // The places as they are read, before they are wrapped.
                    var read = new Box([part.Low[0] + row, part.Low[1] + column], [part.High[0] + row, part.High[1] + column]);
                    Storage window = InputWindows.Copy(input, others > 0 ? read.Hull(part) : read);
                    Storage found = GuardedMemory.Allocate(type, part);
                    StageLauncher.Launch(compiled, whole.Context([window], [found], part, random), 0, pool);
                    GuardedMemory.AssertUntouched(found, $"{part}");
                    Storage wanted = GuardedMemory.Allocate(type, part);
                    StorageCopy.Box(expected, wanted, part);
                    Assert.That(Bytes(found), Is.EqualTo(Bytes(wanted)), $"{generator.Name}, part {part} of {type}");
                }
            }
        }
    }

    [Test]
    public void Fill_OfAWindow_WritesThePart()
    {
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.I32, ScalarType.F64]), [5, 7]);
        var random = new Random(1);
        var fill = new WindowedCase(new FillOperation { Outputs = [type] }, [], [3, BitConverter.DoubleToUInt64Bits(0.5)]);

        fill.AssertPartsAgree(RandomParts.Of(fill.Domain, random, [0, 1]), part => part, random, "a fill");
    }

    [Test]
    public void RowReadAboveTheArray_IsNotReadWhereThereIsNoInterior([Values] bool isFar)
    {
        // a.Clamp[i - far] is the same along a row: moved out of the row's interior, it must not be read where no row has an interior.
        long far = isFar ? 1L << 40 : 3;
        var numbers = new ValueNumbers();
        ImmutableArray<Value> index = [numbers.New(ScalarType.I64), numbers.New(ScalarType.I64)];
        var b = new BlockBuilder(numbers);
        Value value = Read(b, BorderKind.Clamp, AffineIndex.Of(index[0]) + -far);
        var kernel = new Kernel(2, [new KernelOperand(1, [ScalarType.F64])], b.Finish(index, value));
        var type = new ArrayType(LoweringCase.LayoutOf([ScalarType.F64]), [4, 5]);
        var map = new MapOperation([new MapPiece(RandomDomains.Of(type.Box), LoweringCase.Use(kernel))], [], [0, 0]) { Outputs = [type] };
        var random = new Random(3);

        new WindowedCase(map, [LoweringCase.RandomArray(random, type.Element, [4])], [])
            .AssertPartsAgree(RandomParts.Of(type.Box, random, [0, 1]), part => part, random, $"far {far}");
    }

    [Test]
    public void Launch_RepeatedOnOtherWindows_AllocatesNothing()
    {
        var random = new Random(5);
        GeneratedKernel generated = KernelGenerator.Generate(8, new KernelGeneratorOptions { Domain = new Box([0, 0], [9, 9]), Results = 1 });
        var type = new ArrayType(LoweringCase.LayoutOf(generated.Kernel.ResultTypes), [9, 9]);
        var map = new MapOperation([new MapPiece(RandomDomains.Of(type.Box), LoweringCase.Use(generated.Kernel))], [], [0, 0]) { Outputs = [type] };
        var one = new WindowedCase(map, LoweringCase.Operands(generated), generated.Scalars);
        CompiledOperation compiled = CompiledOperation.Compile(one.Lowered, ManagedCodeGenerator.Shared);
        using var workers = new WorkerPool(1);
        var memory = new StoragePool(new Allocator());
        Box[] parts = [new([0, 0], [4, 9]), new([4, 0], [8, 9])];
        LaunchContext context = one.Context(one.InputsOf(one.Domain, random), [memory.Acquire(type, parts[0], "out")], parts[0], random);
        long before = 0;
        for (int step = 0; step < 20; step++)
        {
            before = step == 10 ? GC.GetAllocatedBytesForCurrentThread() : before;
            memory.Release(context.Outputs[0]);
            context.Parts![0] = parts[step % 2];
            context.Outputs[0] = memory.Acquire(type, parts[step % 2], "out");
            StageLauncher.Launch(compiled, context, 0, workers);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
        memory.Release(context.Outputs[0]);
        memory.Drain();
    }

    internal static void AssertAgrees(int seed, KernelGeneratorOptions options)
    {
        var random = new Random(seed);
        GeneratedKernel generated = KernelGenerator.Generate(seed, options);
        ImmutableArray<long> origin = generated.Domain.Low;
        bool hasBase = random.Next(3) == 0;
        ImmutableArray<long> extents = [.. Enumerable.Range(0, generated.Domain.Rank).Select(a => generated.Domain.Length(a) + (hasBase ? random.Next(3) : 0))];
        ImmutableArray<ArrayType> types = [.. generated.Kernel.ResultTypes.Select(t => new ArrayType(LoweringCase.LayoutOf([t]), extents))];
        var piece = new MapPiece(RandomDomains.Of(generated.Domain), LoweringCase.Use(generated.Kernel));
        int operands = generated.Kernel.Operands.Length;
        var map = new MapOperation([piece], hasBase ? [.. types.Select((_, i) => operands + i)] : [], origin) { Outputs = types };
        var bases = hasBase ? types.Select(t => LoweringCase.RandomArray(random, t.Element, extents)) : [];
        Box[] parts = RandomParts.Of(generated.Domain, random, Enumerable.Range(0, generated.Domain.Rank));

        new WindowedCase(map, [.. LoweringCase.Operands(generated), .. bases], generated.Scalars).AssertPartsAgree(parts,
            part => new Box([.. part.Low.Zip(origin, (l, o) => l - o)], [.. part.High.Zip(origin, (h, o) => h - o)]), random, $"{generated}");
    }

    private static Value Read(BlockBuilder b, BorderKind border, params ImmutableArray<AffineIndex> place) => b.Pure(ScalarType.F64, r =>
        new LoadInstruction(r, new Access(0, 0, place, border, null, [], true, BoundsProof.Proven, SourceSpan.None)));

    private static unsafe byte[] Bytes(Storage storage)
    {
        byte[] bytes = new ReadOnlySpan<byte>(storage.Address(0), (int)storage.Column(0).Bytes).ToArray();
        GC.KeepAlive(storage);
        return bytes;
    }
}
