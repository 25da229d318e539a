using Avial.IR;

namespace Avial.Tests.Planning;

/// <summary>
/// Runs a kernel's integer part at one point, in order, in plain 64-bit arithmetic, and notes every read it does. Loads give pseudo-random
/// numbers that depend on the place only.
/// </summary>
internal sealed class AccessTracer(long[][] extents, Dictionary<int, long> parameters, int seed)
{
    private readonly Dictionary<int, long> _values = new(parameters);

    public List<(LoadInstruction Load, long[] Index)> Reads { get; } = [];

    public static List<(LoadInstruction Load, long[] Index)> Trace(Kernel kernel, long[][] extents, Dictionary<int, long> parameters, long[] point, int seed)
    {
        var tracer = new AccessTracer(extents, parameters, seed);
        for (int axis = 0; axis < point.Length; axis++)
        {
            tracer._values[kernel.Indices[axis].Id] = point[axis];
        }
        tracer.Run(kernel.Body);
        return tracer.Reads;
    }

    private void Run(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            switch (instruction)
            {
                case ConstantInstruction c:
                    _values[c.Result.Id] = (long)c.Bits;
                    break;
                case ExtentInstruction e:
                    _values[e.Result.Id] = extents[e.Operand][e.Axis];
                    break;
                case UnaryInstruction u:
                    _values[u.Result.Id] = u.Op == UnaryOp.Not ? 1 - _values[u.Operand.Id] : -_values[u.Operand.Id];
                    break;
                case BinaryInstruction b:
                    _values[b.Result.Id] = Binary(b.Op, _values[b.Left.Id], _values[b.Right.Id]);
                    break;
                case CompareInstruction c:
                    _values[c.Result.Id] = Compare(c.Op, _values[c.Left.Id], _values[c.Right.Id]) ? 1 : 0;
                    break;
                case SelectInstruction s:
                    _values[s.Result.Id] = _values[(_values[s.Condition.Id] != 0 ? s.IfTrue : s.IfFalse).Id];
                    break;
                case ConvertInstruction c:
                    _values[c.Result.Id] = _values[c.Operand.Id];
                    break;
                case LoadInstruction l:
                    long[] index = [.. l.Access.Indices.Select(i => i.Constant + i.Terms.Sum(t => t.Coefficient * _values[t.Atom.Id]))];
                    Reads.Add((l, index));
                    _values[l.Result.Id] = new Random(unchecked((int)(seed * 1_000_003L + l.Access.Operand * 8191 + index[0] * 31))).Next(-3, 9);
                    break;
                case IfInstruction i:
                    Block arm = _values[i.Condition.Id] != 0 ? i.Then : i.Else;
                    Run(arm);
                    for (int r = 0; r < i.Defined.Length; r++)
                    {
                        _values[i.Defined[r].Id] = _values[arm.Results[r].Id];
                    }
                    break;
                case InnerSumInstruction s:
                    for (long k = _values[s.From.Id]; k < _values[s.To.Id]; k++)
                    {
                        _values[s.Body.Parameters[0].Id] = k;
                        Run(s.Body);
                    }
                    _values[s.Result.Id] = 0;
                    break;
                default:
                    throw new InvalidOperationException($"The tracer does not know {instruction.GetType().Name}.");
            }
        }
    }

    private static bool Compare(CompareOp op, long a, long b) => op switch
    {
        CompareOp.Equal => a == b,
        CompareOp.NotEqual => a != b,
        CompareOp.Less => a < b,
        CompareOp.LessOrEqual => a <= b,
        CompareOp.Greater => a > b,
        _ => a >= b,
    };

    private static long Binary(BinaryOp op, long a, long b) => op switch
    {
        BinaryOp.Add => a + b,
        BinaryOp.Subtract => a - b,
        BinaryOp.Multiply => a * b,
        BinaryOp.Divide => a / b,
        BinaryOp.Remainder => a % b,
        BinaryOp.And => a & b,
        BinaryOp.Or => a | b,
        BinaryOp.Min => Math.Min(a, b),
        BinaryOp.Max => Math.Max(a, b),
        _ => throw new InvalidOperationException($"{op}"),
    };
}
