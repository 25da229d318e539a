using Avial.Tests.Backends.Lowering;

namespace Avial.Tests.Llvm;

/// <summary>Kernels that <c>ChildProgram kernels</c> once found wrong, by seed.</summary>
public sealed class FoundByKernelsTests
{
    [TestCase(999, TestName = "Minimum_OfHalvesThatLlvmKnowsToBeNumbers_CallsTheCLibrary")]
    public void Kernel_OfASeed_GivesTheInterpretersBits(int seed) => MapLoweringTests.AssertAgrees(seed, ChildProgram.OptionsOf(seed));
}
