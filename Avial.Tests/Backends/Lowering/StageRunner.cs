using System.Collections.Immutable;
using Avial.Backends;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Tests.Backends.Lowering;

/// <summary>Why a run stopped, as far as it is promised.</summary>
internal sealed record Stop(TrapKind Kind, long LinearIndex, long Index, long Extent);

/// <summary>Runs a lowered operation part by part, in parts and in an order chosen at random.</summary>
internal sealed unsafe class StageRunner
{
    private readonly ICodeGenerator _generator;
    private readonly GraphNode _node;
    private readonly Storage[] _inputs;
    private readonly Storage[] _outputs;
    private readonly ulong[] _scalars;
    private readonly Random _random;
    private readonly Box[] _domains;
    private ColumnMemory?[] _temporaries = [];
    private int _parts;

    private StageRunner(ICodeGenerator generator, GraphNode node, Storage[] inputs, Storage[] outputs, ulong[] scalars, Random random)
    {
        _generator = generator;
        _node = node;
        _inputs = inputs;
        _outputs = outputs;
        _scalars = scalars;
        _random = random;
        _domains = [.. Avial.Passes.Kernels.DomainsOf(node.Operation).Select(d => d.ToBox(input => StorageAccess.Read<long>(inputs[input], 0)))];
    }

    public static (Storage[] Outputs, Stop? Stop) Run(
        ICodeGenerator generator, GraphNode node, LoweredOperation lowered, Storage[] inputs, ulong[] scalars, Random random)
    {
        Storage[] outputs = [.. node.Operation.Outputs.Select((type, output) => Output(node.Operation, type, output, inputs))];
        var runner = new StageRunner(generator, node, inputs, outputs, scalars, random) { _temporaries = new ColumnMemory?[lowered.Temporaries.Length] };
        foreach (LoweredStage stage in lowered.Stages.Cast<LoweredStage>())
        {
            LoopsVerifier.Check(stage.Function);
            if (runner.Run(stage, lowered.Temporaries) is { } stop)
            {
                return (outputs, stop);
            }
        }
        return (outputs, null);
    }

    // Memory that nobody wrote must not look like a result.
    private static Storage Output(Operation operation, ArrayType type, int output, Storage[] inputs)
    {
        Storage storage = Allocator.Shared.Allocate(type, "out");
        Storage? start = operation switch
        {
            MapOperation { Bases.IsDefaultOrEmpty: false } map => inputs[map.Bases[output]],
            ScatterOperation scatter => inputs[scatter.Into],
            SweepOperation sweep => inputs[sweep.Start],
            _ => null,
        };
        for (int column = 0; column < storage.Columns; column++)
        {
            long bytes = type.Count * type.Element.ColumnTypes[column].Size();
            new Span<byte>(storage.Address(column), (int)bytes).Fill(0xCD);
            if (start is not null)
            {
                Buffer.MemoryCopy(start.Address(column), storage.Address(column), bytes, bytes);
            }
        }
        return storage;
    }

    private Stop? Run(LoweredStage stage, ImmutableArray<TemporaryMemory> temporaries)
    {
        Box box = BoxOf(stage.Box);
        Stop? lowest = null;
        foreach (Box[] parts in Launches(stage, box))
        {
            _parts = stage.PartTemporary >= 0 ? parts.Length : _parts;
            Allocate(stage, temporaries);
            int[] order = [.. Enumerable.Range(0, parts.Length)];
            _random.Shuffle(order);
            foreach (int part in order)
            {
                Stop? stop = Call(stage, temporaries, parts[part], part);
                lowest = lowest is null || stop is { } found && found.LinearIndex < lowest.LinearIndex ? stop ?? lowest : lowest;
            }
        }
        return lowest;
    }

    private IEnumerable<Box[]> Launches(LoweredStage stage, Box box)
    {
        if (stage.SequentialAxis < 0)
        {
            yield return Parts(stage, box);
            yield break;
        }
        for (long front = box.Low[stage.SequentialAxis]; front < box.High[stage.SequentialAxis]; front++)
        {
            yield return Parts(stage, box.With(stage.SequentialAxis, front, front + 1));
        }
    }

    private Box[] Parts(LoweredStage stage, Box box)
    {
        if (stage.Cut == CutKind.None)
        {
            return [box];
        }
        if (box.IsEmpty)
        {
            return [];
        }
        List<Box> parts = [box];
        for (int cut = _random.Next(5); cut > 0; cut--)
        {
            int at = _random.Next(parts.Count);
            int axis = box.Rank == 0 ? -1 : _random.Next(box.Rank);
            if (axis < 0 || (stage.MostParts > 0 && parts.Count >= stage.MostParts) || (stage.Cut == CutKind.Axes && !stage.CutAxes.Contains(axis)))
            {
                continue;
            }
            Box part = parts[at];
            long place = _random.NextInt64(part.Low[axis], part.High[axis] + 1);
            int snapped = stage.SnapAxis < 0 ? box.Rank - 1 : stage.SnapAxis;
            if (stage.Cut == CutKind.Snapped && axis == snapped)
            {
                place = (long)Math.Floor((double)place / stage.Snap) * stage.Snap;
            }
            if (place > part.Low[axis] && place < part.High[axis])
            {
                parts[at] = part.With(axis, part.Low[axis], place);
                parts.Add(part.With(axis, place, part.High[axis]));
            }
        }
        return [.. parts];
    }

    private void Allocate(LoweredStage stage, ImmutableArray<TemporaryMemory> temporaries)
    {
        foreach (BufferBinding buffer in stage.Buffers.Where(b => b.Source == BufferSource.Temporary))
        {
            if (_temporaries[buffer.Position] is null)
            {
                TemporaryMemory temporary = temporaries[buffer.Position];
                long count = temporary.Count.Aggregate(1L, (product, binding) => product * (long)Scalar(binding));
                ColumnMemory memory = Allocator.Shared.AllocateBytes(count * temporary.RecordBytes, "temporary");
                new Span<byte>(memory.Address, (int)memory.Bytes).Fill(0xCD);
                _temporaries[buffer.Position] = memory;
            }
        }
    }

    private Stop? Call(LoweredStage stage, ImmutableArray<TemporaryMemory> temporaries, Box part, int number)
    {
        byte** buffers = stackalloc byte*[stage.Buffers.Length + 1];
        for (int i = 0; i < stage.Buffers.Length; i++)
        {
            BufferBinding binding = stage.Buffers[i];
            buffers[i] = binding.Source switch
            {
                BufferSource.Input => _inputs[binding.Position].VirtualAddress(binding.Column),
                BufferSource.Output => _outputs[binding.Position].VirtualAddress(binding.Column),
                _ => _temporaries[binding.Position]!.Address
                    + (stage.PartTemporary == binding.Position ? number * temporaries[binding.Position].RecordBytes : 0),
            };
        }
        long* scalars = stackalloc long[stage.Scalars.Length + 1];
        for (int i = 0; i < stage.Scalars.Length; i++)
        {
            scalars[i] = (long)Scalar(stage.Scalars[i]);
        }
        TrapState trap = TrapState.None;
        fixed (long* low = part.Low.AsSpan(), high = part.High.AsSpan())
        {
            long nothing = 0;
            _generator.Compile(stage.Function).Run(buffers, scalars, part.Rank == 0 ? &nothing : low, part.Rank == 0 ? &nothing : high, &trap);
        }
        GC.KeepAlive(_inputs);
        GC.KeepAlive(_outputs);
        GC.KeepAlive(_temporaries);
        return trap.Site < 0 ? null : StopOf(stage, trap);
    }

    private Stop StopOf(LoweredStage stage, TrapState trap)
    {
        Box domain = _domains[stage.Box is DomainBox piece ? piece.Piece : 0];
        long[] index = [trap.Index0, trap.Index1, trap.Index2, trap.Index3];
        long linear = 0;
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            linear = linear * domain.Length(axis) + index[axis] - domain.Low[axis];
        }
        TrapKind kind = stage.Function.TrapSites[(int)trap.Site].Kind;
        return kind == TrapKind.OutOfRange ? new Stop(kind, linear, trap.Detail0, trap.Detail1) : new Stop(kind, linear, 0, 0);
    }

    private Box BoxOf(StageBox box) => box switch
    {
        DomainBox domain => _domains[domain.Piece],
        AxesBox axes => new Box([.. axes.Axes.Select(a => _domains[axes.Piece].Low[a])], [.. axes.Axes.Select(a => _domains[axes.Piece].High[a])]),
        TileBox tiles => Tiles(tiles, _domains[tiles.Piece]),
        CountBox count => Box.OfExtents([.. count.Counts.Select(c => (long)Scalar(c))]),
        _ => throw new InvalidOperationException($"{box}"),
    };

    private static Box Tiles(TileBox tiles, Box domain)
    {
        long[] counts = new long[domain.Rank];
        tiles.Count(domain, null, counts);
        return Box.OfExtents(counts);
    }

    private ulong Scalar(ScalarBinding binding)
    {
        int position = (int)binding.Position;
        switch (binding.Source)
        {
            case ScalarSource.Captured:
                return _scalars[_node.Scalars[position]];
            case ScalarSource.Input:
                Storage input = _inputs[position];
                ulong bits = Avial.Numerics.ScalarBits.Load(input.Address(binding.Axis), input.Type.Element.ColumnTypes[binding.Axis]);
                GC.KeepAlive(input);
                return bits;
            case ScalarSource.InputExtent:
                return (ulong)_inputs[position].Type.Extents[binding.Axis];
            case ScalarSource.OutputExtent:
                return (ulong)_outputs[position].Type.Extents[binding.Axis];
            case ScalarSource.InputPitch:
                return (ulong)_inputs[position].Pitch(binding.Axis);
            case ScalarSource.OutputPitch:
                return (ulong)_outputs[position].Pitch(binding.Axis);
            case ScalarSource.InputCorner:
                return (ulong)_inputs[position].Window.Low[binding.Axis];
            case ScalarSource.OutputCorner:
                return (ulong)_outputs[position].Window.Low[binding.Axis];
            case ScalarSource.OutputLength:
                return (ulong)_outputs[position].Window.Length(binding.Axis);
            case ScalarSource.DomainLow or ScalarSource.PartLow:
                return (ulong)_domains[position].Low[binding.Axis];
            case ScalarSource.DomainHigh or ScalarSource.PartHigh:
                return (ulong)_domains[position].High[binding.Axis];
            case ScalarSource.Constant:
                return (ulong)binding.Position;
            case ScalarSource.PartCount:
                return (ulong)_parts;
            case ScalarSource.DomainLeaves or ScalarSource.PartLeaves:
                (long low, long high) = (_domains[position].Low[binding.Axis], _domains[position].High[binding.Axis]);
                return high <= low ? 0 : (ulong)(Floor(high - 1, binding.Length) - Floor(low, binding.Length) + 1);
            default:
                throw new InvalidOperationException($"{binding}");
        }
    }

    private static long Floor(long value, long length) => (long)Math.Floor((double)value / length);
}
