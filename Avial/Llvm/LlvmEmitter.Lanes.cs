using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Llvm;

/// <content>Loops over vectors, where loops write their lanes out.</content>
internal sealed partial class LlvmEmitter
{
    private readonly Dictionary<int, Instruction> _definitions = [];

    private bool TryEmitLanes(ForInstruction loop)
    {
        if (LanePacking.Of(loop, v => _definitions.GetValueOrDefault(v.Id)) is not { } packing)
        {
            return false;
        }
        int number = _blocks++;
        int width = packing.Width;
        string test = loop.Step > 0 ? "slt" : "sgt";
        string from = Of(loop.From);
        string to = Of(loop.To);
        string[] types = [.. packing.Next.Select(n => VectorType(n.Type, width))];
        string[] seeds = [.. packing.Next.Select((n, g) => Vector(n.Type, [.. Enumerable.Range(0, width).Select(l => loop.Seeds[g * width + l])]))];
        string before = _block;
        string isAny = Define($"icmp {test} i64 {from}, {to}");
        Line($"br i1 {isAny}, label %loop{number}, label %done{number}");

        Begin($"loop{number}");
        string counter = NewName();
        string next = NewName();
        Line($"{counter} = phi i64 [ {from}, %{before} ], [ {next}, %loop{number} ]");
        Set(loop.Body.Parameters[0], counter);
        string[] around = [.. types.Select(_ => NewName())];
        string[] carried = [.. types.Select((type, g) => Define($"phi {type} [ {seeds[g]}, %{before} ], [ {around[g]}, %loop{number} ]"))];
        var emitted = new Dictionary<Lanes, string>(ReferenceEqualityComparer.Instance);
        for (int group = 0; group < types.Length; group++)
        {
            string value = EmitLanes(packing.Next[group], packing, carried, emitted);
            Line($"{around[group]} = bitcast {types[group]} {value} to {types[group]}");
        }
        Line($"{next} = add nsw i64 {counter}, {loop.Step}");
        string isMore = Define($"icmp {test} i64 {next}, {to}");
        Line($"br i1 {isMore}, label %loop{number}, label %done{number}");

        Begin($"done{number}");
        string[] results = [.. types.Select((type, g) => Define($"phi {type} [ {seeds[g]}, %{before} ], [ {around[g]}, %loop{number} ]"))];
        for (int i = 0; i < loop.Defined.Length; i++)
        {
            Set(loop.Defined[i], Define($"extractelement {types[i / width]} {results[i / width]}, i64 {i % width}"));
        }
        return true;
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
            {
                string extreme = i.Op == BinaryOp.Min ? "min" : "max";
                string name = type.IsFloat() ? $"llvm.{extreme}imum.{suffix}" : $"llvm.{(type.IsSigned() ? "s" : "u")}{extreme}.{suffix}";
                return VectorIntrinsic(name, vector, operands);
            }
            case BinaryInstruction i:
                return Define($"{VectorOperation(i.Op, type)} {vector} {operands[0]}, {operands[1]}");
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
        string source = VectorType(from, width);
        string target = VectorType(to, width);
        string? operation = from == to ? null
            : from == ScalarType.Bool ? "zext"
            : from.IsFloat() ? from == ScalarType.F32 ? "fpext" : "fptrunc"
            : to.IsFloat() ? from.IsSigned() ? "sitofp" : "uitofp"
            : to.Size() == from.Size() ? null
            : to.Size() < from.Size() ? "trunc" : from.IsSigned() ? "sext" : "zext";
        return operation is null ? value : Define($"{operation} {source} {value} to {target}");
    }

    private static string VectorOperation(BinaryOp op, ScalarType type) => (op, type.IsFloat()) switch
    {
        (BinaryOp.Add, true) => "fadd",
        (BinaryOp.Subtract, true) => "fsub",
        (BinaryOp.Multiply, true) => "fmul",
        (BinaryOp.Divide, true) => "fdiv",
        (BinaryOp.Add, false) => "add",
        (BinaryOp.Subtract, false) => "sub",
        (BinaryOp.Multiply, false) => "mul",
        (BinaryOp.And, false) => "and",
        (BinaryOp.Or, false) => "or",
        (BinaryOp.Xor, false) => "xor",
        _ => throw new InternalErrorException($"Lanes of {op} are not known."),
    };

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
