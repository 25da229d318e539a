using System.Collections.Immutable;
using Avial.Graph;
using Avial.IR;
using Avial.Numerics;
using Avial.Tests.Generators;

namespace Avial.Tests.Backends.Lowering;

/// <summary>Combiners with element columns that they apply to.</summary>
internal static class RandomCombiners
{
    private static readonly ScalarType[] s_numbers = [.. Enum.GetValues<ScalarType>().Where(t => t != ScalarType.Bool)];
    private static readonly ScalarType[] s_floats = [ScalarType.F16, ScalarType.F32, ScalarType.F64];
    private static readonly ScalarType[] s_sums = [.. s_floats, ScalarType.F32, ScalarType.F64, ScalarType.I32, ScalarType.I64, ScalarType.U32, ScalarType.U64];

    public static (Combiner Combiner, ImmutableArray<ScalarType> Types) Next(Random random, params CombinerKind[] kinds)
    {
        CombinerKind kind = kinds[random.Next(kinds.Length)];
        ScalarType One(ScalarType[] types) => types[random.Next(types.Length)];
        return kind switch
        {
            CombinerKind.Fold => Fold(random),
            CombinerKind.Any or CombinerKind.All => (new Combiner(kind), [ScalarType.Bool]),
            CombinerKind.Mean => (new Combiner(kind), [One(s_floats)]),
            CombinerKind.Sum or CombinerKind.Product => (new Combiner(kind), [One(s_sums)]),
            CombinerKind.Last => (new Combiner(kind), [One(s_numbers), One(s_numbers)]),
            _ => (new Combiner(kind), [One(s_numbers)]),
        };
    }

    /// <summary>(a, n) ∘ (b, m) = (a − b / 2, n + m): not associative, so that the order shows. Now and then with an arm.</summary>
    private static (Combiner Combiner, ImmutableArray<ScalarType> Types) Fold(Random random)
    {
        ImmutableArray<ScalarType> types = [ScalarType.F64, ScalarType.I32];
        var numbers = new ValueNumbers();
        ImmutableArray<Value> parameters = [.. types.Concat(types).Select(numbers.New)];
        var body = new BlockBuilder(numbers);
        Value half = body.Binary(BinaryOp.Multiply, parameters[2], body.Constant(ScalarType.F64, ScalarBits.Of(0.5)));
        Value difference = body.Binary(BinaryOp.Subtract, parameters[0], half);
        Value count = body.Binary(BinaryOp.Add, parameters[1], parameters[3]);
        if (random.Next(3) == 0)
        {
            // Division: not straight-line, though it never stops.
            Value odd = body.Binary(BinaryOp.Or, parameters[3], body.Constant(ScalarType.I32, 1));
            Value safe = body.Binary(BinaryOp.And, odd, body.Constant(ScalarType.I32, 0xff));
            count = body.Binary(BinaryOp.Divide, parameters[1], safe);
        }
        var kernel = new Kernel(0, [], body.Finish(parameters, difference, count));
        return (new Combiner(CombinerKind.Fold, kernel, [.. types.Select(t => RandomBits.Of(t, random))]), types);
    }

    /// <summary>A random kernel over a domain whose results are these columns.</summary>
    public static GeneratedKernel KernelOf(int seed, Avial.Geometry.Box domain, ImmutableArray<ScalarType> types, int size)
    {
        GeneratedKernel generated = KernelGenerator.Generate(seed, new KernelGeneratorOptions
        {
            Domain = domain,
            Size = size,
            Results = types.Length,
            Types = [.. types.Distinct()],
            HasLoops = seed % 3 == 0,
            HasInnerSums = seed % 4 == 0 && domain.Count < 150,
            HasIfs = seed % 2 == 0,
            HasMath = size > 4,
            HasRandom = size > 4,
        });
        Block body = generated.Kernel.Body;
        if (body.Results.Select(r => r.Type).SequenceEqual(types))
        {
            return generated;
        }
        // The types come in some order: give each column a value of its own type.
        int next = body.Parameters.Concat(KernelValues(body)).Max(v => v.Id) + 1;
        var numbers = new ValueNumbers(next);
        var added = ImmutableArray.CreateBuilder<Instruction>();
        ImmutableArray<Value> results = [.. types.Select((type, column) =>
        {
            Value result = body.Results[column];
            if (result.Type == type)
            {
                return result;
            }
            Value converted = numbers.New(type);
            added.Add(new ConvertInstruction(converted, ConvertMode.Unchecked, result));
            return converted;
        })];
        return generated with { Kernel = generated.Kernel with { Body = body with { Instructions = [.. body.Instructions, .. added], Results = results } } };
    }

    private static IEnumerable<Value> KernelValues(Block block) => block.Instructions.SelectMany(i =>
        i.Results.Concat(InstructionOperands.Blocks(i).SelectMany(b => b.Parameters.Concat(KernelValues(b)))));
}
