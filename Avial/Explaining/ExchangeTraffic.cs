using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Explaining;

/// <summary>What one transfer brings to the rank that gets most of it.</summary>
/// <param name="Bytes">The bytes it receives.</param>
/// <param name="Boxes">The boxes, in the order in which they are packed.</param>
internal sealed record TransferTraffic(long Bytes, ImmutableArray<Box> Boxes)
{
    public TransferTraffic And(TransferTraffic other) => new(Bytes + other.Bytes, [.. Boxes, .. other.Boxes]);
}

/// <summary>What one exchange costs a rank: the most messages and bytes that any rank sends or receives.</summary>
internal sealed class ExchangeTraffic
{
    private readonly Dictionary<int, TransferTraffic> _byTarget = [];

    public static ExchangeTraffic None { get; } = new();

    /// <summary>The most messages that a rank sends, or receives.</summary>
    public int Messages { get; private set; }

    /// <summary>The most bytes that a rank sends, or receives.</summary>
    public long Bytes { get; private set; }

    /// <summary>What comes into a buffer.</summary>
    public TransferTraffic Into(int buffer) => _byTarget.GetValueOrDefault(buffer) ?? new TransferTraffic(0, []);

    /// <summary>Counts one rank's messages of one direction.</summary>
    public void Count(int messages, long bytes)
    {
        Messages = Math.Max(Messages, messages);
        Bytes = Math.Max(Bytes, bytes);
    }

    /// <summary>Counts what one rank receives into one buffer.</summary>
    public void CountInto(int buffer, long bytes, ImmutableArray<Box> boxes)
    {
        if (!_byTarget.TryGetValue(buffer, out TransferTraffic? most) || bytes > most.Bytes)
        {
            _byTarget[buffer] = new TransferTraffic(bytes, boxes);
        }
    }
}
