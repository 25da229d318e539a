using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>A parameter of the kernel and the captured value that it is.</summary>
/// <param name="Capture">The capture.</param>
/// <param name="ClrType">The .NET type of the whole captured value.</param>
/// <param name="Type">The type of this column.</param>
/// <param name="Source">Where its value comes from.</param>
/// <param name="Range">For integers, the range the kernel assumes.</param>
internal readonly record struct CapturedParameter(int Capture, Type ClrType, ScalarType Type, ParameterSource Source, IntegerRange Range);

/// <summary>Where the value of a parameter comes from.</summary>
internal enum ParameterSource : byte
{
    /// <summary>A captured number.</summary>
    Number,
    /// <summary>A coordinate of the origin of a partial array.</summary>
    Origin,
    /// <summary>The constant part of an end of a domain.</summary>
    BoundConstant,
    /// <summary>A column of a lazy scalar, or a step that an end of a domain depends on.</summary>
    Lazy,
}

/// <summary>What the captures of one recording hold.</summary>
internal sealed class CapturedValues
{
    // Captured integers this small give affine sums that cannot wrap in their own type.
    private const int SmallBits32 = 30;
    private const int SmallBits64 = 47;

    private readonly ulong[][] _numbers;
    private readonly object?[] _objects;

    public CapturedValues(ShapeRecorder shape, SourceSpan span)
    {
        Captures = [.. shape.Captures];
        _numbers = new ulong[Captures.Length][];
        _objects = new object?[Captures.Length];
        ArrayOf = new int[Captures.Length];
        OriginRank = new int[Captures.Length];
        Coefficients = new long[Captures.Length][];
        Array.Fill(ArrayOf, -1);
        for (int i = 0; i < Captures.Length; i++)
        {
            Read(i, shape.Roots[i], span);
        }
    }

    public Capture[] Captures { get; }

    /// <summary>Per capture, the number of the array it is, or -1; the same array captured twice is one.</summary>
    public int[] ArrayOf { get; }

    /// <summary>Per capture, the rank of its origin: 0 unless it is a partial array.</summary>
    public int[] OriginRank { get; }

    /// <summary>Per capture that is an end of a domain, the coefficients of its steps.</summary>
    public long[][] Coefficients { get; }

    public List<ArrayType> ArrayTypes { get; } = [];

    public List<CapturedParameter> Parameters { get; } = [];

    public ReadOnlySpan<ulong> Numbers(int capture) => _numbers[capture];

    /// <summary>True for a value whose range the kernel may take to be small.</summary>
    public static bool IsSmall(ScalarType type, ulong bits) => SmallRange(type) is { } range && range.Contains(new IntegerRange((long)bits, (long)bits));

    private static IntegerRange? SmallRange(ScalarType type)
    {
        int bits = type switch
        {
            ScalarType.I32 or ScalarType.U32 => SmallBits32,
            ScalarType.I64 or ScalarType.U64 => SmallBits64,
            _ => 0,
        };
        return bits == 0 ? null : new IntegerRange(type.IsSigned() ? -(Int128.One << bits) : 0, (Int128.One << bits) - 1);
    }

    private static IntegerRange RangeOf(ScalarType type, ulong bits) =>
        !type.IsInteger() ? default : IsSmall(type, bits) ? SmallRange(type)!.Value : IntegerRange.Of(type);

    private void Read(int number, object? root, SourceSpan span)
    {
        Capture capture = Captures[number];
        switch (capture.Role)
        {
            case CaptureRole.Numbers:
                if (capture.Path.ReadObject(root) is null)
                {
                    throw Throw.CapturedNull(capture.Path.Owner, capture.Path.OwnerType, span);
                }
                ReadNumbers(number, root);
                return;
            case CaptureRole.Bound:
                ReadBound(number, (Bound)capture.Path.ReadObject(root)!);
                return;
            case CaptureRole.Array or CaptureRole.LazyScalar or CaptureRole.HostArray:
                _objects[number] = ReadObject(number, root) ?? throw Throw.CapturedNull(capture.Path.Name ?? "captured value", capture.Path.Type, span);
                ReadHandle(number);
                return;
        }
    }

    private object? ReadObject(int number, object? root)
    {
        Capture capture = Captures[number];
        object? value = capture.Path.ReadObject(root);
        if (capture.Element is not { } element || value is not Array array)
        {
            return value;
        }
        return array.GetValue(element.IndexCapture >= 0 ? (int)_numbers[element.IndexCapture][0] : element.Constant);
    }

    private void ReadNumbers(int number, object? root)
    {
        Capture capture = Captures[number];
        _numbers[number] = new ulong[capture.Layout!.Columns.Length];
        capture.Path.ReadScalars(root, _numbers[number]);
        for (int i = 0; i < _numbers[number].Length; i++)
        {
            ScalarType type = capture.Layout.ColumnTypes[i];
            Parameters.Add(new CapturedParameter(number, capture.Path.Type, type, ParameterSource.Number, RangeOf(type, _numbers[number][i])));
        }
    }

    private void ReadBound(int number, Bound bound)
    {
        IntegerRange range = SmallRange(ScalarType.I64)!.Value;
        Parameters.Add(new CapturedParameter(number, typeof(Bound), ScalarType.I64, ParameterSource.BoundConstant, range));
        Coefficients[number] = [.. bound.Terms.Select(t => t.Coefficient)];
        for (int term = 0; term < Coefficients[number].Length; term++)
        {
            Parameters.Add(new CapturedParameter(number, typeof(Bound), ScalarType.I64, ParameterSource.Lazy, range));
        }
    }

    private void ReadHandle(int number)
    {
        object value = _objects[number]!;
        if (value is IScalarHandle scalar)
        {
            ElementLayout layout = scalar.Output.Type.Element;
            foreach (ScalarType type in layout.ColumnTypes)
            {
                // A lazy scalar's value is not known yet; an index made with a number beyond 2^47 is out of any array.
                IntegerRange range = type is ScalarType.I64 or ScalarType.U64 ? SmallRange(type)!.Value : type.IsInteger() ? IntegerRange.Of(type) : default;
                Parameters.Add(new CapturedParameter(number, layout.Type, type, ParameterSource.Lazy, range));
            }
            return;
        }
        ArrayOf[number] = Array.FindIndex(_objects, o => IsSame(o, value)) is var first && first < number ? ArrayOf[first] : ArrayTypes.Count;
        if (ArrayOf[number] == ArrayTypes.Count)
        {
            ArrayTypes.Add(value is IArrayHandle handle ? handle.Output.Type : TypeOf((Array)value));
        }
        OriginRank[number] = value is IArrayHandle { Origin: { IsDefaultOrEmpty: false } origin } ? origin.Length : 0;
        for (int axis = 0; axis < OriginRank[number]; axis++)
        {
            Parameters.Add(new CapturedParameter(number, typeof(long), ScalarType.I64, ParameterSource.Origin, ValueFacts.AnyIndex));
        }
    }

    private static bool IsSame(object? a, object b) => ReferenceEquals(a, b) || (a is IArrayHandle x && b is IArrayHandle y && x.Output == y.Output);

    private static ArrayType TypeOf(Array array) =>
        new(ElementLayout.Of(array.GetType().GetElementType()!), [.. Enumerable.Range(0, array.Rank).Select(axis => array.GetLongLength(axis))]);
}
