namespace Avial.Planning.Machine;

/// <summary>The way between two ranks: seconds that a message takes however short it is, and seconds that each of its bytes adds.</summary>
internal readonly record struct MachineLink(double Latency, double SecondsPerByte);
