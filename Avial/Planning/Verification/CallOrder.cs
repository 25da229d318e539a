using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>Calls of one rank run one after another, in recorded order.</summary>
internal static class CallOrder
{
    public static List<(int Step, string Text)> Find(RankSteps steps, StepPrecedence order)
    {
        var found = new List<(int, string)>();
        var calls = new List<(int Step, int Recorded)>();
        for (int step = 0; step < steps.Body.Steps.Length; step++)
        {
            int node = steps.Body.Steps[step] switch
            {
                CallStep call => call.Node,
                LoopStep loop when HasCall(steps.Scope.Region.Nodes[loop.Node].Operation) => loop.Node,
                _ => -1,
            };
            if (node < 0)
            {
                continue;
            }
            int recorded = steps.Scope.Region.Nodes[node].Order;
            foreach ((int earlier, int recordedEarlier) in calls)
            {
                if (!order.IsBefore(earlier, step) || recordedEarlier > recorded)
                {
                    found.Add((step, $"%{node} runs user's code, as step {earlier} does, and does not follow it in recorded order"));
                }
            }
            calls.Add((step, recorded));
        }
        return found;
    }

    private static bool HasCall(Operation operation) => operation is CallOperation || operation is LoopOperation loop && loop.Body.Nodes.Any(n => HasCall(n.Operation));
}
