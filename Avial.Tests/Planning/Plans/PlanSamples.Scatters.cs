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
}
