using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Avial.Numerics;

/// <summary>
/// A sum of doubles whose result does not depend on the order of <see cref="Add(double)"/> and <see cref="Merge"/>, bit for bit.
/// </summary>
/// <remarks>
/// The indexed type of ReproBLAS with three bins (J. Demmel, P. Ahrens, H. D. Nguyen: "Efficient Reproducible Floating Point
/// Summation and BLAS", UCB/EECS-2016-121). Bin j counts whole multiples of its unit 2^(40 j - 1074) and takes values below half of
/// the unit above it; a value is split over the three bins from the largest value's bin down, each piece rounded to its bin's unit,
/// ties away from zero. The pieces of a value depend on that bin alone, and adding whole units is exact, hence the independence.
/// What falls below the lowest of the three bins is dropped: at most n · max|x| · 2^-81 in all.
///
/// <list type="bullet">
/// <item>Infinities and NaN are summed apart: they propagate as in any IEEE sum.</item>
/// <item>Only the result can overflow: Max + Max - Max is Max. Subnormals are exact.</item>
/// <item>A sum of zero is +0, whatever the signs of the zeros added; so is the empty sum.</item>
/// <item>A zeroed value is an empty sum, so memory may be cleared instead of constructed. At most 2^42 values may be added.</item>
/// </list>
///
/// Emitted code may deposit by itself while |x| is below the limit and there is room, as <see cref="Add(double)"/> does; the layout
/// is the fields in the order below, 64 bytes in all.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BinnedSum64
{
    private const int Width = 40;

    // 2^11 pieces of at most 2^39 units fit before a bin leaves its binade; half of it leaves a margin.
    private const int Endurance = 1 << 10;

    private const int LowestTop = 2;

    // The anchor of bin 52 would overflow: sums that reach it are kept scaled down.
    private const int ScaledTop = 52;
    private const int ScaleExponent = -64;

    // A bin is its anchor 1.5 · 2^52 units plus its pieces, so that one addition rounds a value to whole units.
    private double _bin0;
    private double _bin1;
    private double _bin2;

    // Values below it may be deposited without looking further; 0 while every value needs a look.
    private double _limit;

    // The sum of the infinities and NaNs; 0 while there are none.
    private double _special;

    // Quarters of a binade (2^50 units) moved out of the bins.
    private int _carry0;
    private int _carry1;
    private int _carry2;

    // The number j of the first bin; 0 while nothing but zeros has been added.
    private int _top;

    // Deposits left until the bins must be carried.
    private int _room;

    /// <summary>Adds one value, as a rule one leaf sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double x)
    {
        if (Math.Abs(x) < _limit && _room > 0)
        {
            _room--;
            Deposit(x);
        }
        else
        {
            AddCarefully(x);
        }
    }

    /// <summary>Adds another sum's values to this one's.</summary>
    public void Merge(in BinnedSum64 other)
    {
        BinnedSum64 right = other;
        _special += right._special;
        if (right._top == 0)
        {
            return;
        }

        RaiseTo(right._top);
        right.RaiseTo(_top);
        Carry();
        right.Carry();
        _bin0 += right._bin0 - Anchor(_top);
        _bin1 += right._bin1 - Anchor(_top, 1);
        _bin2 += right._bin2 - Anchor(_top, 2);
        _carry0 += right._carry0;
        _carry1 += right._carry1;
        _carry2 += right._carry2;
        Carry();
    }

    /// <summary>The sum, rounded once to nearest, ties to even.</summary>
    public readonly double Result()
    {
        if (_special != 0)
        {
            return _special;
        }

        if (_top == 0)
        {
            return 0;
        }

        Int128 low = Units(_bin2, _carry2);
        Int128 middle = Units(_bin1, _carry1) + (low >> Width);
        Int128 high = Units(_bin0, _carry0) + (middle >> Width);
        Int128 mask = (Int128.One << Width) - 1;
        middle &= mask;
        low &= mask;

        int exponent = UnitExponent(_top - 2);
        bool fits = Int128.Abs(high) < Int128.One << 46;
        return fits
            ? ExactRounding.ToDouble((high << (2 * Width)) + (middle << Width) + low, exponent)
            : ExactRounding.ToDouble((((high << Width) + middle) << 1) + (low == 0 ? 0 : 1), exponent + Width - 1);
    }

    /// <summary><see cref="Add(double)"/> for emitted code.</summary>
    public static void AddTo(BinnedSum64* sum, double x) => sum->Add(x);

    /// <summary><see cref="Merge"/> for emitted code.</summary>
    public static void MergeInto(BinnedSum64* sum, BinnedSum64* other) => sum->Merge(in *other);

    /// <summary><see cref="Result"/> for emitted code.</summary>
    public static double ResultOf(BinnedSum64* sum) => sum->Result();

    // Setting the last bit breaks every tie away from zero; otherwise the parity of the bin, hence the order, would decide it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double WithoutTie(double x) => BitConverter.UInt64BitsToDouble(BitConverter.DoubleToUInt64Bits(x) | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Deposit(double x)
    {
        double before = _bin0;
        _bin0 = before + WithoutTie(x);
        x += before - _bin0;

        before = _bin1;
        _bin1 = before + WithoutTie(x);
        x += before - _bin1;

        _bin2 += WithoutTie(x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddCarefully(double x)
    {
        if (!double.IsFinite(x))
        {
            _special += x;
            return;
        }

        if (x == 0)
        {
            return;
        }

        RaiseTo(TopOf(x));
        if (_room == 0)
        {
            Carry();
        }

        _room--;
        if (_top == LowestTop)
        {
            DepositExactly(x);
        }
        else
        {
            // Scaling down rounds only what lies far below the lowest bin.
            Deposit(_top >= ScaledTop ? Math.ScaleB(x, ScaleExponent) : x);
        }
    }

    // The lowest bin's unit is the smallest subnormal: its piece needs no rounding, and setting a bit would change it.
    private void DepositExactly(double x)
    {
        double before = _bin0;
        _bin0 = before + WithoutTie(x);
        x += before - _bin0;

        before = _bin1;
        _bin1 = before + WithoutTie(x);
        x += before - _bin1;

        _bin2 += x;
    }

    private void RaiseTo(int top)
    {
        if (top <= _top)
        {
            return;
        }

        if (_top == 0)
        {
            (_bin0, _bin1, _bin2) = (Anchor(top), Anchor(top, 1), Anchor(top, 2));
            _room = Endurance;
        }
        else
        {
            double scale = top >= ScaledTop && _top < ScaledTop ? Math.ScaleB(1, ScaleExponent) : 1;
            switch (top - _top)
            {
                case 1:
                    (_bin0, _bin1, _bin2) = (Anchor(top), scale * _bin0, scale * _bin1);
                    (_carry0, _carry1, _carry2) = (0, _carry0, _carry1);
                    break;
                case 2:
                    (_bin0, _bin1, _bin2) = (Anchor(top), Anchor(top, 1), scale * _bin0);
                    (_carry0, _carry1, _carry2) = (0, 0, _carry0);
                    break;
                default:
                    (_bin0, _bin1, _bin2) = (Anchor(top), Anchor(top, 1), Anchor(top, 2));
                    (_carry0, _carry1, _carry2) = (0, 0, 0);
                    break;
            }
        }

        _top = top;
        _limit = top is > LowestTop and < ScaledTop ? Math.ScaleB(1, UnitExponent(top) + Width - 1) : 0;
    }

    private void Carry()
    {
        Carry(ref _bin0, ref _carry0);
        Carry(ref _bin1, ref _carry1);
        Carry(ref _bin2, ref _carry2);
        _room = Endurance;
    }

    // Brings a bin back to [1.5, 1.75) of its binade: the top two mantissa bits become 10, their change goes to the carry.
    private static void Carry(ref double bin, ref int carry)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(bin);
        carry += (int)((bits >> 50) & 3) - 2;
        bin = BitConverter.UInt64BitsToDouble((bits & ~(1ul << 50)) | (1ul << 51));
    }

    private static Int128 Units(double bin, int carry)
    {
        long mantissa = BitConverter.DoubleToInt64Bits(bin) & ((1L << 52) - 1);
        return mantissa - (1L << 51) + ((Int128)carry << 50);
    }

    private static int UnitExponent(int bin) => Width * bin - 1074;

    // The lowest bin whose half unit above, 2^39 units, exceeds |x|.
    private static int TopOf(double x) => Math.Max(LowestTop, (Math.ILogB(x) + 1074 + 1) / Width);

    private static double Anchor(int top, int below = 0)
    {
        int scale = top >= ScaledTop ? ScaleExponent : 0;
        return Math.ScaleB(1.5, UnitExponent(top - below) + 52 + scale);
    }
}
