using System.Collections.Immutable;
using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>
/// The result of a task on a domain, before it is known what shows outside: <c>Run(sub, f)</c> waits for <c>.Over(base)</c>, <c>.Or(v)</c> or <c>.Rebase()</c>. On a domain that
/// starts at 0 it is a whole array at once.
/// </summary>
internal sealed class PendingPiece
{
    private readonly PieceSource _source;
    private readonly int _output;

    public PendingPiece(PieceSource source, int output = 0)
    {
        _source = source;
        _output = output;
    }

    public IndexBox Domain => _source.Domain;

    public SourceSpan Span => _source.Span;

    /// <summary>True when the domain does not start at 0 on every axis.</summary>
    public bool NeedsBackground => !_source.Domain.StartsAtZero || !_source.Domain.IsConstant;

    /// <summary>The values alone, numbered from 0.</summary>
    public NodeOutput Whole
    {
        get
        {
            if (!_source.Domain.IsConstant)
            {
                throw Throw.SymbolicExtent(Domain.ToString(), Span);
            }
            return new NodeOutput(_source.Rebased, _output);
        }
    }

    /// <summary>The same task's result number <paramref name="output"/>.</summary>
    public PendingPiece Output(int output) => new(_source, output);

    /// <summary>The values on the domain, the background's elsewhere.</summary>
    public NodeOutput Over(NodeOutput background) => new(_source.Over(_output, background), 0);
}

/// <summary>A task on a domain and how to make its node, rebased or over a background.</summary>
internal abstract class PieceSource(IndexBox domain, SourceSpan span)
{
    private Node? _rebased;

    public IndexBox Domain { get; } = domain;

    public SourceSpan Span { get; } = span;

    /// <summary>The node whose outputs are the values alone, numbered from 0; made once.</summary>
    public Node Rebased => _rebased ??= MakeRebased();

    public abstract Node Over(int output, NodeOutput background);

    protected abstract Node MakeRebased();
}
