namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // The state goes round in memory with room for the halo; the memory of the step before is given back.
    private const string Loop = """
        graph {
          @0: f64[10]
          @1: f64[10]
          %0 = loop (@0, @1; #0) : f64[10], i64 named "march" {
            carried 1 every 1
            body {
              @0: f64[10]
              @1: i64
              @2: f64[10]
              %0 = map (@0, @2) : f64[10] {
                over $0
                domain [1..9]
                reads $0, $1 kernel rank 1 (%0) reads (a0: f64[], a1: f64[]) {
                  %1 = load.f64 a0[%0 - 1]
                  %2 = load.f64 a0[%0 + 1]
                  %3 = add.f64 %1, %2
                  %4 = load.f64 a1[%0]
                  %5 = mul.f64 %3, %4
                  return %5
                }
              }
              return %0
            }
          }
          return %0, %0.1
        }
        plan rank 0 of 2 {
          b0 = f64[10] window [0..5] given
          b1 = f64[10] window [0..5] given
          b2 = f64[10] window [0..6]
          b3 = f64[10] window [0..6]
          b4 = i64 window []
          parameter 0 in b0 owned "blocks 2"
          parameter 1 in b1 owned "blocks 2"
          result 0 in b3 owned "blocks 2"
          result 1 in b4 owned "everywhere"
          0: allocate b2
          1: copy b0[0..5] to b2[0..5] after 0
          2: allocate b4
          3: loop %0 (b2) to (b3, b4) with b2 = b1 {
            b0 = f64[10] window [0..6] given
            b1 = f64[10] window [0..6]
            b2 = f64[10] window [0..5] given
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            parameter 2 in b2 owned "blocks 2"
            result 0 in b1 owned "blocks 2"
            0: receive from 1 tag 7 b0[5..6]
            1: send to 1 tag 7 b0[4..5]
            2: allocate b1
            3: copy b0[0..1] to b1[0..1] after 2
            4: launch %0 (b0, b2) to (b1) over [1..5] after 0, 2
            5: free b0 after 0, 1, 3, 4
          } after 1, 2
        }
        plan rank 1 of 2 {
          b0 = f64[10] window [5..10] given
          b1 = f64[10] window [5..10] given
          b2 = f64[10] window [4..10]
          b3 = f64[10] window [4..10]
          b4 = i64 window []
          parameter 0 in b0 owned "blocks 2"
          parameter 1 in b1 owned "blocks 2"
          result 0 in b3 owned "blocks 2"
          result 1 in b4 owned "everywhere"
          0: allocate b2
          1: copy b0[5..10] to b2[5..10] after 0
          2: allocate b4
          3: loop %0 (b2) to (b3, b4) with b2 = b1 {
            b0 = f64[10] window [4..10] given
            b1 = f64[10] window [4..10]
            b2 = f64[10] window [5..10] given
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            parameter 2 in b2 owned "blocks 2"
            result 0 in b1 owned "blocks 2"
            0: receive from 0 tag 7 b0[4..5]
            1: send to 0 tag 7 b0[5..6]
            2: allocate b1
            3: copy b0[9..10] to b1[9..10] after 2
            4: launch %0 (b0, b2) to (b1) over [5..9] after 0, 2
            5: free b0 after 0, 1, 3, 4
          } after 1, 2
        }
        """;

    // The second map starts from the first and is written over it.
    private const string InPlace = """
        graph {
          k0 = kernel rank 1 (%0) reads (a0: f64[]) {
            %1 = load.f64 a0[%0]
            %2 = add.f64 %1, %1
            return %2
          }
          @0: f64[9]
          %0 = map (@0) : f64[9] {
            domain [0..9]
            reads $0 k0
          }
          %1 = map (%0) : f64[9] {
            over $0
            domain [2..6]
            reads $0 k0
          }
          return %1
        }
        plan rank 0 of 2 {
          b0 = f64[9] window [0..4] given
          b1 = f64[9] window [0..4]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b1 owned "blocks 2"
          0: allocate b1
          1: launch %0 (b0) to (b1) over [0..4] after 0
          2: launch %1 (b1) to (b1) over [2..4] after 1
        }
        plan rank 1 of 2 {
          b0 = f64[9] window [4..9] given
          b1 = f64[9] window [4..9]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b1 owned "blocks 2"
          0: allocate b1
          1: launch %0 (b0) to (b1) over [4..9] after 0
          2: launch %1 (b1) to (b1) over [4..6] after 1
        }
        """;

    // A recurrence in two parts: the second waits for the last new value of the first, and gives its first old one.
    private const string Sweep = """
        graph {
          @0: f64[8]
          %0 = sweep (@0) : f64[8] {
            domain [1..7] start $0
            reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
              %1 = load.f64 a0[%0 - 1]
              %2 = load.f64 a0[%0 + 1]
              %3 = add.f64 %1, %2
              return %3
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = f64[8] window [0..4] given
          b1 = f64[8] window [0..5]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b1 owned "blocks 2"
          0: allocate b1
          1: receive from 1 tag 1 b1[4..5] after 0
          2: copy b0[0..4] to b1[0..4] after 0
          3: launch %0 (b1) to (b1) over [1..4] after 1, 2
          4: send to 1 tag 2 b1[3..4] after 3
        }
        plan rank 1 of 2 {
          b0 = f64[8] window [4..8] given
          b1 = f64[8] window [3..8]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b1 owned "blocks 2"
          0: allocate b1
          1: send to 0 tag 1 b0[4..5]
          2: copy b0[4..8] to b1[4..8] after 0
          3: receive from 0 tag 2 b1[3..4] after 0
          4: launch %0 (b1) to (b1) over [4..7] after 2, 3
        }
        """;

    // What has a single order runs whole, on one rank: a scan, a scatter into its result, a sum along an axis.
    private const string Ordered = """
        graph {
          @0: i64[4×3]
          %0 = scan (@0) : i64[4×3] {
            domain [0..4, 0..3] axis 1
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              return %2
            }
            by sum
          }
          %1 = reduce (%0) : i64[3] {
            domain [0..4, 0..3] axes 0
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              return %2
            }
            by sum
          }
          %2 = scatter (%1, %0) : i64[4×3] {
            domain [0..3] into $1
            reads $0 kernel rank 1 (%0) reads (a0: i64[]) {
              %1 = load.i64 a0[%0]
              return %0, %0, %1
            }
            by sum
          }
          return %2
        }
        plan rank 0 of 2 {
          b0 = i64[4×3] window [0..2, 0..3] given
          b1 = i64[4×3] window [0..2, 0..3]
          parameter 0 in b0 owned "blocks 2×1"
          result 0 in - owned "on rank 1"
          0: allocate b1
          1: launch %0 (b0) to (b1) over [0..2, 0..3] after 0
          2: send to 1 tag 1 b1[0..2, 0..3] after 1
          3: free b1 after 2
        }
        plan rank 1 of 2 {
          b0 = i64[4×3] window [2..4, 0..3] given
          b1 = i64[4×3] window [0..4, 0..3]
          b2 = i64[3] window [0..3]
          parameter 0 in b0 owned "blocks 2×1"
          result 0 in b1 owned "on rank 1"
          0: allocate b1
          1: receive from 0 tag 1 b1[0..2, 0..3] after 0
          2: launch %0 (b0) to (b1) over [2..4, 0..3] after 0
          3: allocate b2
          4: launch %1 (b1) to (b2) over [0..4, 0..3] after 1, 2, 3
          5: launch %2 (b2, b1) to (b1) over [0..3] after 4
          6: free b2 after 5
        }
        """;

    // Halve until all is small: each rank knows the test's outcome.
    private const string Until = """
        graph {
          @0: f64[6]
          %0 = loop (@0; #0) : f64[6], i64 {
            carried 1 until every 1
            body {
              @0: f64[6]
              @1: i64
              %0 = map (@0) : f64[6] {
                domain [0..6]
                reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
                  %1 = load.f64 a0[%0]
                  %2 = const.f64 0.5
                  %3 = mul.f64 %1, %2
                  return %3
                }
              }
              %1 = reduce (%0) : i1 {
                domain [0..6] axes 0
                reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
                  %1 = load.f64 a0[%0]
                  %2 = const.f64 1
                  %3 = lt.f64 %1, %2
                  return %3
                }
                by all
              }
              return %0, %1
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
            b1 = i1 window []
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            result 0 in b0 owned "blocks 2"
            result 1 in b1 owned "everywhere"
            0: launch %0 (b0) to (b0) over [0..3]
            1: allocate b1
            2: combine %1 (b0) to b1 over [0..3] tag 3 after 0, 1
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
            b1 = i1 window []
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            result 0 in b0 owned "blocks 2"
            result 1 in b1 owned "everywhere"
            0: launch %0 (b0) to (b0) over [3..6]
            1: allocate b1
            2: combine %1 (b0) to b1 over [3..6] tag 3 after 0, 1
          } after 1, 2
          4: free b3 after 3
        }
        """;
}
