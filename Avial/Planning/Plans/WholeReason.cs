namespace Avial.Planning.Plans;

/// <summary>Why all that may be read of a value is brought, although data decides what is read.</summary>
internal enum WholeReason : byte
{
    /// <summary>There is nothing to say: data does not decide, or nothing moves.</summary>
    None,
    /// <summary>What is read there decides where, or periodic places would have to be told apart.</summary>
    Itself,
    /// <summary>It decides where others are read.</summary>
    Decides,
    /// <summary>It is brought once for all steps of a loop.</summary>
    Once,
    /// <summary>To find out what is read costs more.</summary>
    Cheaper,
}
