using Avial.Execution;

namespace Avial.Graph;

/// <summary>The arrays of a <c>Call</c>, one side of it: spans of .NET elements over storage, or copies for struct elements.</summary>
internal sealed class CallArguments(Storage[] storages, bool isWritten)
{
    private readonly object?[] _copies = new object?[storages.Length];

    /// <summary>The whole array number <paramref name="position"/>, row-major.</summary>
    public unsafe Span<T> Span<T>(int position) where T : unmanaged
    {
        Storage storage = storages[position];
        storage.RequireWhole();
        int count = checked((int)storage.Type.Count);
        if (storage.Type.Element.IsPrimitive)
        {
            var elements = new Span<T>(storage.Address(0), count);
            if (isWritten)
            {
                elements.Clear(); // memory is used again: what the code leaves out must not depend on what was there before
            }
            return elements;
        }
        var copy = new T[count];
        if (!isWritten)
        {
            StorageAccess.CopyOut<T>(storage, 0, copy);
        }
        _copies[position] = () => StorageAccess.CopyIn<T>(copy, storage, 0);
        return copy;
    }

    /// <summary>Brings struct outputs back into their columns.</summary>
    public void Store()
    {
        foreach (object? store in _copies)
        {
            (store as Action)?.Invoke();
        }
    }
}

/// <summary>A user's delegate as the body of a <c>Call</c>.</summary>
internal sealed class DelegateCallBody(Action<CallArguments, CallArguments> body) : CallBody
{
    public override void Invoke(ReadOnlySpan<Storage> reads, ReadOnlySpan<Storage> writes)
    {
        var outputs = new CallArguments([.. writes], isWritten: true);
        body(new CallArguments([.. reads], isWritten: false), outputs);
        outputs.Store();
    }
}
