using Avial.Geometry;
using Avial.Graph;
using Avial.IR;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>What one load reads over a part, and over parts of that.</summary>
internal sealed partial class NodeAccess
{
    // So many parts are looked at for one read: a few points, or the way to the one that is wrong.
    private const int MostParts = 4096;

    /// <summary>
    /// True when a claim holds of a read, or else of all that the halves of its part read, and so on down to points: the box of a part also holds places between
    /// those that are read, and places that are read under conditions which exclude each other.
    /// </summary>
    public bool IsTrue(PlaceRead read, Func<PlaceRead, bool> claim)
    {
        int left = MostParts;
        return IsTrue(read, claim, ref left);
    }

    private bool IsTrue(PlaceRead read, Func<PlaceRead, bool> claim, ref int left)
    {
        if (claim(read))
        {
            return true;
        }
        if (read.By is not { Part.Count: > 1 } by)
        {
            return false;
        }
        foreach (Box half in Halves(by.Part))
        {
            if (--left < 0)
            {
                return false;
            }
            foreach (PlaceRead part in ReadsOf(by with { Part = half }))
            {
                if (!IsTrue(part, claim, ref left))
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static Box[] Halves(Box part)
    {
        int longest = Enumerable.Range(0, part.Rank).MaxBy(part.Length);
        long middle = part.Low[longest] + part.Length(longest) / 2;
        return [part.With(longest, part.Low[longest], middle), part.With(longest, middle, part.High[longest])];
    }

    private List<PlaceRead> ReadsOf(PartRead read)
    {
        IndexEnvironment environment = IndexEnvironment.Of(QueryOf(read.Use, read.Domain)) with { Part = read.Part };
        var facts = new IndexFacts(KernelStructure.Of(read.Use.Kernel), environment);
        return !facts.IsDomainEmpty && Footprints.OfAccess(new AccessModel(facts, read.Site)).Box is { IsEmpty: false } hull ? ReadsOf(read, environment, hull) : [];
    }

    /// <summary>The places that a load reads, in each of its forms, within the box of all of them.</summary>
    private List<PlaceRead> ReadsOf(PartRead read, IndexEnvironment environment, Box hull)
    {
        KernelStructure structure = KernelStructure.Of(read.Use.Kernel);
        Access access = read.Site.Access;
        int input = read.Use.Operands[access.Operand];
        var reads = new List<PlaceRead>();
        if (BufferOf(input) is not { } buffer)
        {
            return reads;
        }
        bool isWrapping = access.Border == BorderKind.Wrap;
        bool isOfPoint = IsOfPoint(read.Use.Kernel, access, read.Origin);
        bool isThroughData = (!isWrapping || access.Indices.Length == 1) && PlaceSources.IsThroughData(structure, access);
        foreach (AccessModel model in Cases(structure, environment, read.Site, new IndexCases(structure)))
        {
            if (Footprints.OfAccess(model).Box is not { IsEmpty: false } box)
            {
                continue;
            }
            bool isApart = isOfPoint || IsInPlace(input) && IsOfPointWhereWritten(read.Use.Kernel, model, read.Origin);
            foreach (Box places in isWrapping ? WrappedPlaces(buffer, model) : [box.Intersect(hull)])
            {
                reads.Add(ReadOf(buffer, input, places, ColumnMask.Of(access.Column), isApart) with { ThroughData = isThroughData ? input : -1, By = read });
            }
        }
        return reads;
    }

    private PlaceRead ReadOf(RankBuffer buffer, int input, Box box, ulong columns, bool isOfPoint)
    {
        GraphValue value = _node.Inputs[input];
        return new PlaceRead(buffer.Number, box, columns & MaskOf(value), _scope.NumberOf(value), isOfPoint);
    }
}
