using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Lowers the body of a kernel at one element into the block being built. One object per (function, use); call
/// <see cref="Emit"/> for each place where the body is evaluated.
/// </summary>
internal sealed partial class KernelLowering
{
    private readonly FunctionBuilder _function;
    private readonly Kernel _kernel;
    private readonly BufferBinding[] _operands;
    private readonly ImmutableArray<KernelArgument> _arguments;
    private readonly BorderPeeling _borders;
    private readonly bool _isSweep;
    private readonly int _marks;

    private Dictionary<int, Value> _values = [];
    private ImmutableArray<Value> _element = [];

    /// <param name="function">The function being built.</param>
    /// <param name="use">The kernel and where its operands come from.</param>
    /// <param name="self">For a sweep: the output that operand 0 reads, in place.</param>
    /// <param name="inPlace">The inputs that are read where an output is written over them.</param>
    /// <param name="marks">The input whose reads mark their places instead; -1 for none.</param>
    public KernelLowering(FunctionBuilder function, KernelUse use, int? self = null, InPlaceInputs inPlace = default, int marks = -1)
    {
        _function = function;
        _kernel = use.Kernel;
        _isSweep = self is not null;
        _marks = marks;
        _operands = [.. use.Operands.Select(inPlace.Bind)];
        _arguments = use.Arguments;
        _borders = new BorderPeeling(_kernel);
        if (self is { } output)
        {
            // Operand 0 of a sweep is the array itself and has no position among the inputs.
            _operands = use.Operands.Length == _kernel.Operands.Length ? _operands[1..] : _operands;
            _operands = [new BufferBinding(BufferSource.Output, output, 0), .. _operands];
        }
    }

    /// <summary>The reads with borders that loops may be split for.</summary>
    public BorderPeeling Borders => _borders;

    /// <summary>Where along an index variable no peelable border is reached.</summary>
    public (Value? Low, Value? High) Interior(int variable) => _borders.Interior(_function, variable, Inside);

    /// <summary>The results of the kernel at these indices, in the block being built.</summary>
    /// <param name="indices">The index variables.</param>
    /// <param name="isInterior">True where no peelable border can be reached (see <see cref="Borders"/>).</param>
    public Value[] Emit(ImmutableArray<Value> indices, bool isInterior = false)
    {
        _element = indices;
        _isInterior = isInterior;
        _values = Bind(indices);
        return Lower(_kernel.Body);
    }

    /// <summary>The values at hand where the body begins: indices and parameters.</summary>
    private Dictionary<int, Value> Bind(ImmutableArray<Value> indices)
    {
        var values = new Dictionary<int, Value>();
        for (int i = 0; i < _kernel.Rank; i++)
        {
            values[_kernel.Indices[i].Id] = indices[i];
        }
        for (int i = 0; i < _kernel.Parameters.Length; i++)
        {
            Value parameter = _kernel.Parameters[i];
            KernelArgument argument = _arguments[i];
            values[parameter.Id] = argument.Kind == ArgumentKind.Scalar
                ? _function.Scalar(new ScalarBinding(ScalarSource.Captured, argument.Position), parameter.Type)
                : _function.Scalar(new ScalarBinding(ScalarSource.Input, argument.Position, argument.Column), parameter.Type);
        }
        return values;
    }

    /// <summary>The results of a combiner (a kernel of rank 0 whose parameters are two elements).</summary>
    public static Value[] Combine(FunctionBuilder function, Kernel kernel, Value[] left, Value[] right, ImmutableArray<Value> element)
    {
        var lowering = new KernelLowering(function, new KernelUse(kernel, [], [])) { _element = element };
        Value[] arguments = [.. left, .. right];
        for (int i = 0; i < arguments.Length; i++)
        {
            lowering._values[kernel.Body.Parameters[i].Id] = arguments[i];
        }
        return lowering.Lower(kernel.Body);
    }

    private Value Of(Value kernelValue) => _values.TryGetValue(kernelValue.Id, out Value value)
        ? value
        : throw new InternalErrorException($"The kernel uses {kernelValue} where it is not defined.");

    private Value[] Lower(Block block)
    {
        foreach (Instruction instruction in block.Instructions)
        {
            Lower(instruction);
        }
        return [.. block.Results.Select(Of)];
    }

    private void Define(Value kernelValue, Value value) => _values[kernelValue.Id] = value;

    private void Define(ImmutableArray<Value> kernelValues, Value[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            Define(kernelValues[i], values[i]);
        }
    }

    private void Lower(Instruction instruction)
    {
        switch (instruction)
        {
            case ConstantInstruction constant:
                Define(constant.Result, _function.Constant(constant.Result.Type, constant.Bits));
                break;
            case UnaryInstruction unary:
                Define(unary.Result, Lower(unary));
                break;
            case BinaryInstruction binary:
                Define(binary.Result, Lower(binary));
                break;
            case CompareInstruction compare:
                Define(compare.Result, _function.Compare(compare.Op, Of(compare.Left), Of(compare.Right)));
                break;
            case ConvertInstruction convert:
                Define(convert.Result, Lower(convert));
                break;
            case SelectInstruction select:
                Define(select.Result, _function.Select(Of(select.Condition), Of(select.IfTrue), Of(select.IfFalse)));
                break;
            case FmaInstruction fma:
                Define(fma.Result, _function.Fma(Of(fma.A), Of(fma.B), Of(fma.C)));
                break;
            case MathInstruction math:
                Define(math.Defined[0], Lower(math));
                break;
            case RandomInstruction random:
                Define(random.Result, Lower(random));
                break;
            case ExtentInstruction extent:
                Define(extent.Result, Extent(extent.Operand, extent.Axis));
                break;
            case LoadInstruction load:
                Define(load.Result, Lower(load.Access));
                break;
            case IfInstruction branch:
                Define(branch.Defined, _function.If(Of(branch.Condition), () => Lower(branch.Then), () => Lower(branch.Else)));
                break;
            case ForInstruction loop:
                Define(loop.Defined, Lower(loop));
                break;
            case InnerSumInstruction sum:
                Define(sum.Result, Lower(sum));
                break;
            case WhileInstruction loop:
                Define(loop.Defined, Lower(loop));
                break;
            case TrapIfInstruction trap:
                Trap(Of(trap.Condition), trap.Kind, trap.Span, "", [.. trap.Details.Select(Of)]);
                break;
            default:
                throw new InternalErrorException($"A kernel cannot hold {instruction.GetType().Name}.");
        }
    }
}
