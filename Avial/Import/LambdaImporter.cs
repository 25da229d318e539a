using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

internal static class LambdaImporter
{
    public static Imported Import(ReadOnlySpan<LambdaExpression> bodies, int rank, SourceSpan span, long indexMagnitude) => throw new InternalErrorException("no importer");

    public static Imported ImportSweep(LambdaExpression body, int rank, ElementLayout self, SourceSpan span, long indexMagnitude) => throw new InternalErrorException("no importer");

    public static Kernel ImportCombiner(LambdaExpression combine, SourceSpan span) => throw new InternalErrorException("no importer");
}
