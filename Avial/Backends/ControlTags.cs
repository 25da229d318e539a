namespace Avial.Backends;

/// <summary>The tags of the ranks' own protocols; all negative, a space apart from those of plans.</summary>
internal static class ControlTags
{
    public const int Barrier = -1;
    public const int Broadcast = -2;
    public const int Reduce = -3;
    public const int Gather = -4;
    public const int AllToAll = -5;
    public const int Handshake = -6;

    /// <summary>A tag as messages show it.</summary>
    public static string Text(int tag) => tag switch
    {
        Barrier => "barrier",
        Broadcast => "broadcast",
        Reduce => "reduce",
        Gather => "gather",
        AllToAll => "all-to-all",
        Handshake => "handshake",
        _ => $"{tag}",
    };
}
