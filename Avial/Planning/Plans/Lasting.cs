using System.Collections.Immutable;
using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>How long a schedule that ranks make together holds.</summary>
/// <param name="Loops">Through so many loops around it is the same in all steps, as nothing that decides changes in them.</param>
/// <param name="Sources">The parameters of the program that it depends on, and on nothing else of the run: it holds in all runs on the same arrays. Null: in none but its own.</param>
internal readonly record struct Lasting(int Loops, ImmutableArray<int>? Sources)
{
    /// <summary>True when it may serve more than once.</summary>
    public bool IsKept => Loops > 0 || Sources is not null;

    public bool Equals(Lasting other) => Meets(other) && (Sources is not { } sources || sources.AsSpan().SequenceEqual(other.Sources!.Value.AsSpan()));

    public override int GetHashCode() => HashCode.Combine(Loops, Sources?.Length);

    /// <summary>How long something holds that some inputs of a node decide, beside captured numbers.</summary>
    public static Lasting Of(BodyPlan body, int node, IEnumerable<int> deciding)
    {
        int loops = 0;
        for (BodyPlan? around = body.Outer; around is not null; around = around.Outer)
        {
            loops++;
        }
        bool isOfSources = true;
        var sources = new SortedSet<int>();
        foreach (int input in deciding)
        {
            GraphValue value = body.Region.Nodes[node].Inputs[input];
            BodyPlan holder = body;
            int levels = 0;
            while (holder.LoopNode is { Operation: LoopOperation loop } around && value.IsParameter && value.Output > loop.Carried)
            {
                value = around.Inputs[value.Output - 1];
                holder = holder.Outer!;
                levels++;
            }
            loops = Math.Min(loops, levels);
            bool isSource = holder.Outer is null && value.IsParameter;
            isOfSources &= isSource;
            if (isSource)
            {
                sources.Add(value.Output);
            }
        }
        return new Lasting(loops, isOfSources ? [.. sources] : null);
    }

    /// <summary>True for ranks that find schedules again at the same time.</summary>
    public bool Meets(Lasting other) => Loops == other.Loops && Sources is null == other.Sources is null;
}
