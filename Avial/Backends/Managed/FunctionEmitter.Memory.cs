using System.Reflection.Emit;
using Avial.IR;

namespace Avial.Backends.Managed;

/// <content>Addresses, loads and stores.</content>
internal sealed partial class FunctionEmitter
{
    private void EmitRowPointers(Instruction loop)
    {
        foreach (RowPointer row in _plan.Loop(loop)!.RowPointers)
        {
            row.Local ??= _il.DeclareLocal(typeof(byte*));
            _il.Emit(OpCodes.Ldloc, _buffers[row.Buffer]);
            AddTerms(row.Terms, 0, BufferType(row.Buffer).Size());
            _il.Emit(OpCodes.Stloc, row.Local);
        }
    }

    private void PushAddress(Instruction access)
    {
        MemoryAddress address = _plan.Address(access);
        _il.Emit(OpCodes.Ldloc, address.Row?.Local ?? _buffers[address.Buffer]);
        AddTerms(address.Terms, address.Constant, BufferType(address.Buffer).Size());
    }

    // pointer + term * size … + constant * size: the shape the JIT turns into one addressing mode.
    private void AddTerms(LinearTerm[] terms, long constant, int size)
    {
        foreach (LinearTerm term in terms)
        {
            if (_unrolled.TryGetValue(term.Atom.Id, out long counter))
            {
                constant += counter * term.Coefficient;
                continue;
            }
            Push(term.Atom);
            if (term.Coefficient * size != 1)
            {
                _il.Emit(OpCodes.Ldc_I8, term.Coefficient * size);
                _il.Emit(OpCodes.Mul);
            }
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }
        if (constant != 0)
        {
            _il.Emit(OpCodes.Ldc_I8, constant * size);
            _il.Emit(OpCodes.Conv_I);
            _il.Emit(OpCodes.Add);
        }
    }

    private void EmitLoad(ScalarType type)
    {
        if (type == ScalarType.F16)
        {
            _il.Emit(OpCodes.Ldobj, typeof(Half));
            return;
        }
        _il.Emit(type switch
        {
            ScalarType.Bool or ScalarType.U8 => OpCodes.Ldind_U1,
            ScalarType.I8 => OpCodes.Ldind_I1,
            ScalarType.I16 => OpCodes.Ldind_I2,
            ScalarType.U16 => OpCodes.Ldind_U2,
            ScalarType.I32 => OpCodes.Ldind_I4,
            ScalarType.U32 => OpCodes.Ldind_U4,
            ScalarType.F32 => OpCodes.Ldind_R4,
            ScalarType.F64 => OpCodes.Ldind_R8,
            _ => OpCodes.Ldind_I8,
        });
    }

    private void EmitStore(ScalarType type)
    {
        if (type == ScalarType.F16)
        {
            _il.Emit(OpCodes.Stobj, typeof(Half));
            return;
        }
        _il.Emit(type switch
        {
            ScalarType.F32 => OpCodes.Stind_R4,
            ScalarType.F64 => OpCodes.Stind_R8,
            _ => type.Size() switch
            {
                1 => OpCodes.Stind_I1,
                2 => OpCodes.Stind_I2,
                4 => OpCodes.Stind_I4,
                _ => OpCodes.Stind_I8,
            },
        });
    }
}
