using System.Diagnostics;

namespace Avial.Planning.Machine;

/// <summary>Two threads that pass a message to and fro through memory: each reads what the other wrote and writes its own.</summary>
internal sealed class PingPong
{
    private const int LongMessage = 1 << 20;
    private const int ShortRounds = 50;
    private const int LongRounds = 1;

    // A round trip needs both threads to be running: when they never are at once, this many milliseconds end it.
    private const int Patience = 10;

    private readonly byte[] _message = new byte[LongMessage];
    private int _turn;
    private volatile bool _isOver;

    private PingPong()
    {
    }

    /// <summary>The way between two threads, each kind of message tried for about this long. Infinite where no message came back in time.</summary>
    public static MachineLink Measure(TimeSpan forEach)
    {
        var game = new PingPong();
        var other = new Thread(game.Answer) { IsBackground = true, Name = "Avial ping-pong" };
        other.Start();
        double shortest = game.Shortest(forEach, ShortRounds, 0);
        double longest = double.IsFinite(shortest) ? game.Shortest(forEach, LongRounds, LongMessage) : shortest;
        game._isOver = true;
        other.Join();
        return new MachineLink(shortest, double.IsFinite(longest) ? Math.Max(0, longest - shortest) / LongMessage : double.PositiveInfinity);
    }

    // The seconds of a message one way.
    private double Shortest(TimeSpan forEach, int rounds, int bytes)
    {
        byte[] own = new byte[LongMessage];
        double shortest = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        do
        {
            long start = Stopwatch.GetTimestamp();
            for (int round = 0; round < rounds; round++)
            {
                own.AsSpan(0, bytes).CopyTo(_message);
                Volatile.Write(ref _turn, bytes + 1);
                if (!Wait(start))
                {
                    return shortest;
                }
                _message.AsSpan(0, bytes).CopyTo(own);
            }
            shortest = Math.Min(shortest, Stopwatch.GetElapsedTime(start).TotalSeconds / (2 * rounds));
        }
        while (Stopwatch.GetElapsedTime(begin) < forEach);
        return shortest;
    }

    private bool Wait(long start)
    {
        var wait = new SpinWait();
        while (Volatile.Read(ref _turn) != 0)
        {
            if (Stopwatch.GetElapsedTime(start).TotalMilliseconds > Patience)
            {
                return false;
            }
            wait.SpinOnce(sleep1Threshold: -1);
        }
        return true;
    }

    private void Answer()
    {
        byte[] own = new byte[LongMessage];
        var wait = new SpinWait();
        while (!_isOver)
        {
            int turn = Volatile.Read(ref _turn);
            if (turn == 0)
            {
                wait.SpinOnce(sleep1Threshold: -1);
                continue;
            }
            int bytes = turn - 1;
            _message.AsSpan(0, bytes).CopyTo(own);
            own.AsSpan(0, bytes).CopyTo(_message);
            Volatile.Write(ref _turn, 0);
            wait = new SpinWait();
        }
    }
}
