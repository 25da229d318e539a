using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Distributing;
using Avial.Planning.Machine;
using static Avial.Planning.Inspecting.InspectionChoice;

namespace Avial.Planning.Inspecting;

/// <summary>
/// Whether a machine gains from an inspection: what is not sent, against finding the places, telling their owners, and copying what is scattered. How much is read is not known
/// before the run: half of what the numbers of places and of elements allow is taken to come from others.
/// </summary>
internal static class InspectionCost
{
    // How often a schedule is taken to serve: in a loop as many times as costs count a loop's steps; from run to run fewer.
    private const double Steps = 100;
    private const double Runs = 10;
    private const double ShareFromOthers = 0.5;

    // A run of places: where it begins and how long it is.
    private const double BytesToldOfAPlace = 16;

    public static bool Pays(Candidate candidate, MachineModel machine)
    {
        (PlanCost gathered, PlanCost whole) = Of(candidate, machine);
        return TimeOf(gathered, machine) < TimeOf(whole, machine);
    }

    /// <summary>The seconds of what a rank does and of what it gets.</summary>
    public static double TimeOf(PlanCost cost, MachineModel machine) => cost.Seconds + machine.ExchangeTime(cost.Messages, cost.Bytes);

    /// <summary>What it costs a rank to find out what it reads and to get that, with its share of finding out; and to get everything. Seconds are those without messages.</summary>
    public static (PlanCost Gathered, PlanCost Whole) Of(Candidate candidate, MachineModel machine)
    {
        ArrayType type = candidate.Type;
        double ranks = candidate.Owner.Ranks;
        double size = type.Element.PackedSize;
        double missing = type.Count * (1 - 1 / Math.Max(1.0, candidate.Owner.Cells));
        double places = Places(candidate) / Math.Max(1.0, candidate.Reader.Cells);
        double needed = ShareFromOthers * Math.Min(missing, places);
        double owners = Math.Min(ranks - 1, needed);
        // Marks are set, cleared and searched; counts go to all, places to their owners.
        double inspected = machine.ComputeTime(places, 4, size) + 2 * type.Count * machine.SecondsPerByteOfMemory
            + machine.ExchangeTime(ValueTerm.Levels(candidate.Owner.Ranks) + owners, needed * BytesToldOfAPlace);
        double times = !candidate.IsKept ? 1 : candidate.IsInLoop ? Steps : Runs;
        return (new PlanCost(2 * needed * size * machine.SecondsPerByteOfMemory + inspected / times, needed * size, owners), new PlanCost(0, missing * size, ranks - 1));
    }

    // As many as the longest array that says where has elements, or the reader points.
    private static double Places(Candidate candidate)
    {
        GraphNode node = candidate.Region.Nodes[candidate.Node];
        double places = candidate.Reader.Space.Volume;
        foreach (int operand in candidate.Read.Operands)
        {
            places = Math.Max(places, candidate.Region.TypeOf(node.Inputs[operand]).Count);
        }
        return places;
    }
}
