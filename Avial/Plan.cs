using Avial.Execution;
using Avial.Graph;

namespace Avial;

/// <summary>
/// What would run for some results, found before anything runs: which tasks, in which order, fused from which lambdas. Looking at a plan evaluates nothing.
/// </summary>
public sealed class Plan
{
    private readonly Session _session;

    private Plan(Session session, Region recorded, Region optimised)
    {
        _session = session;
        Recorded = recorded;
        Optimised = optimised;
    }

    /// <summary>The number of launches: tasks after fusion, loops counted once.</summary>
    public int Launches => Optimised.Nodes.Length;

    /// <summary>The program as recorded, dead tasks not included.</summary>
    internal Region Recorded { get; }

    /// <summary>The program after all passes.</summary>
    internal Region Optimised { get; }

    /// <summary>The plan of evaluating these results together, in the current session.</summary>
    public static Plan For(params ReadOnlySpan<IComputed> results)
    {
        var outputs = new NodeOutput[results.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(results[i], nameof(results));
            outputs[i] = ((IComputedHandle)results[i]).Output;
        }
        Session session = Session.Current;
        Region recorded = SessionRunner.Describe(outputs).Region;
        return new Plan(session, recorded, session.Runner.Plans.Optimised(recorded, isFusing: true));
    }

    /// <summary>What will run, in which order, fused from which lambdas, with shapes, bytes and operations. Fits a terminal.</summary>
    public string Explain() => PlanText.Explain(Recorded, Optimised, _session.Options);

    /// <summary>The program after all passes, in its text form.</summary>
    public override string ToString() => Optimised.ToString();
}
