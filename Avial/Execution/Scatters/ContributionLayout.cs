using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Execution.Scatters;

/// <summary>
/// How contributions lie in one message, each column beginning at a multiple of 8 bytes: targets and, where they are numbered, sources, unless the ranks know these; then the
/// columns of the values.
/// </summary>
internal sealed class ContributionLayout
{
    private readonly int[] _sizes;

    private ContributionLayout(ImmutableArray<ScalarType> values, int firstValue)
    {
        FirstValue = firstValue;
        _sizes = new int[firstValue + values.Length];
        Array.Fill(_sizes, sizeof(long), 0, firstValue);
        for (int column = 0; column < values.Length; column++)
        {
            _sizes[firstValue + column] = values[column].Size();
        }
    }

    /// <summary>The layout of contributions with all that has to be known of them.</summary>
    public static ContributionLayout Whole(ImmutableArray<ScalarType> values, bool isNumbered) => new(values, isNumbered ? 2 : 1);

    /// <summary>The layout of values alone.</summary>
    public static ContributionLayout OfValues(ImmutableArray<ScalarType> values) => new(values, 0);

    /// <summary>True when column 0 holds the targets.</summary>
    public bool HasTargets => FirstValue > 0;

    /// <summary>True when column 1 holds the source indices.</summary>
    public bool HasSources => FirstValue > 1;

    /// <summary>The first column of the values.</summary>
    public int FirstValue { get; }

    public int Columns => _sizes.Length;

    /// <summary>The bytes of one element of a column.</summary>
    public int SizeOf(int column) => _sizes[column];

    /// <summary>Where a column begins in a message of so many contributions; for the number of columns: where the message ends.</summary>
    public long OffsetOf(int column, long count)
    {
        long offset = 0;
        for (int before = 0; before < column; before++)
        {
            offset += checked(_sizes[before] * count + 7) & ~7L;
        }
        return offset;
    }

    public long BytesOf(long count) => OffsetOf(_sizes.Length, count);
}
