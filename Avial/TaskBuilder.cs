using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial;

/// <summary>How strictly floating-point operations keep their order.</summary>
public enum Precision
{
    /// <summary>.NET's own arithmetic in the written order: the same bits on every backend and any number of threads and ranks. The default.</summary>
    Strict,
    /// <summary>Contraction, reassociation and approximate functions are allowed; bits may change with the device and the cut.</summary>
    Fast,
}

/// <summary>
/// The first half of a task's sentence: where it should run and how. <c>Task.On(Gpu).Named("blur").Run(...)</c>. Immutable: each refinement gives a new builder.
/// </summary>
public sealed partial class TaskBuilder
{
    internal TaskBuilder(Target target) => Target = target;

    internal Target Target { get; private init; }

    internal string? Name { get; private init; }

    internal Range? RankRange { get; private init; }

    internal ImmutableArray<int> Tiles { get; private init; } = [];

    internal Precision PrecisionMode { get; private init; }

    /// <summary>The name of the task in messages, plans and profiles.</summary>
    public TaskBuilder Named(string name) => new(Target) { Name = name, RankRange = RankRange, Tiles = Tiles, PrecisionMode = PrecisionMode };

    /// <summary>The ranks that may take part, where the user must decide it. A wish kept with the task; on one machine there is one rank, and it changes nothing.</summary>
    public TaskBuilder Ranks(Range ranks) => new(Target) { Name = Name, RankRange = ranks, Tiles = Tiles, PrecisionMode = PrecisionMode };

    /// <summary>The tile extents, outermost first, where the user must decide them. A wish kept with the task: managed execution cuts by its own rules.</summary>
    public TaskBuilder Tile(params ReadOnlySpan<int> extents) => new(Target) { Name = Name, RankRange = RankRange, Tiles = [.. extents], PrecisionMode = PrecisionMode };

    /// <summary>How strictly floating-point operations keep their order; <see cref="Avial.Precision.Strict"/> unless said otherwise.</summary>
    public TaskBuilder Precision(Precision precision) => new(Target) { Name = Name, RankRange = RankRange, Tiles = Tiles, PrecisionMode = precision };

    /// <summary>Scalar arithmetic as a lazy task, also inside <c>Task.Repeat</c>: <c>Run(() => a / b)</c>.</summary>
    public Scalar<T> Run<T>(Expression<Func<T>> value, [CallerArgumentExpression(nameof(value))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) where T : unmanaged =>
        new(Recorder.Run(this, new IndexBox([]), [value], [typeof(T)], new SourceSpan(file, line, text)).Whole);
}
