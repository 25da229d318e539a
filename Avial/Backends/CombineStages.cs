namespace Avial.Backends;

/// <summary>
/// How ranks share a reduction over all axes: each leaves one record of its part, records are merged in any groups and order, and the last merge gives the
/// result. The record of an empty part changes nothing.
/// </summary>
/// <param name="RecordBytes">The bytes of a record; records are 64-byte aligned and may be copied.</param>
/// <param name="Merge">One call: the records into one record.</param>
/// <param name="Finish">One call: the records into the operation's output; it traps where the whole domain is empty and that is refused.</param>
internal sealed record CombineStages(int RecordBytes, LoweredStage Merge, LoweredStage Finish);
