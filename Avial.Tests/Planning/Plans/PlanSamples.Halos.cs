namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // A five-point stencil over the interior of 8×8 on a 2×2 grid. Halos lie beside the own part; what needs none is computed while they travel.
    private static string Jacobi()
    {
        string text = """
            graph {
              @0: f32[8×8]
              %0 = map (@0) : f32[8×8] named "next" {
                over $0
                domain [1..7, 1..7]
                reads $0 kernel rank 2 (%0, %1) reads (a0: f32[,]) {
                  %2 = load.f32 a0[%0 - 1, %1]
                  %3 = load.f32 a0[%0 + 1, %1]
                  %4 = add.f32 %2, %3
                  %5 = load.f32 a0[%0, %1 - 1]
                  %6 = add.f32 %4, %5
                  %7 = load.f32 a0[%0, %1 + 1]
                  %8 = add.f32 %6, %7
                  return %8
                }
              }
              return %0
            }

            """;
        for (int rank = 0; rank < 4; rank++)
        {
            (string own, string window, string inner, string halo, string edge, string far) rows = rank / 2 == 0
                ? ("0..4", "0..5", "1..3", "4..5", "3..4", "0..1") : ("4..8", "3..8", "5..7", "3..4", "4..5", "7..8");
            (string own, string window, string inner, string halo, string edge, string far) columns = rank % 2 == 0
                ? ("0..4", "0..5", "1..3", "4..5", "3..4", "0..1") : ("4..8", "3..8", "5..7", "3..4", "4..5", "7..8");
            string rowsInside = rank / 2 == 0 ? "1..4" : "4..7";
            string columnsInside = rank % 2 == 0 ? "1..4" : "4..7";
            text += $$"""
                plan rank {{rank}} of 4 {
                  b0 = f32[8×8] window [{{rows.window}}, {{columns.window}}] given named "u"
                  b1 = f32[8×8] window [{{rows.own}}, {{columns.own}}] named "next"
                  parameter 0 in b0 owned "blocks 2×2"
                  result 0 in b1 owned "blocks 2×2"
                  0: receive from {{rank ^ 1}} tag 1 b0[{{rowsInside}}, {{columns.halo}}]
                  1: receive from {{rank ^ 2}} tag 1 b0[{{rows.halo}}, {{columnsInside}}]
                  2: send to {{rank ^ 1}} tag 1 b0[{{rowsInside}}, {{columns.edge}}]
                  3: send to {{rank ^ 2}} tag 1 b0[{{rows.edge}}, {{columnsInside}}]
                  4: allocate b1
                  5: copy b0[{{rows.far}}, {{columns.own}}] to b1[{{rows.far}}, {{columns.own}}], b0[{{rowsInside}}, {{columns.far}}] to b1[{{rowsInside}}, {{columns.far}}] after 4
                  6: launch %0 (b0) to (b1) over [{{rows.inner}}, {{columns.inner}}] after 4
                  7: launch %0 (b0) to (b1) over [{{rows.edge}}, {{columnsInside}}] after 0, 1, 4
                  8: launch %0 (b0) to (b1) over [{{rows.inner}}, {{columns.edge}}] after 0, 4
                }

                """;
        }
        return text;
    }

    // Places before the first and behind the last element stand for those at the other end.
    private const string Periodic = """
        graph {
          @0: f64[8]
          %0 = map (@0) : f64[8] {
            domain [0..8]
            reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
              %1 = load.f64 a0[%0 - 1] wrap
              %2 = load.f64 a0[%0 + 1] wrap
              %3 = add.f64 %1, %2
              return %3
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = f64[8] window [0..4] given
          b1 = f64[8] window [-1..5]
          b2 = f64[8] window [0..4]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b2 owned "blocks 2"
          0: allocate b1
          1: receive from 1 tag 5 b1[-1..0], b1[4..5] after 0
          2: send to 1 tag 5 b0[3..4], b0[0..1]
          3: copy b0[0..4] to b1[0..4] after 0
          4: allocate b2
          5: launch %0 (b1) to (b2) over [0..4] after 1, 3, 4
          6: free b1 after 5
        }
        plan rank 1 of 2 {
          b0 = f64[8] window [4..8] given
          b1 = f64[8] window [3..9]
          b2 = f64[8] window [4..8]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b2 owned "blocks 2"
          0: allocate b1
          1: receive from 0 tag 5 b1[3..4], b1[8..9] after 0
          2: send to 0 tag 5 b0[7..8], b0[4..5]
          3: copy b0[4..8] to b1[4..8] after 0
          4: allocate b2
          5: launch %0 (b1) to (b2) over [4..8] after 1, 3, 4
          6: free b1 after 5
        }
        """;

    // Only the column that is read beside the own part travels.
    private const string Columns = """
        graph {
          @0: {H:f64, U:f32}[6]
          %0 = map (@0) : f64[6] {
            domain [0..6]
            reads $0 kernel rank 1 (%0) reads (a0: {f64, f32}[]) {
              %1 = load.f64 a0.0[%0 + 1] clamp
              %2 = load.f32 a0.1[%0]
              %3 = convert.f64 %2
              %4 = add.f64 %1, %3
              return %4
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = {H:f64, U:f32}[6] window [0..4] given
          b1 = f64[6] window [0..3]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b1 owned "blocks 2"
          0: receive from 1 tag 2 b0[3..4] columns 0x1
          1: allocate b1
          2: launch %0 (b0) to (b1) over [0..3] after 0, 1
        }
        plan rank 1 of 2 {
          b0 = {H:f64, U:f32}[6] window [3..6] given
          b1 = f64[6] window [3..6]
          parameter 0 in b0 owned "blocks 2"
          result 0 in b1 owned "blocks 2"
          0: send to 0 tag 2 b0[3..4] columns 0x1
          1: allocate b1
          2: launch %0 (b0) to (b1) over [3..6] after 1
        }
        """;
}
