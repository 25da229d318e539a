using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Geometry;
using Avial.Graph;
using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// Proves, for every read of a kernel, that it stays inside its array; marks what has to be checked when run; refuses what certainly leaves.
/// </summary>
internal static class BoundsAnalysis
{
    /// <summary>
    /// The kernel with every <see cref="Access.Proof"/> filled in (the same object when nothing changes). Throws AVL0301 for a read outside
    /// its array that would certainly be executed and AVL0302 for a border read of an array without elements.
    /// </summary>
    public static Kernel Prove(in BoundsQuery query) => BoundsCache.Prove(query);

    /// <summary>The same without looking at earlier results.</summary>
    internal static Kernel ProveAnew(in BoundsQuery query)
    {
        KernelStructure structure = KernelStructure.Of(query.Use.Kernel);
        if (structure.Loads.IsEmpty)
        {
            return query.Use.Kernel;
        }
        var facts = new IndexFacts(structure, IndexEnvironment.Of(query));
        bool isEmpty = facts.IsDomainEmpty;
        var proofs = new Dictionary<LoadInstruction, BoundsProof>(ReferenceEqualityComparer.Instance);
        foreach (LoadSite site in structure.Loads)
        {
            proofs[site.Load] = isEmpty ? BoundsProof.Proven : ProofOf(new AccessModel(facts, site), query);
        }
        return KernelRewriter.WithProofs(query.Use.Kernel, proofs);
    }

    private static BoundsProof ProofOf(AccessModel model, in BoundsQuery query)
    {
        Access access = model.Site.Access;
        if (access.Border == BorderKind.Or)
        {
            return BoundsProof.Proven;
        }
        if (access.Border != BorderKind.None)
        {
            if (!model.Extents.Contains(0))
            {
                return BoundsProof.Proven;
            }
            if (model.System.IsInfeasible())
            {
                return BoundsProof.Proven;
            }
            if (Witness.TryFind(model, model.System) is not null)
            {
                throw Throw.EmptyBorder(BoundsMessage.Describe(model, query), access.Border, query.Span);
            }
            return BoundsProof.CheckElement;
        }

        bool proven = true;
        for (int axis = 0; axis < access.Indices.Length; axis++)
        {
            proven &= IsInside(model, axis, query);
        }
        if (proven)
        {
            return BoundsProof.Proven;
        }
        return access.Indices.All(index => index.Terms.All(t => IsAffineAtom(model.Facts.Structure, t.Atom))) ? BoundsProof.CheckRange : BoundsProof.CheckElement;
    }

    private static bool IsInside(AccessModel model, int axis, in BoundsQuery query)
    {
        if (model.Indices[axis] is not { } index)
        {
            return false;
        }
        long extent = model.Extents[axis];
        // The index is computed modulo 2^64; where its exact value lies in the array, so does the computed one.
        if (index.Range.Min >= 0 && index.Range.Max < extent)
        {
            return true;
        }
        bool below = IsExcluded(model, index.Range.Min >= 0, -index.Form - 1, axis, isBelow: true, query);
        bool above = IsExcluded(model, index.Range.Max < extent, index.Form - extent, axis, isBelow: false, query);
        return below && above;
    }

    private static bool IsExcluded(AccessModel model, bool isClear, AffineForm outside, int axis, bool isBelow, in BoundsQuery query)
    {
        if (isClear)
        {
            return true;
        }
        if (!outside.IsModerate)
        {
            return false;
        }
        AffineSystem system = model.System.With(outside);
        if (system.IsInfeasible())
        {
            return true;
        }
        if (Witness.TryFind(model, system, axis) is { } witness)
        {
            throw Throw.ReadOutside(BoundsMessage.ReadOutside(model, system, axis, isBelow, witness, query), query.Span);
        }
        return false;
    }

    /// <summary>Indices, inductions, parameters, extents and constants; an index made of these has a range that is known before the loop runs.</summary>
    private static bool IsAffineAtom(KernelStructure structure, Value atom)
    {
        Definition definition = structure[atom];
        return definition.Kind is DefinitionKind.Index or DefinitionKind.Parameter or DefinitionKind.Induction
            || definition.Instruction is ExtentInstruction or ConstantInstruction
            || definition.Instruction is ConvertInstruction convert && structure[convert.Operand].Kind == DefinitionKind.Parameter;
    }
}
