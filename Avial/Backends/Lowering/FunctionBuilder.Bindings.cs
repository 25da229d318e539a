using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>What the function is called with: buffers, scalar slots, local memory, trap sites.</summary>
internal sealed partial class FunctionBuilder
{
    // Local buffers are numbered behind the others, whose count is known only at the end.
    private const int FirstLocal = 1 << 20;

    private readonly List<(BufferBinding Binding, BufferParameter Parameter)> _buffers = [];
    private readonly List<(ScalarBinding Binding, Value Value)> _scalars = [];
    private readonly List<LocalBuffer> _locals = [];
    private readonly List<TrapSite> _trapSites = [];
    private int _accumulators;

    /// <summary>The number of the buffer bound to this; made when first asked for. One binding may be seen as several types.</summary>
    public int Buffer(BufferBinding binding, ScalarType type, bool isWritten = false)
    {
        int known = _buffers.FindIndex(b => b.Binding == binding && b.Parameter.Type == type);
        if (known >= 0)
        {
            if (isWritten && !_buffers[known].Parameter.IsWritten)
            {
                _buffers[known] = (binding, _buffers[known].Parameter with { IsWritten = true });
            }
            return known;
        }
        bool isRetyped = _buffers.Exists(b => b.Binding == binding);
        string name = $"{"iotrmlcds"[(int)binding.Source]}{binding.Position}_{binding.Column}{(isRetyped ? $"_{type.Text()}" : "")}";
        _buffers.Add((binding, new BufferParameter(name, type, isWritten, IsNoAlias: binding.Source <= BufferSource.Output)));
        return _buffers.Count - 1;
    }

    /// <summary>The value of a scalar slot bound to this.</summary>
    public Value Scalar(ScalarBinding binding, ScalarType type = ScalarType.I64)
    {
        if (binding.Source == ScalarSource.Constant)
        {
            return Constant(type, (ulong)binding.Position);
        }
        int known = _scalars.FindIndex(s => s.Binding == binding && s.Value.Type == type);
        if (known >= 0)
        {
            return _scalars[known].Value;
        }
        Value value = NewValue(type);
        _homes[value.Id] = Top;
        _scalars.Add((binding, value));
        return value;
    }

    /// <summary>The number of fresh local memory.</summary>
    public int Local(string name, ScalarType type, int length)
    {
        _locals.Add(new LocalBuffer($"{name}{_locals.Count}", type, length));
        return FirstLocal + _locals.Count - 1;
    }

    /// <summary>A fresh accumulator slot.</summary>
    public int AccumulatorSlot() => _accumulators++;

    /// <summary>Stops the element at <paramref name="element"/> when the condition holds.</summary>
    public void TrapIf(Value condition, TrapKind kind, ImmutableArray<Value> element, ImmutableArray<Value> details, SourceSpan span, string subject)
    {
        if (IsConstant(condition, out ulong bits) && bits == 0)
        {
            return;
        }
        if (span == SourceSpan.None || span == default)
        {
            span = Node.Span;
        }
        subject = subject.Length == 0 ? Node.Name : subject;
        int site = _trapSites.FindIndex(s => s.Kind == kind && s.Span == span && s.Subject == subject);
        if (site < 0)
        {
            site = _trapSites.Count;
            _trapSites.Add(new TrapSite(site, kind, span, subject));
        }
        Add(new TrapIfInstruction(condition, kind, element, details) { Span = span, Site = site });
    }

    /// <summary>The function and its bindings as a stage.</summary>
    public LoweredStage Finish(StageBox box, CutKind cut)
    {
        if (_scope.Parent is not null)
        {
            throw new InternalErrorException("A loops function was finished inside a loop.");
        }
        Block body = _scope.Builder.Finish([]);
        var function = new LoopsFunction(
            _name, [.. _buffers.Select(b => b.Parameter)], [.. _scalars.Select(s => s.Value)], BoxLow, BoxHigh,
            _locals.Count == 0 ? body : LocalNumbering.Apply(body, FirstLocal, _buffers.Count))
        {
            TrapSites = [.. _trapSites],
            Locals = [.. _locals],
        };
        return new LoweredStage(function, [.. _buffers.Select(b => b.Binding)], [.. _scalars.Select(s => s.Binding)], box, cut);
    }

    private Scope Top
    {
        get
        {
            Scope scope = _scope;
            while (scope.Parent is { } parent)
            {
                scope = parent;
            }
            return scope;
        }
    }

    private ScalarType TypeOfBuffer(int buffer) => buffer >= FirstLocal ? _locals[buffer - FirstLocal].Type : _buffers[buffer].Parameter.Type;
}
