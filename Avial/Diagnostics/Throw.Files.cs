using Avial.Files;
using Avial.Graph;

namespace Avial.Diagnostics;

/// <summary>AVL05xx: files.</summary>
internal static partial class Throw
{
    public static AvialException DamagedFile(NpyFormatException exception, SourceSpan span) => new("AVL0501", exception.Message, span, exception);

    public static AvialException WrongFileRank(string path, string shape, int found, int wanted, SourceSpan span) => new("AVL0502",
        $"{path} holds {shape}, {found} dimension{(found == 1 ? "" : "s")}, and is loaded as {wanted}-D. Load it with Array{found}D.Load and reshape.", span);

    public static AvialException UnreadableFile(string path, Exception exception, SourceSpan span) => new("AVL0503",
        $"{path} cannot be read or written: {exception.Message}", span, exception);

    public static AvialException FileChanged(string path, ArrayType type, SourceSpan span) => new("AVL0504",
        $"{path} no longer holds {type}, as it did when it was loaded. Files must not change until their arrays are evaluated.", span);
}
