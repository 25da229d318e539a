using System.Collections.Immutable;
using Avial.Backends;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>What a step reads of a value in a buffer, in places.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Box">The places.</param>
/// <param name="Columns">The columns.</param>
/// <param name="Value">The value, by number, that has to be there.</param>
/// <param name="IsOfPoint">True when each point reads only what stands where it writes.</param>
/// <param name="IsOwn">True for what a sweep or scatter reads of its own output's buffer.</param>
/// <param name="ThroughData">The input that is read, where data decides at which of the places; else -1.</param>
/// <param name="By">The load that reads, where the read is that of a kernel over a part.</param>
internal readonly record struct PlaceRead(int Buffer, Box Box, ulong Columns, int Value, bool IsOfPoint = false, bool IsOwn = false, int ThroughData = -1, PartRead? By = null);

/// <summary>One load of a kernel that runs over a part.</summary>
internal sealed record PartRead(KernelUse Use, IterationDomain Domain, Box Part, ImmutableArray<long> Origin, LoadSite Site);

/// <summary>What a step writes.</summary>
internal readonly record struct PlaceWrite(int Buffer, Box Box, ulong Columns, int Value);

/// <summary>
/// What a launch or combination touches, computed anew from the kernels: every read as the places of its buffer's window where the kernel looks.
/// </summary>
internal sealed partial class NodeAccess
{
    // Values that are one of two forms, of which both are looked at: so many in one access.
    private const int MostCases = 4;

    private readonly BodyScope _scope;
    private readonly RankBody _body;
    private readonly int _number;
    private readonly GraphNode _node;
    private readonly ImmutableArray<int> _inputs;
    private readonly ImmutableArray<int> _outputs;
    private ImmutableArray<Box> _parts = [];

    private NodeAccess(BodyScope scope, RankBody body, int number, ImmutableArray<int> inputs, ImmutableArray<int> outputs)
    {
        _scope = scope;
        _body = body;
        _number = number;
        _node = scope.Region.Nodes[number];
        _inputs = inputs;
        _outputs = outputs;
    }

    public List<PlaceRead> Reads { get; } = [];

    public List<PlaceWrite> Writes { get; } = [];

    /// <summary>What cannot be: parts outside the domain, missing buffers.</summary>
    public List<string> Problems { get; } = [];

    public static NodeAccess Of(BodyScope scope, RankBody body, LaunchStep step)
    {
        var access = new NodeAccess(scope, body, step.Node, step.Inputs, step.Outputs);
        access.Launch(step.Parts, step.Within);
        return access;
    }

    public static NodeAccess Of(BodyScope scope, RankBody body, CombineStep step)
    {
        var access = new NodeAccess(scope, body, step.Node, step.Inputs, [step.Output]);
        access.Combine(step);
        return access;
    }

    public static NodeAccess Of(BodyScope scope, RankBody body, ScanStep step)
    {
        var access = new NodeAccess(scope, body, step.Node, step.Inputs, [step.Output]);
        access.Scan(step);
        return access;
    }

    public static NodeAccess Of(BodyScope scope, RankBody body, ScatterStep step, RankId rank)
    {
        var access = new NodeAccess(scope, body, step.Node, step.Inputs, [step.Output]);
        access.Scatter(step, rank);
        return access;
    }

    private void Launch(ImmutableArray<Box> parts, Band? within)
    {
        if (within is { } only && (_node.Operation is not SweepOperation || only.Normal.Length != parts[0].Rank || !only.Normal.Contains(1) && !only.Normal.Contains(-1)))
        {
            Problems.Add($"the band {only} is none of a sweep's part");
            return;
        }
        _parts = parts;
        ImmutableArray<IterationDomain> domains = _node.Operation is ViewOperation
            ? [Elementwise.DomainOf(_node.Operation.Outputs[0])]
            : Passes.Kernels.DomainsOf(_node.Operation);
        if (domains.Length != parts.Length)
        {
            Problems.Add($"there are {parts.Length} parts for {domains.Length} domains");
            return;
        }
        for (int piece = 0; piece < parts.Length; piece++)
        {
            if (domains[piece].Rank != parts[piece].Rank)
            {
                Problems.Add($"the part {parts[piece]} is none of the domain {domains[piece]}");
                return;
            }
            if (_scope.DomainOf(_node, domains[piece]) is not { } domain)
            {
                Problems.Add($"the domain {domains[piece]} is not known before the plan runs");
                return;
            }
            if (!domain.Contains(parts[piece]))
            {
                Problems.Add($"the part {parts[piece]} leaves the domain {domain}");
                return;
            }
            Part(piece, domain, parts[piece], within);
        }
    }

    private void Part(int piece, Box domain, Box part, Band? within)
    {
        switch (_node.Operation)
        {
            case MapOperation map when !part.IsEmpty:
                Kernel(map.Pieces[piece].Use, map.Pieces[piece].Domain, part, map.Origin);
                Write(Places.Shift(part, map.Origin, -1));
                break;
            case FillOperation when !part.IsEmpty:
                Write(part);
                break;
            case ViewOperation view when !part.IsEmpty:
                View(view, part);
                Write(part);
                break;
            case ReduceOperation reduce:
                Reduce(reduce, domain, part);
                break;
            case ScanOperation scan when !part.IsEmpty:
                if (part.Low[scan.Axis] != domain.Low[scan.Axis] || part.High[scan.Axis] != domain.High[scan.Axis])
                {
                    Problems.Add($"the part {part} does not hold whole lines of the scan over {domain} along axis {scan.Axis}");
                }
                Kernel(scan.Use, scan.Domain, part, default);
                Write(Places.Shift(part, domain.Low, -1));
                break;
            case ScatterOperation scatter:
                if (part != domain && !(part.IsEmpty && domain.IsEmpty))
                {
                    Problems.Add($"the part {part} is not the whole domain {domain} of the scatter");
                }
                Kernel(scatter.Use, scatter.Domain, part, default);
                Own(_node.Operation.Outputs[0].Box, _node.Inputs[scatter.Into]);
                Write(_node.Operation.Outputs[0].Box);
                break;
            case SweepOperation sweep when !part.IsEmpty:
                ImmutableArray<Box> slices = within is { } band ? [.. band.Cut(part)] : [part];
                foreach (Box slice in slices)
                {
                    Kernel(sweep.Use, sweep.Domain, slice, default, firstOperand: 1);
                    Write(slice);
                }
                SweepReads.Add(this, sweep, domain, part, slices);
                break;
            case MapOperation or FillOperation or ViewOperation or ScanOperation or SweepOperation:
                break;
            default:
                Problems.Add($"{_node.Operation.GetType().Name} is not launched");
                break;
        }
    }

    private void Reduce(ReduceOperation reduce, Box domain, Box part)
    {
        var low = ImmutableArray.CreateBuilder<long>();
        var high = ImmutableArray.CreateBuilder<long>();
        bool isWhole = true;
        for (int axis = 0; axis < domain.Rank; axis++)
        {
            if (reduce.Axes.Contains(axis))
            {
                isWhole &= part.Length(axis) == domain.Length(axis) && (part.Length(axis) == 0 || part.Low[axis] == domain.Low[axis]);
            }
            else
            {
                low.Add(part.Low[axis] - domain.Low[axis]);
                high.Add(part.High[axis] - domain.Low[axis]);
            }
        }
        var written = new Box(low.ToImmutable(), high.ToImmutable());
        if (written.IsEmpty || part.IsEmpty && !isWhole)
        {
            return;
        }
        if (!isWhole)
        {
            Problems.Add($"the part {part} does not hold the whole of the axes {string.Join(", ", reduce.Axes)} of {domain}");
        }
        Kernel(reduce.Use, reduce.Domain, part, default);
        Write(written);
    }

    private void Combine(CombineStep step)
    {
        if (_node.Operation is not ReduceOperation reduce || reduce.Axes.Length != reduce.Domain.Rank)
        {
            Problems.Add("only a reduction over all axes is combined");
            return;
        }
        if (_scope.DomainOf(_node, reduce.Domain) is not { } domain || domain.Rank != step.Part.Rank || !domain.Contains(step.Part))
        {
            Problems.Add($"the part {step.Part} leaves the domain {reduce.Domain}");
            return;
        }
        if (step.IsLocal && step.Part != domain && !(step.Part.IsEmpty && domain.IsEmpty))
        {
            Problems.Add($"the part {step.Part} is not the whole domain {domain}, and nothing is exchanged");
        }
        if (!step.Part.IsEmpty)
        {
            if (!step.IsLocal && IsFoldedInLeaves(reduce) && !IsOfWholeLeaves(step.Part, domain))
            {
                Problems.Add($"the part {step.Part} is not cut at multiples of {LeafStages.LeafLength} along the last axis of {domain}");
            }
            Kernel(reduce.Use, reduce.Domain, step.Part, default);
        }
        Write(_node.Operation.Outputs[0].Box);
    }

    private static bool IsFoldedInLeaves(ReduceOperation reduce) =>
        reduce.Combiner.Kind == CombinerKind.Fold || reduce.Combiner.Kind == CombinerKind.Product && reduce.Use.Kernel.ResultTypes[0].IsFloat();

    private static bool IsOfWholeLeaves(Box part, Box domain) =>
        part.Rank == 0 || (part.Low[^1] == domain.Low[^1] || part.Low[^1] % LeafStages.LeafLength == 0) && (part.High[^1] == domain.High[^1] || part.High[^1] % LeafStages.LeafLength == 0);

    private void Scan(ScanStep step)
    {
        var scan = (ScanOperation)_node.Operation;
        if (step.Part.IsEmpty || _scope.DomainOf(_node, scan.Domain) is not { } domain || domain.Rank != step.Part.Rank || !domain.Contains(step.Part))
        {
            Problems.Add($"the part {step.Part} is none of the domain {scan.Domain}");
            return;
        }
        (long low, long high) = (step.Part.Low[scan.Axis], step.Part.High[scan.Axis]);
        bool beginsLow = low == domain.Low[scan.Axis];
        bool endsHigh = high == domain.High[scan.Axis];
        if (!beginsLow && low % CarriedScan.LeafLength != 0 || !endsHigh && high % CarriedScan.LeafLength != 0)
        {
            Problems.Add($"the part {step.Part} is not cut at multiples of {CarriedScan.LeafLength} along axis {scan.Axis}");
        }
        (bool begins, bool ends) = scan.Domain.Axes[scan.Axis].IsReversed ? (endsHigh, beginsLow) : (beginsLow, endsHigh);
        if (begins != step.CarryFrom is null || ends != step.CarryTo is null)
        {
            Problems.Add($"the part {step.Part} {(begins ? "begins" : "does not begin")} and {(ends ? "ends" : "does not end")} the lines of {domain}");
        }
        Kernel(scan.Use, scan.Domain, step.Part, default);
        Write(Places.Shift(step.Part, domain.Low, -1));
    }

    private void Scatter(ScatterStep step, RankId rank)
    {
        var scatter = (ScatterOperation)_node.Operation;
        Box target = _node.Operation.Outputs[0].Box;
        if (_scope.DomainOf(_node, scatter.Domain) is not { } domain || domain.Rank != step.Part.Rank || !domain.Contains(step.Part))
        {
            Problems.Add($"the part {step.Part} leaves the domain {scatter.Domain}");
            return;
        }
        if (step.Target.Space != target)
        {
            Problems.Add($"its target is owned as {step.Target} of {step.Target.Space}, and is {target}");
            return;
        }
        if (step.Exchange == ScatterExchange.Alone && step.Part != domain && !(step.Part.IsEmpty && domain.IsEmpty))
        {
            Problems.Add($"the part {step.Part} is not the whole domain {domain}, and nothing is exchanged");
        }
        if (step.Exchange != ScatterExchange.Alone && !SharedScatter.IsFor(scatter))
        {
            Problems.Add("it is shared, and a combination may stop an element");
        }
        if (step.Exchange == ScatterExchange.Merged && !SharedScatter.IsInAnyOrder(scatter))
        {
            Problems.Add("parts are merged, and the order of contributions matters");
        }
        CheckKept(step, scatter);
        Kernel(scatter.Use, scatter.Domain, step.Part, default);
        if (step.Target.TryOwn(rank, out Box own))
        {
            Own(own, _node.Inputs[scatter.Into]);
            Write(own);
        }
    }

    /// <summary>All that a kernel reads while it runs over a part.</summary>
    private void Kernel(KernelUse use, IterationDomain domain, Box part, ImmutableArray<long> origin, int firstOperand = 0)
    {
        foreach (KernelArgument argument in use.Arguments)
        {
            if (argument.Kind == ArgumentKind.Input)
            {
                ReadScalar(argument.Position, argument.Column);
            }
        }
        KernelStructure structure = KernelStructure.Of(use.Kernel);
        if (part.IsEmpty || structure.Loads.IsEmpty)
        {
            return;
        }
        BoundsQuery query = QueryOf(use, domain);
        Footprints footprints = Footprints.Of(query, part);
        for (int n = 0; n < structure.Loads.Length; n++)
        {
            LoadSite site = structure.Loads[n];
            if (site.Access.Operand >= firstOperand && footprints.Accesses[n].Box is { IsEmpty: false } hull)
            {
                Reads.AddRange(ReadsOf(new PartRead(use, domain, part, origin, site), IndexEnvironment.Of(query) with { Part = part }, hull));
            }
        }
    }

    /// <summary>The access as it is for either form of each value that is one of two, a minimum or a choice: all of them together are what is read.</summary>
    private static IEnumerable<AccessModel> Cases(KernelStructure structure, IndexEnvironment environment, LoadSite site, IndexCases cases)
    {
        var model = new AccessModel(new IndexFacts(structure, environment, cases), site);
        bool isEmpty = model.System.IsInfeasible();
        if (cases.Open < 0 || cases.Count >= MostCases)
        {
            return isEmpty ? [] : [model];
        }
        return Cases(structure, environment, site, cases.With(true)).Concat(Cases(structure, environment, site, cases.With(false)));
    }

    /// <summary>A periodic read looks at index − corner modulo the extent, from the window's corner on.</summary>
    private static List<Box> WrappedPlaces(RankBuffer buffer, AccessModel model)
    {
        List<Box> boxes = [buffer.Window];
        for (int axis = 0; axis < model.Indices.Length; axis++)
        {
            boxes = Cut(boxes, axis, RangeOf(model, axis), buffer.Window.Low[axis], model.Extents[axis]);
        }
        return boxes;
    }

    private static Interval? RangeOf(AccessModel model, int axis) =>
        model.Indices[axis] is { } index && Interval.Long.Contains(index.Range) ? Footprints.RangeOf(model, null, index).Range : null;

    private void View(ViewOperation view, Box part)
    {
        ImmutableArray<long> extents = _scope.Region.TypeOf(_node.Inputs[0]).Extents;
        var low = new long[extents.Length];
        var high = new long[extents.Length];
        for (int axis = 0; axis < extents.Length; axis++)
        {
            LinearBound offset = view.Offsets.IsDefaultOrEmpty ? 0 : view.Offsets[axis];
            foreach (BoundTerm term in offset.Terms)
            {
                ReadScalar(term.Input, 0);
            }
            Int128 first = view.Maps[axis].Constant;
            Int128 last = first;
            foreach (AffineTerm term in view.Maps[axis].Terms)
            {
                Int128 atLow = (Int128)term.Coefficient * part.Low[term.Atom.Id];
                Int128 atHigh = (Int128)term.Coefficient * (part.High[term.Atom.Id] - 1);
                first += Int128.Min(atLow, atHigh);
                last += Int128.Max(atLow, atHigh);
            }
            (low[axis], high[axis]) = _scope.BoundOf(_node, offset) is { } shift
                ? ((long)Int128.Max(0, first + shift), (long)Int128.Min(extents[axis], last + shift + 1))
                : (0, extents[axis]);
        }
        var box = new Box([.. low], [.. high]);
        if (!box.IsEmpty)
        {
            Read(0, box, Piece.AllColumns, isOfPoint: false);
        }
    }

    private SymbolRange[] Symbols => field ??= [.. Enumerable.Range(0, _node.Inputs.Length)
        .Where(i => _scope.IntegerOf(_node.Inputs[i]) is not null)
        .Select(i => new SymbolRange(i, _scope.IntegerOf(_node.Inputs[i])!.Value, _scope.IntegerOf(_node.Inputs[i])!.Value))];

    private ArrayType[] InputTypes => field ??= [.. _node.Inputs.Select(_scope.Region.TypeOf)];

    /// <summary>The elements that an access reads, as boxes: for what a sweep reads of itself.</summary>
    public static List<Box> ElementsOf(AccessModel model)
    {
        List<Box> boxes = Footprints.OfAccess(model).Box is { IsEmpty: false } box ? [box] : [];
        for (int axis = 0; axis < model.Indices.Length && model.Site.Access.Border == BorderKind.Wrap; axis++)
        {
            boxes = Cut(boxes, axis, RangeOf(model, axis), 0, model.Extents[axis]);
        }
        return boxes;
    }

    /// <summary>Boxes cut along an axis to where the places of a periodic read lie in a turn that begins at <paramref name="corner"/>.</summary>
    private static List<Box> Cut(List<Box> boxes, int axis, Interval? range, long corner, long extent)
    {
        ImmutableArray<(long Low, long High)> places = range is { } known ? Places.OfWrapped(known.Min, known.Max, corner, extent) : [(corner, corner + extent)];
        return [.. boxes.SelectMany(b => places.Select(p => b.With(axis, p.Low, p.High)))];
    }

    private BoundsQuery QueryOf(KernelUse use, IterationDomain domain) =>
        new() { Use = use, Domain = domain, Inputs = InputTypes, Scalars = _scope.ScalarsOf(_node) ?? [], Symbols = Symbols };

    /// <summary>One access of a sweep over a part, in each of its forms.</summary>
    public IEnumerable<AccessModel> ModelsOf(KernelUse use, IterationDomain domain, Box part, LoadSite site)
    {
        KernelStructure structure = KernelStructure.Of(use.Kernel);
        return Cases(structure, IndexEnvironment.Of(QueryOf(use, domain)) with { Part = part }, site, new IndexCases(structure));
    }

    public GraphValue InputValue(int input) => _node.Inputs[input];

    public GraphValue OutputValue => new(_number, 0);

    /// <summary>What is read of the output's own buffer. <paramref name="isWrapping"/>: elements are looked for in the turn that begins at the window's corner.</summary>
    public void Own(Box box, GraphValue value, ulong columns = Piece.AllColumns, bool isWrapping = false)
    {
        if (box.IsEmpty || _outputs[0] < 0 || _outputs[0] >= _body.Buffers.Length)
        {
            return;
        }
        List<Box> places = [box];
        for (int axis = 0; axis < box.Rank && isWrapping; axis++)
        {
            RankBuffer buffer = _body.Buffers[_outputs[0]];
            places = Cut(places, axis, new Interval(box.Low[axis], box.High[axis] - 1), buffer.Window.Low[axis], buffer.Type.Extents[axis]);
        }
        foreach (Box place in places)
        {
            Reads.Add(new PlaceRead(_outputs[0], place, columns & MaskOf(value), _scope.NumberOf(value), IsOwn: true));
        }
    }

    // A map reads its numbers before it writes.
    private void ReadScalar(int input, int column) => Read(input, new Box([], []), ColumnMask.Of(column), isOfPoint: _node.Operation is MapOperation);

    private void Read(int input, Box box, ulong columns, bool isOfPoint)
    {
        if (BufferOf(input) is { } buffer)
        {
            Reads.Add(ReadOf(buffer, input, box, columns, isOfPoint));
        }
    }

    private ulong MaskOf(GraphValue value) => ColumnMask.OfFirst(_scope.Region.TypeOf(value).Element.Columns.Length);

    private RankBuffer? BufferOf(int input)
    {
        if (input >= _inputs.Length || _inputs[input] < 0 || _inputs[input] >= _body.Buffers.Length)
        {
            Problems.Add($"input {input} ({_node.Inputs[input]}) is read, and has no buffer");
            return null;
        }
        RankBuffer buffer = _body.Buffers[_inputs[input]];
        if (!GraphEquality.AreEqual(buffer.Type, _scope.Region.TypeOf(_node.Inputs[input])))
        {
            Problems.Add($"input {input} is {_scope.Region.TypeOf(_node.Inputs[input])}, its buffer b{buffer.Number} {buffer.Type}");
            return null;
        }
        return buffer;
    }

    private void Write(Box box)
    {
        for (int output = 0; output < _node.Operation.Outputs.Length; output++)
        {
            int number = output < _outputs.Length ? _outputs[output] : -1;
            if (number < 0 || number >= _body.Buffers.Length)
            {
                Problems.Add($"output {output} has no buffer");
                continue;
            }
            var value = new GraphValue(_number, output);
            if (!GraphEquality.AreEqual(_body.Buffers[number].Type, _scope.Region.TypeOf(value)))
            {
                Problems.Add($"output {output} is {_scope.Region.TypeOf(value)}, its buffer b{number} {_body.Buffers[number].Type}");
                continue;
            }
            Writes.Add(new PlaceWrite(number, box, MaskOf(value), _scope.NumberOf(value)));
        }
    }

    private bool IsInPlace(int input) => input < _inputs.Length && _inputs[input] >= 0 && _outputs.Contains(_inputs[input]) && _node.Operation is MapOperation or SweepOperation;

    /// <summary>True when no point reads what another point writes: where a read falls into a part, it is at its own place. Not known counts as no.</summary>
    private bool IsOfPointWhereWritten(Kernel kernel, AccessModel model, ImmutableArray<long> origin)
    {
        if (model.Indices.Length != kernel.Rank || model.Indices.Contains(null) || model.Site.Access.Border is BorderKind.Wrap or BorderKind.Clamp && !IsInside(model))
        {
            return false;
        }
        AffineSystem system = WithPoints(model);
        foreach (Box part in _parts)
        {
            Box written = Places.Shift(part, origin, -1);
            var inside = new List<AffineForm>();
            for (int axis = 0; axis < kernel.Rank; axis++)
            {
                AffineForm place = model.Indices[axis]!.Value.Form;
                inside.Add(place - written.Low[axis]);
                inside.Add(-place + (written.High[axis] - 1));
            }
            for (int axis = 0; axis < kernel.Rank && !part.IsEmpty; axis++)
            {
                AffineForm own = model.Facts.FactOf(kernel.Indices[axis]).Form - (origin.IsDefaultOrEmpty ? 0 : origin[axis]);
                AffineForm beyond = model.Indices[axis]!.Value.Form - own;
                if (!system.With([.. inside, beyond - 1]).IsInfeasible() || !system.With([.. inside, -beyond - 1]).IsInfeasible())
                {
                    return false;
                }
            }
        }
        return true;
    }

    /// <summary>What holds wherever an access is executed, the ranges of all index variables among it.</summary>
    public static AffineSystem WithPoints(AccessModel model)
    {
        var points = new List<AffineForm>();
        foreach (Value index in model.Facts.Structure.Kernel.Indices)
        {
            IndexFact point = model.Facts.FactOf(index);
            points.Add(point.Form - point.Range.Min);
            points.Add(-point.Form + point.Range.Max);
        }
        return model.System.With([.. points]);
    }

    // What never leaves the array has no border.
    private static bool IsInside(AccessModel model)
    {
        for (int axis = 0; axis < model.Indices.Length; axis++)
        {
            (Interval range, _) = Footprints.RangeOf(model, null, model.Indices[axis]!.Value);
            if (range.Min < 0 || range.Max >= model.Extents[axis])
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>True when the read's place is the written one for every point.</summary>
    private static bool IsOfPoint(Kernel kernel, Access access, ImmutableArray<long> origin)
    {
        if (access.Indices.Length != kernel.Rank)
        {
            return false;
        }
        for (int axis = 0; axis < access.Indices.Length; axis++)
        {
            long shift = origin.IsDefaultOrEmpty ? 0 : -origin[axis];
            if (access.Indices[axis].Terms is not [{ Coefficient: 1 } only] || only.Atom.Id != kernel.Indices[axis].Id || access.Indices[axis].Constant != shift)
            {
                return false;
            }
        }
        return true;
    }
}
