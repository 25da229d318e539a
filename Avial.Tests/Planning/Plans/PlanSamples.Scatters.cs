namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // Ranks have columns of the source and halves of the target. The last contribution stays: a later row may be a lower rank's.
    private const string Scattered = """
        graph {
          @0: i64[4×3]
          @1: i64[6]
          %0 = scatter (@0, @1) : i64[6] {
            domain [0..4, 0..3] into $1
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              %3 = add.i64 %0, %1
              return %3, %2
            }
            by last
          }
          %1 = scatter (@0, %0) : i64[6] {
            domain [0..4, 0..3] into $1
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              %3 = add.i64 %0, %1
              return %3, %2
            }
            by sum
          }
          %2 = scatter (@0, %1) : i64[6] {
            domain [0..4, 0..3] into $1
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              %3 = add.i64 %0, %1
              return %3, %2
            }
            by max
          }
          return %2
        }
        plan rank 0 of 2 {
          b0 = i64[4×3] window [0..4, 0..1] given
          b1 = i64[6] window [0..3] given
          b2 = i64[6] window [0..3]
          parameter 0 in b0 owned "blocks 1×2"
          parameter 1 in b1 owned "blocks 2"
          result 0 in b2 owned "blocks 2"
          0: allocate b2
          1: copy b1[0..3] to b2[0..3] after 0
          2: scatter %0 (b0, b1) to b2 over [0..4, 0..1] owned "blocks 2" numbered tag 0 after 0, 1
          3: scatter %1 (b0, b2) to b2 over [0..4, 0..1] owned "blocks 2" ordered tag 1 after 2
          4: scatter %2 (b0, b2) to b2 over [0..4, 0..1] owned "blocks 2" merged tag 2 after 3
        }
        plan rank 1 of 2 {
          b0 = i64[4×3] window [0..4, 1..3] given
          b1 = i64[6] window [3..6] given
          b2 = i64[6] window [3..6]
          parameter 0 in b0 owned "blocks 1×2"
          parameter 1 in b1 owned "blocks 2"
          result 0 in b2 owned "blocks 2"
          0: allocate b2
          1: copy b1[3..6] to b2[3..6] after 0
          2: scatter %0 (b0, b1) to b2 over [0..4, 1..3] owned "blocks 2" numbered tag 0 after 0, 1
          3: scatter %1 (b0, b2) to b2 over [0..4, 1..3] owned "blocks 2" ordered tag 1 after 2
          4: scatter %2 (b0, b2) to b2 over [0..4, 1..3] owned "blocks 2" merged tag 2 after 3
        }
        """;

    // Ranks have rows of the source: those of the lower rank come first.
    private const string Deposited = """
        graph {
          @0: i64[4×3]
          @1: i64[6]
          %0 = scatter (@0, @1) : i64[6] {
            domain [0..4, 0..3] into $1
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              %3 = add.i64 %0, %1
              return %3, %2
            }
            by last
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = i64[4×3] window [0..2, 0..3] given
          b1 = i64[6] window [0..6] given
          b2 = i64[6] window [0..0]
          parameter 0 in b0 owned "blocks 2×1"
          parameter 1 in b1 owned "everywhere"
          result 0 in b2 owned "on rank 1"
          0: allocate b2
          1: scatter %0 (b0, b1) to b2 over [0..2, 0..3] owned "on rank 1" ordered tag 0 after 0
        }
        plan rank 1 of 2 {
          b0 = i64[4×3] window [2..4, 0..3] given
          b1 = i64[6] window [0..6] given
          b2 = i64[6] window [0..6]
          parameter 0 in b0 owned "blocks 2×1"
          parameter 1 in b1 owned "everywhere"
          result 0 in b2 owned "on rank 1"
          0: allocate b2
          1: copy b1[0..6] to b2[0..6] after 0
          2: scatter %0 (b0, b1) to b2 over [2..4, 0..3] owned "on rank 1" ordered tag 0 after 0, 1
        }
        """;

    // Contributions go where an array says that is the same in all steps: values alone travel from the second one on.
    private const string DepositedAgain = """
        graph {
          @0: i32[6]
          @1: i64[10]
          %0 = loop (@1, @0; #0) : i64[10], i64 {
            carried 1 every 1
            body {
              @0: i64[10]
              @1: i64
              @2: i32[6]
              %0 = scatter (@2, @0) : i64[10] {
                domain [0..6] into $1
                reads $0 kernel rank 1 (%0) reads (a0: i32[]) {
                  %1 = load.i32 a0[%0]
                  %2 = convert.i64 %1
                  %3 = add.i64 %0, %2
                  return %2, %3
                }
                by last
              }
              return %0
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = i32[6] window [0..6] given
          b1 = i64[10] window [0..10] given
          b2 = i64[10] window [0..5]
          b3 = i64[10] window [0..5]
          b4 = i64 window []
          parameter 0 in b0 owned "everywhere"
          parameter 1 in b1 owned "everywhere"
          result 0 in b3 owned "blocks 2"
          0: allocate b2
          1: copy b1[0..5] to b2[0..5] after 0
          2: allocate b4
          3: loop %0 (b2) to (b3, b4) with b1 = b0 {
            b0 = i64[10] window [0..5] given
            b1 = i32[6] window [0..6] given
            b2 = i64[10] window [0..5]
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            parameter 2 in b1 owned "everywhere"
            result 0 in b2 owned "blocks 2"
            0: allocate b2
            1: copy b0[0..5] to b2[0..5] after 0
            2: free b0 after 1
            3: scatter %0 (b1, b2) to b2 over [0..3] owned "blocks 2" ordered kept 1 sources (0) tag 0 after 0, 1
          } after 0, 1, 2
          4: free b4 after 3
        }
        plan rank 1 of 2 {
          b0 = i32[6] window [0..6] given
          b1 = i64[10] window [0..10] given
          b2 = i64[10] window [5..10]
          b3 = i64[10] window [5..10]
          b4 = i64 window []
          parameter 0 in b0 owned "everywhere"
          parameter 1 in b1 owned "everywhere"
          result 0 in b3 owned "blocks 2"
          0: allocate b2
          1: copy b1[5..10] to b2[5..10] after 0
          2: allocate b4
          3: loop %0 (b2) to (b3, b4) with b1 = b0 {
            b0 = i64[10] window [5..10] given
            b1 = i32[6] window [0..6] given
            b2 = i64[10] window [5..10]
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            parameter 2 in b1 owned "everywhere"
            result 0 in b2 owned "blocks 2"
            0: allocate b2
            1: copy b0[5..10] to b2[5..10] after 0
            2: free b0 after 1
            3: scatter %0 (b1, b2) to b2 over [3..6] owned "blocks 2" ordered kept 1 sources (0) tag 0 after 0, 1
          } after 0, 1, 2
          4: free b4 after 3
        }
        """;
}
