namespace Avial.Diagnostics;

/// <summary>A mistake in the user's program, its input or its surroundings: an id, what was found, where, and what to do.</summary>
public sealed class AvialException : Exception
{
    internal AvialException(string id, string message, SourceSpan place, Exception? inner = null)
        : base(Format(id, message, place), inner)
    {
        Id = id;
        Place = place;
        Text = message;
    }

    /// <summary>The id of the diagnostic, <c>AVL0012</c>; stable between versions.</summary>
    public string Id { get; }

    /// <summary>Where it was found: file, line and the expression.</summary>
    public SourceSpan Place { get; }

    /// <summary>The message without id and place, from which the same exception can be made on another rank.</summary>
    internal string Text { get; }

    private static string Format(string id, string message, SourceSpan place) =>
        place == SourceSpan.None || place == default ? $"{id}: {message}" : $"{id}: {message}\n  at {place}";
}

/// <summary>A bug in Avial itself, never a mistake of the user's. Please report it with its text.</summary>
public sealed class InternalErrorException : Exception
{
    /// <summary>An internal error with a description of the broken assumption.</summary>
    public InternalErrorException(string message) : base($"Internal error in Avial (a bug, please report it): {message}") => Text = message;

    /// <summary>The description alone, from which the same exception can be made on another rank.</summary>
    internal string Text { get; }
}
