namespace Avial.Execution.Ranks;

/// <summary>What a rank is about to do together with the others.</summary>
internal enum EvaluationKind : long
{
    Evaluate,
    Gather,
    ReadElement,
    Save,
    EndOfProgram,
}

/// <summary>What all ranks must agree on before they evaluate, in a few words that can be sent.</summary>
/// <param name="Sequence">How many evaluations this rank opened before.</param>
/// <param name="Kind">What for.</param>
/// <param name="Structure">Hash of the recorded tasks (<see cref="TaskHashes"/>).</param>
/// <param name="Scalars">Hash of the captured numbers.</param>
/// <param name="Options">Hash of the options that decide what is run.</param>
internal readonly record struct EvaluationDescriptor(long Sequence, EvaluationKind Kind, ulong Structure, ulong Scalars, ulong Options);
