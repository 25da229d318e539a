using Avial.Diagnostics;
using Avial.Execution;
using Avial.Explaining;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial;

/// <summary>
/// What would run for some results, found before anything runs: which tasks, in which order, fused from which lambdas, and on several ranks who has what and what moves between them.
/// Looking at a plan evaluates nothing.
/// </summary>
public sealed class Plan
{
    private readonly Session _session;
    private readonly BuiltRegion _built;
    private readonly ProgramPlan _program;

    private Plan(Session session, BuiltRegion built, ProgramPlan program)
    {
        _session = session;
        _built = built;
        _program = program;
    }

    /// <summary>The number of launches: tasks after fusion, loops counted once.</summary>
    public int Launches => Optimised.Nodes.Length;

    /// <summary>How many ranks the plan is for.</summary>
    public int Ranks => _program.Body.Ranks;

    /// <summary>The program as recorded, dead tasks not included.</summary>
    internal Region Recorded => _built.Region;

    /// <summary>The program after all passes.</summary>
    internal Region Optimised => _program.Region;

    /// <summary>
    /// The plan of evaluating these results together, in the current session: the very one that would run, as long as the same arrays are in memory then. Calls that wait for the next
    /// evaluation are not shown.
    /// </summary>
    public static Plan For(params ReadOnlySpan<IComputed> results)
    {
        var outputs = new NodeOutput[results.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(results[i], nameof(results));
            outputs[i] = ((IComputedHandle)results[i]).Output;
        }
        Session session = Session.Current;
        (BuiltRegion built, ProgramPlan program) = session.Runner.PlanOf(outputs);
        return new Plan(session, built, program);
    }

    /// <summary>
    /// What will run, in which order, fused from which lambdas, with shapes, bytes and operations. On several ranks also how each array is distributed and why, and what moves: messages
    /// and bytes of the busiest rank, the predicted time, and the reads that ask for it. Fits a terminal.
    /// </summary>
    public string Explain() => PlanText.Explain(Recorded, _program, _built.Scalars, _session.Options);

    /// <summary>The same for one array or number, and the task that computes it, which may be fused from several.</summary>
    /// <param name="result">Any array or number that the plan computes or reads.</param>
    /// <exception cref="AvialException">The plan has nothing to do with it (AVL0722).</exception>
    public string Explain(IComputed result)
    {
        ArgumentNullException.ThrowIfNull(result);
        NodeOutput output = ((IComputedHandle)result).Output;
        int source = _built.Sources.IndexOf(output);
        if (source >= 0)
        {
            return Explain(GraphValue.Parameter(source));
        }
        int recorded = _built.Nodes.IndexOf(output.Node);
        if (recorded < 0)
        {
            throw Throw.NotInPlan(output.Node.Name, output.Node.Span);
        }
        for (int r = 0; r < Recorded.Results.Length; r++)
        {
            if (Recorded.Results[r] == new GraphValue(recorded, output.Index))
            {
                return Explain(Optimised.Results[r]);
            }
        }
        for (int n = 0; n < Optimised.Nodes.Length; n++)
        {
            GraphNode node = Optimised.Nodes[n];
            if (node.Order == recorded || node.Fused.Any(f => f.Order == recorded))
            {
                return Explain(new GraphValue(n, node.Order == recorded ? output.Index : 0));
            }
        }
        return $"{output.Node.Name} ({output.Node.Span.Place}) needs no launch: it is read through, or the same as another task.";
    }

    /// <summary>The graph of tasks as a Mermaid flowchart; on several ranks with distributions, and with the bytes that move along its arrows.</summary>
    public string ToMermaid() => MermaidText.Of(Tasks());

    /// <summary>The steps of one rank as a Mermaid flowchart: an arrow leads to each step from those that it waits for. Loops are shown as at step 0.</summary>
    /// <param name="rank">The rank, from 0.</param>
    public string ToMermaid(int rank) => MermaidText.Of(StepPicture.Of(Of(rank)));

    /// <summary>The graph of tasks in the language of Graphviz; on several ranks with distributions, and with the bytes that move along its arrows.</summary>
    public string ToDot() => DotText.Of(Tasks());

    /// <summary>The steps of one rank in the language of Graphviz: an arrow leads to each step from those that it waits for. Loops are shown as at step 0.</summary>
    /// <param name="rank">The rank, from 0.</param>
    public string ToDot(int rank) => DotText.Of(StepPicture.Of(Of(rank)));

    /// <summary>The plan of one rank in its text form: the program, the rank's buffers and its steps.</summary>
    /// <param name="rank">The rank, from 0.</param>
    public string ToText(int rank) => Of(rank).ToString();

    /// <summary>The program after all passes, in its text form.</summary>
    public override string ToString() => Optimised.ToString();

    private string Explain(GraphValue value) => PlanText.Explain(value, _program, _built.Scalars, _session.Options);

    private Picture Tasks() => TaskPicture.Of(_program.Body, PlanTraffic.Of(_program.Body, _built.Scalars));

    private RankPlan Of(int rank) => (uint)rank < (uint)Ranks ? RankPlanBuilder.Build(_program.Body, new RankId(rank), _built.Scalars) : throw Throw.NoSuchRank(rank, Ranks);
}
