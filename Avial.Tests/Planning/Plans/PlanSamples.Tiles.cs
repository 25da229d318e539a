namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // Each rank computes its rows tile by tile along the columns; the second begins when the first has ended a tile.
    private const string Tiles = """
        graph {
          @0: f64[5×6]
          %0 = sweep (@0) : f64[5×6] {
            domain [1..4, 1..5] start $0
            reads $0 kernel rank 2 (%0, %1) reads (a0: f64[,]) {
              %4 = load.f64 a0[%0 - 1, %1] proven
              %6 = load.f64 a0[%0, %1 - 1] proven
              %7 = add.f64 %4, %6
              %9 = load.f64 a0[%0 + 1, %1] proven
              %10 = add.f64 %7, %9
              return %10
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = f64[5×6] window [0..5, 0..6] given
          b1 = f64[5×6] window [0..5, 0..3]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 1×2"
          0: allocate b1
          1: copy b0[0..5, 0..3] to b1[0..5, 0..3] after 0
          2: launch %0 (b0) to (b1) over [1..3, 1..3] after 0, 1
          3: send to 1 tag 1 b1[1..3, 2..3] after 0, 1, 2
          4: launch %0 (b0) to (b1) over [3..4, 1..3] after 0, 1, 2
          5: send to 1 tag 1 b1[3..4, 2..3] after 0, 1, 4
        }
        plan rank 1 of 2 {
          b0 = f64[5×6] window [0..5, 0..6] given
          b1 = f64[5×6] window [0..5, 2..6]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 1×2"
          0: allocate b1
          1: copy b0[0..5, 3..6] to b1[0..5, 3..6] after 0
          2: receive from 0 tag 1 b1[1..3, 2..3] after 0
          3: launch %0 (b0) to (b1) over [1..3, 3..5] after 0, 1, 2
          4: receive from 0 tag 1 b1[3..4, 2..3] after 0, 3
          5: launch %0 (b0) to (b1) over [3..4, 3..5] after 0, 1, 2, 3, 4
        }
        """;

    // What is read lies one column ahead in the row before: tiles slant, so that it lies in the same tile or one before.
    private const string Slant = """
        graph {
          @0: f64[5×6]
          %0 = sweep (@0) : f64[5×6] {
            domain [1..4, 1..5] start $0
            reads $0 kernel rank 2 (%0, %1) reads (a0: f64[,]) {
              %5 = load.f64 a0[%0 - 1, %1 + 1] proven
              %7 = load.f64 a0[%0, %1 - 1] proven
              %8 = add.f64 %5, %7
              %10 = load.f64 a0[%0 + 1, %1] proven
              %11 = add.f64 %8, %10
              return %11
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = f64[5×6] window [0..5, 0..6] given
          b1 = f64[5×6] window [0..3, 0..6]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 2×1"
          0: allocate b1
          1: copy b0[0..2, 0..6] to b1[0..2, 0..6] after 0
          2: receive from 1 tag 0 b1[2..3, 1..5] after 0
          3: launch %0 (b0) to (b1) over [1..2, 1..4] within (1, 1) in 2..5 after 0, 1, 2
          4: send to 1 tag 1 b1[1..2, 2..4] after 0, 1, 3
          5: launch %0 (b0) to (b1) over [1..2, 4..5] within (1, 1) in 5..8 after 0, 1, 2, 3
          6: send to 1 tag 1 b1[1..2, 4..6] after 0, 1, 5
        }
        plan rank 1 of 2 {
          b0 = f64[5×6] window [0..5, 0..6] given
          b1 = f64[5×6] window [1..5, 0..6]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 2×1"
          0: allocate b1
          1: copy b0[2..5, 0..6] to b1[2..5, 0..6] after 0
          2: send to 0 tag 0 b1[2..3, 1..5] after 0, 1
          3: receive from 0 tag 1 b1[1..2, 2..4] after 0
          4: launch %0 (b0) to (b1) over [2..4, 1..3] within (1, 1) in 2..5 after 0, 1, 2, 3
          5: receive from 0 tag 1 b1[1..2, 4..6] after 0, 4
          6: launch %0 (b0) to (b1) over [2..4, 2..5] within (1, 1) in 5..8 after 0, 1, 2, 3, 4, 5
        }
        """;
}
