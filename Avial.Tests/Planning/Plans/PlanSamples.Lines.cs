namespace Avial.Tests.Planning.Plans;

internal static partial class PlanSamples
{
    // Running sums along lines that three ranks share: each begins with what the rank before ends with. One rank has two whole leaves, the last a rest.
    private const string Lines = """
        graph {
          @0: i64[2×800]
          %0 = scan (@0) : i64[2×800] {
            domain [0..2, 0..800] axis 1
            reads $0 kernel rank 2 (%0, %1) reads (a0: i64[,]) {
              %2 = load.i64 a0[%0, %1]
              return %2
            }
            by sum
          }
          return %0
        }
        plan rank 0 of 3 {
          b0 = i64[2×800] window [0..2, 0..800] given
          b1 = i64[2×800] window [0..2, 0..256]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 1×3 snapped to 256"
          0: allocate b1
          1: scan %0 (b0) to b1 over [0..2, 0..256] to 1 tag 4 after 0
        }
        plan rank 1 of 3 {
          b0 = i64[2×800] window [0..2, 0..800] given
          b1 = i64[2×800] window [0..2, 256..512]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 1×3 snapped to 256"
          0: allocate b1
          1: scan %0 (b0) to b1 over [0..2, 256..512] from 0 to 2 tag 4 after 0
        }
        plan rank 2 of 3 {
          b0 = i64[2×800] window [0..2, 0..800] given
          b1 = i64[2×800] window [0..2, 512..800]
          parameter 0 in b0 owned "everywhere"
          result 0 in b1 owned "blocks 1×3 snapped to 256"
          0: allocate b1
          1: scan %0 (b0) to b1 over [0..2, 512..800] from 1 tag 4 after 0
        }
        """;
}
