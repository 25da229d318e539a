namespace Avial.Diagnostics;

/// <summary>Every message to the user, by situation. Ids are stable; ranges: 00xx recording, 01xx types, 02xx lambdas, 03xx bounds, 04xx running, 05xx files, 06xx session, 07xx ranks and plans.</summary>
internal static partial class Throw
{
    public static AvialException UnsupportedElementType(Type element, string path, Type found) => new("AVL0101",
        $"'{element.Name}' cannot be an array element{(path.Length == 0 ? "" : $": its field {path} is a {found.Name}")}. "
        + "Elements are bool, the integers of 8 to 64 bits, Half, float, double, and unmanaged structs of these (nested too).", SourceSpan.None);

    /// <param name="name">Of the array, or of what the memory is for.</param>
    /// <param name="type">The whole array.</param>
    /// <param name="bytes">The bytes asked for.</param>
    /// <param name="window">The part of the array that there should be memory for; null for all of it.</param>
    public static AvialException OutOfMemory(string name, Graph.ArrayType? type, long? bytes, Geometry.Box? window = null) => new("AVL0401",
        $"Not enough memory for {(window is { } part && part != type?.Box ? $"the part {part} of " : "")}'{name}'{(type is null ? "" : $" of {type}")}{(bytes is { } b ? $" ({Bytes(b)})" : "")}: this process may use {Bytes(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}. "
        + "Use a smaller domain or element type, or Dispose arrays that are no longer needed.", SourceSpan.None);

    /// <summary>A size in the unit a person would use: <c>1.50 GiB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => FormattableString.Invariant($"{bytes / (double)(1L << 30):0.00} GiB"),
        >= 1L << 20 => FormattableString.Invariant($"{bytes / (double)(1L << 20):0.00} MiB"),
        >= 1L << 10 => FormattableString.Invariant($"{bytes / (double)(1L << 10):0.00} KiB"),
        _ => $"{bytes} B",
    };
}
