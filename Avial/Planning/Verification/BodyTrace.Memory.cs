using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

internal sealed partial class BodyTrace
{
    /// <summary>A launch or combination: every read is there in its version, then the results are.</summary>
    private void Touch(RankState state, int step, int node, ReadOnlySpan<int> named, ImmutableArray<Box> parts = default)
    {
        NodeAccess access = state.Steps.AccessOf(step);
        foreach (int buffer in named)
        {
            if (buffer >= 0 && state.Contents[buffer] is null)
            {
                Report(state, step, PlanViolationKind.Lifetime, $"{NameOf(node)} uses b{buffer}, which has no memory");
                return;
            }
        }
        foreach (string problem in access.Problems)
        {
            Report(state, step, PlanViolationKind.Form, $"{NameOf(node)}: {problem}");
        }
        foreach (PlaceRead read in access.Reads)
        {
            bool isGathered = read.ThroughData >= 0 && !parts.IsDefault && IsGathered(state, read, node, parts);
            if (!isGathered && !access.IsTrue(read, r => MissingOf(state, r.Buffer, r.Box, r.Columns, r.Value) is null))
            {
                Read(state, step, read.Buffer, read.Box, read.Columns, read.Value, NameOf(node));
            }
        }
        foreach (PlaceRead read in access.Reads)
        {
            foreach (PlaceWrite write in access.Writes)
            {
                if (!read.IsOwn && state.Steps.ShareMemory(read.Buffer, write.Buffer) && !access.IsTrue(read, r => IsSafeInPlace(r, write)))
                {
                    Report(state, step, PlanViolationKind.Race, $"{NameOf(node)} reads b{read.Buffer} {read.Box} while it writes b{write.Buffer} {write.Box}");
                }
            }
        }
        foreach (PlaceWrite write in access.Writes)
        {
            Write(state, step, write.Buffer, write.Box, write.Columns, write.Value);
        }
    }

    private static bool IsSafeInPlace(PlaceRead read, PlaceWrite write) =>
        read.Buffer == write.Buffer && (read.IsOfPoint || read.Box.Intersect(write.Box).IsEmpty);

    private void Read(RankState state, int step, int buffer, Box box, ulong columns, int value, string reader)
    {
        if (MissingOf(state, buffer, box, columns, value) is not { } missing)
        {
            return;
        }
        RankBuffer held = state.Body.Buffers[buffer];
        if (state.Contents[buffer] is not { } contents)
        {
            Report(state, step, PlanViolationKind.Lifetime, $"{reader} reads b{buffer}, which has no memory");
        }
        else if (!held.Window.Contains(box))
        {
            Report(state, step, PlanViolationKind.Read, $"{reader} reads {box} of {_scope.NameOf(value)} in b{buffer}, whose window is {held.Window}");
        }
        else
        {
            Report(state, step, PlanViolationKind.Read,
                $"{reader} reads {box} of {_scope.NameOf(value)} in b{buffer}; {missing} of it is not there{Instead(contents, missing, columns)}");
        }
    }

    /// <summary>A part of a box where a buffer does not hold a value; null when it holds all of it.</summary>
    private Box? MissingOf(RankState state, int buffer, Box box, ulong columns, int value)
    {
        RankBuffer held = state.Body.Buffers[buffer];
        if (box.IsEmpty)
        {
            return null;
        }
        return state.Contents[buffer] is { } contents && held.Window.Contains(box) ? BufferContents.Uncovered(box, columns, _scope.Find(contents, held.Type, value)) : box;
    }

    private string Instead(BufferContents contents, Box box, ulong columns)
    {
        string[] found = [.. contents.Within(box, columns).Select(h => _scope.NameOf(h.Value)).Distinct()];
        return found.Length == 0 ? "" : $", but {string.Join(" and ", found)}";
    }

    private void Write(RankState state, int step, int buffer, Box box, ulong columns, int value)
    {
        if (!CanWrite(state, step, buffer, box))
        {
            return;
        }
        state.Write(buffer, box, columns & state.Steps.AllColumns(buffer), value);
    }

    private bool CanWrite(RankState state, int step, int buffer, Box box)
    {
        RankBuffer target = state.Body.Buffers[buffer];
        if (box.IsEmpty)
        {
            return false;
        }
        if (state.Contents[buffer] is null)
        {
            Report(state, step, PlanViolationKind.Lifetime, $"b{buffer} is written and has no memory");
            return false;
        }
        if (!target.Window.Contains(box))
        {
            Report(state, step, PlanViolationKind.Write, $"{box} of b{buffer} is written, whose window is {target.Window}");
            return false;
        }
        foreach (int shown in state.Memory[buffer]!.Shown)
        {
            if (state.Borrowed.TryGetValue(shown, out Box? kept) && (shown != buffer || kept is not { } own || !own.Intersect(box).IsEmpty))
            {
                Report(state, step, PlanViolationKind.Write, $"{box} of b{buffer} is written, which belongs to others");
                return false;
            }
        }
        return true;
    }

    private void Free(RankState state, int step, int buffer, bool isLastUse = false)
    {
        if (state.Contents[buffer] is null)
        {
            Report(state, step, PlanViolationKind.Lifetime, $"b{buffer} is given back and has no memory");
        }
        else if (state.Borrowed.ContainsKey(buffer))
        {
            Report(state, step, PlanViolationKind.Lifetime, $"b{buffer} is given back, which belongs to others");
        }
        else
        {
            MemoryState memory = state.Memory[buffer]!;
            state.Drop(buffer);
            // Names that a reshape gave go with the memory when nothing uses them any more.
            foreach (int shown in memory.Shown.ToArray())
            {
                if (state.Steps.IsAfterLastUse(isLastUse ? step + 1 : step, shown) && !state.Borrowed.ContainsKey(shown) && !state.Body.Results.Contains(shown))
                {
                    state.Drop(shown);
                }
            }
        }
    }

    /// <summary>What a message or copy takes with it, in the places of its target.</summary>
    private List<Held> Take(RankState state, int step, Piece from, Piece to)
    {
        var taken = new List<Held>();
        if (from.Box.IsEmpty)
        {
            return taken;
        }
        if (state.Contents[from.Buffer] is not { } contents)
        {
            Report(state, step, PlanViolationKind.Lifetime, $"b{from.Buffer} is sent or copied and has no memory");
            return taken;
        }
        ulong columns = from.Columns & state.Steps.AllColumns(from.Buffer);
        // Where nobody needs a value it may be undefined, and its copy is then too: who reads that is told.
        List<Held> within = contents.Within(from.Box, columns);
        ImmutableArray<long> shift = [.. to.Box.Low.Zip(from.Box.Low, (t, f) => t - f)];
        foreach (Held held in within)
        {
            taken.Add(held with { Box = Places.Shift(held.Box, shift) });
        }
        return taken;
    }

    private void Receive(RankState state, int step, Piece to, List<Held> taken)
    {
        if (CanWrite(state, step, to.Buffer, to.Box))
        {
            state.Write(to.Buffer, to.Box, to.Columns & state.Steps.AllColumns(to.Buffer), taken);
        }
    }

    private void Reshape(RankState state, int step, ReshapeStep reshape)
    {
        GraphValue source = _scope.Region.Nodes[reshape.Node].Inputs[0];
        var result = new GraphValue(reshape.Node, 0);
        RankBuffer from = state.Body.Buffers[reshape.From];
        RankBuffer to = state.Body.Buffers[reshape.To];
        // Between the two there may be the flat array, whose elements are known by the result's name.
        bool isFromFlat = IsFlat(from, result) && !GraphEquality.AreEqual(from.Type, _scope.Region.TypeOf(source));
        if (!isFromFlat && !HasType(state, step, reshape.From, source) | !(IsFlat(to, result) && !isFromFlat || HasType(state, step, reshape.To, result)))
        {
            return;
        }
        if (state.Contents[reshape.From] is not { } contents)
        {
            Report(state, step, PlanViolationKind.Lifetime, $"b{reshape.From} is reshaped and has no memory");
            return;
        }
        if (state.Contents[reshape.To] is not null)
        {
            Report(state, step, PlanViolationKind.Lifetime, $"b{reshape.To} has memory already");
            return;
        }
        state.Show(reshape.From, reshape.To);
        if (!Reshaping.IsSame(from, to))
        {
            Report(state, step, PlanViolationKind.Form, $"the window {from.Window} of {from.Type} does not hold the elements of {to.Window} of {to.Type} in the same order");
            return;
        }
        foreach (Held held in _scope.Find(contents, from.Type, _scope.NumberOf(isFromFlat ? result : source)))
        {
            foreach (Box box in Reshaping.Map(held.Box, from, to))
            {
                state.Contents[reshape.To]!.Write(to.Window.IsEmpty ? to.Window : box, held.Columns, _scope.NumberOf(result));
            }
        }
    }

    private bool IsFlat(RankBuffer buffer, GraphValue value)
    {
        ArrayType type = _scope.Region.TypeOf(value);
        return GraphEquality.AreEqual(buffer.Type, new ArrayType(type.Element, [type.Count]));
    }

    private bool HasType(RankState state, int step, int buffer, GraphValue value)
    {
        bool isSame = GraphEquality.AreEqual(state.Body.Buffers[buffer].Type, _scope.Region.TypeOf(value));
        if (!isSame)
        {
            Report(state, step, PlanViolationKind.Form, $"{value} is {_scope.Region.TypeOf(value)}, its buffer b{buffer} {state.Body.Buffers[buffer].Type}");
        }
        return isSame;
    }
}
