using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Execution.Scatters;

/// <summary>How contributions lie in one message: targets, sources where they are numbered, then the columns of the values, each beginning at a multiple of 8 bytes.</summary>
internal sealed class ContributionLayout
{
    private readonly int[] _sizes;

    public ContributionLayout(ImmutableArray<ScalarType> values, bool isNumbered)
    {
        IsNumbered = isNumbered;
        FirstValue = isNumbered ? 2 : 1;
        _sizes = new int[FirstValue + values.Length];
        Array.Fill(_sizes, sizeof(long), 0, FirstValue);
        for (int column = 0; column < values.Length; column++)
        {
            _sizes[FirstValue + column] = values[column].Size();
        }
    }

    /// <summary>True when column 1 holds the source indices.</summary>
    public bool IsNumbered { get; }

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
