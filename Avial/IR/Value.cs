namespace Avial.IR;

/// <summary>An SSA value: a number unique in its kernel or loops function, and its type.</summary>
internal readonly record struct Value(int Id, ScalarType Type)
{
    public override string ToString() => $"%{Id}";
}
