namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // An array that is read where another one says, from step to step: the places are found once.
    private const string Gather = """
        graph {
          @0: i32[10]
          @1: f64[10]
          %0 = loop (@1, @0; #0) : f64[10], i64 {
            carried 1 every 1
            body {
              @0: f64[10]
              @1: i64
              @2: i32[10]
              %0 = map (@0, @2) : f64[10] {
                origin 0
                domain [0..10]
                reads $0, $1 kernel rank 1 (%0) reads (a0: f64[], a1: i32[]) {
                  %1 = load.i32 a1[%0]
                  %2 = convert.i64 %1
                  %3 = load.f64 a0[%2]
                  %4 = convert.f64 %0
                  %5 = add.f64 %3, %4
                  return %5
                }
              }
              return %0
            }
          }
          return %0
        }
        plan rank 0 of 2 {
          b0 = i32[10] window [0..10] given
          b1 = f64[10] window [0..10] given
          b2 = f64[10] window [0..10]
          b3 = f64[10] window [0..10]
          b4 = i64 window []
          parameter 0 in b0 owned "everywhere"
          parameter 1 in b1 owned "everywhere"
          result 0 in b3 owned "blocks 2"
          0: allocate b2
          1: copy b1[0..5] to b2[0..5] after 0
          2: allocate b4
          3: loop %0 (b2) to (b3, b4) with b1 = b0 {
            b0 = f64[10] window [0..10] given
            b1 = i32[10] window [0..10] given
            b2 = f64[10] window [0..10]
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            parameter 2 in b1 owned "everywhere"
            result 0 in b2 owned "blocks 2"
            0: inspect 0 %0 input 0 (-, b1) over [0..5] owned "blocks 2" kept 1 sources (0) tag 0
            1: gather 0 from b0 to b0 columns 0x1 tag 1 after 0
            2: allocate b2
            3: launch %0 (b0, b1) to (b2) over [0..5] after 1, 2
            4: free b0 after 1, 3
          } after 0, 1, 2
          4: free b4 after 3
        }
        plan rank 1 of 2 {
          b0 = i32[10] window [0..10] given
          b1 = f64[10] window [0..10] given
          b2 = f64[10] window [0..10]
          b3 = f64[10] window [0..10]
          b4 = i64 window []
          parameter 0 in b0 owned "everywhere"
          parameter 1 in b1 owned "everywhere"
          result 0 in b3 owned "blocks 2"
          0: allocate b2
          1: copy b1[5..10] to b2[5..10] after 0
          2: allocate b4
          3: loop %0 (b2) to (b3, b4) with b1 = b0 {
            b0 = f64[10] window [0..10] given
            b1 = i32[10] window [0..10] given
            b2 = f64[10] window [0..10]
            parameter 0 in b0 owned "blocks 2"
            parameter 1 in - owned "everywhere"
            parameter 2 in b1 owned "everywhere"
            result 0 in b2 owned "blocks 2"
            0: inspect 0 %0 input 0 (-, b1) over [5..10] owned "blocks 2" kept 1 sources (0) tag 0
            1: gather 0 from b0 to b0 columns 0x1 tag 1 after 0
            2: allocate b2
            3: launch %0 (b0, b1) to (b2) over [5..10] after 1, 2
            4: free b0 after 1, 3
          } after 0, 1, 2
          4: free b4 after 3
        }
        """;

    // Two tasks read one array at places of their own.
    private const string Gathers = """
        graph {
          @0: i32[10]
          @1: f64[10]
          @2: i32[10]
          %0 = map (@1) : f64[10] {
            origin 0
            domain [0..10]
            reads $0 kernel rank 1 (%0) reads (a0: f64[]) {
              %1 = load.f64 a0[%0]
              %2 = add.f64 %1, %1
              return %2
            }
          }
          %1 = map (%0, @0) : f64[10] {
            origin 0
            domain [0..10]
            reads $0, $1 kernel rank 1 (%0) reads (a0: f64[], a1: i32[]) {
              %1 = load.i32 a1[%0]
              %2 = convert.i64 %1
              %3 = load.f64 a0[%2]
              return %3
            }
          }
          %2 = map (%0, @2, %1) : f64[10] {
            origin 0
            domain [0..10]
            reads $0, $1, $2 kernel rank 1 (%0) reads (a0: f64[], a1: i32[], a2: f64[]) {
              %1 = load.i32 a1[%0]
              %2 = convert.i64 %1
              %3 = load.f64 a0[%2]
              %4 = load.f64 a2[%0]
              %5 = sub.f64 %3, %4
              return %5
            }
          }
          return %0, %1, %2
        }
        plan rank 0 of 2 {
          b0 = i32[10] window [0..10] given
          b1 = f64[10] window [0..10] given
          b2 = i32[10] window [0..10] given
          b3 = f64[10] window [0..10]
          b4 = f64[10] window [0..5]
          b5 = f64[10] window [0..5]
          parameter 0 in b0 owned "everywhere"
          parameter 1 in b1 owned "everywhere"
          parameter 2 in b2 owned "everywhere"
          result 0 in b3 owned "blocks 2"
          result 1 in b4 owned "blocks 2"
          result 2 in b5 owned "blocks 2"
          0: allocate b3
          1: launch %0 (b1) to (b3) over [0..5] after 0
          2: inspect 0 %1 input 0 (-, b0) over [0..5] owned "blocks 2" sources (0) tag 0
          3: gather 0 from b3 to b3 columns 0x1 tag 1 after 0, 1, 2
          4: allocate b4
          5: launch %1 (b3, b0) to (b4) over [0..5] after 0, 1, 3, 4
          6: inspect 1 %2 input 0 (-, b2, -) over [0..5] owned "blocks 2" sources (2) tag 3 after 3
          7: gather 1 from b3 to b3 columns 0x1 tag 4 after 0, 1, 3, 5, 6
          8: allocate b5
          9: launch %2 (b3, b2, b4) to (b5) over [0..5] after 0, 1, 3, 4, 5, 7, 8
        }
        plan rank 1 of 2 {
          b0 = i32[10] window [0..10] given
          b1 = f64[10] window [0..10] given
          b2 = i32[10] window [0..10] given
          b3 = f64[10] window [0..10]
          b4 = f64[10] window [5..10]
          b5 = f64[10] window [5..10]
          parameter 0 in b0 owned "everywhere"
          parameter 1 in b1 owned "everywhere"
          parameter 2 in b2 owned "everywhere"
          result 0 in b3 owned "blocks 2"
          result 1 in b4 owned "blocks 2"
          result 2 in b5 owned "blocks 2"
          0: allocate b3
          1: launch %0 (b1) to (b3) over [5..10] after 0
          2: inspect 0 %1 input 0 (-, b0) over [5..10] owned "blocks 2" sources (0) tag 0
          3: gather 0 from b3 to b3 columns 0x1 tag 1 after 0, 1, 2
          4: allocate b4
          5: launch %1 (b3, b0) to (b4) over [5..10] after 0, 1, 3, 4
          6: inspect 1 %2 input 0 (-, b2, -) over [5..10] owned "blocks 2" sources (2) tag 3 after 3
          7: gather 1 from b3 to b3 columns 0x1 tag 4 after 0, 1, 3, 5, 6
          8: allocate b5
          9: launch %2 (b3, b2, b4) to (b5) over [5..10] after 0, 1, 3, 4, 5, 7, 8
        }
        """;
}
