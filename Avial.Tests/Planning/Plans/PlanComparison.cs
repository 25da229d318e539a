using System.Collections;
using System.Runtime.CompilerServices;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Plans;

/// <summary>Compares plans field by field, whatever fields there are.</summary>
internal static class PlanComparison
{
    /// <summary>Where two plans first differ; null when nowhere.</summary>
    public static string? FirstDifference(object? a, object? b, string path = "plan")
    {
        if (a is null || b is null || a.GetType() != b.GetType())
        {
            return Equals(a, b) ? null : $"{path}: {a} and {b}";
        }
        switch (a)
        {
            case Region region:
                return GraphEquality.AreEqual(region, (Region)b, withSpans: false) ? null : $"{path}: the graphs";
            case ArrayType type:
                return GraphEquality.AreEqual(type, (ArrayType)b) ? null : $"{path}: {a} and {b}";
            case LoopBodies bodies:
                return FirstDifference(bodies.At(0), ((LoopBodies)b).At(0), $"{path}.At(0)");
            case IEnumerable list when a is not string:
                object?[] first = [.. list.Cast<object?>()];
                object?[] second = [.. ((IEnumerable)b).Cast<object?>()];
                return first.Length != second.Length ? $"{path}: {first.Length} and {second.Length} items"
                    : first.Select((item, n) => FirstDifference(item, second[n], $"{path}[{n}]")).FirstOrDefault(d => d is not null);
            case RankPlan or RankBody or RankBuffer or RankStep:
                return a.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0 && p.Name != "EqualityContract")
                    .Select(p => FirstDifference(p.GetValue(a), p.GetValue(b), $"{path}.{p.Name}")).FirstOrDefault(d => d is not null);
            case ITuple tuple:
                return Enumerable.Range(0, tuple.Length).Select(n => FirstDifference(tuple[n], ((ITuple)b)[n], $"{path}.{n}")).FirstOrDefault(d => d is not null);
            default:
                return a.Equals(b) ? null : $"{path}: {a} and {b}";
        }
    }
}
