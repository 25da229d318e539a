using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>What an inspection touches: what decides where the node reads an input.</summary>
internal sealed partial class NodeAccess
{
    public static NodeAccess Of(BodyScope scope, RankBody body, InspectStep step)
    {
        var access = new NodeAccess(scope, body, step.Node, step.Inputs, []);
        access.Inspect(step);
        return access;
    }

    /// <summary>For an inspection: all that the node reads of the inspected input at places which data decides, by whatever rank, and the columns.</summary>
    public List<(Box Box, ulong Columns)> Inspected { get; } = [];

    private void Inspect(InspectStep step)
    {
        ImmutableArray<KernelUse> uses = Passes.Kernels.UsesOf(_node.Operation);
        ImmutableArray<IterationDomain> domains = Passes.Kernels.DomainsOf(_node.Operation);
        if (_node.Operation is SweepOperation || uses.IsEmpty || uses.Length != step.Parts.Length || step.Input < 0 || step.Input >= _node.Inputs.Length)
        {
            Problems.Add($"there are {step.Parts.Length} parts for {uses.Length} kernels, and input {step.Input} is inspected");
            return;
        }
        SortedSet<int> deciding = InputsOf(domains);
        for (int piece = 0; piece < uses.Length; piece++)
        {
            if (_scope.DomainOf(_node, domains[piece]) is not { } domain || domain.Rank != step.Parts[piece].Rank || !domain.Contains(step.Parts[piece]) && !step.Parts[piece].IsEmpty)
            {
                Problems.Add($"the part {step.Parts[piece]} is none of the domain {domains[piece]}");
                return;
            }
            Inspect(step, uses[piece], domains[piece], step.Parts[piece], deciding);
        }
        CheckKept(step.Lasting, deciding);
    }

    private void Inspect(InspectStep step, KernelUse use, IterationDomain domain, Box part, SortedSet<int> deciding)
    {
        KernelStructure structure = KernelStructure.Of(use.Kernel);
        LoadSite[] inspected = [.. structure.Loads.Where(l => use.Operands[l.Access.Operand] == step.Input && PlaceSources.IsThroughData(structure, l.Access))];
        PlaceSources sources = PlaceSources.Of(structure, inspected);
        if (inspected.Any(l => sources.Loads.Contains(l.Load)))
        {
            Problems.Add($"what is read of input {step.Input} decides where it is read");
        }
        AddInspected(step, use, domain, structure, inspected);
        deciding.UnionWith(InputsOf(use, sources));
        foreach (KernelArgument argument in ArgumentsOf(use, sources))
        {
            ReadScalar(argument.Position, argument.Column);
        }
        if (part.IsEmpty || sources.Loads.Count == 0)
        {
            return;
        }
        var query = new BoundsQuery { Use = use, Domain = domain, Inputs = InputTypes, Scalars = _scope.ScalarsOf(_node) ?? [], Symbols = Symbols };
        Footprints footprints = Footprints.Of(query, part);
        for (int n = 0; n < structure.Loads.Length; n++)
        {
            Access access = structure.Loads[n].Access;
            if (!sources.Loads.Contains(structure.Loads[n].Load) || footprints.Accesses[n].Box is not { IsEmpty: false } box)
            {
                continue;
            }
            if (access.Border != BorderKind.Wrap)
            {
                Read(use.Operands[access.Operand], box, ColumnMask.Of(access.Column), isOfPoint: false);
                continue;
            }
            if (BufferOf(use.Operands[access.Operand]) is { } buffer)
            {
                var facts = new IndexFacts(structure, IndexEnvironment.Of(query) with { Part = part });
                foreach (Box places in WrappedPlaces(buffer, new AccessModel(facts, structure.Loads[n])))
                {
                    Reads.Add(ReadOf(buffer, use.Operands[access.Operand], places, ColumnMask.Of(access.Column), isOfPoint: false));
                }
            }
        }
    }

    private void AddInspected(InspectStep step, KernelUse use, IterationDomain domain, KernelStructure structure, LoadSite[] inspected)
    {
        Box whole = InputTypes[step.Input].Box;
        BoundsQuery query = QueryOf(use, domain);
        Footprints footprints = Footprints.Of(query);
        foreach (LoadSite site in inspected)
        {
            if (footprints.Accesses[structure.Loads.IndexOf(site)].Box is not { IsEmpty: false } hull)
            {
                continue;
            }
            foreach (AccessModel model in Cases(structure, IndexEnvironment.Of(query), site, new IndexCases(structure)))
            {
                if (Footprints.OfAccess(model).Box is { IsEmpty: false } box)
                {
                    Inspected.Add((site.Access.Border == BorderKind.Wrap ? whole : box.Intersect(hull).Intersect(whole), ColumnMask.Of(site.Access.Column)));
                }
            }
        }
    }

    /// <summary>Where the places of a scatter stay, nothing changes that decides them.</summary>
    private void CheckKept(ScatterStep step, ScatterOperation scatter)
    {
        if (!step.Lasting.IsKept)
        {
            return;
        }
        if (step.Exchange is not (ScatterExchange.Ordered or ScatterExchange.Numbered))
        {
            Problems.Add("places are kept, and no contribution travels");
        }
        SortedSet<int> deciding = InputsOf([scatter.Domain]);
        var sources = PlaceSources.OfResults(KernelStructure.Of(scatter.Use.Kernel), scatter.Use.Kernel, scatter.Outputs[0].Rank);
        deciding.UnionWith(InputsOf(scatter.Use, sources));
        CheckKept(step.Lasting, deciding);
    }

    private static SortedSet<int> InputsOf(ImmutableArray<IterationDomain> domains) =>
        [.. domains.SelectMany(d => d.Axes).SelectMany(a => a.Low.Terms.Concat(a.High.Terms)).Select(t => t.Input)];

    private static IEnumerable<int> InputsOf(KernelUse use, PlaceSources sources) =>
        sources.Loads.Select(l => use.Operands[l.Access.Operand]).Concat(ArgumentsOf(use, sources).Select(a => a.Position));

    private static IEnumerable<KernelArgument> ArgumentsOf(KernelUse use, PlaceSources sources) =>
        sources.Parameters.Select(p => use.Arguments[p]).Where(a => a.Kind == ArgumentKind.Input);

    /// <summary>What is found once for all steps of a loop, or for all runs, comes from what does not change in them.</summary>
    private void CheckKept(Lasting lasting, SortedSet<int> deciding)
    {
        foreach (int input in deciding)
        {
            (int? source, int levels) = _scope.OriginOf(_node.Inputs[input]);
            if (levels < lasting.Loops)
            {
                Problems.Add($"it is kept for {lasting.Loops} loops around, and input {input} decides, which changes in {lasting.Loops - levels} of them");
            }
            if (lasting.Sources is { } sources && (source is not { } parameter || !sources.Contains(parameter)))
            {
                Problems.Add($"it is kept from run to run, and input {input} decides, which is none of the sources {string.Join(", ", sources)}");
            }
        }
    }
}
