using System.Collections.Immutable;
using Avial.IR;
using Avial.IR.Text;

namespace Avial.Graph;

/// <summary>What stands in the braces of a node.</summary>
internal sealed partial class GraphPrinter
{
    private void Attributes(Operation operation)
    {
        switch (operation)
        {
            case FileOperation file:
                _text.NewLine().Write($"path {TextScanner.Quote(file.Path)}");
                break;
            case MapOperation map:
                Map(map);
                break;
            case ReduceOperation reduce:
                Domain(reduce.Domain).Write(reduce.Axes.IsEmpty ? "" : $" axes {string.Join(", ", reduce.Axes)}");
                Use(reduce.Use);
                Combiner(reduce.Combiner);
                break;
            case ScanOperation scan:
                Domain(scan.Domain).Write($" axis {scan.Axis}{(scan.IsExclusive ? " exclusive" : "")}");
                Use(scan.Use);
                Combiner(scan.Combiner);
                break;
            case ScatterOperation scatter:
                Domain(scatter.Domain).Write($" into ${scatter.Into}");
                Use(scatter.Use);
                Combiner(scatter.Combiner);
                break;
            case SweepOperation sweep:
                Domain(sweep.Domain).Write($" start ${sweep.Start}");
                Use(sweep.Use);
                break;
            case ViewOperation view:
                View(view);
                break;
            case LoopOperation loop:
                _text.NewLine().Write($"carried {loop.Carried}{(loop.HasUntil ? " until" : "")} every {loop.Every}");
                _text.NewLine().Write("body {").Indent();
                Contents(loop.Body);
                _text.Outdent().NewLine().Write("}");
                break;
            case CallOperation call:
                _text.NewLine().Write($"code {TextScanner.Quote(_calls.NameOf(call.Body))}{(call.IsEffect ? " effect" : "")}");
                break;
        }
    }

    private void Map(MapOperation map)
    {
        if (!map.Bases.IsDefaultOrEmpty)
        {
            _text.NewLine().Write($"over {string.Join(", ", map.Bases.Select(b => $"${b}"))}");
        }
        if (!map.Origin.IsDefaultOrEmpty)
        {
            _text.NewLine().Write($"origin {string.Join(", ", map.Origin)}");
        }
        foreach (MapPiece piece in map.Pieces)
        {
            Domain(piece.Domain);
            Use(piece.Use);
        }
    }

    private InstructionPrinter Domain(IterationDomain domain) => _text.NewLine().Write($"domain {domain}");

    /// <summary><c>reads $0, $1 with s0, $2.1 kernel …</c>: operands, then parameters, then the kernel.</summary>
    private void Use(KernelUse use)
    {
        _text.NewLine();
        _text.Write(use.Operands.IsEmpty ? "" : $"reads {string.Join(", ", use.Operands.Select(o => $"${o}"))} ");
        _text.Write(use.Arguments.IsEmpty ? "" : $"with {string.Join(", ", use.Arguments.Select(Argument))} ");
        Kernel(use.Kernel);
    }

    private static string Argument(KernelArgument argument) => argument.Kind == ArgumentKind.Scalar
        ? $"s{argument.Position}"
        : argument.Column == 0 ? $"${argument.Position}" : $"${argument.Position}.{argument.Column}";

    private void Combiner(Combiner combiner)
    {
        _text.NewLine().Write($"by {combiner}");
        if (combiner.Fold is { } fold)
        {
            _text.Write(" ");
            Kernel(fold);
        }
        if (!combiner.Identity.IsDefault)
        {
            ImmutableArray<ScalarType> types = combiner.Fold?.ResultTypes ?? [];
            _text.Write(" identity (").Write(string.Join(", ",
                combiner.Identity.Select((bits, k) => k < types.Length ? Literal.Print(types[k], bits) : $"0x{bits:x}"))).Write(")");
        }
    }

    /// <summary>Per axis of the input, the index that output index (d0, d1, …) shows.</summary>
    private void View(ViewOperation view)
    {
        _text.NewLine().Write($"maps ({string.Join(", ", view.Maps.Select(m => m.ToString().Replace('%', 'd')))})");
        if (!view.Offsets.IsDefault && view.Offsets.Any(o => o != new LinearBound(0)))
        {
            _text.NewLine().Write($"offsets ({string.Join(", ", view.Offsets)})");
        }
    }
}
