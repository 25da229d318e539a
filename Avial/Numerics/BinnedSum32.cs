using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Avial.Numerics;

/// <summary>
/// A sum of floats whose result does not depend on the order of <see cref="Add(float)"/> and <see cref="Merge"/>, bit for bit.
/// </summary>
/// <remarks>
/// The indexed type of ReproBLAS with three bins (J. Demmel, P. Ahrens, H. D. Nguyen: "Efficient Reproducible Floating Point
/// Summation and BLAS", UCB/EECS-2016-121). Bin j counts whole multiples of its unit 2^(13 j - 149) and takes values below half of
/// the unit above it; a value is split over the three bins from the largest value's bin down, each piece rounded to its bin's unit,
/// ties away from zero. The pieces of a value depend on that bin alone, and adding whole units is exact, hence the independence.
/// What falls below the lowest of the three bins is dropped: at most n · max|x| · 2^-27 in all.
///
/// <list type="bullet">
/// <item>Infinities and NaN are summed apart: they propagate as in any IEEE sum.</item>
/// <item>Only the result can overflow: Max + Max - Max is Max. Subnormals are exact.</item>
/// <item>A sum of zero is +0, whatever the signs of the zeros added; so is the empty sum.</item>
/// <item>A zeroed value is an empty sum, so memory may be cleared instead of constructed. At most 2^40 values may be added.</item>
/// </list>
///
/// Emitted code may deposit by itself while |x| is below the limit and there is room, as <see cref="Add(float)"/> does; the layout
/// is the fields in the order below, 40 bytes in all. Sums of Half are sums of floats, rounded to Half at the end.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BinnedSum32
{
    private const int Width = 13;

    // 2^9 pieces of at most 2^12 units fit before a bin leaves its binade; half of it leaves a margin.
    private const int Endurance = 1 << 8;

    private const int LowestTop = 2;

    // The anchors of bins 20 and 21 would overflow: sums that reach them are kept scaled down.
    private const int ScaledTop = 20;
    private const int ScaleExponent = -64;

    // A bin is its anchor 1.5 · 2^23 units plus its pieces, so that one addition rounds a value to whole units.
    private float _bin0;
    private float _bin1;
    private float _bin2;

    // Values below it may be deposited without looking further; 0 while every value needs a look.
    private float _limit;

    // The sum of the infinities and NaNs; 0 while there are none.
    private float _special;

    // Quarters of a binade (2^21 units) moved out of the bins.
    private int _carry0;
    private int _carry1;
    private int _carry2;

    // The number j of the first bin; 0 while nothing but zeros has been added.
    private int _top;

    // Deposits left until the bins must be carried.
    private int _room;

    /// <summary>Adds one value, as a rule one leaf sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float x)
    {
        if (MathF.Abs(x) < _limit && _room > 0)
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
    public void Merge(in BinnedSum32 other)
    {
        BinnedSum32 right = other;
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
    public readonly float Result()
    {
        if (_special != 0)
        {
            return _special;
        }

        if (_top == 0)
        {
            return 0;
        }

        Int128 units = (Units(_bin0, _carry0) << (2 * Width)) + (Units(_bin1, _carry1) << Width) + Units(_bin2, _carry2);
        return ExactRounding.ToSingle(units, UnitExponent(_top - 2));
    }

    /// <summary><see cref="Add(float)"/> for emitted code.</summary>
    public static void AddTo(BinnedSum32* sum, float x) => sum->Add(x);

    /// <summary><see cref="Merge"/> for emitted code.</summary>
    public static void MergeInto(BinnedSum32* sum, BinnedSum32* other) => sum->Merge(in *other);

    /// <summary><see cref="Result"/> for emitted code.</summary>
    public static float ResultOf(BinnedSum32* sum) => sum->Result();

    // Setting the last bit breaks every tie away from zero; otherwise the parity of the bin, hence the order, would decide it.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float WithoutTie(float x) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(x) | 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Deposit(float x)
    {
        float before = _bin0;
        _bin0 = before + WithoutTie(x);
        x += before - _bin0;

        before = _bin1;
        _bin1 = before + WithoutTie(x);
        x += before - _bin1;

        _bin2 += WithoutTie(x);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddCarefully(float x)
    {
        if (!float.IsFinite(x))
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
            Deposit(_top >= ScaledTop ? MathF.ScaleB(x, ScaleExponent) : x);
        }
    }

    // The lowest bin's unit is the smallest subnormal: its piece needs no rounding, and setting a bit would change it.
    private void DepositExactly(float x)
    {
        float before = _bin0;
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
            float scale = top >= ScaledTop && _top < ScaledTop ? MathF.ScaleB(1, ScaleExponent) : 1;
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
        _limit = top is > LowestTop and < ScaledTop ? MathF.ScaleB(1, UnitExponent(top) + Width - 1) : 0;
    }

    private void Carry()
    {
        Carry(ref _bin0, ref _carry0);
        Carry(ref _bin1, ref _carry1);
        Carry(ref _bin2, ref _carry2);
        _room = Endurance;
    }

    // Brings a bin back to [1.5f, 1.75) of its binade: the top two mantissa bits become 10, their change goes to the carry.
    private static void Carry(ref float bin, ref int carry)
    {
        uint bits = BitConverter.SingleToUInt32Bits(bin);
        carry += (int)((bits >> 21) & 3) - 2;
        bin = BitConverter.UInt32BitsToSingle((bits & ~(1u << 21)) | (1u << 22));
    }

    private static Int128 Units(float bin, int carry)
    {
        int mantissa = BitConverter.SingleToInt32Bits(bin) & ((1 << 23) - 1);
        return mantissa - (1 << 22) + ((Int128)carry << 21);
    }

    private static int UnitExponent(int bin) => Width * bin - 149;

    // The lowest bin whose half unit above, 2^12 units, exceeds |x|.
    private static int TopOf(float x) => Math.Max(LowestTop, (MathF.ILogB(x) + 149 + 1) / Width);

    private static float Anchor(int top, int below = 0)
    {
        int scale = top >= ScaledTop ? ScaleExponent : 0;
        return MathF.ScaleB(1.5f, UnitExponent(top - below) + 23 + scale);
    }
}
