namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // Rows become columns: a second buffer, from the own part and from the other rank.
    private const string Redistribute = """
        graph {
          @0: f32[4×6]
          %0 = map (@0) : f32[4×6] {
            domain [0..4, 0..6]
            reads $0 kernel rank 2 (%0, %1) reads (a0: f32[,]) {
              %2 = load.f32 a0[%0, %1]
              %3 = add.f32 %2, %2
              return %3
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = f32[4×6] window [0..2, 0..6] given
          b1 = f32[4×6] window [0..4, 0..3]
          parameter 0 in b0 owned "blocks 2×1"
          result 0 in b1 owned "blocks 1×2"
          0: send to 1 tag 3 b0[0..2, 3..6]
          1: allocate b1
          2: receive from 1 tag 3 b1[2..4, 0..3] after 1
          3: copy b0[0..2, 0..3] to b1[0..2, 0..3] after 1
          4: launch %0 (b1) to (b1) over [0..4, 0..3] after 2, 3
        }
        plan rank 1 of 2 {
          b0 = f32[4×6] window [2..4, 0..6] given
          b1 = f32[4×6] window [0..4, 3..6]
          b2 = f32[4×6] window [0..4, 3..6]
          parameter 0 in b0 owned "blocks 2×1"
          result 0 in b2 owned "blocks 1×2"
          0: send to 0 tag 3 b0[2..4, 0..3]
          1: allocate b1
          2: receive from 0 tag 3 b1[0..2, 3..6] after 1
          3: copy b0[2..4, 3..6] to b1[2..4, 3..6] after 1
          4: allocate b2
          5: launch %0 (b1) to (b2) over [0..4, 3..6] after 2, 3, 4
          6: free b1 after 5
        }
        """;

    // The mean of all, then all without it.
    private const string Sum = """
        graph {
          @0: f64[10]
          %0 = reduce (@0) : f64 {
            domain [0..10] axes 0
            reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
              %1 = load.f64 a0[%0]
              return %1
            }
            by mean
          }
          %1 = map (@0, %0) : f64[10] {
            domain [0..10]
            reads $0 with $1 kernel rank 1 (%0; %1: f64) reads (a0: f64[]) {
              %2 = load.f64 a0[%0]
              %3 = sub.f64 %2, %1
              return %3
            }
          }
          return %0, %1
        }
        plan rank 0 of 3 {
          b0 = f64[10] window [0..3] given
          b1 = f64 window []
          b2 = f64[10] window [0..3]
          parameter 0 in b0 owned "blocks 3"
          result 0 in b1 owned "everywhere"
          result 1 in b2 owned "blocks 3"
          0: allocate b1
          1: combine %0 (b0) to b1 over [0..3] tag 1 after 0
          2: allocate b2
          3: launch %1 (b0, b1) to (b2) over [0..3] after 1, 2
        }
        plan rank 1 of 3 {
          b0 = f64[10] window [3..6] given
          b1 = f64 window []
          b2 = f64[10] window [3..6]
          parameter 0 in b0 owned "blocks 3"
          result 0 in b1 owned "everywhere"
          result 1 in b2 owned "blocks 3"
          0: allocate b1
          1: combine %0 (b0) to b1 over [3..6] tag 1 after 0
          2: allocate b2
          3: launch %1 (b0, b1) to (b2) over [3..6] after 1, 2
        }
        plan rank 2 of 3 {
          b0 = f64[10] window [6..10] given
          b1 = f64 window []
          b2 = f64[10] window [6..10]
          parameter 0 in b0 owned "blocks 3"
          result 0 in b1 owned "everywhere"
          result 1 in b2 owned "blocks 3"
          0: allocate b1
          1: combine %0 (b0) to b1 over [6..10] tag 1 after 0
          2: allocate b2
          3: launch %1 (b0, b1) to (b2) over [6..10] after 1, 2
        }
        """;

    // Everything comes to rank 0, where the user's code runs; its result is shared out again.
    private const string Call = """
        graph {
          @0: f64[6]
          %0 = call (@0) : f64[6] {
            code "reverse" effect
          }
          %1 = map (%0) : f64[6] {
            domain [0..6]
            reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
              %1 = load.f64 a0[%0]
              return %1
            }
          }
          return %1
        }
        plan rank 0 of 2 {
          b0 = f64[6] window [0..3] given
          b1 = f64[6] window [0..6] named "all"
          b2 = f64[6] window [0..6] named "reversed"
          b3 = f64[6] window [0..3]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b3 owned "blocks 2"
          0: allocate b1
          1: receive from 1 tag 1 b1[3..6] after 0
          2: copy b0[0..3] to b1[0..3] after 0
          3: allocate b2
          4: call %0 (b1) to (b2) after 1, 2, 3
          5: send to 1 tag 2 b2[3..6] after 4
          6: allocate b3
          7: launch %1 (b2) to (b3) over [0..3] after 4, 6
          8: free b1 after 4
          9: free b2 after 5, 7
        }
        plan rank 1 of 2 {
          b0 = f64[6] window [3..6] given
          b1 = f64[6] window [3..6]
          b2 = f64[6] window [3..6]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b2 owned "blocks 2"
          0: send to 0 tag 1 b0[3..6]
          1: allocate b1
          2: receive from 0 tag 2 b1[3..6] after 1
          3: allocate b2
          4: launch %1 (b1) to (b2) over [3..6] after 2, 3
          5: free b1 after 4
        }
        """;

    // Rows in memory are runs of the flat array.
    private const string Reshape = """
        graph {
          @0: f32[4×6]
          %0 = reshape (@0) : f32[24]
          %1 = map (%0) : f32[24] {
            domain [0..24]
            reads $0 kernel rank 1 (%0) reads (a0: f32[]) {
              %1 = load.f32 a0[%0]
              %2 = load.f32 a0[%0 - 1] clamp
              %3 = add.f32 %1, %2
              return %3
            }
          }
          return %1
        }
        plan rank 0 of 2 {
          b0 = f32[4×6] window [0..2, 0..6] given
          b1 = f32[24] window [0..12]
          b2 = f32[24] window [0..12]
          parameter 0 in b0 owned "blocks 2×1"
          result 0 in b2 owned "blocks 2"
          0: reshape %0 b0 to b1
          1: send to 1 tag 4 b1[11..12] after 0
          2: allocate b2
          3: launch %1 (b1) to (b2) over [0..12] after 0, 2
          4: free b1 after 1, 3
        }
        plan rank 1 of 2 {
          b0 = f32[4×6] window [2..4, 0..6] given
          b1 = f32[24] window [12..24]
          b2 = f32[24] window [11..24]
          b3 = f32[24] window [12..24]
          parameter 0 in b0 owned "blocks 2×1"
          result 0 in b3 owned "blocks 2"
          0: reshape %0 b0 to b1
          1: allocate b2
          2: receive from 0 tag 4 b2[11..12] after 1
          3: copy b1[12..24] to b2[12..24] after 0, 1
          4: allocate b3
          5: launch %1 (b2) to (b3) over [12..24] after 2, 3, 4
          6: free b1 after 3
          7: free b2 after 5
        }
        """;
}
