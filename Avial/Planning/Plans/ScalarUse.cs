using Avial.Graph;

namespace Avial.Planning.Plans;

/// <summary>The captured numbers of a program on which the concrete steps of ranks depend: by their places in the region's table.</summary>
internal sealed class ScalarUse
{
    private readonly SortedSet<int> _inBoxes = [];
    private readonly SortedSet<int> _inCounts = [];

    private ScalarUse(BodyPlan plan) => Add(plan, static s => s);

    /// <summary>True when the boxes of some step depend on captured numbers.</summary>
    public bool IsInBoxes => _inBoxes.Count > 0;

    public static ScalarUse Of(BodyPlan plan) => new(plan);

    /// <summary>The numbers that boxes depend on, and how many steps loops have: what a certificate is for.</summary>
    public ulong[] Key(ulong[] scalars) => [.. _inBoxes.Union(_inCounts).Select(s => scalars[s])];

    private void Add(BodyPlan plan, Func<int, int> place)
    {
        for (int n = 0; n < plan.Region.Nodes.Length; n++)
        {
            GraphNode node = plan.Region.Nodes[n];
            if (plan.NeedsOf(n) is { } needs)
            {
                _inBoxes.UnionWith(needs.Symbols.Where(s => s.Kind == ArgumentKind.Scalar).Select(s => place(node.Scalars[s.Position])));
            }
            if (plan.Loops.TryGetValue(n, out BodyPlan? body))
            {
                _inCounts.Add(place(node.Scalars[0]));
                Add(body, s => place(node.Scalars[s]));
            }
        }
    }
}
