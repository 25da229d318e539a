using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Inspecting;

/// <summary>What decides where the contributions of a scatter go.</summary>
/// <param name="Operands">The inputs that its places are computed from.</param>
/// <param name="Scalars">The positions of the captured numbers that they are computed from.</param>
/// <param name="IsCounted">True when a list of them fits into an array of .NET.</param>
internal sealed record ScatterPlaces(ImmutableArray<int> Operands, ImmutableArray<int> Scalars, bool IsCounted)
{
    private static readonly ConditionalWeakTable<ScatterOperation, ScatterPlaces> s_known = [];

    public static ScatterPlaces Of(ScatterOperation scatter) => s_known.GetValue(scatter, Find);

    /// <summary>How long the schedule of a scatter holds; nothing is kept of domains whose size only the run knows.</summary>
    public static Lasting LastingOf(BodyPlan body, int node)
    {
        ScatterPlaces places = Of((ScatterOperation)body.Region.Nodes[node].Operation);
        return places.IsCounted ? Lasting.Of(body, node, places.Operands) : default;
    }

    private static ScatterPlaces Find(ScatterOperation scatter)
    {
        KernelSlice slice = KernelSlice.OfResults(scatter.Use, scatter.Outputs[0].Rank);
        var operands = new SortedSet<int>(slice.Loads.Select(l => slice.Use.Operands[l.Access.Operand]));
        operands.UnionWith(slice.Use.Arguments.Where(a => a.Kind == ArgumentKind.Input).Select(a => a.Position));
        var scalars = new SortedSet<int>(slice.Use.Arguments.Where(a => a.Kind == ArgumentKind.Scalar).Select(a => a.Position));
        return new ScatterPlaces([.. operands], [.. scalars], scatter.Domain.IsConstant && scatter.Domain.ToBox().Volume <= Array.MaxLength);
    }
}
