using System.Numerics;
using Avial.Numerics;

namespace Avial;

/// <summary>
/// What bodies use besides C#'s operators and <see cref="Math"/>: loops, locals, tuples, random numbers and functions. Say
/// <c>using static Avial.KernelMath;</c>. Every member also works on the host, with the same results and in the same order of operations.
/// </summary>
public static partial class KernelMath
{
    // A While that runs longer than this is taken to be endless.
    private const long LongestWhile = 1L << 31;

    /// <summary>
    /// The sum of term(k) for k = from … to - 1; 0 when there is none. Integers (int and wider) wrap. Floating point is added in chunks of 256 absolute k,
    /// ascending inside, chunk sums left to right within 64 chunks and pairwise above. Half is added in float. In a body a term that is a product is added by a
    /// fused multiply-add; on the host the product is rounded first.
    /// </summary>
    public static T Sum<T>(long from, long to, Func<long, T> term)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(term);
        return term switch
        {
            Func<long, double> f => (T)(object)Sum64(from, to, f),
            Func<long, float> f => (T)(object)Sum32(from, to, f),
            Func<long, Half> f => (T)(object)(Half)Sum32(from, to, k => (float)f(k)),
            Func<long, int> f => (T)(object)Accumulate(from, to, 0, f, static (a, b) => a + b),
            Func<long, uint> f => (T)(object)Accumulate(from, to, 0u, f, static (a, b) => a + b),
            Func<long, long> f => (T)(object)Accumulate(from, to, 0L, f, static (a, b) => a + b),
            Func<long, ulong> f => (T)(object)Accumulate(from, to, 0ul, f, static (a, b) => a + b),
            _ => throw Diagnostics.Throw.NarrowSum("Sum", typeof(T), Diagnostics.SourceSpan.None),
        };
    }

    /// <summary>The product of term(k) for k = from … to - 1, from left to right; 1 when there is none. Integers wrap.</summary>
    public static T Product<T>(long from, long to, Func<long, T> term)
        where T : unmanaged => HostNumbers<T>.Product(from, to, term);

    /// <summary>The smallest term(k) for k = from … to - 1; NaN when one is NaN. An empty range is an error.</summary>
    public static T Min<T>(long from, long to, Func<long, T> term)
        where T : unmanaged => HostNumbers<T>.Min(from, to, term);

    /// <summary>The largest term(k) for k = from … to - 1; NaN when one is NaN. An empty range is an error.</summary>
    public static T Max<T>(long from, long to, Func<long, T> term)
        where T : unmanaged => HostNumbers<T>.Max(from, to, term);

    /// <summary>True when the test holds for some k = from … to - 1; all of them are tested.</summary>
    public static bool Any(long from, long to, Func<long, bool> test) => Accumulate(from, to, false, test, static (a, b) => a | b);

    /// <summary>True when the test holds for all k = from … to - 1; all of them are tested.</summary>
    public static bool All(long from, long to, Func<long, bool> test) => Accumulate(from, to, true, test, static (a, b) => a & b);

    /// <summary>The k = from … to - 1 with the smallest term(k): the lowest such k; the first NaN when there is one. An empty range is an error.</summary>
    public static long ArgMin<T>(long from, long to, Func<long, T> term)
        where T : unmanaged => HostNumbers<T>.ArgMin(from, to, term);

    /// <summary>The k = from … to - 1 with the largest term(k): the lowest such k; the first NaN when there is one. An empty range is an error.</summary>
    public static long ArgMax<T>(long from, long to, Func<long, T> term)
        where T : unmanaged => HostNumbers<T>.ArgMax(from, to, term);

    /// <summary>acc = seed; for k = from … to - 1 in this order: acc = step(acc, k). Never split or reordered.</summary>
    public static TState Fold<TState>(long from, long to, TState seed, Func<TState, long, TState> step)
        where TState : unmanaged
    {
        ArgumentNullException.ThrowIfNull(step);
        for (long k = from; k < to; k++)
        {
            seed = step(seed, k);
        }
        return seed;
    }

    /// <summary>state = seed; while condition(state): state = step(state). More than 2^31 steps are an error.</summary>
    public static TState While<TState>(TState seed, Func<TState, bool> condition, Func<TState, TState> step)
        where TState : unmanaged
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentNullException.ThrowIfNull(step);
        for (long steps = 0; condition(seed); steps++)
        {
            if (steps == LongestWhile)
            {
                throw new InvalidOperationException("While ran for more than 2^31 steps.");
            }
            seed = step(seed);
        }
        return seed;
    }

    /// <summary>Names a value, so that it is computed once: <c>Let(x[i], v => v * v)</c>.</summary>
    public static TResult Let<T1, TResult>(T1 value, Func<T1, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body(value);
    }

    /// <summary>Names two values.</summary>
    public static TResult Let<T1, T2, TResult>(T1 first, T2 second, Func<T1, T2, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body(first, second);
    }

    /// <summary>Names three values.</summary>
    public static TResult Let<T1, T2, T3, TResult>(T1 first, T2 second, T3 third, Func<T1, T2, T3, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body(first, second, third);
    }

    /// <summary>Names four values.</summary>
    public static TResult Let<T1, T2, T3, T4, TResult>(T1 first, T2 second, T3 third, T4 fourth, Func<T1, T2, T3, T4, TResult> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return body(first, second, third, fourth);
    }

    /// <summary>A place in a 2-D array; expression lambdas have no tuple literals.</summary>
    public static (long I, long J) At(long i, long j) => (i, j);

    /// <summary>A place in a 3-D array.</summary>
    public static (long I, long J, long K) At(long i, long j, long k) => (i, j, k);

    /// <summary>A place in a 4-D array.</summary>
    public static (long I, long J, long K, long L) At(long i, long j, long k, long l) => (i, j, k, l);

    /// <summary>Uniform in [0, 1), a function of the seed and the index alone (Philox 4×32-10).</summary>
    public static double Uniform(long seed, long index) => Philox.Uniform64((ulong)seed, 0, index);

    /// <summary>Uniform in [0, 1), a function of seed, stream and index alone.</summary>
    public static double Uniform(long seed, long stream, long index) => Philox.Uniform64((ulong)seed, (ulong)stream, index);

    /// <summary>Normal with mean 0 and variance 1, a function of the seed and the index alone (Philox 4×32-10).</summary>
    public static double Normal(long seed, long index) => Philox.Normal64((ulong)seed, 0, index);

    /// <summary>Normal with mean 0 and variance 1, a function of seed, stream and index alone.</summary>
    public static double Normal(long seed, long stream, long index) => Philox.Normal64((ulong)seed, (ulong)stream, index);

    /// <summary>64 random bits, a function of the seed and the index alone (Philox 4×32-10).</summary>
    public static ulong RandomBits(long seed, long index) => Philox.Bits64((ulong)seed, 0, index);

    /// <summary>64 random bits, a function of seed, stream and index alone.</summary>
    public static ulong RandomBits(long seed, long stream, long index) => Philox.Bits64((ulong)seed, (ulong)stream, index);

    private static double Sum64(long from, long to, Func<long, double> term)
    {
        var sum = default(InnerSum64);
        sum.Begin(from);
        for (long k = from; k < to; k++)
        {
            sum.Add(term(k));
        }
        return sum.Result();
    }

    private static float Sum32(long from, long to, Func<long, float> term)
    {
        var sum = default(InnerSum32);
        sum.Begin(from);
        for (long k = from; k < to; k++)
        {
            sum.Add(term(k));
        }
        return sum.Result();
    }

    private static T Accumulate<T>(long from, long to, T seed, Func<long, T> term, Func<T, T, T> combine)
    {
        ArgumentNullException.ThrowIfNull(term);
        for (long k = from; k < to; k++)
        {
            seed = combine(seed, term(k));
        }
        return seed;
    }

    private static void RefuseEmpty(long from, long to)
    {
        if (from >= to)
        {
            throw new InvalidOperationException($"The range {from}..{to} is empty: it has no smallest or largest term.");
        }
    }

    /// <summary>Bridges the unconstrained T of the public members to the number types.</summary>
    private static class HostNumbers<T>
        where T : unmanaged
    {
        private static readonly IHostNumbers<T> s_numbers = Create();

        public static T Product(long from, long to, Func<long, T> term) => s_numbers.Product(from, to, term);

        public static T Min(long from, long to, Func<long, T> term) => s_numbers.Extreme(from, to, term, isMin: true);

        public static T Max(long from, long to, Func<long, T> term) => s_numbers.Extreme(from, to, term, isMin: false);

        public static long ArgMin(long from, long to, Func<long, T> term) => s_numbers.ArgExtreme(from, to, term, isMin: true);

        public static long ArgMax(long from, long to, Func<long, T> term) => s_numbers.ArgExtreme(from, to, term, isMin: false);

        private static IHostNumbers<T> Create()
        {
            if (IR.ScalarTypes.Of(typeof(T)) is null or IR.ScalarType.Bool || typeof(T).IsEnum)
            {
                throw Diagnostics.Throw.UnsupportedType("Product, Min, Max, ArgMin or ArgMax", typeof(T), Diagnostics.SourceSpan.None);
            }
            return (IHostNumbers<T>)Activator.CreateInstance(typeof(HostNumbersOf<>).MakeGenericType(typeof(T)))!;
        }
    }

    private interface IHostNumbers<T>
    {
        T Product(long from, long to, Func<long, T> term);

        T Extreme(long from, long to, Func<long, T> term, bool isMin);

        long ArgExtreme(long from, long to, Func<long, T> term, bool isMin);
    }

    private sealed class HostNumbersOf<T> : IHostNumbers<T>
        where T : unmanaged, INumber<T>
    {
        public T Product(long from, long to, Func<long, T> term) => Accumulate(from, to, T.One, term, static (a, b) => unchecked(a * b));

        public T Extreme(long from, long to, Func<long, T> term, bool isMin)
        {
            ArgumentNullException.ThrowIfNull(term);
            RefuseEmpty(from, to);
            return Accumulate(from + 1, to, term(from), term, isMin ? T.Min : T.Max);
        }

        public long ArgExtreme(long from, long to, Func<long, T> term, bool isMin)
        {
            ArgumentNullException.ThrowIfNull(term);
            RefuseEmpty(from, to);
            long bestK = from;
            T best = term(from);
            for (long k = from + 1; k < to; k++)
            {
                T value = term(k);
                if ((isMin ? value < best : value > best) || (T.IsNaN(value) && !T.IsNaN(best)))
                {
                    bestK = k;
                    best = value;
                }
            }
            return bestK;
        }
    }
}
