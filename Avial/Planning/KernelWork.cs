using System.Collections.Immutable;
using System.Globalization;
using Avial.Geometry;
using Avial.IR;

namespace Avial.Planning;

/// <summary>What a point of a kernel does, by kind.</summary>
internal enum WorkKind : byte
{
    /// <summary>Float addition, subtraction, negation, Min, Max; one operation.</summary>
    Add,
    /// <summary>Float multiplication; one operation.</summary>
    Multiply,
    /// <summary>Multiply and add, rounded once; two operations.</summary>
    Fma,
    /// <summary>Float division or remainder; one operation.</summary>
    Divide,
    /// <summary>A scalar function.</summary>
    Function,
    /// <summary>A random number.</summary>
    Random,
    /// <summary>Integer and logical arithmetic.</summary>
    Integer,
    /// <summary>Comparisons, selections and conversions.</summary>
    Other,
}

/// <summary>Operations and bytes of one point of a kernel, for explanations and cost models.</summary>
internal sealed class KernelWork
{
    private readonly double[] _counts = new double[Enum.GetValues<WorkKind>().Length];
    private readonly HashSet<(int Operand, int Column, string Place)> _read = [];
    private readonly IndexFacts _facts;

    private KernelWork(IndexFacts facts) => _facts = facts;

    /// <summary>Bytes read by one point: distinct places of the body, in loops once for each iteration.</summary>
    public double BytesRead { get; private set; }

    /// <summary>Bytes of the results of one point.</summary>
    public double BytesWritten { get; private set; }

    /// <summary>True when some loop's trip count is not known: its body is counted once.</summary>
    public bool IsPerIteration { get; private set; }

    /// <summary>Bytes of the operands that the whole domain touches, each element once.</summary>
    public double FootprintBytes { get; private set; }

    /// <summary>The points of the domain; for a symbolic one, of the box around it.</summary>
    public double Points { get; private set; }

    /// <summary>Float operations of one point; an fma counts two, a function one.</summary>
    public double Operations => this[WorkKind.Add] + this[WorkKind.Multiply] + 2 * this[WorkKind.Fma] + this[WorkKind.Divide] + this[WorkKind.Function];

    /// <summary>Float operations per byte that has to move between memory and processor when every element moves once.</summary>
    public double Intensity => Points == 0 ? 0 : Operations / (FootprintBytes / Points + BytesWritten);

    public double this[WorkKind kind] => _counts[(int)kind];

    public static KernelWork Of(in BoundsQuery query)
    {
        Kernel kernel = query.Use.Kernel;
        var facts = new IndexFacts(KernelStructure.Of(kernel), IndexEnvironment.Of(query));
        var work = new KernelWork(facts) { BytesWritten = kernel.ResultTypes.Sum(t => t.Size()), Points = 1 };
        foreach (Value index in kernel.Indices)
        {
            Interval range = facts.FactOf(index).Range;
            work.Points *= facts.IsDomainEmpty ? 0 : (double)(range.Max - range.Min + 1);
        }
        work.Count(kernel.Body, 1);
        Footprints footprints = Footprints.Of(query);
        foreach ((int operand, int column) in footprints.Accesses.Select(a => (a.Operand, a.Column)).Distinct())
        {
            if (footprints.OfColumn(operand, column) is { } box)
            {
                double elements = Enumerable.Range(0, box.Rank).Aggregate(1.0, (n, axis) => n * box.Length(axis));
                work.FootprintBytes += elements * kernel.Operands[operand].Columns[column].Size();
            }
        }
        return work;
    }

    /// <summary><c>4 add, 1 multiply; 16 B read, 4 B written; 0.62 operations/B</c>.</summary>
    public override string ToString()
    {
        IEnumerable<string> kinds = Enum.GetValues<WorkKind>().Where(k => this[k] > 0)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{this[k]:0.#} {k.ToString().ToLowerInvariant()}"));
        string counts = string.Join(", ", kinds);
        return string.Create(CultureInfo.InvariantCulture,
            $"{(counts.Length == 0 ? "no arithmetic" : counts)}{(IsPerIteration ? " (inner loops counted once)" : "")}; "
            + $"{BytesRead:0.#} B read, {BytesWritten:0.#} B written; {Intensity:0.##} operations/B");
    }

    private void Count(Block block, double times)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            switch (instruction)
            {
                case LoadInstruction load:
                    CountRead(load.Access, times);
                    break;
                case IfInstruction choice:
                    CountChoice(choice, times);
                    break;
                case ForInstruction loop:
                    Count(loop.Body, times * TripsOf(loop));
                    break;
                case InnerSumInstruction sum:
                    double trips = times * TripsOf(sum);
                    Count(sum.Body, trips);
                    _counts[(int)(sum.IsProduct ? WorkKind.Fma : WorkKind.Add)] += trips;
                    break;
                case WhileInstruction loop:
                    IsPerIteration = true;
                    Count(loop.Condition, times);
                    Count(loop.Body, times);
                    break;
                default:
                    if (KindOf(instruction) is { } kind)
                    {
                        _counts[(int)kind] += times;
                    }
                    break;
            }
        }
    }

    /// <summary>The dearer arm counts.</summary>
    private void CountChoice(IfInstruction choice, double times)
    {
        (double[] before, double read) = ([.. _counts], BytesRead);
        Count(choice.Then, times);
        (double[] then, double thenRead) = ([.. _counts], BytesRead);
        before.CopyTo(_counts, 0);
        BytesRead = read;
        Count(choice.Else, times);
        if (then.Sum() > _counts.Sum() || then.Sum() == _counts.Sum() && thenRead > BytesRead)
        {
            then.CopyTo(_counts, 0);
        }
        BytesRead = Math.Max(thenRead, BytesRead);
    }

    private void CountRead(Access access, double times)
    {
        if (_read.Add((access.Operand, access.Column, $"{access.Border}[{string.Join(", ", access.Indices)}]")))
        {
            BytesRead += times * _facts.Structure.Kernel.Operands[access.Operand].Columns[access.Column].Size();
        }
    }

    /// <summary>The trip count, for bounds that vary the mean of the least and the greatest; 1 where it depends on data.</summary>
    private double TripsOf(Instruction loop)
    {
        (Value from, Value to) = IndexFacts.BoundsOf(loop);
        AffineForm trips = _facts.FactOf(to).Form - _facts.FactOf(from).Form;
        FormRange range = _facts.SystemFor([trips]).Range(trips);
        if (range.Min is { } min && range.Max is { } max)
        {
            return (Math.Max(0, (double)min) + Math.Max(0, (double)max)) / 2;
        }
        IsPerIteration = true;
        return 1;
    }

    private static WorkKind? KindOf(Instruction instruction) => instruction switch
    {
        FmaInstruction => WorkKind.Fma,
        MathInstruction => WorkKind.Function,
        RandomInstruction => WorkKind.Random,
        UnaryInstruction u => u.Result.Type.IsFloat() ? WorkKind.Add : WorkKind.Integer,
        BinaryInstruction b when !b.Result.Type.IsFloat() => WorkKind.Integer,
        BinaryInstruction { Op: BinaryOp.Multiply } => WorkKind.Multiply,
        BinaryInstruction { Op: BinaryOp.Divide or BinaryOp.Remainder } => WorkKind.Divide,
        BinaryInstruction => WorkKind.Add,
        CompareInstruction or SelectInstruction or ConvertInstruction => WorkKind.Other,
        _ => null,
    };
}
