using System.Collections.Immutable;
using System.Linq.Expressions;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>
/// Turns the expression trees of one recording into a kernel. Integer arithmetic is followed as affine sums, so that an index is affine
/// whatever the way it was written; what is then unused is removed at the end.
/// </summary>
internal sealed partial class BodyImporter
{
    private readonly ShapeRecorder _shape;
    private readonly CapturedValues _captured;
    private readonly SourceSpan _span;
    private readonly int _rank;
    private readonly ElementLayout? _self;
    private readonly ValueNumbers _numbers = new();
    private readonly ValueFacts _facts;
    private readonly Dictionary<ParameterExpression, KernelValue> _bound = [];
    private readonly Dictionary<int, KernelValue> _numbersOf = [];
    private readonly Dictionary<int, ImmutableArray<Value>> _originOf = [];
    private readonly Scope _root;
    private ParameterExpression? _selfParameter;
    private Scope _scope;

    public BodyImporter(ShapeRecorder shape, CapturedValues captured, SourceSpan span, int rank, ElementLayout? self, long indexMagnitude)
    {
        _shape = shape;
        _captured = captured;
        _span = span;
        _rank = rank;
        _self = self;
        _facts = new ValueFacts(indexMagnitude);
        _root = _scope = new Scope(new BlockBuilder(_numbers));
    }

    /// <summary>True when the kernel holds only for domains of this size.</summary>
    public bool DependsOnMagnitude => _facts.DependsOnMagnitude;

    /// <summary>The kernel of ordinary and sweep bodies; the results of several bodies follow one another.</summary>
    public Kernel Import(ReadOnlySpan<LambdaExpression> bodies, int identity)
    {
        var parameters = ImmutableArray.CreateBuilder<Value>();
        for (int axis = 0; axis < _rank; axis++)
        {
            Value index = _numbers.New(ScalarType.I64);
            _facts.AddIndex(index);
            parameters.Add(index);
        }
        parameters.AddRange(DeclareCaptures());
        var results = ImmutableArray.CreateBuilder<Value>();
        foreach (LambdaExpression body in bodies)
        {
            int first = _self is null ? 0 : 1;
            if (_self is not null)
            {
                _selfParameter = body.Parameters[0];
            }
            for (int axis = 0; axis < _rank; axis++)
            {
                _bound[body.Parameters[first + axis]] = new KernelValue(typeof(long), parameters[axis]);
            }
            results.AddRange(Visit(body.Body).Columns);
        }
        return Finish(_rank, parameters, results.ToImmutable(), identity);
    }

    /// <summary>The kernel of a fold: two elements give one.</summary>
    public Kernel ImportCombiner(LambdaExpression combine, ElementLayout element, int identity)
    {
        var parameters = ImmutableArray.CreateBuilder<Value>();
        foreach (ParameterExpression parameter in combine.Parameters)
        {
            ImmutableArray<Value> columns = [.. element.ColumnTypes.Select(_numbers.New)];
            parameters.AddRange(columns);
            _bound[parameter] = new KernelValue(parameter.Type, columns);
        }
        for (int capture = 0; capture < _shape.Captures.Count; capture++)
        {
            if (_shape.Captures[capture] is { Role: CaptureRole.Numbers } numbers)
            {
                ReadOnlySpan<ulong> bits = _captured.Numbers(capture);
                var columns = ImmutableArray.CreateBuilder<Value>();
                for (int i = 0; i < bits.Length; i++)
                {
                    columns.Add(Constant(numbers.Layout!.ColumnTypes[i], bits[i]));
                }
                _numbersOf[capture] = new KernelValue(numbers.Path.Type, columns.ToImmutable());
            }
        }
        return Finish(0, parameters, Visit(combine.Body).Columns, identity);
    }

    private Kernel Finish(int rank, ImmutableArray<Value>.Builder parameters, ImmutableArray<Value> results, int identity)
    {
        Block body = DeadInstructions.Remove(_root.Builder.Finish(parameters.ToImmutable(), results));
        return new Kernel(rank, Operands(), body) { Identity = identity };
    }

    private ImmutableArray<KernelOperand> Operands()
    {
        var operands = ImmutableArray.CreateBuilder<KernelOperand>();
        if (_self is not null)
        {
            operands.Add(_self.Operand[_rank]);
        }
        operands.AddRange(_captured.ArrayTypes.Select(t => t.Element.Operand[t.Rank]));
        return operands.ToImmutable();
    }

    /// <summary>One parameter per captured number column, partial array's origin and lazy scalar column, in the order of <see cref="CapturedValues"/>.</summary>
    private List<Value> DeclareCaptures()
    {
        var parameters = new List<Value>();
        foreach (CapturedParameter parameter in _captured.Parameters)
        {
            Value value = _numbers.New(parameter.Type);
            parameters.Add(value);
            if (parameter.Type.IsInteger())
            {
                DeclareInteger(value, parameter.Range);
            }
            if (parameter.Source == ParameterSource.Origin)
            {
                _originOf[parameter.Capture] = _originOf.GetValueOrDefault(parameter.Capture, []).Add(value);
                continue;
            }
            KernelValue known = _numbersOf.GetValueOrDefault(parameter.Capture, new KernelValue(parameter.ClrType, ImmutableArray<Value>.Empty));
            _numbersOf[parameter.Capture] = known with { Columns = known.Columns.Add(value) };
        }
        foreach (int capture in _numbersOf.Keys.Where(c => _captured.Captures[c].Role == CaptureRole.Bound).ToArray())
        {
            _numbersOf[capture] = new KernelValue(typeof(Bound), Bound(_numbersOf[capture].Columns, _captured.Coefficients[capture]));
        }
        return parameters;
    }

    /// <summary>An end of a domain as arithmetic: its constant plus coefficient × step.</summary>
    private Value Bound(ImmutableArray<Value> parts, long[] coefficients)
    {
        Value sum = parts[0];
        for (int term = 0; term < coefficients.Length; term++)
        {
            sum = Arithmetic(BinaryOp.Add, sum, Arithmetic(BinaryOp.Multiply, parts[term + 1], Constant(coefficients[term]), null), null);
        }
        return sum;
    }

    /// <summary>Makes an integer parameter an atom of affine sums, converted to i64 where it is narrower.</summary>
    private void DeclareInteger(Value parameter, IntegerRange range)
    {
        if (!IntegerRange.Of(ScalarType.I64).Contains(range))
        {
            return;
        }
        Value atom = _root.Builder.Convert(parameter, ScalarType.I64);
        _facts.AddAtom(atom, range);
        _facts.SetCongruent(parameter, AffineIndex.Of(atom));
    }

    private SourceSpan At(Expression expression) => _span with { Text = ExpressionText.Of(expression) };

    private Value Constant(ScalarType type, ulong bits)
    {
        Value value = _scope.Builder.Constant(type, bits);
        if (type.IsInteger())
        {
            _facts.SetCongruent(value, AffineIndex.Of((long)bits));
        }
        return value;
    }

    private Value Constant(long value) => Constant(ScalarType.I64, (ulong)value);

    private Value Constant(bool value) => Constant(ScalarType.Bool, value ? 1u : 0u);
}
