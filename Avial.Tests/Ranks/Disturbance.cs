namespace Avial.Tests.Ranks;

/// <summary>Seeded delays and collections on one rank, so that orders of events differ from run to run of a test's seeds.</summary>
internal sealed class Disturbance(int seed, int rank)
{
    private readonly Random _random = new(seed * 1000 + rank);

    public Random Random => _random;

    /// <summary>Nothing, a spin, some yields or a collection.</summary>
    public void Strike()
    {
        switch (_random.Next(12))
        {
            case < 4:
                Thread.SpinWait(_random.Next(2000));
                break;
            case < 7:
                for (int i = _random.Next(20); i > 0; i--)
                {
                    Thread.Yield();
                }
                break;
            case 7 when _random.Next(10) == 0:
                GC.Collect(_random.Next(3), GCCollectionMode.Forced, blocking: _random.Next(2) == 0);
                break;
        }
    }
}
