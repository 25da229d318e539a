using System.Runtime.CompilerServices;
using Avial.Diagnostics;

namespace Avial.Graph;

/// <summary>Takes the state of a loop apart into handles and puts it together again around other values: an array, a scalar, or a tuple (nested too) of them.</summary>
internal static class LoopState
{
    /// <summary>The handles in a state, left to right.</summary>
    public static List<IComputedHandle> Flatten(object? state, Type type, SourceSpan span)
    {
        var handles = new List<IComputedHandle>();
        Flatten(state, type, handles, span);
        return handles;
    }

    /// <summary>A state of the same shape whose handles stand for other values.</summary>
    public static TState Rebuild<TState>(TState state, ReadOnlySpan<NodeOutput> values)
    {
        int position = 0;
        return (TState)Rebuild(state!, values, ref position);
    }

    private static void Flatten(object? state, Type type, List<IComputedHandle> handles, SourceSpan span)
    {
        switch (state)
        {
            case IComputedHandle handle:
                handles.Add(handle);
                break;
            case ITuple tuple:
                for (int i = 0; i < tuple.Length; i++)
                {
                    Flatten(tuple[i], tuple[i]?.GetType() ?? type, handles, span);
                }
                break;
            default:
                throw Throw.WrongLoopState(state?.GetType() ?? type, span);
        }
    }

    private static object Rebuild(object state, ReadOnlySpan<NodeOutput> values, ref int position)
    {
        if (state is IComputedHandle handle)
        {
            return handle.Rebind(values[position++]);
        }
        var tuple = (ITuple)state;
        var items = new object[tuple.Length];
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = Rebuild(tuple[i]!, values, ref position);
        }
        return MakeTuple(state.GetType(), items);
    }

    /// <summary>A tuple of any length: beyond seven items the rest is a tuple of its own.</summary>
    private static object MakeTuple(Type type, Span<object> items)
    {
        if (items.Length < 8)
        {
            return Activator.CreateInstance(type, items.ToArray())!;
        }
        object rest = MakeTuple(type.GetGenericArguments()[7], items[7..]);
        return Activator.CreateInstance(type, [.. items[..7], rest])!;
    }
}
