using System.Linq.Expressions;
using Avial.Import;
using Avial.IR;
using static Avial.KernelMath;

namespace Avial.Tests.Import;

/// <summary>What analysis will see of the reads of a body.</summary>
internal sealed class AccessTests
{
    private static Array1D<float> NewArray() => Array1D.From([1f, 2, 3]);

    private static Access[] Accesses(Imported imported)
    {
        var found = new List<Access>();
        void Visit(Block block)
        {
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction is LoadInstruction load)
                {
                    found.Add(load.Access);
                }
                foreach (Block inner in instruction.Blocks())
                {
                    Visit(inner);
                }
            }
        }
        Visit(imported.Use.Kernel.Body);
        return [.. found];
    }

    private static Access Only<T>(Expression<Func<long, T>> body, long magnitude = 1000, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0) =>
        Accesses(BodyHarness.Import(body, 1, magnitude, line: line)).Single();

    private static string IndexOf<T>(Expression<Func<long, T>> body, long magnitude = 1000, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0) =>
        string.Join(", ", Only(body, magnitude, line).Indices);

    private static string GuardOf<T>(Expression<Func<long, T>> body, [System.Runtime.CompilerServices.CallerLineNumber] int line = 0)
    {
        Access access = Only(body, line: line);
        return string.Join(", ", access.Guard) + (access.GuardIsExact ? "" : " inexact");
    }

    [Test]
    public void Index_WrittenAnyWay_IsAffine()
    {
        Array1D<float> x = NewArray();
        Assert.That(IndexOf(i => x[i]), Is.EqualTo("%0"));
        Assert.That(IndexOf(i => x[2 * (i - 1) + i * 3 - (4 - i)]), Is.EqualTo("6*%0 - 6"));
        Assert.That(IndexOf(i => x[-i]), Is.EqualTo("-%0"));
        Assert.That(IndexOf(i => x[(i << 2) + 1]), Is.EqualTo("4*%0 + 1"));
        Assert.That(IndexOf(i => x[i - i + 2]), Is.EqualTo("2"));
        Assert.That(IndexOf(i => Let(i + 1, m => x[m - 3])), Is.EqualTo("%0 - 2"));
        Assert.That(IndexOf(i => x[(int)i]), Is.EqualTo("%0"));
        Assert.That(IndexOf(i => x[(int)i + 1]), Is.EqualTo("%0 + 1"));
        Assert.That(IndexOf(i => x[(int)(2 * i) - 5]), Is.EqualTo("2*%0 - 5"));
        Assert.That(IndexOf(i => x[(short)i]), Is.EqualTo("%0"));
        Assert.That(IndexOf(i => x[checked((int)i + 1)]), Is.EqualTo("%0 + 1"));
    }

    [Test]
    public void Index_ThatMayWrap_IsIndirect()
    {
        Array1D<float> x = NewArray();
        Assert.That(IndexOf(i => x[(int)i], 1L << 40), Is.Not.EqualTo("%0"));
        Assert.That(IndexOf(i => x[(byte)i]), Is.Not.EqualTo("%0"));
        Assert.That(IndexOf(i => x[(uint)i]), Is.Not.EqualTo("%0"));
        Assert.That(IndexOf(i => x[(int)i * 1_000_000_000]), Is.Not.EqualTo("1000000000*%0"));
        Assert.That(IndexOf(i => x[i * i]), Is.Not.EqualTo("%0"));
    }

    [Test]
    public void Index_OfParametersAndExtents_IsAffine()
    {
        Array1D<float> x = NewArray();
        long offset = 2;
        int n = 3;
        Assert.That(IndexOf(i => x[i + offset]), Is.EqualTo("%0 + %1"));
        Assert.That(IndexOf(i => x[n - 1 - i]), Does.StartWith("-%0 + %").And.EndWith(" - 1"));
        Assert.That(IndexOf(i => x[x.Length - 1 - i]), Does.StartWith("-%0 + %").And.EndWith(" - 1"));
        Access access = Only(i => Sum(0, n, k => x[i + 2 * k]));
        Assert.That(access.Indices[0].ToString(), Does.StartWith("%0 + 2*%"));
        Assert.That(access.Guard, Has.Length.EqualTo(2));
        Assert.That(access.GuardIsExact, Is.True);
    }

    [Test]
    public void Index_ReadFromData_IsAnAtom()
    {
        Array1D<float> x = NewArray();
        Array1D<int> col = Array1D.From([0, 1, 2]);
        Array1D<long> wide = Array1D.From([0L, 1, 2]);
        Access[] narrow = Accesses(BodyHarness.Import((Expression<Func<long, float>>)(i => x[col[i]])));
        Access[] shifted = Accesses(BodyHarness.Import((Expression<Func<long, float>>)(i => x[wide[i] + 1])));

        Assert.That(narrow, Has.Length.EqualTo(2));
        Assert.That(narrow[1].Indices[0].Terms, Has.Length.EqualTo(1));
        Assert.That(shifted[1].Indices[0].Constant, Is.EqualTo(1));
    }

    [Test]
    public void Guard_OfConditions_IsExact()
    {
        Array1D<float> x = NewArray();
        Assert.That(GuardOf(i => x[i]), Is.EqualTo(""));
        Assert.That(GuardOf(i => i > 0 ? x[i - 1] : 0), Is.EqualTo("%0 - 1"));
        Assert.That(GuardOf(i => i > 0 ? 0 : x[i + 1]), Is.EqualTo("-%0"));
        Assert.That(GuardOf(i => i > 0 && i <= 5 ? x[i] : 0), Is.EqualTo("%0 - 1, -%0 + 5"));
        Assert.That(GuardOf(i => i < 0 || i > 5 ? 0 : x[i]), Is.EqualTo("%0, -%0 + 5"));
        Assert.That(GuardOf(i => i == 3 ? x[i] : 0), Is.EqualTo("%0 - 3, -%0 + 3"));
        Assert.That(GuardOf(i => !(i < 3) ? x[i] : 0), Is.EqualTo("%0 - 3"));
        Assert.That(GuardOf(i => i > 1 && x[i] > 0), Is.EqualTo("%0 - 2"));
        Assert.That(GuardOf(i => i > 1 || x[i] > 0), Is.EqualTo("-%0 + 1"));
        Assert.That(GuardOf(i => (int)i > 1 ? x[i] : 0), Is.EqualTo("%0 - 2"));
        Assert.That(GuardOf(i => Let(i > 1, isInside => isInside ? x[i] : 0)), Is.EqualTo("%0 - 2"));
    }

    [Test]
    public void Guard_OfData_IsInexact()
    {
        Array1D<float> x = NewArray();
        Array1D<bool> mask = Array1D.From([true, false, true]);
        bool flag = true;
        Assert.That(GuardOf(i => flag ? x[i] : 0), Is.EqualTo(" inexact"));
        Assert.That(GuardOf(i => i != 3 ? x[i] : 0), Is.EqualTo(" inexact"));
        Assert.That(GuardOf(i => i > 1 && flag ? x[i] : 0), Is.EqualTo("%0 - 2 inexact"));
        Assert.That(GuardOf(i => i > 0 && i < 5 ? 0 : x[i]), Is.EqualTo(" inexact"));
        Assert.That(GuardOf(i => i * i > 3 ? x[i] : 0), Is.EqualTo(" inexact"));
        Access[] accesses = Accesses(BodyHarness.Import((Expression<Func<long, float>>)(i => mask[i] && i > 1 ? x[i] : 0)));
        Assert.That(accesses[1].GuardIsExact, Is.False);
        Assert.That(string.Join(", ", accesses[1].Guard), Is.EqualTo("%0 - 2"));
    }

    [Test]
    public void Field_LoadsItsColumnsOnly()
    {
        Array1D<Wide> q = Array1D.From([new Wide(new Flow(1, 2, 3), new Flow(4, 5, 6), true)]);

        Assert.That(Accesses(BodyHarness.Import((Expression<Func<long, float>>)(i => q[i].Right.U))).Select(a => a.Column), Is.EqualTo([4]));
        Assert.That(Accesses(BodyHarness.Import((Expression<Func<long, Flow>>)(i => q[i].Right))).Select(a => a.Column), Is.EqualTo([3, 4, 5]));
        Assert.That(Accesses(BodyHarness.Import((Expression<Func<long, float>>)(i => Let(q[i], e => e.Left.H + e.Right.H)))).Select(a => a.Column), Is.EqualTo([0, 3]));
        Assert.That(Accesses(BodyHarness.Import((Expression<Func<long, float>>)(i => Let(q[i], _ => 1f)))), Has.Length.EqualTo(1));
    }

    [Test]
    public void SamePlace_IsReadOnce()
    {
        Array1D<float> x = NewArray();
        Assert.That(Only(i => x[i] * x[i] + x[(int)i]).Operand, Is.EqualTo(0));
        Assert.That(Only(i => x[i] > 0 ? x[i] : -x[i]).Guard, Is.Empty);
    }

    [Test]
    public void Borders_AreInTheAccess()
    {
        Array1D<float> x = NewArray();
        Assert.That(Only(i => x.Wrap[i - 1]).Border, Is.EqualTo(BorderKind.Wrap));
        Assert.That(Only(i => x.Clamp[i - 1]).Border, Is.EqualTo(BorderKind.Clamp));
        Assert.That(Only(i => x.Or(7f)[i - 1]).Border, Is.EqualTo(BorderKind.Or));
        Assert.That(Only(i => x.Or(2f * i)[i - 1]).OrValue, Is.Not.Null);
        BodyHarness.AssertAgrees<Func<long, float>>(i => x.Wrap[i - 1] + x.Clamp[i + 2] + x.Or(7f)[i - 1] * x.Or(i)[i], 100, Enumerable.Range(-9, 20).Select(i => new long[] { i }));
    }

    [Test]
    public void CheapArms_AreSelected()
    {
        Assert.That(BodyHarness.Import((Expression<Func<long, long>>)(i => i > 3 ? i * 2 : i / 2)).Use.Kernel.Body.Instructions, Has.None.InstanceOf<IfInstruction>());
        Assert.That(BodyHarness.Import((Expression<Func<long, long>>)(i => i > 3 ? i * 2 : 10 / i)).Use.Kernel.Body.Instructions, Has.One.InstanceOf<IfInstruction>());
        Assert.That(BodyHarness.Import((Expression<Func<long, double>>)(i => i > 3 ? Math.Sin(i) : 1)).Use.Kernel.Body.Instructions, Has.One.InstanceOf<IfInstruction>());
        Assert.That(BodyHarness.Import((Expression<Func<long, bool>>)(i => i > 3 && i < 7 || i == 11)).Use.Kernel.Body.Instructions, Has.None.InstanceOf<IfInstruction>());
    }

    [Test]
    public void Products_OfInnerSums_AreTwoFactors()
    {
        Array1D<float> x = NewArray();
        InnerSumInstruction Find(Expression<Func<long, float>> body, int line) =>
            BodyHarness.Import(body, line: line).Use.Kernel.Body.Instructions.OfType<InnerSumInstruction>().Single();

        Assert.That(Find(i => Sum(0, 3, k => x[k] * x[i]), 1).IsProduct, Is.True);
        Assert.That(Find(i => Sum(0, 3, k => (x[k] * x[i])), 2).IsProduct, Is.True);
        Assert.That(Find(i => Sum(0, 3, k => Let(x[k], a => a * a)), 3).IsProduct, Is.True);
        Assert.That(Find(i => Sum(0, 3, k => x[k] + x[i]), 4).IsProduct, Is.False);
    }

    [Test]
    public void Fma_ComesFromFusedMultiplyAddOnly()
    {
        Assert.That(BodyHarness.Import((Expression<Func<long, double>>)(i => i * 2.0 + 1)).Use.Kernel.Body.Instructions, Has.None.InstanceOf<FmaInstruction>());
        Assert.That(BodyHarness.Import((Expression<Func<long, double>>)(i => Math.FusedMultiplyAdd(i, 2, 1))).Use.Kernel.Body.Instructions, Has.One.InstanceOf<FmaInstruction>());
    }
}
