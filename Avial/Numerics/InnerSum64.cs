using System.Numerics;
using System.Runtime.CompilerServices;

namespace Avial.Numerics;

/// <summary>
/// The canonical inner sum over [lo, hi), fed with its terms in ascending order of the absolute index k.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A chunk is the terms between two multiples of 256: <c>acc = acc + term</c> from +0, or <c>acc = fma(a, b, acc)</c> where the
/// term is a product.</item>
/// <item>A group is the chunks between two multiples of 64 · 256: their sums are added left to right, from the first one on.</item>
/// <item>The groups' sums are added by the fixed dyadic tree over group numbers, counted from the group of <c>lo</c> (the tree of
/// <see cref="DyadicFold{T}"/>).</item>
/// </list>
/// The empty sum is +0. The whole state may be handed on at any k, so ranks that split k pass it along.
/// A value must be started by <see cref="Begin"/>; its memory need not be cleared.
/// </remarks>
internal unsafe struct InnerSum64
{
    public const int ChunkLength = 1 << 8;
    public const int GroupLength = 1 << 14;

    // One node of each level of the tree over at most 2^48 groups.
    private const int Levels = 48;

    private double _chunk;
    private double _group;
    private long _next;
    private long _groups;
    private bool _hasTerms;
    private bool _hasChunks;
    private fixed double _nodes[Levels];

    /// <summary>Starts an empty sum whose first term will have the index <paramref name="lo"/>.</summary>
    public void Begin(long lo)
    {
        _chunk = 0;
        _group = 0;
        _next = lo;
        _groups = 0;
        _hasTerms = false;
        _hasChunks = false;
    }

    /// <summary>Adds the next term.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(double term)
    {
        _chunk += term;
        Step();
    }

    /// <summary>Adds the next term, a product, by fma.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(double a, double b)
    {
        _chunk = Math.FusedMultiplyAdd(a, b, _chunk);
        Step();
    }

    /// <summary>
    /// Adds the sum of a chunk, or of what of it lies inside [lo, hi), worked out elsewhere from +0 on; its terms must be the next ones.
    /// </summary>
    public void AddChunk(double sum, int length)
    {
        _chunk = sum;
        _hasTerms = true;
        _next += length;
        if ((_next & (ChunkLength - 1)) == 0)
        {
            EndChunk();
        }
    }

    /// <summary>The sum of the terms so far.</summary>
    public readonly double Result()
    {
        double result = _hasTerms && _hasChunks ? _group + _chunk : _hasTerms ? _chunk : _group;
        bool hasGroup = _hasTerms || _hasChunks;
        int count = BitOperations.PopCount((ulong)_groups);
        for (int i = count - 1; i >= 0; i--)
        {
            result = hasGroup ? _nodes[i] + result : _nodes[i];
            hasGroup = true;
        }

        return result;
    }

    /// <summary><see cref="Begin"/> for emitted code.</summary>
    public static void BeginAt(InnerSum64* sum, long lo) => sum->Begin(lo);

    /// <summary><see cref="Add"/> for emitted code.</summary>
    public static void AddTo(InnerSum64* sum, double term) => sum->Add(term);

    /// <summary><see cref="AddProduct"/> for emitted code.</summary>
    public static void AddProductTo(InnerSum64* sum, double a, double b) => sum->AddProduct(a, b);

    /// <summary><see cref="AddChunk"/> for emitted code.</summary>
    public static void AddChunkTo(InnerSum64* sum, double chunk, int length) => sum->AddChunk(chunk, length);

    /// <summary><see cref="Result"/> for emitted code.</summary>
    public static double ResultOf(InnerSum64* sum) => sum->Result();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Step()
    {
        _hasTerms = true;
        _next++;
        if ((_next & (ChunkLength - 1)) == 0)
        {
            EndChunk();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void EndChunk()
    {
        _group = _hasChunks ? _group + _chunk : _chunk;
        _hasChunks = true;
        _hasTerms = false;
        _chunk = 0;
        if ((_next & (GroupLength - 1)) == 0)
        {
            EndGroup();
        }
    }

    // The nodes held are the one bits of the count of groups, widest first: a carry in the count is a combination.
    private void EndGroup()
    {
        double node = _group;
        int count = BitOperations.PopCount((ulong)_groups);
        for (long rest = _groups; (rest & 1) == 1; rest >>= 1)
        {
            node = _nodes[--count] + node;
        }

        _nodes[count] = node;
        _groups++;
        _group = 0;
        _hasChunks = false;
    }
}
