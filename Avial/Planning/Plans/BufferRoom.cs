using Avial.Geometry;
using Avial.Planning.Plans.Moving;

namespace Avial.Planning.Plans;

/// <summary>
/// The memory that the buffers of a loop's body take: where windows change with the step, memory stays as large as the largest of them asks for, with an eighth more room, so that
/// not every step has to make some.
/// </summary>
internal sealed class BufferRoom
{
    private readonly long[] _most;
    private readonly bool[] _isMoving;

    private BufferRoom(int buffers)
    {
        _most = new long[buffers];
        _isMoving = new bool[buffers];
    }

    /// <param name="bodies">The body.</param>
    /// <param name="count">How many steps the loop has at most; null when that is not known.</param>
    /// <param name="most">How many steps are looked at: where there are more, a window may be larger between two of these.</param>
    public static BufferRoom Of(LoopBodies bodies, long? count, int most)
    {
        MovingBody? moving = bodies.Follow();
        BufferRoom? room = null;
        foreach (long step in LoopSteps.Samples(bodies, count, most))
        {
            RankBody body = moving?.At(step) ?? bodies.At(step);
            bool isFirst = room is null;
            room ??= new BufferRoom(body.Buffers.Length);
            for (int b = 0; b < body.Buffers.Length; b++)
            {
                long elements = body.Buffers[b].Window.Count;
                room._isMoving[b] |= !isFirst && elements != room._most[b];
                room._most[b] = Math.Max(room._most[b], elements);
            }
        }
        return room!;
    }

    public long BytesOf(RankBuffer buffer) =>
        _isMoving[buffer.Number] ? checked((_most[buffer.Number] + _most[buffer.Number] / 8) * buffer.Type.Element.PackedSize) : buffer.Bytes;
}
