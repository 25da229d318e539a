using System.Collections.Immutable;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    /// <summary>A loop whose boxes move with the step: each step takes one element from all behind it, and its owner sends it to the other rank.</summary>
    public static ImmutableArray<RankPlan> Moving(int steps = 5)
    {
        ImmutableArray<RankPlan>[] texts = [.. Enumerable.Range(0, steps).Select(step => RankPlanParser.Parse(MovingAt(step)))];
        return [.. texts[0].Select((plan, rank) => WithBodies(plan, [.. texts.Select(t => LoopOf(t[rank]).Bodies.At(0))]))];
    }

    public static LoopStep LoopOf(RankPlan plan) => (LoopStep)plan.Body.Steps[3];

    /// <summary>The plan with one body for each step.</summary>
    public static RankPlan WithBodies(RankPlan plan, ImmutableArray<RankBody> bodies) =>
        plan with { Body = plan.Body with { Steps = plan.Body.Steps.SetItem(3, LoopOf(plan) with { Bodies = new MovingBodies(bodies) }) } };

    private static string MovingAt(int step)
    {
        bool isFirst = step < 3;
        string message = isFirst ? "1: receive from 0 tag 9 b1[" + step + ".." + (step + 1) + "] after 0" : "1: copy b0[3..4] to b1[3..4] after 0";
        string send = isFirst ? $"1: send to 1 tag 9 b0[{step}..{step + 1}]" : "1: copy b0[0..1] to b1[0..1] after 0";
        return $$"""
            graph {
              @0: f64[6]
              %0 = loop (@0; #0) : f64[6], i64 {
                carried 1 every 1
                body {
                  @0: f64[6]
                  @1: i64
                  %0 = map (@0, @1) : f64[6] {
                    over $0
                    domain [$1 + 1..6]
                    reads $0 with $1 kernel rank 1 (%0; %1: i64) reads (a0: f64[]) {
                      %2 = load.f64 a0[%0]
                      %3 = load.f64 a0[%1]
                      %4 = sub.f64 %2, %3
                      return %4
                    }
                  }
                  return %0
                }
              }
              return %0
            }
            plan rank 0 of 2 {
              b0 = f64[6] window [0..3] given
              b1 = f64[6] window [0..3]
              b2 = f64[6] window [0..3]
              b3 = i64 window []
              parameter 0 in b0 owned "blocks 2"
              result 0 in b2 owned "blocks 2"
              0: allocate b1
              1: copy b0[0..3] to b1[0..3] after 0
              2: allocate b3
              3: loop %0 (b1) to (b2, b3) {
                b0 = f64[6] window [0..3] given
                b1 = f64[6] window [0..3]
                b2 = i64 window [] given
                parameter 0 in b0 owned "blocks 2"
                parameter 1 in b2 owned "everywhere"
                result 0 in b0 owned "blocks 2"
                0: allocate b1
                {{send}}
                2: copy b0[0..3] to b1[0..3] after 0{{(isFirst ? "" : ", 1")}}
                3: launch %0 (b1, b2) to (b0) over [{{Math.Min(step + 1, 6)}}..{{Math.Max(step + 1, 3)}}] after 2
                4: free b1 after 3{{(isFirst ? "" : ", 1")}}
              } after 1, 2
              4: free b3 after 3
            }
            plan rank 1 of 2 {
              b0 = f64[6] window [3..6] given
              b1 = f64[6] window [3..6]
              b2 = f64[6] window [3..6]
              b3 = i64 window []
              parameter 0 in b0 owned "blocks 2"
              result 0 in b2 owned "blocks 2"
              0: allocate b1
              1: copy b0[3..6] to b1[3..6] after 0
              2: allocate b3
              3: loop %0 (b1) to (b2, b3) {
                b0 = f64[6] window [3..6] given
                b1 = f64[6] window [{{Math.Min(step, 3)}}..6]
                b2 = i64 window [] given
                parameter 0 in b0 owned "blocks 2"
                parameter 1 in b2 owned "everywhere"
                result 0 in b0 owned "blocks 2"
                0: allocate b1
                {{message}}
                2: copy b0[3..6] to b1[3..6] after 0{{(isFirst ? "" : ", 1")}}
                3: launch %0 (b1, b2) to (b0) over [{{Math.Max(3, step + 1)}}..6] after 1, 2
                4: free b1 after 3
              } after 1, 2
              4: free b3 after 3
            }
            """;
    }

    /// <summary>One body for each step.</summary>
    private sealed class MovingBodies(ImmutableArray<RankBody> bodies) : LoopBodies
    {
        public override bool IsMoving => true;

        public override RankBody At(long step) => bodies[(int)Math.Min(step, bodies.Length - 1)];
    }
}
