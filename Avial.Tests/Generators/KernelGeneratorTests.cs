using Avial.Backends.Interpreters;
using Avial.IR;
using Avial.IR.Text;

namespace Avial.Tests.Generators;

public sealed class KernelGeneratorTests
{
    private const int Kernels = 300;

    [Test]
    public void Generate_OfManySeeds_GivesValidKernels([Values] bool mayTrap)
    {
        for (int seed = 0; seed < Kernels; seed++)
        {
            GeneratedKernel generated = KernelGenerator.Generate(seed, new KernelGeneratorOptions { MayTrap = mayTrap });

            Assert.That(KernelVerifier.Verify(generated.Kernel), Is.Empty, generated.ToString());
        }
    }

    [Test]
    public void Text_OfManySeeds_ReadsBackEqual([Values] bool mayTrap)
    {
        for (int seed = 0; seed < Kernels; seed++)
        {
            GeneratedKernel generated = KernelGenerator.Generate(seed, new KernelGeneratorOptions { MayTrap = mayTrap });
            Kernel parsed = KernelParser.Parse(generated.Kernel.ToString());

            Assert.That(IrEquality.AreEqual(parsed, generated.Kernel), Is.True, generated.ToString());
            Assert.That(parsed.ToString(), Is.EqualTo(generated.Kernel.ToString()));
        }
    }

    [Test]
    public void Generate_OfOneSeed_GivesOneKernel()
    {
        string first = KernelGenerator.Generate(12).ToString();

        Assert.That(KernelGenerator.Generate(12).ToString(), Is.EqualTo(first));
    }

    [Test]
    public void Generate_OfManySeeds_UsesEveryKernelInstructionAndType()
    {
        var unused = InstructionForms.All.Where(f => f.Places.HasFlag(FormPlaces.Kernel)).Select(f => f.Mnemonic).ToHashSet();
        var types = Enum.GetValues<ScalarType>().ToHashSet();
        for (int seed = 0; seed < Kernels; seed++)
        {
            Remove(KernelGenerator.Generate(seed, new KernelGeneratorOptions { MayTrap = true }).Kernel.Body, unused, types);
        }

        Assert.That(unused, Is.Empty);
        Assert.That(types, Is.Empty);
    }

    [Test]
    public void Generate_WithoutTraps_RunsAtEveryIndex()
    {
        for (int seed = 0; seed < 100; seed++)
        {
            GeneratedKernel generated = KernelGenerator.Generate(seed);

            Assert.That(Traps(generated), Is.Zero, generated.ToString());
        }
    }

    [Test]
    public void Generate_WithTraps_TrapsSomewhereAndRunsSomewhere()
    {
        GeneratedKernel[] kernels = [.. Enumerable.Range(0, 60).Select(seed => KernelGenerator.Generate(seed, new KernelGeneratorOptions { MayTrap = true }))];
        int trapping = kernels.Count(k => Traps(k) > 0);

        Assert.That(trapping, Is.InRange(5, 55));
    }

    private static long Traps(GeneratedKernel generated)
    {
        var interpreter = new KernelInterpreter(generated.Kernel, new GeneratedOperands(generated));
        var results = new ulong[generated.Kernel.Body.Results.Length];
        long traps = 0;
        for (long at = 0; at < generated.Domain.Count; at++)
        {
            long rest = at;
            var index = new long[generated.Domain.Rank];
            for (int axis = index.Length - 1; axis >= 0; axis--)
            {
                index[axis] = generated.Domain.Low[axis] + rest % generated.Domain.Length(axis);
                rest /= generated.Domain.Length(axis);
            }
            traps += interpreter.TryRun(index, generated.Scalars.AsSpan(), results, out _) ? 0 : 1;
        }
        return traps;
    }

    private static void Remove(Block block, HashSet<string> mnemonics, HashSet<ScalarType> types)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            mnemonics.Remove(InstructionForms.Of(instruction).Mnemonic);
            types.ExceptWith(instruction.Results.Select(r => r.Type));
            foreach (Block inner in instruction.Blocks())
            {
                Remove(inner, mnemonics, types);
            }
        }
    }
}
