using System.Globalization;

namespace Avial.Planning.Distributing;

/// <summary>What some distributions cost: seconds of the busiest rank, and, where these are equal, the bytes and messages it gets.</summary>
internal readonly record struct PlanCost(double Seconds, double Bytes = 0, double Messages = 0)
{
    private const double Tolerance = 1e-9;

    public static PlanCost operator +(PlanCost a, PlanCost b) => new(a.Seconds + b.Seconds, a.Bytes + b.Bytes, a.Messages + b.Messages);

    public static PlanCost operator *(double factor, PlanCost cost) => new(factor * cost.Seconds, factor * cost.Bytes, factor * cost.Messages);

    /// <summary>True when it is cheaper by more than rounding.</summary>
    public bool IsBelow(PlanCost other) => IsBelow(Seconds, other.Seconds)
        || !IsBelow(other.Seconds, Seconds) && (IsBelow(Bytes, other.Bytes) || !IsBelow(other.Bytes, Bytes) && IsBelow(Messages, other.Messages));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Seconds:G4} s, {Bytes:G4} B, {Messages:G4} messages");

    private static bool IsBelow(double a, double b) => a < b - Tolerance * Math.Abs(b);
}
