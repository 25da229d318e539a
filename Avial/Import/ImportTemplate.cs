using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>
/// An imported body of one call site: when the lambda is recorded again with the same shape, only the captures are read. Keeps no object of the user's.
/// </summary>
internal sealed class ImportTemplate
{
    private readonly ShapeToken[] _tokens;
    private readonly Capture[] _captures;
    private readonly int[] _arrayOf;
    private readonly int[] _originRank;
    private readonly long[][] _coefficients;
    private readonly int[] _firstScalar;
    private readonly int[] _lazyOf;
    private readonly bool[] _isSmall;
    private readonly ulong[]? _frozen;
    private readonly int _arrays;
    private readonly int _inputs;
    private readonly int _magnitudeBits;

    public ImportTemplate(ShapeRecorder shape, CapturedValues captured, KernelUse use, ElementLayout[] resultLayouts, int magnitudeBits, TemplateSlots slots, ulong[]? frozen)
    {
        _tokens = [.. shape.Tokens];
        _captures = captured.Captures;
        _arrayOf = captured.ArrayOf;
        _originRank = captured.OriginRank;
        _coefficients = captured.Coefficients;
        _arrays = captured.ArrayTypes.Count;
        _firstScalar = slots.FirstScalar;
        _lazyOf = slots.LazyOf;
        _isSmall = slots.IsSmall;
        _inputs = slots.Inputs;
        _magnitudeBits = magnitudeBits;
        _frozen = frozen;
        Use = use;
        ResultLayouts = resultLayouts;
    }

    public KernelUse Use { get; }

    public ElementLayout[] ResultLayouts { get; }

    /// <summary>What a new recording of the body captures, or false when this template is of another shape.</summary>
    public bool TryApply(ShapeMatcher matcher, ReadOnlySpan<System.Linq.Expressions.LambdaExpression> bodies, int magnitudeBits, Diagnostics.SourceSpan span, out Imported imported)
    {
        imported = default;
        if ((_magnitudeBits >= 0 && _magnitudeBits != magnitudeBits) || !matcher.Match(_tokens, _captures, bodies))
        {
            return false;
        }
        ulong[] scalars = _isSmall.Length == 0 ? [] : new ulong[_isSmall.Length];
        if (!ReadNumbers(matcher, scalars))
        {
            return false;
        }
        if (_frozen is not null)
        {
            imported = new Imported(Use, [], [], ResultLayouts);
            return scalars.AsSpan().SequenceEqual(_frozen);
        }
        NodeOutput[] inputs = _inputs == 0 ? [] : new NodeOutput[_inputs];
        object?[]? host = null;
        for (int i = 0; i < _captures.Length; i++)
        {
            if (!ReadHandle(matcher, i, inputs, scalars, ref host))
            {
                return false;
            }
        }
        if (!AreDistinct(inputs, host))
        {
            return false;
        }
        CopyHostArrays(inputs, host, span);
        imported = new Imported(Use, inputs, scalars, ResultLayouts);
        return true;
    }

    private bool ReadNumbers(ShapeMatcher matcher, ulong[] scalars)
    {
        for (int i = 0; i < _captures.Length; i++)
        {
            if (_captures[i].Role != CaptureRole.Numbers)
            {
                continue;
            }
            var columns = _captures[i].Layout!.ColumnTypes;
            int first = _firstScalar[i];
            _captures[i].Path.ReadScalars(matcher.Root(i), scalars.AsSpan(first, columns.Length));
            for (int c = 0; c < columns.Length; c++)
            {
                if (columns[c] is >= ScalarType.I32 and <= ScalarType.U64 && CapturedValues.IsSmall(columns[c], scalars[first + c]) != _isSmall[first + c])
                {
                    return false;
                }
            }
        }
        return true;
    }

    private bool ReadHandle(ShapeMatcher matcher, int number, NodeOutput[] inputs, ulong[] scalars, ref object?[]? host)
    {
        Capture capture = _captures[number];
        if (capture.Role is not (CaptureRole.Array or CaptureRole.LazyScalar or CaptureRole.HostArray or CaptureRole.Bound))
        {
            return true;
        }
        object? value = capture.Path.ReadObject(matcher.Root(number));
        if (capture.Element is { } element)
        {
            long index = element.IndexCapture >= 0 ? (long)scalars[_firstScalar[element.IndexCapture]] : element.Constant;
            value = value is Array array && index >= 0 && index < array.Length ? array.GetValue(index) : null;
        }
        switch (value)
        {
            case Bound bound:
                return ReadBound(number, bound, inputs, scalars);
            case IScalarHandle scalar:
                inputs[_lazyOf[number]] = scalar.Output;
                return true;
            case IArrayHandle handle:
                return ReadArray(number, handle, inputs, scalars);
            case Array numbers:
                host ??= new object?[_arrays];
                object? known = host[_arrayOf[number]];
                host[_arrayOf[number]] = numbers;
                return known is null || ReferenceEquals(known, numbers);
            default:
                return false;
        }
    }

    private bool ReadBound(int number, Bound bound, NodeOutput[] inputs, ulong[] scalars)
    {
        scalars[_firstScalar[number]] = (ulong)bound.Constant;
        var terms = bound.Terms;
        if (terms.Length != _coefficients[number].Length)
        {
            return false;
        }
        for (int term = 0; term < terms.Length; term++)
        {
            if (terms[term].Coefficient != _coefficients[number][term])
            {
                return false;
            }
            inputs[_lazyOf[number] + term] = terms[term].Step;
        }
        return true;
    }

    private bool ReadArray(int number, IArrayHandle handle, NodeOutput[] inputs, ulong[] scalars)
    {
        NodeOutput output = handle.Output;
        int slot = _arrayOf[number];
        var origin = handle.Origin;
        if ((origin.IsDefault ? 0 : origin.Length) != _originRank[number] || (inputs[slot].Node is not null && inputs[slot] != output))
        {
            return false;
        }
        inputs[slot] = output;
        for (int axis = 0; axis < _originRank[number]; axis++)
        {
            scalars[_firstScalar[number] + axis] = (ulong)origin[axis];
        }
        output.Node.VariableName ??= _captures[number].Path.Name;
        return true;
    }

    /// <summary>True when arrays that are different inputs of the template are different here.</summary>
    private bool AreDistinct(NodeOutput[] inputs, object?[]? host)
    {
        for (int i = 1; i < _arrays; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (inputs[i].Node is not null ? inputs[i] == inputs[j] : ReferenceEquals(host![i], host[j]))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static void CopyHostArrays(NodeOutput[] inputs, object?[]? host, Diagnostics.SourceSpan span)
    {
        for (int i = 0; i < (host?.Length ?? 0); i++)
        {
            if (host![i] is Array numbers)
            {
                inputs[i] = ArraySources.FromHost(numbers, span);
            }
        }
    }
}

/// <summary>Where a template puts what it reads.</summary>
/// <param name="FirstScalar">Per capture, the position of its first number or origin coordinate, or -1.</param>
/// <param name="LazyOf">Per capture that is a lazy scalar, its input.</param>
/// <param name="IsSmall">Per scalar, whether the kernel takes it to be small.</param>
/// <param name="Inputs">The number of inputs.</param>
internal sealed record TemplateSlots(int[] FirstScalar, int[] LazyOf, bool[] IsSmall, int Inputs);
