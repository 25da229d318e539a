using Avial.Graph;

namespace Avial.Import;

/// <summary>What import makes of a lambda: the kernel bound to positions, and what stands at these positions.</summary>
/// <param name="Use">The kernel; its positions refer to the two lists.</param>
/// <param name="Inputs">Captured arrays in the order of their first read, then captured lazy scalars.</param>
/// <param name="Scalars">Captured numbers, as 64-bit slots.</param>
internal readonly record struct Imported(KernelUse Use, NodeOutput[] Inputs, ulong[] Scalars);
