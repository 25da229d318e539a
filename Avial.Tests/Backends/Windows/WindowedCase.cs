using System.Collections.Immutable;
using Avial.Backends;
using Avial.Backends.Interpreters;
using Avial.Backends.Lowering;

using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Passes;
using Avial.Tests.Programs;

namespace Avial.Tests.Backends.Windows;

/// <summary>One operation of one piece: computed at once on whole arrays, and part by part on windows that are as small as they may be.</summary>
internal sealed class WindowedCase
{
    private static readonly WorkerPool s_pool = new(2);
    private readonly Storage[] _inputs;
    private readonly ulong[] _scalars;
    private readonly IterationDomain _iteration;

    public WindowedCase(Operation operation, IEnumerable<Storage> inputs, ImmutableArray<ulong> scalars, Box? domain = null)
    {
        _inputs = [.. inputs];
        _scalars = [.. scalars];
        _iteration = Kernels.DomainsOf(operation)[0];
        Node = new GraphNode(operation, [.. _inputs.Select((_, i) => GraphValue.Parameter(i))], [.. Enumerable.Range(0, _scalars.Length)]) { Name = "task" };
        Lowered = OperationLowering.Lower(Node);
        Domain = domain ?? _iteration.ToBox();
    }

    public static IEnumerable<ICodeGenerator> Generators => CodeGenerators.All;

    public GraphNode Node { get; }

    public LoweredOperation Lowered { get; }

    public Box Domain { get; }

    /// <summary>Asserts that the parts' results, put together, have the bits of the whole; the lowest trap of all parts must be that of the whole.</summary>
    /// <param name="parts">What each rank computes.</param>
    /// <param name="windowOf">The window of the outputs that a part writes.</param>
    /// <param name="random">For windows and threads.</param>
    /// <param name="about">What is tested.</param>
    public void AssertPartsAgree(Box[] parts, Func<Box, Box> windowOf, Random random, string about)
    {
        foreach (ICodeGenerator generator in Generators)
        {
            string where = $"{generator.Name}: {string.Join(", ", parts)}: {about}";
            CompiledOperation compiled = CompiledOperation.Compile(Lowered, generator);
            Storage[] expected = [.. Node.Operation.Outputs.Select(Start)];
            Trap? wholeTrap = TrapOf(() => StageLauncher.Launch(compiled, Context(_inputs, expected, null, random), 3, s_pool));
            Storage[] found = [.. Node.Operation.Outputs.Select(Start)];
            Trap? lowest = null;
            foreach (Box part in parts)
            {
                Storage[] inputs = InputsOf(part, random);
                Box window = windowOf(part);
                Storage[] outputs = [.. Node.Operation.Outputs.Select((type, output) => Window(expected: found[output], window))];
                Trap? trap = TrapOf(() => StageLauncher.Launch(compiled, Context(inputs, outputs, part, random), 3, s_pool));
                lowest = lowest is null || trap?.LinearIndex < lowest?.LinearIndex ? trap ?? lowest : lowest;
                foreach (Storage storage in inputs.Concat(outputs).Where(s => s.Columns > 0 && s.Column(0) is GuardedMemory))
                {
                    GuardedMemory.AssertUntouched(storage, where);
                }
                for (int output = 0; output < outputs.Length; output++)
                {
                    StorageCopy.Box(outputs[output], found[output], window);
                }
            }
            Assert.That(lowest?.LinearIndex, Is.EqualTo(wholeTrap?.LinearIndex), where);
            Assert.That(lowest?.Site.Kind, Is.EqualTo(wholeTrap?.Site.Kind), where);
            if (wholeTrap is null)
            {
                Assert.That(StorageBits.Difference([.. expected], [.. found]), Is.Null, where);
            }
        }
    }

    /// <summary>The inputs as small as a part allows.</summary>
    public Storage[] InputsOf(Box part, Random random) => Kernels.UsesOf(Node.Operation) is [var use]
        ? InputWindows.Of(use, _iteration, part, _inputs, _scalars, random)
        : _inputs;

    public LaunchContext Context(Storage[] inputs, Storage[] outputs, Box? part, Random random) => new()
    {
        Inputs = inputs,
        Outputs = outputs,
        Scalars = _scalars,
        Domains = [Domain],
        Parts = part is { } p ? [p] : null,
        ForcedParts = random.Next(4),
    };

    /// <summary>Memory for an output, with what it starts from in it.</summary>
    public Storage Start(ArrayType type, int output)
    {
        Storage start = StorageBits.Make(type, _ => 0);
        int from = Node.Operation switch
        {
            MapOperation { Bases.IsDefaultOrEmpty: false } map => map.Bases[output],
            ScatterOperation scatter => scatter.Into,
            SweepOperation sweep => sweep.Start,
            _ => -1,
        };
        if (from >= 0)
        {
            StorageCopy.All(_inputs[from], start);
        }
        return start;
    }

    public static Trap? TrapOf(Action launch)
    {
        try
        {
            launch();
            return null;
        }
        catch (TrapException exception)
        {
            return exception.Trap;
        }
    }

    // A part starts from what the whole starts from.
    private static Storage Window(Storage expected, Box window)
    {
        Storage storage = GuardedMemory.Allocate(expected.Type, window);
        StorageCopy.Box(expected, storage, window);
        return storage;
    }
}
