using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Backends.Lowering;

/// <summary>
/// Matrix products and their kin in blocks, in the order of the inner sum (rule 3), which is that of such a product: chunks of 256 terms, each from +0 on, added one after another.
/// <code>
/// for each block of rows, for each panel of columns
///     for each chunk of k
///         panel[k, l] = b(k, j + l)
///         for i in the block, a tile's rows at a time
///             sums[r, l] = +0; for k in the chunk: sums[r, l] = fma(a(i + r, k), panel[k, l], sums[r, l])
///             totals[i + r, l] += sums[r, l]
///     out(i, j + l) = kernel with totals[i, l]
/// </code>
/// Sums of more than one group of chunks, and matrices smaller than a tile, are computed row by row.
/// </summary>
internal sealed class ProductLowering
{
    private const int Chunk = 1 << KernelLowering.ChunkBits;

    // With a chunk of k these rows of the first factor stay in the second cache: half a MiB of doubles.
    private const int BlockRows = 256;

    private readonly FunctionBuilder _function;
    private readonly KernelLowering _kernel;
    private readonly Contraction _contraction;
    private readonly OutputColumns _outputs;
    private readonly ScalarType _type;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _rank;

    private ProductLowering(FunctionBuilder function, KernelLowering kernel, Contraction contraction, OutputColumns outputs, ProductTile tile, int rank)
    {
        _function = function;
        _kernel = kernel;
        _contraction = contraction;
        _outputs = outputs;
        _type = contraction.Sum.Result.Type;
        _rows = tile.Rows;
        _columns = tile.Columns(_type);
        _rank = rank;
    }

    /// <summary>Emits the nest over the call's part of the box.</summary>
    /// <param name="function">The function being built.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="contraction">What it contracts.</param>
    /// <param name="outputs">Where its results go.</param>
    /// <param name="tile">The tile that registers hold.</param>
    /// <param name="rank">The rank of the domain, 2 or more.</param>
    /// <param name="emitRow">Emits a row the ordinary way.</param>
    public static void Emit(
        FunctionBuilder function, KernelLowering kernel, Contraction contraction, OutputColumns outputs, ProductTile tile, int rank, Action<DomainRow> emitRow) =>
        new ProductLowering(function, kernel, contraction, outputs, tile, rank).EmitOuter([], emitRow);

    private void EmitOuter(ImmutableArray<Value> outer, Action<DomainRow> emitRow)
    {
        int axis = outer.Length;
        if (axis < _rank - 2)
        {
            _function.For(_function.BoxLow[axis], _function.BoxHigh[axis], index => EmitOuter(outer.Add(index), emitRow), LoopKind.Threads, isOverBox: true);
            return;
        }
        (Value low, Value high) = (_function.BoxLow[axis], _function.BoxHigh[axis]);
        (Value left, Value right) = (_function.BoxLow[axis + 1], _function.BoxHigh[axis + 1]);
        (Value from, Value to) = _kernel.RangeOf(_contraction, [.. outer, low, left]);
        Value isLarge = _function.And(
            _function.Compare(CompareOp.GreaterOrEqual, _function.Subtract(high, low), _function.Constant(_rows)),
            _function.Compare(CompareOp.GreaterOrEqual, _function.Subtract(right, left), _function.Constant(_columns)));
        Value last = _function.Add(to, -1);
        Value isOneGroup = _function.And(_function.Less(from, to),
            _function.Compare(CompareOp.Equal, _function.ShiftRight(from, KernelLowering.GroupBits), _function.ShiftRight(last, KernelLowering.GroupBits)));
        _function.If(_function.And(isLarge, isOneGroup), () => EmitBlocks(outer, from, to),
            () => _function.For(low, high, row => emitRow(new DomainRow([.. outer, row, left], axis + 1, left, right, IsOverBox: true)), LoopKind.Threads, isOverBox: true));
    }

    private void EmitBlocks(ImmutableArray<Value> outer, Value from, Value to)
    {
        int axis = outer.Length;
        int panel = _function.Local("panel", _type, Chunk * _columns);
        int totals = _function.Local("totals", _type, BlockRows * _columns);
        Value bottom = _function.BoxHigh[axis];
        Value right = _function.BoxHigh[axis + 1];
        Value firstChunk = _function.ShiftRight(from, KernelLowering.ChunkBits);
        Value endChunk = _function.Add(_function.ShiftRight(_function.Add(to, -1), KernelLowering.ChunkBits), 1);
        _function.For(_function.BoxLow[axis], bottom, top =>
        {
            Value end = _function.Min(_function.Add(top, BlockRows), bottom);
            Value count = _function.Subtract(end, top);
            Value whole = _function.Add(top, _function.Multiply(_function.Binary(BinaryOp.Divide, count, _function.Constant(_rows)), _rows));
            _function.For(_function.BoxLow[axis + 1], right, left =>
            {
                Value width = _function.Min(_function.Constant(_columns), _function.Subtract(right, left));
                _function.For(_function.Constant(0), _function.Multiply(count, _columns),
                    place => _function.Store(totals, place, KernelLowering.NegativeZero(_function, _type)), LoopKind.Simd);
                _function.For(firstChunk, endChunk, chunk =>
                {
                    (Value start, Value stop) = KernelLowering.TermsOf(_function, chunk, from, to);
                    Pack(panel, outer, left, width, start, stop);
                    _function.For(top, whole, row => AddTile(outer, row, left, start, stop, panel, totals, _function.Subtract(row, top), _rows), step: _rows);
                    _function.For(whole, end, row => AddTile(outer, row, left, start, stop, panel, totals, _function.Subtract(row, top), 1));
                });
                _function.For(top, end, row =>
                {
                    Value first = _function.Multiply(_function.Subtract(row, top), _columns);
                    _function.For(_function.Constant(0), width, place =>
                    {
                        ImmutableArray<Value> element = [.. outer, row, _function.Add(left, place)];
                        Value total = _function.LoadNow(totals, _function.Add(first, place));
                        _outputs.Store(element, _kernel.EmitAround(_contraction, element, total));
                    }, LoopKind.Simd);
                });
            }, step: _columns);
        }, step: BlockRows);
    }

    // Columns beyond the last are filled with zeros: their sums are computed and not used.
    private void Pack(int panel, ImmutableArray<Value> outer, Value left, Value width, Value start, Value stop)
    {
        Value top = _function.BoxLow[outer.Length];
        _function.For(start, stop, k =>
        {
            Value first = _function.Multiply(_function.Subtract(k, start), _columns);
            void Copy(Value end) => _function.For(_function.Constant(0), end, place => _function.Store(panel, _function.Add(first, place),
                _kernel.Factor(_contraction, _contraction.ColumnFactor, [.. outer, top, _function.Add(left, place)], k)), LoopKind.Simd);

            _function.If(_function.Compare(CompareOp.Equal, width, _function.Constant(_columns)), () => Copy(_function.Constant(_columns)), () =>
            {
                Copy(width);
                _function.For(width, _function.Constant(_columns), place => _function.Store(panel, _function.Add(first, place), _function.Zero(_type)), LoopKind.Simd);
            });
        });
    }

    private void AddTile(
        ImmutableArray<Value> outer, Value row, Value left, Value start, Value stop, int panel, int totals, Value rowInBlock, int rows)
    {
        Value[] sums = _function.For(start, stop, [.. Enumerable.Repeat(_function.Zero(_type), rows * _columns)], (k, carried) =>
        {
            Value place = _function.Multiply(_function.Subtract(k, start), _columns);
            Value[] b = [.. Enumerable.Range(0, _columns).Select(l => _function.LoadNow(panel, _function.Add(place, l)))];
            var next = new Value[carried.Length];
            for (int r = 0; r < rows; r++)
            {
                Value a = _kernel.Factor(_contraction, _contraction.RowFactor, [.. outer, _function.Add(row, r), left], k);
                for (int l = 0; l < _columns; l++)
                {
                    next[r * _columns + l] = _function.Fma(a, b[l], carried[r * _columns + l]);
                }
            }
            return next;
        });
        Value first = _function.Multiply(rowInBlock, _columns);
        for (int i = 0; i < sums.Length; i++)
        {
            Value place = _function.Add(first, i);
            _function.Store(totals, place, _function.Binary(BinaryOp.Add, _function.LoadNow(totals, place), sums[i], Motion.Stay));
        }
    }
}
