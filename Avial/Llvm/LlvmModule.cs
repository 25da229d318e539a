using System.Collections.Immutable;

namespace Avial.Llvm;

/// <summary>A module of LLVM IR as text.</summary>
/// <param name="Text">The text; without target triple and data layout, which the compiler sets.</param>
/// <param name="Externals">The names of the functions that it calls and does not define, in ordinal order.</param>
internal sealed record LlvmModule(string Text, ImmutableArray<string> Externals);
