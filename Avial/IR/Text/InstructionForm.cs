using System.Collections.Immutable;

namespace Avial.IR.Text;

/// <summary>Where an instruction may stand.</summary>
[Flags]
internal enum FormPlaces : byte
{
    Kernel = 1,
    Loops = 2,
    Both = Kernel | Loops,
}

/// <summary>What stands before an instruction's operands in text: <c>%4 = add.f32</c>.</summary>
internal readonly record struct FormHead(ImmutableArray<int> Results, ScalarType? TypeSuffix)
{
    /// <summary>The type of the mnemonic.</summary>
    public ScalarType Type => TypeSuffix ?? throw new FormatException("A type is missing behind a mnemonic, as in add.f32.");

    /// <summary>The single result, of the mnemonic's type.</summary>
    public Value Result => Single(Type);

    public Value Single(ScalarType type) => Results.Length == 1 ? new Value(Results[0], type)
        : throw new FormatException($"An instruction of one result has {Results.Length}: {string.Join(", ", Results.Select(r => $"%{r}"))}.");
}

/// <summary>How one instruction is written, read and checked: a row of <see cref="InstructionForms"/>.</summary>
/// <param name="Mnemonic">Its word in text.</param>
/// <param name="Key">The operation (an enum value), or the instruction's type where it has only one.</param>
/// <param name="Places">Where it may stand.</param>
/// <param name="Suffix">The type behind the mnemonic; null for none.</param>
/// <param name="Print">Writes what follows the mnemonic.</param>
/// <param name="Parse">Reads it back.</param>
/// <param name="Verify">Reports what is wrong with types and arity; values in scope were checked before.</param>
internal sealed record InstructionForm(
    string Mnemonic,
    object Key,
    FormPlaces Places,
    Func<Instruction, ScalarType?> Suffix,
    Action<InstructionPrinter, Instruction> Print,
    Func<InstructionParser, FormHead, Instruction> Parse,
    Action<InstructionChecks, Instruction> Verify)
{
    /// <summary>A row for one type of instruction.</summary>
    public static InstructionForm Of<T>(
        string mnemonic,
        object key,
        FormPlaces places,
        Func<T, ScalarType?> suffix,
        Action<InstructionPrinter, T> print,
        Func<InstructionParser, FormHead, T> parse,
        Action<InstructionChecks, T> verify)
        where T : Instruction =>
        new(mnemonic, key, places, i => suffix((T)i), (p, i) => print(p, (T)i), (p, h) => parse(p, h), (c, i) => verify(c, (T)i));

    /// <summary>A row for an instruction of one result whose operands are values only.</summary>
    public static InstructionForm OfValues<T>(
        string mnemonic,
        object key,
        int count,
        Func<T, ScalarType?> suffix,
        Func<FormHead, ImmutableArray<Value>, T> make,
        Action<InstructionChecks, T> verify,
        FormPlaces places = FormPlaces.Both)
        where T : Instruction =>
        Of(mnemonic, key, places, suffix, (p, i) => p.Values(i.Operands()), (p, head) => make(head, p.Values(count)), verify);
}
