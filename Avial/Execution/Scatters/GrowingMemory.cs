namespace Avial.Execution.Scatters;

/// <summary>Memory that is kept from one use to the next and grows when more is asked for; what was in it is then lost.</summary>
internal sealed unsafe class GrowingMemory(Allocator allocator, string name)
{
    private ColumnMemory? _memory;

    public byte* Take(long bytes)
    {
        if (_memory is null || _memory.Bytes < bytes)
        {
            _memory?.Release();
            _memory = allocator.AllocateBytes(bytes, name);
        }
        return _memory.Address;
    }

    public void Release()
    {
        _memory?.Release();
        _memory = null;
    }
}
