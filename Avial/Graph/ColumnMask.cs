using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Graph;

/// <summary>Some columns of an element in 64 bits: bit c for column c; bit 63 stands for all from 63 on.</summary>
internal static class ColumnMask
{
    /// <summary>Every column.</summary>
    public const ulong All = ulong.MaxValue;

    /// <summary>The mask of one column.</summary>
    public static ulong Of(int column) => 1UL << Math.Min(column, 63);

    /// <summary>The mask of these columns.</summary>
    public static ulong Of(ImmutableArray<int> columns)
    {
        ulong mask = 0;
        foreach (int column in columns)
        {
            mask |= Of(column);
        }
        return mask;
    }

    /// <summary>The mask of the first columns, this many.</summary>
    public static ulong OfFirst(int columns) => columns >= 64 ? All : (1UL << columns) - 1;

    /// <summary>The columns of an element that some of these masks have, divided so that a mask has all or nothing of a class.</summary>
    public static List<ulong> Classes(IEnumerable<ulong> masks, ElementLayout element)
    {
        ulong all = OfFirst(element.Columns.Length);
        var classes = new List<ulong>();
        ulong divided = 0;
        foreach (ulong mask in masks)
        {
            ulong read = mask & all;
            for (int i = classes.Count - 1; i >= 0; i--)
            {
                ulong both = classes[i] & read;
                if (both != 0 && both != classes[i])
                {
                    classes.Add(classes[i] & ~both);
                    classes[i] = both;
                }
            }
            if ((read & ~divided) is not 0 and ulong fresh)
            {
                classes.Add(fresh);
                divided |= fresh;
            }
        }
        return classes is [ulong only] && only == all ? [All] : classes;
    }

    public static bool Has(ulong columns, int column) => (columns >> Math.Min(column, 63) & 1) != 0;

    /// <summary>The bytes that the columns of one element take.</summary>
    public static int SizeOf(ulong columns, ElementLayout element)
    {
        int size = 0;
        for (int column = 0; column < element.Columns.Length; column++)
        {
            size += Has(columns, column) ? element.Columns[column].Type.Size() : 0;
        }
        return size;
    }
}
