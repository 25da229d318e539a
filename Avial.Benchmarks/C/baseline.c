// What a C programmer would write: the textbook loop of each work, compiled with -O3 -march=native -ffast-math -fopenmp. The functions for doubles and floats are made from one text.
#include <math.h>
#include <stdint.h>

#define LOOPS(T, S)                                                                                                     \
    void copy_##S(long n, const T *restrict a, const T *b, T *restrict c, double k)                                     \
    {                                                                                                                   \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++) c[i] = a[i];                                           \
    }                                                                                                                   \
    void scale_##S(long n, const T *restrict a, const T *b, T *restrict c, double k)                                    \
    {                                                                                                                   \
        T s = (T)k;                                                                                                     \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++) c[i] = s * a[i];                                       \
    }                                                                                                                   \
    void add_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                             \
    {                                                                                                                   \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++) c[i] = a[i] + b[i];                                    \
    }                                                                                                                   \
    void triad_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                           \
    {                                                                                                                   \
        T s = (T)k;                                                                                                     \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++) c[i] = a[i] + s * b[i];                                \
    }                                                                                                                   \
    void dot_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                             \
    {                                                                                                                   \
        T s = 0;                                                                                                        \
        _Pragma("omp parallel for reduction(+ : s)") for (long i = 0; i < n; i++) s += a[i] * b[i];                     \
        c[0] = s;                                                                                                       \
    }                                                                                                                   \
    void sum_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                             \
    {                                                                                                                   \
        T s = 0;                                                                                                        \
        _Pragma("omp parallel for reduction(+ : s)") for (long i = 0; i < n; i++) s += a[i];                            \
        c[0] = s;                                                                                                       \
    }                                                                                                                   \
    void min_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                             \
    {                                                                                                                   \
        T s = (T)1e30;                                                                                                  \
        _Pragma("omp parallel for reduction(min : s)") for (long i = 0; i < n; i++) s = a[i] < s ? a[i] : s;            \
        c[0] = s;                                                                                                       \
    }                                                                                                                   \
    void norm_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                            \
    {                                                                                                                   \
        T s = 0;                                                                                                        \
        _Pragma("omp parallel for reduction(+ : s)") for (long i = 0; i < n; i++) s += a[i] * a[i];                     \
        c[0] = s;                                                                                                       \
    }                                                                                                                   \
    void distance_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                        \
    {                                                                                                                   \
        T s = 0;                                                                                                        \
        _Pragma("omp parallel for reduction(+ : s)") for (long i = 0; i < n; i++) s += (a[i] - b[i]) * (a[i] - b[i]);   \
        c[0] = s;                                                                                                       \
    }                                                                                                                   \
    void chain_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                           \
    {                                                                                                                   \
        T s = (T)k;                                                                                                     \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++)                                                        \
        {                                                                                                               \
            T x = a[i];                                                                                                 \
            for (int j = 0; j < 10; j++) x = x * s + b[i];                                                              \
            c[i] = x;                                                                                                   \
        }                                                                                                               \
    }                                                                                                                   \
    void jacobi2d_##S(long n, const T *restrict a, const T *b, T *restrict c, double k)                                 \
    {                                                                                                                   \
        _Pragma("omp parallel for") for (long i = 1; i < n - 1; i++) for (long j = 1; j < n - 1; j++)                   \
            c[i * n + j] = (T)0.2 * (a[i * n + j] + a[i * n + j - 1] + a[i * n + j + 1] + a[(i + 1) * n + j] + a[(i - 1) * n + j]); \
    }                                                                                                                   \
    void heat3d_##S(long n, const T *restrict a, const T *b, T *restrict c, double k)                                   \
    {                                                                                                                   \
        long p = n * n;                                                                                                 \
        _Pragma("omp parallel for") for (long i = 1; i < n - 1; i++) for (long j = 1; j < n - 1; j++) for (long l = 1; l < n - 1; l++) \
        {                                                                                                               \
            const T *x = a + i * p + j * n + l;                                                                         \
            c[i * p + j * n + l] = (T)0.125 * (x[p] - 2 * x[0] + x[-p]) + (T)0.125 * (x[n] - 2 * x[0] + x[-n])          \
                + (T)0.125 * (x[1] - 2 * x[0] + x[-1]) + x[0];                                                          \
        }                                                                                                               \
    }                                                                                                                   \
    void product_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                         \
    {                                                                                                                   \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++)                                                        \
        {                                                                                                               \
            for (long j = 0; j < n; j++) c[i * n + j] = 0;                                                              \
            for (long l = 0; l < n; l++) for (long j = 0; j < n; j++) c[i * n + j] += a[i * n + l] * b[l * n + j];      \
        }                                                                                                               \
    }                                                                                                                   \
    void bodies_##S(long n, const T *restrict a, const T *restrict b, T *restrict c, double k)                          \
    {                                                                                                                   \
        _Pragma("omp parallel for") for (long i = 0; i < n; i++)                                                        \
        {                                                                                                               \
            T f = 0;                                                                                                    \
            for (long j = 0; j < n; j++)                                                                                \
            {                                                                                                           \
                T dx = a[j] - a[i], dy = b[j] - b[i], d = dx * dx + dy * dy + (T)0.01;                                  \
                f += dx / (d * (T)sqrt(d));                                                                             \
            }                                                                                                           \
            c[i] = f;                                                                                                   \
        }                                                                                                               \
    }

LOOPS(double, f64)
LOOPS(float, f32)
