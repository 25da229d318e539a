using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Import;

/// <summary>A place in the program that records a body.</summary>
internal readonly struct CallSite : IEquatable<CallSite>
{
    /// <summary>Stands for the rank of a fold, whose parameters are elements.</summary>
    public const int CombinerRank = -1;

    private readonly SourceSpan _span;

    public CallSite(SourceSpan span, int rank, ElementLayout? self)
    {
        _span = span;
        Rank = rank;
        Self = self;
    }

    public int Rank { get; }

    public ElementLayout? Self { get; }

    public bool IsCombiner => Rank == CombinerRank;

    public bool Equals(CallSite other) => _span.Line == other._span.Line && Rank == other.Rank && ReferenceEquals(Self, other.Self)
        && string.Equals(_span.Text, other._span.Text, StringComparison.Ordinal) && string.Equals(_span.File, other._span.File, StringComparison.Ordinal);

    public override bool Equals(object? obj) => obj is CallSite other && Equals(other);

    // Texts are compared, not hashed: they are literals, so that equal ones are one object.
    public override int GetHashCode() => HashCode.Combine(_span.Line, _span.Text?.Length, _span.File?.Length, Rank);
}

/// <summary>The templates of one call site; more than one where the shape varies: generic methods, functions that change, numbers that become large.</summary>
internal sealed class TemplateList
{
    // A site that makes ever new shapes gains nothing from remembering them all.
    private const int Most = 64;

    private ImportTemplate[] _items = [];

    public ReadOnlySpan<ImportTemplate> Items => Volatile.Read(ref _items);

    public void Add(ImportTemplate template) => Volatile.Write(ref _items, [.. _items.TakeLast(Most - 1), template]);
}
