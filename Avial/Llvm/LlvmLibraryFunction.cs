using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Avial.Llvm;

/// <summary>Functions that a module contains when it calls them: random numbers and the common case of adding to a binned sum.</summary>
internal sealed record LlvmLibraryFunction(string Name, string Text)
{
    public const string Block = "philox.block";
    public const string Bits32 = "philox.bits32";
    public const string Bits64 = "philox.bits64";
    public const string Uniform32 = "philox.uniform32";
    public const string Uniform64 = "philox.uniform64";
    public const string Normal64 = "philox.normal64";
    public const string Add32 = "binned.add32";
    public const string Add64 = "binned.add64";

    private static readonly FrozenDictionary<string, LlvmLibraryFunction> s_all = new LlvmLibraryFunction[]
    {
        new(Block, PhiloxBlock()),
        new(Bits32, """
            define internal i32 @philox.bits32(i64 %seed, i64 %stream, i64 %index) #4 {
              %block = call { i32, i32, i32, i32 } @philox.block(i64 %seed, i64 %stream, i64 %index)
              %w0 = extractvalue { i32, i32, i32, i32 } %block, 0
              ret i32 %w0
            }
            """) { Needs = [Block] },
        new(Bits64, Joined("philox.bits64", "w0", "w1")) { Needs = [Block] },
        new(Uniform32, """
            define internal float @philox.uniform32(i64 %seed, i64 %stream, i64 %index) #4 {
              %bits = call i32 @philox.bits32(i64 %seed, i64 %stream, i64 %index)
              %top = lshr i32 %bits, 8
              %number = uitofp i32 %top to float
              %unit = fmul float %number, 0x3E70000000000000
              ret float %unit
            }
            """) { Needs = [Block, Bits32] },
        new(Uniform64, """
            define internal double @philox.uniform64(i64 %seed, i64 %stream, i64 %index) #4 {
              %bits = call i64 @philox.bits64(i64 %seed, i64 %stream, i64 %index)
              %top = lshr i64 %bits, 11
              %number = uitofp i64 %top to double
              %unit = fmul double %number, 0x3CA0000000000000
              ret double %unit
            }
            """) { Needs = [Block, Bits64] },
        new(Normal64, """
            define internal double @philox.normal64(i64 %seed, i64 %stream, i64 %index) #4 {
              %block = call { i32, i32, i32, i32 } @philox.block(i64 %seed, i64 %stream, i64 %index)
              %w0 = extractvalue { i32, i32, i32, i32 } %block, 0
              %w1 = extractvalue { i32, i32, i32, i32 } %block, 1
              %w2 = extractvalue { i32, i32, i32, i32 } %block, 2
              %w3 = extractvalue { i32, i32, i32, i32 } %block, 3
              %u = call double @philox.unit(i32 %w0, i32 %w1)
              %above = fadd double %u, 0x3CA0000000000000
              %v = call double @philox.unit(i32 %w2, i32 %w3)
              %log = call double @"avial.log"(double %above)
              %twice = fmul double -2.0, %log
              %radius = call double @llvm.sqrt.f64(double %twice)
              %angle = fmul double 0x401921FB54442D18, %v
              %cosine = call double @"avial.cos"(double %angle)
              %normal = fmul double %radius, %cosine
              ret double %normal
            }
            define internal double @philox.unit(i32 %low, i32 %high) #4 {
              %l = zext i32 %low to i64
              %h = zext i32 %high to i64
              %shifted = shl i64 %h, 32
              %bits = or i64 %shifted, %l
              %top = lshr i64 %bits, 11
              %number = uitofp i64 %top to double
              %unit = fmul double %number, 0x3CA0000000000000
              ret double %unit
            }
            """)
        {
            Needs = [Block],
            Declarations = ["double @\"avial.log\"(double) #1", "double @\"avial.cos\"(double) #1", "double @llvm.sqrt.f64(double)"],
            Externals = ["avial.log", "avial.cos"],
        },
        new(Add64, Binned("add64", "binned64.add", "double", "i64", "f64", size: 8, limitSlot: 3, roomOffset: 56))
        {
            Declarations = ["void @\"binned64.add\"(ptr, double) #3", "double @llvm.fabs.f64(double)"],
            Externals = ["binned64.add"],
        },
        new(Add32, Binned("add32", "binned32.add", "float", "i32", "f32", size: 4, limitSlot: 3, roomOffset: 36))
        {
            Declarations = ["void @\"binned32.add\"(ptr, float) #3", "float @llvm.fabs.f32(float)"],
            Externals = ["binned32.add"],
        },
    }.ToFrozenDictionary(f => f.Name);

    public ImmutableArray<string> Needs { get; private init; } = [];

    public ImmutableArray<string> Declarations { get; private init; } = [];

    public ImmutableArray<string> Externals { get; private init; } = [];

    public static LlvmLibraryFunction Of(string name) => s_all[name];

    /// <summary>The function and those that it calls.</summary>
    public static IEnumerable<string> WithNeeds(string name) => s_all[name].Needs.Append(name);

    // Ten rounds, as Numerics.Philox has them.
    private static string PhiloxBlock()
    {
        var text = new System.Text.StringBuilder("""
            define internal { i32, i32, i32, i32 } @philox.block(i64 %seed, i64 %stream, i64 %index) #4 {
              %a0 = trunc i64 %index to i32
              %indexHigh = lshr i64 %index, 32
              %b0 = trunc i64 %indexHigh to i32
              %c0 = trunc i64 %stream to i32
              %streamHigh = lshr i64 %stream, 32
              %d0 = trunc i64 %streamHigh to i32
              %k0 = trunc i64 %seed to i32
              %seedHigh = lshr i64 %seed, 32
              %l0 = trunc i64 %seedHigh to i32

            """);
        for (int round = 0; round < 10; round++)
        {
            int next = round + 1;
            text.Append($"""
                  %a{round}w = zext i32 %a{round} to i64
                  %c{round}w = zext i32 %c{round} to i64
                  %p{round} = mul i64 %a{round}w, {0xD2511F53L}
                  %q{round} = mul i64 %c{round}w, {0xCD9E8D57L}
                  %p{round}h = lshr i64 %p{round}, 32
                  %q{round}h = lshr i64 %q{round}, 32
                  %p{round}t = trunc i64 %p{round}h to i32
                  %q{round}t = trunc i64 %q{round}h to i32
                  %x{round} = xor i32 %q{round}t, %b{round}
                  %y{round} = xor i32 %p{round}t, %d{round}
                  %a{next} = xor i32 %x{round}, %k{round}
                  %b{next} = trunc i64 %q{round} to i32
                  %c{next} = xor i32 %y{round}, %l{round}
                  %d{next} = trunc i64 %p{round} to i32
                  %k{next} = add i32 %k{round}, {unchecked((int)0x9E3779B9)}
                  %l{next} = add i32 %l{round}, {unchecked((int)0xBB67AE85)}

                """);
        }
        text.Append("""
              %r0 = insertvalue { i32, i32, i32, i32 } poison, i32 %a10, 0
              %r1 = insertvalue { i32, i32, i32, i32 } %r0, i32 %b10, 1
              %r2 = insertvalue { i32, i32, i32, i32 } %r1, i32 %c10, 2
              %r3 = insertvalue { i32, i32, i32, i32 } %r2, i32 %d10, 3
              ret { i32, i32, i32, i32 } %r3
            }
            """);
        return text.ToString();
    }

    private static string Joined(string name, string low, string high) => $$"""
        define internal i64 @{{name}}(i64 %seed, i64 %stream, i64 %index) #4 {
          %block = call { i32, i32, i32, i32 } @philox.block(i64 %seed, i64 %stream, i64 %index)
          %{{low}} = extractvalue { i32, i32, i32, i32 } %block, 0
          %{{high}} = extractvalue { i32, i32, i32, i32 } %block, 1
          %l = zext i32 %{{low}} to i64
          %h = zext i32 %{{high}} to i64
          %shifted = shl i64 %h, 32
          %bits = or i64 %shifted, %l
          ret i64 %bits
        }
        """;

    // Add of the binned sums: |x| < limit and room > 0, else with care. A deposit sets the last bit of each piece.
    private static string Binned(string name, string careful, string type, string bits, string suffix, int size, int limitSlot, int roomOffset) => $$"""
        define internal void @binned.{{name}}(ptr %sum, {{type}} %x) alwaysinline nounwind {
          %limitAt = getelementptr i8, ptr %sum, i64 {{limitSlot * size}}
          %roomAt = getelementptr i8, ptr %sum, i64 {{roomOffset}}
          %limit = load {{type}}, ptr %limitAt, align {{size}}
          %room = load i32, ptr %roomAt, align 4
          %magnitude = call {{type}} @llvm.fabs.{{suffix}}({{type}} %x)
          %isBelow = fcmp olt {{type}} %magnitude, %limit
          %hasRoom = icmp sgt i32 %room, 0
          %isEasy = and i1 %isBelow, %hasRoom
          br i1 %isEasy, label %easy, label %hard
        easy:
          %left = add i32 %room, -1
          store i32 %left, ptr %roomAt, align 4
          %at1 = getelementptr i8, ptr %sum, i64 {{size}}
          %at2 = getelementptr i8, ptr %sum, i64 {{2 * size}}
          %bin0 = load {{type}}, ptr %sum, align {{size}}
          %bits0 = bitcast {{type}} %x to {{bits}}
          %odd0 = or {{bits}} %bits0, 1
          %piece0 = bitcast {{bits}} %odd0 to {{type}}
          %new0 = fadd {{type}} %bin0, %piece0
          store {{type}} %new0, ptr %sum, align {{size}}
          %taken0 = fsub {{type}} %bin0, %new0
          %x1 = fadd {{type}} %x, %taken0
          %bin1 = load {{type}}, ptr %at1, align {{size}}
          %bits1 = bitcast {{type}} %x1 to {{bits}}
          %odd1 = or {{bits}} %bits1, 1
          %piece1 = bitcast {{bits}} %odd1 to {{type}}
          %new1 = fadd {{type}} %bin1, %piece1
          store {{type}} %new1, ptr %at1, align {{size}}
          %taken1 = fsub {{type}} %bin1, %new1
          %x2 = fadd {{type}} %x1, %taken1
          %bin2 = load {{type}}, ptr %at2, align {{size}}
          %bits2 = bitcast {{type}} %x2 to {{bits}}
          %odd2 = or {{bits}} %bits2, 1
          %piece2 = bitcast {{bits}} %odd2 to {{type}}
          %new2 = fadd {{type}} %bin2, %piece2
          store {{type}} %new2, ptr %at2, align {{size}}
          br label %done
        hard:
          call void @"{{careful}}"(ptr %sum, {{type}} %x)
          br label %done
        done:
          ret void
        }
        """;
}
