using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <content>Loops over vectors, where loops write their lanes out.</content>
internal sealed partial class LlvmEmitter
{
    // As many as hide the few operations that an extreme of floats takes.
    private const int RegroupedIterations = 4;

    private readonly Dictionary<int, Instruction> _definitions = [];

    private bool TryEmitLanes(ForInstruction loop)
    {
        if (LanePacking.Of(loop, v => _definitions.GetValueOrDefault(v.Id)) is not { } packing)
        {
            return false;
        }
        int width = packing.Width;
        string[] seeds = [.. packing.Next.Select((n, g) => Vector(n.Type, [.. Enumerable.Range(0, width).Select(l => loop.Seeds[g * width + l])]))];
        string from = Of(loop.From);
        if (packing.MayRegroup)
        {
            // Whole groups of iterations first, each iteration of a group with vectors of its own: these wait for one another no more.
            long group = loop.Step * RegroupedIterations;
            string most = Define($"sub i64 {Of(loop.To)}, {from}");
            string groups = Define($"sdiv i64 {most}, {group}");
            string covered = Define($"mul i64 {groups}, {group}");
            string end = Define($"add i64 {from}, {covered}");
            seeds = EmitLaneLoop(loop, packing, from, end, seeds, RegroupedIterations);
            from = end;
        }
        string[] results = EmitLaneLoop(loop, packing, from, Of(loop.To), seeds, 1);
        for (int i = 0; i < loop.Defined.Length; i++)
        {
            Set(loop.Defined[i], Define($"extractelement {VectorType(packing.Next[i / width].Type, width)} {results[i / width]}, i64 {i % width}"));
        }
        return true;
    }

    // The loop from one bound to another, so many iterations at a time, each with vectors of its own from the same seeds; gives the vectors at the end, combined.
    private string[] EmitLaneLoop(ForInstruction loop, LanePacking packing, string from, string to, string[] seeds, int copies)
    {
        int number = _blocks++;
        int groups = seeds.Length;
        string test = loop.Step > 0 ? "slt" : "sgt";
        string[] types = [.. packing.Next.Select(n => VectorType(n.Type, packing.Width))];
        string before = _block;
        string isAny = Define($"icmp {test} i64 {from}, {to}");
        Line($"br i1 {isAny}, label %loop{number}, label %done{number}");

        Begin($"loop{number}");
        string counter = NewName();
        string next = NewName();
        Line($"{counter} = phi i64 [ {from}, %{before} ], [ {next}, %loop{number} ]");
        string[] around = [.. Enumerable.Range(0, groups * copies).Select(_ => NewName())];
        string[] carried = [.. around.Select((name, c) => Define($"phi {types[c % groups]} [ {seeds[c % groups]}, %{before} ], [ {name}, %loop{number} ]"))];
        for (int copy = 0; copy < copies; copy++)
        {
            Set(loop.Body.Parameters[0], copy == 0 ? counter : Define($"add nsw i64 {counter}, {loop.Step * copy}"));
            var emitted = new Dictionary<Lanes, string>(ReferenceEqualityComparer.Instance);
            for (int group = 0; group < groups; group++)
            {
                string value = EmitLanes(packing.Next[group], packing, carried[(copy * groups)..], emitted);
                Line($"{around[copy * groups + group]} = bitcast {types[group]} {value} to {types[group]}");
            }
            foreach (Value shared in packing.ValuesInside)
            {
                _values.Remove(shared.Id);
            }
        }
        Line($"{next} = add nsw i64 {counter}, {loop.Step * copies}");
        string isMore = Define($"icmp {test} i64 {next}, {to}");
        Line($"br i1 {isMore}, label %loop{number}, label %done{number}");

        Begin($"done{number}");
        string[] ends = [.. around.Select((name, c) => Define($"phi {types[c % groups]} [ {seeds[c % groups]}, %{before} ], [ {name}, %loop{number} ]"))];
        return [.. Enumerable.Range(0, groups).Select(g => Enumerable.Range(1, copies - 1).Aggregate(ends[g],
            (total, copy) => Operate((OperatedLanes)packing.Next[g], [total, ends[copy * groups + g]], packing.Width)))];
    }

    private string EmitLanes(Lanes lanes, LanePacking packing, string[] carried, Dictionary<Lanes, string> emitted)
    {
        if (lanes is CarriedLanes group)
        {
            return carried[group.Group];
        }
        if (emitted.TryGetValue(lanes, out string? known))
        {
            return known;
        }
        int width = packing.Width;
        string type = VectorType(lanes.Type, width);
        string result = lanes switch
        {
            SplatLanes splat => Splat(splat.Type, OfInside(splat.Value, packing), width),
            ConstantLanes constants => $"<{string.Join(", ", constants.Bits.Select(b => $"{LlvmTypes.Of(constants.Type)} {LlvmTypes.Constant(constants.Type, b)}"))}>",
            RisingLanes rising => Define($"add {type} {Splat(ScalarType.I64, OfInside(rising.First, packing), width)}, "
                + $"<{string.Join(", ", Enumerable.Range(0, width).Select(l => $"i64 {l * rising.Step}"))}>"),
            LoadedLanes load => Define($"load {type}, ptr {LaneAddress(load, packing)}, align {load.Type.Size()}{Access()}"),
            OperatedLanes operated => Operate(operated, [.. operated.Operands.Select(o => EmitLanes(o, packing, carried, emitted))], width),
            _ => throw new InternalErrorException($"Lanes of {lanes.GetType().Name} are not known."),
        };
        emitted.Add(lanes, result);
        return result;
    }

    private string LaneAddress(LoadedLanes load, LanePacking packing)
    {
        _ = OfInside(load.Offset, packing);
        return Address(load.Buffer, load.Offset);
    }

    // A value of the body that all lanes share: computed once, when first asked for.
    private string OfInside(Value value, LanePacking packing)
    {
        if (!_values.ContainsKey(value.Id) && !_constants.ContainsKey(value.Id) && packing.DefinitionInside(value) is { } definition)
        {
            foreach (Value operand in definition.Operands())
            {
                _ = OfInside(operand, packing);
            }
            EmitInstruction(definition);
        }
        return Of(value);
    }

    private string Operate(OperatedLanes lanes, string[] operands, int width)
    {
        ScalarType type = lanes.Type;
        string vector = VectorType(type, width);
        string suffix = $"v{width}{LlvmTypes.Suffix(type)}";
        switch (lanes.First)
        {
            case UnaryInstruction { Op: UnaryOp.Not }:
                return Define($"xor {vector} {operands[0]}, {Splat(type, type == ScalarType.Bool ? "true" : "-1", width)}");
            case UnaryInstruction:
                return type.IsFloat() ? Define($"fneg {vector} {operands[0]}") : Define($"sub {vector} zeroinitializer, {operands[0]}");
            case BinaryInstruction { Op: BinaryOp.Min or BinaryOp.Max } i:
                return VectorIntrinsic($"{ExtremeName(i.Op, type)}.{suffix}", vector, operands);
            case BinaryInstruction i:
                return Define($"{OperationName(i.Op, type)} {vector} {operands[0]}, {operands[1]}");
            case CompareInstruction i:
                {
                    ScalarType compared = i.Left.Type;
                    return Define($"{(compared.IsFloat() ? "fcmp" : "icmp")} {Relation(i.Op, compared)} {VectorType(compared, width)} {operands[0]}, {operands[1]}");
                }
            case ConvertInstruction i:
                return ConvertLanes(operands[0], i.Operand.Type, type, width);
            case SelectInstruction:
                return Define($"select {VectorType(ScalarType.Bool, width)} {operands[0]}, {vector} {operands[1]}, {vector} {operands[2]}");
            case FmaInstruction:
                return VectorIntrinsic($"llvm.fma.{suffix}", vector, operands);
            case MathInstruction i:
                return VectorIntrinsic($"{InlineMath.VectorIntrinsicOf(i.Function)}.{suffix}", vector, operands);
            default:
                throw new InternalErrorException($"Lanes of {lanes.First.GetType().Name} are not known.");
        }
    }

    private string ConvertLanes(string value, ScalarType from, ScalarType to, int width)
    {
        string? operation = ConversionName(from, to);
        return operation is null ? value : Define($"{operation} {VectorType(from, width)} {value} to {VectorType(to, width)}");
    }

    private string VectorIntrinsic(string name, string vector, string[] operands)
    {
        _declarations.Add($"{vector} @{name}({string.Join(", ", operands.Select(_ => vector))})");
        return Define($"call {vector} @{name}({string.Join(", ", operands.Select(o => $"{vector} {o}"))})");
    }

    private string Vector(ScalarType type, ImmutableArray<Value> values)
    {
        string[] names = [.. values.Select(Of)];
        if (values.All(v => _constants.ContainsKey(v.Id)))
        {
            return $"<{string.Join(", ", names.Select(n => $"{LlvmTypes.Of(type)} {n}"))}>";
        }
        if (names.All(n => n == names[0]))
        {
            return Splat(type, names[0], names.Length);
        }
        string vector = "poison";
        for (int lane = 0; lane < names.Length; lane++)
        {
            vector = Define($"insertelement {VectorType(type, names.Length)} {vector}, {LlvmTypes.Of(type)} {names[lane]}, i64 {lane}");
        }
        return vector;
    }

    private string Splat(ScalarType type, string value, int width)
    {
        string element = LlvmTypes.Of(type);
        if (!value.StartsWith('%'))
        {
            return $"<{string.Join(", ", Enumerable.Repeat($"{element} {value}", width))}>";
        }
        string vector = VectorType(type, width);
        string first = Define($"insertelement {vector} poison, {element} {value}, i64 0");
        return Define($"shufflevector {vector} {first}, {vector} poison, <{width} x i32> zeroinitializer");
    }

    private static string VectorType(ScalarType type, int width) => $"<{width} x {LlvmTypes.Of(type)}>";
}
