using Avial.Graph;
using Avial.Tests.Generators;

namespace Avial.Tests.Programs;

/// <summary>Programs whose plans are right and were refused once: what a part reads is less than a box that is found without looking at its points.</summary>
public sealed class CertifiedProgramsTests
{
    // Rows 12 - 2i are read where j is below 2 only, rows 16 - 2i lie outside: the columns of both forms together are more than are read.
    private const string RowsOfEachColumn =
        """
        graph {
          @0: f64[8×11]
          %0 = loop (@0; #0) : f64[8×11], i64 named "loop" order 0 {
            carried 1 every 1
            body {
              @0: f64[8×11]
              @1: i64
              %0 = map (@1, @0) : f64[8×11] named "steps" order 1 {
                origin 0, 0
                domain [0..8, 0..11]
                reads $1 with $0 kernel rank 2 (%0, %1; %2: i64) reads (a0: f64[,]) {
                  %3 = const.f64 3
                  %4 = const.i64 5
                  %5 = ge.i64 %0, %4
                  %6 = if %5 : f64 {
                    yield %3
                  } else {
                    %7 = const.i64 3
                    %8 = ge.i64 %1, %7
                    %9 = if %8 : f64 {
                      yield %3
                    } else {
                      %10 = max.i64 %1, %2
                      %11 = const.i32 4
                      %12 = shl.i64 %10, %11
                      %13 = const.i64 -20
                      %14 = max.i64 %12, %13
                      %15 = const.i64 20
                      %16 = min.i64 %14, %15
                      %17 = load.f64 a0[-2*%0 + %16 - 4, 2*%1 + 4] or %3
                      yield %17
                    }
                    yield %9
                  }
                  return %6
                }
              }
              return %0
            }
          }
          return %0
        }
        """;

    // What is read where b holds and does not is never read, whatever b is; it stands behind two parameters.
    private const string BothWays =
        """
        graph {
          @0: i32[2×5×6]
          @1: i1
          %0 = map (@0) : i32[2×5×6] named "twice" order 0 {
            origin 0, 0, 0
            domain [0..2, 0..5, 0..6]
            reads $0 kernel rank 3 (%0, %1, %2) reads (a0: i32[,,]) {
              %3 = load.i32 a0[%0, %1, %2] proven
              %4 = add.i32 %3, %3
              return %4
            }
          }
          %1 = map (%0, @1) : i32[2×5] named "both" order 1 {
            origin 0, 0
            domain [0..2, 0..5]
            reads $0 with $1, $1 kernel rank 2 (%0, %1; %2: i1, %3: i1) reads (a0: i32[,,]) {
              %4 = const.i32 1
              %5 = if %2 : i32 {
                %6 = if %3 : i32 {
                  yield %4
                } else {
                  %7 = load.i32 a0[-%0 + 1, -%1 + 4, 3] proven
                  yield %7
                }
                yield %6
              } else {
                yield %4
              }
              return %5
            }
          }
          return %0, %1
        }
        """;

    // A number clamped to 0 is 0, also where it is taken for the number itself that is neither below nor above.
    private const string ClampedToOneValue =
        """
        graph {
          @0: i64[16×1]
          @1: i64
          @2: i32[1×2×6]
          %0 = view (@0) : i64[11×3] named "columns" order 0 {
            maps (-d0 + 10, 0)
            offsets (3, 0)
          }
          %1 = map (@1, @2, %0) : i64[1×2×6] named "clamped" order 1 {
            origin 68, 67, 0
            domain [68..69, 67..69, 0..6]
            reads $2 with $0, $0 kernel rank 3 (%0, %1, %2; %3: i64, %4: i64) reads (a0: i64[,]) {
              %5 = const.i64 0
              %6 = max.i64 %3, %5
              %7 = min.i64 %6, %5
              %8 = max.i64 %4, %5
              %9 = const.i64 5
              %10 = min.i64 %8, %9
              %12 = const.i64 -20
              %13 = max.i64 %4, %12
              %14 = const.i64 20
              %15 = min.i64 %13, %14
              %17 = load.i64 a0[%0 - %7 + 2, %0 - %10 + %15 + 4] wrap
              return %17
            }
          }
          return %1
        }
        """;

    // The inner loop runs from 2 to 2; tests of much data around make the conditions too many to eliminate.
    private const string LoopThatNeverRuns =
        """
        graph {
          @0: i64[14]
          %0 = map (@0) : i64[14] named "twice" order 0 {
            origin 0
            domain [0..14]
            reads $0 kernel rank 1 (%0) reads (a0: i64[]) {
              %1 = load.i64 a0[%0] proven
              %2 = add.i64 %1, %1
              return %2
            }
          }
          %1 = map (%0, @0) : i64[14] named "never" order 1 {
            origin 0
            domain [0..14]
            reads $0, $1 kernel rank 1 (%0) reads (a0: i64[], a1: i64[]) {
              %1 = load.i64 a1[%0] proven
              %2 = const.i64 7
              %3 = const.i64 0
              %4 = max.i64 %1, %3
              %5 = min.i64 %4, %2
              %6 = load.i64 a1[%5] proven
              %7 = max.i64 %6, %3
              %8 = min.i64 %7, %2
              %9 = load.i64 a1[%8] proven
              %10 = max.i64 %9, %3
              %11 = min.i64 %10, %2
              %12 = load.i64 a1[%11] proven
              %13 = max.i64 %12, %3
              %14 = min.i64 %13, %2
              %15 = load.i64 a1[%14] proven
              %16 = max.i64 %15, %3
              %17 = min.i64 %16, %2
              %18 = add.i64 %8, %11
              %19 = add.i64 %14, %17
              %20 = add.i64 %18, %19
              %21 = lt.i64 %5, %20
              %22 = if %21 : i64 {
                %24 = const.i64 2
                %25 = for %3 .. %2 (%26; %27 = %1) : i64 {
                  %29 = for %24 .. %24 (%30; %31 = %27) : i64 {
                    %32 = load.i64 a0[%0 + %5 + %26 + %30] wrap
                    yield %32
                  }
                  yield %29
                }
                yield %25
              } else {
                yield %1
              }
              return %22
            }
          }
          return %0, %1
        }
        """;

    [Test]
    public void Plan_OfRowsThatChangeWithTheColumn_HasItsCertificate() => AssertCertified(RowsOfEachColumn);

    [Test]
    public void Plan_OfAReadUnderAConditionAndItsContrary_HasItsCertificate() => AssertCertified(BothWays);

    [Test]
    public void Plan_OfAPeriodicReadBesideAClampedNumber_HasItsCertificate() => AssertCertified(ClampedToOneValue);

    [Test]
    public void Plan_OfAReadInALoopThatNeverRuns_HasItsCertificate() => AssertCertified(LoopThatNeverRuns);

    /// <summary>On 2, 3, 4, 7 and 8 ranks, distributed in four ways.</summary>
    private static void AssertCertified(string text)
    {
        Region region = GraphParser.Parse(text);
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var program = new GeneratedProgram(seed, region, [.. region.Parameters.Select(p => StorageBits.Make(p, scalar => RandomBits.Of(scalar, random)))], [2]);
            Assert.That(ProgramRunner.DifferenceOnRanks(program), Is.Null, $"seed {seed}");
        }
    }
}
