using Avial.Geometry;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>A message that may be under way while a loop runs has a tag that no message of the loop has: a receive inside could take it.</summary>
internal static class TagCheck
{
    public static List<(int Step, string Text)> Find(RankSteps steps, StepPrecedence order)
    {
        var found = new List<(int, string)>();
        for (int step = 0; step < steps.Body.Steps.Length; step++)
        {
            if (steps.Body.Steps[step] is not LoopStep loop)
            {
                continue;
            }
            HashSet<(int Peer, int Tag)> inside = [];
            Collect(loop.Bodies.At(0), inside);
            for (int other = 0; other < steps.Body.Steps.Length && inside.Count > 0; other++)
            {
                foreach ((int Peer, int Tag) message in MessagesOf(steps.Body.Steps[other]))
                {
                    if (inside.Contains(message) && !order.AreOrdered(step, other))
                    {
                        found.Add((other, $"its tag {message.Tag} is one of the loop in step {step}, which may run meanwhile"));
                    }
                }
            }
        }
        return found;
    }

    private static void Collect(RankBody body, HashSet<(int Peer, int Tag)> tags)
    {
        foreach (RankStep step in body.Steps)
        {
            tags.UnionWith(MessagesOf(step));
            if (step is LoopStep loop)
            {
                Collect(loop.Bodies.At(0), tags);
            }
        }
    }

    private static IEnumerable<(int Peer, int Tag)> MessagesOf(RankStep step) => step switch
    {
        SendStep send => [(send.To.Value, send.Tag)],
        ReceiveStep receive => [(receive.From.Value, receive.Tag)],
        // Whoever the peers are.
        InspectStep inspect => [(-1, inspect.Tag)],
        GatherStep gather => [(-1, gather.Tag)],
        ScanStep scan => new[] { scan.CarryFrom, scan.CarryTo }.OfType<RankId>().Select(peer => (peer.Value, scan.Tag)),
        _ => [],
    };
}
