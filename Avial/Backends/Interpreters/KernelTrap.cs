using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Backends.Interpreters;

/// <summary>Why a kernel stopped at an index.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Span">The expression; <see cref="SourceSpan.None"/> when the kernel does not say.</param>
/// <param name="OffendingIndex">For OutOfRange: the index.</param>
/// <param name="Extent">For OutOfRange: the extent.</param>
internal readonly record struct KernelTrap(TrapKind Kind, SourceSpan Span, long OffendingIndex = 0, long Extent = 0);
