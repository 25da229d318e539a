using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;

namespace Avial;

/// <summary>Between arrays and NumPy files.</summary>
internal static class ArrayFiles
{
    public static ArrayType TypeOf(string path, ElementLayout element, int rank, SourceSpan span) => throw new InternalErrorException("no files");

    public static void Save(string path, Storage storage) => throw new InternalErrorException("no files");

    public static void Read(string path, Storage storage) => throw new InternalErrorException("no files");
}
