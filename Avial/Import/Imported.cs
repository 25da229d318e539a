using Avial.Graph;

namespace Avial.Import;

/// <summary>
/// One recording of a body: the shared kernel with its positions, and what this recording captured. <see cref="Inputs"/> are the arrays in
/// order of first read, then the lazy scalars; <see cref="Scalars"/> are the captured numbers in the form of constants.
/// </summary>
internal readonly record struct Imported(KernelUse Use, NodeOutput[] Inputs, ulong[] Scalars, ElementLayout[] ResultLayouts);
