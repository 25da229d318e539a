namespace Avial.Execution.Ranks;

/// <summary>A 64-bit hash that is the same in every process: FNV-1a, mixed at the end. Tells programs apart, no more.</summary>
internal struct StableHash
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    private ulong _state;

    public StableHash() => _state = Offset;

    /// <summary>What was added, in order.</summary>
    public readonly ulong Value
    {
        get
        {
            ulong value = _state;
            value = (value ^ (value >> 33)) * 0xff51afd7ed558ccd;
            value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53;
            return value ^ (value >> 33);
        }
    }

    public void Add(ulong number)
    {
        for (int shift = 0; shift < 64; shift += 8)
        {
            _state = (_state ^ (byte)(number >> shift)) * Prime;
        }
    }

    /// <summary>Adds a text and its length.</summary>
    public void Add(string text)
    {
        foreach (char letter in text)
        {
            _state = (_state ^ letter) * Prime;
        }
        Add((ulong)text.Length);
    }
}
