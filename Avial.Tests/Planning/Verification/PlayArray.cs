using Avial.Backends.Interpreters;
using Avial.Execution;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Verification;

/// <summary>A buffer's window, element by element; undefined until written.</summary>
internal sealed class PlayArray
{
    private readonly RankBuffer _buffer;
    private readonly ulong?[][] _data;

    public PlayArray(RankBuffer buffer)
        : this(buffer, [.. buffer.Type.Element.Columns.Select(_ => new ulong?[buffer.Window.Count])])
    {
    }

    private PlayArray(RankBuffer buffer, ulong?[][] data)
    {
        _buffer = buffer;
        _data = data;
        PlanPlayer.Require(data[0].Length == buffer.Window.Count, $"b{buffer.Number} has another window");
    }

    public int Columns => _data.Length;

    public ArrayType Type => _buffer.Type;

    public Box Window => _buffer.Window;

    /// <summary>The same memory as another buffer of the same window.</summary>
    public PlayArray Again(RankBuffer buffer)
    {
        PlanPlayer.Require(buffer.Window == _buffer.Window, $"b{buffer.Number} has another window");
        return new PlayArray(buffer, _data);
    }

    /// <summary>The same memory with other extents.</summary>
    public PlayArray As(RankBuffer buffer) => new(buffer, _data);

    public ulong? Peek(int column, ReadOnlySpan<long> place) => _data[column][At(place)];

    public void Set(int column, ReadOnlySpan<long> place, ulong? bits) => _data[column][At(place)] = bits;

    public void SetElement(ReadOnlySpan<long> place, ReadOnlySpan<ulong> element)
    {
        for (int column = 0; column < Columns; column++)
        {
            Set(column, place, element[column]);
        }
    }

    public ulong Read(int column, ReadOnlySpan<long> index) =>
        Peek(column, index) ?? throw new PlayFailure($"b{_buffer.Number} '{_buffer.Name}' is read where it is undefined");

    /// <summary>A periodic read: the place, from the window's corner on, that stands for the index.</summary>
    public ulong ReadWrapped(int column, ReadOnlySpan<long> index)
    {
        Span<long> place = stackalloc long[index.Length];
        for (int axis = 0; axis < index.Length; axis++)
        {
            long low = _buffer.Window.Low[axis];
            long extent = _buffer.Type.Extents[axis];
            place[axis] = low + ((index[axis] - low) % extent + extent) % extent;
        }
        return Read(column, place);
    }

    public void Load(ArrayValue source, Box box)
    {
        for (var walk = new BoxWalk(box.Intersect(_buffer.Window)); walk.Next();)
        {
            for (int column = 0; column < Columns; column++)
            {
                Set(column, walk.Index, source.Read(column, walk.Index));
            }
        }
    }

    public void Compare(ArrayValue expected, Box box, string what)
    {
        for (var walk = new BoxWalk(box); walk.Next();)
        {
            for (int column = 0; column < Columns; column++)
            {
                PlanPlayer.Require(Peek(column, walk.Index) == expected.Read(column, walk.Index), $"{what} is wrong at ({string.Join(", ", walk.Index.ToArray())})");
            }
        }
    }

    private long At(ReadOnlySpan<long> place)
    {
        for (int axis = 0; axis < place.Length; axis++)
        {
            PlanPlayer.Require(place[axis] >= _buffer.Window.Low[axis] && place[axis] < _buffer.Window.High[axis], $"({string.Join(", ", place.ToArray())}) is outside b{_buffer.Number}");
        }
        return BoxWalk.Position(_buffer.Window, place);
    }
}

/// <summary>A call that turns an array round.</summary>
internal sealed class ReverseCall : CallBody
{
    public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
    {
        var from = new ArrayValue(reads[0]);
        var to = new ArrayValue(writes[0]);
        for (long n = 0; n < from.Extent(0); n++)
        {
            to.Write(0, [n], from.Read(0, [from.Extent(0) - 1 - n]));
        }
    }

    public static void Play(PlayArray from, PlayArray to)
    {
        long length = from.Type.Extents[0];
        PlanPlayer.Require(from.Window == from.Type.Box && to.Window == to.Type.Box, "a call does not get whole arrays");
        for (long n = 0; n < length; n++)
        {
            to.Set(0, [n], from.Read(0, [length - 1 - n]));
        }
    }
}
