using Avial.Execution;

namespace Avial.Graph;

/// <summary>What one program keeps of a node: its results in memory, and whether it still needs them.</summary>
internal sealed class NodeValues(int outputs)
{
    private readonly PlacedArray?[] _values = new PlacedArray?[outputs];

    /// <summary>See <see cref="Node.WasComputed"/>.</summary>
    public bool WasComputed { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>True when all results are in memory.</summary>
    public bool IsComplete => Array.TrueForAll(_values, static v => v is not null);

    public PlacedArray? this[int output] => Volatile.Read(ref _values[output]);

    /// <summary>Keeps a result, the first that is given.</summary>
    public void Keep(int output, PlacedArray value)
    {
        if (_values[output] is null)
        {
            value.Share();
            Volatile.Write(ref _values[output], value);
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        IsDisposed = true;
        foreach (PlacedArray? value in _values)
        {
            value?.Release();
        }
    }
}
