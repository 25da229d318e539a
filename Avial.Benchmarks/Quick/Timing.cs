using System.Diagnostics;

namespace Avial.Benchmarks.Quick;

/// <summary>Shortest times. Competitors run in turns, so that a slow moment of the machine hits both.</summary>
internal static class Timing
{
    private const int MostRounds = 2000;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(0.5);

    /// <summary>The seconds that one call of each action takes, at best.</summary>
    public static double[] Best(params Action[] actions) => Best(s_budget, actions);

    /// <summary>The same in about so much time for each action.</summary>
    public static double[] Best(TimeSpan budget, params Action[] actions)
    {
        int[] repeats = [.. actions.Select(Repeats)];
        double[] best = [.. actions.Select(_ => double.PositiveInfinity)];
        long start = Stopwatch.GetTimestamp();
        for (int round = 0; round < MostRounds && (round < 5 || Stopwatch.GetElapsedTime(start) < budget * actions.Length); round++)
        {
            for (int i = 0; i < actions.Length; i++)
            {
                best[i] = Math.Min(best[i], Measure(actions[i], repeats[i]) / repeats[i]);
            }
        }
        return best;
    }

    // Also what has the code compiled in its last tier: .NET recompiles what was called often after a short wait.
    private static int Repeats(Action action)
    {
        for (int i = 0; i < 3; i++)
        {
            Measure(action, 30);
            Thread.Sleep(120);
            if (Measure(action, 1) > 0.05)
            {
                return 1;
            }
        }
        return (int)Math.Clamp(s_shortest.TotalSeconds / Math.Max(1e-9, Measure(action, 1)), 1, 100_000);
    }

    private static double Measure(Action action, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            action();
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > 1)
            {
                return Stopwatch.GetElapsedTime(start).TotalSeconds / (i + 1) * repeats;
            }
        }
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
