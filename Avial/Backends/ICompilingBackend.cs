namespace Avial.Backends;

/// <summary>A code generator that an assembly beside Avial brings.</summary>
internal interface ICompilingBackend
{
    /// <summary>Why it cannot be used here, for the user; null where it can.</summary>
    string? Problem { get; }

    /// <summary>Its code generator; asked for only where there is no <see cref="Problem"/>.</summary>
    ICodeGenerator Generator { get; }
}

/// <summary>Names the backend of an assembly, which has a constructor without parameters.</summary>
/// <param name="type">A class that is a backend.</param>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class BackendAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
