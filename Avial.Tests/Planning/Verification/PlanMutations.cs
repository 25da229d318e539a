using System.Collections.Immutable;
using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Tests.Planning.Verification;

/// <summary>One plan made from a right one by one change.</summary>
internal sealed record Mutation(string Name, ImmutableArray<RankPlan> Plans);

/// <summary>Breaks plans in every way: each step dropped, doubled, swapped and moved, each box shrunk, shifted and grown, each number changed.</summary>
internal static class PlanMutations
{
    public static IEnumerable<Mutation> Of(ImmutableArray<RankPlan> plans)
    {
        for (int rank = 0; rank < plans.Length; rank++)
        {
            RankPlan plan = plans[rank];
            foreach ((string name, RankBody body) in OfBody(plan.Body, plan.Ranks))
            {
                yield return new Mutation($"rank {rank}: {name}", plans.SetItem(rank, plan with { Body = body }));
            }
        }
    }

    private static IEnumerable<(string Name, RankBody Body)> OfBody(RankBody body, int ranks)
    {
        for (int step = 0; step < body.Steps.Length; step++)
        {
            RankStep old = body.Steps[step];
            yield return ($"drop step {step} ({old.GetType().Name})", Drop(body, step));
            yield return ($"double step {step} ({old.GetType().Name})", Insert(body, step + 1, old with { After = old.After.Add(step) }));
            if (step > 0)
            {
                yield return ($"swap steps {step - 1} and {step}", Swap(body, step - 1));
                yield return ($"move step {step} to the front", Insert(Drop(body, step), 0, old with { After = [] }));
            }
            foreach (int edge in old.After)
            {
                yield return ($"drop the edge {edge} to {step}", With(body, step, old with { After = old.After.Remove(edge) }));
            }
            foreach ((string name, RankStep changed) in OfStep(body, old, ranks))
            {
                yield return ($"{name} in step {step} ({old.GetType().Name})", With(body, step, changed));
            }
        }
        foreach ((string name, RankBody changed) in OfFrame(body, ranks))
        {
            yield return (name, changed);
        }
    }

    private static IEnumerable<(string Name, RankBody Body)> OfFrame(RankBody body, int ranks)
    {
        foreach (RankBuffer buffer in body.Buffers)
        {
            foreach ((string name, Box window) in OfBox(buffer.Window))
            {
                yield return ($"{name} the window of b{buffer.Number}", body with { Buffers = body.Buffers.SetItem(buffer.Number, buffer with { Window = window }) });
            }
            BufferOrigin other = buffer.Origin == BufferOrigin.Given ? BufferOrigin.Step : BufferOrigin.Given;
            yield return ($"change the origin of b{buffer.Number}", body with { Buffers = body.Buffers.SetItem(buffer.Number, buffer with { Origin = other }) });
        }
        for (int n = 0; n < body.Parameters.Length; n++)
        {
            foreach (int other in Others(body, body.Parameters[n]))
            {
                yield return ($"parameter {n} in b{other}", body with { Parameters = body.Parameters.SetItem(n, other) });
            }
            foreach (Distribution owner in Owners(body.ParameterOwners[n], ranks))
            {
                yield return ($"parameter {n} owned {owner}", body with { ParameterOwners = body.ParameterOwners.SetItem(n, owner) });
            }
        }
        for (int n = 0; n < body.Results.Length; n++)
        {
            foreach (int other in Others(body, body.Results[n]))
            {
                yield return ($"result {n} in b{other}", body with { Results = body.Results.SetItem(n, other) });
            }
            foreach (Distribution owner in Owners(body.ResultOwners[n], ranks))
            {
                yield return ($"result {n} owned {owner}", body with { ResultOwners = body.ResultOwners.SetItem(n, owner) });
            }
        }
    }

    private static IEnumerable<Distribution> Owners(Distribution owner, int ranks)
    {
        if (owner.Kind != DistributionKind.Everywhere)
        {
            yield return Distribution.Everywhere(owner.Space, ranks);
        }
        if (owner.Kind != DistributionKind.OnOne || owner.Root.Value != 0)
        {
            yield return Distribution.OnOne(owner.Space, new RankId(0), ranks);
        }
    }

    private static IEnumerable<(string Name, RankStep Step)> OfStep(RankBody body, RankStep step, int ranks)
    {
        switch (step)
        {
            case AllocateStep allocate:
                return Others(body, allocate.Buffer).Where(b => b >= 0).Select(b => ($"b{b}", (RankStep)(allocate with { Buffer = b })));
            case FreeStep free:
                return Others(body, free.Buffer).Where(b => b >= 0).Select(b => ($"b{b}", (RankStep)(free with { Buffer = b })));
            case LaunchStep launch:
                return [
                    .. launch.Parts.SelectMany((part, n) => OfBox(part).Select(m => ($"{m.Name} part {n}", (RankStep)(launch with { Parts = launch.Parts.SetItem(n, m.Box) })))),
                    .. launch.Within is { } band ? OfBand(band).Select(m => ($"{m.Name} the band", (RankStep)(launch with { Within = m.Band }))) : [],
                    .. OfBuffers(body, launch.Inputs, "input", changed => launch with { Inputs = changed }),
                    .. OfBuffers(body, launch.Outputs, "output", changed => launch with { Outputs = changed }),
                    .. OtherNodes(body, launch.Node).Select(n => ($"%{n}", (RankStep)(launch with { Node = n }))),
                ];
            case CombineStep combine:
                return [
                    .. OfBox(combine.Part).Select(m => ($"{m.Name} the part", (RankStep)(combine with { Part = m.Box }))),
                    .. OfBuffers(body, combine.Inputs, "input", changed => combine with { Inputs = changed }),
                    .. OfBuffers(body, [combine.Output], "output", changed => combine with { Output = changed[0] }),
                    ("turn local", combine with { IsLocal = !combine.IsLocal }),
                    ("tag", combine with { Tag = combine.Tag + 1 }),
                ];
            case ScatterStep scatter:
                return [
                    .. OfBox(scatter.Part).Select(m => ($"{m.Name} the part", (RankStep)(scatter with { Part = m.Box }))),
                    .. OfBuffers(body, scatter.Inputs, "input", changed => scatter with { Inputs = changed }),
                    .. OfBuffers(body, [scatter.Output], "output", changed => scatter with { Output = changed[0] }),
                    .. Owners(scatter.Target, ranks).Select(owner => ($"owned {owner}", (RankStep)(scatter with { Target = owner }))),
                    .. Enum.GetValues<ScatterExchange>().Where(e => e != scatter.Exchange).Select(e => ($"{e}", (RankStep)(scatter with { Exchange = e }))),
                    .. OtherNodes(body, scatter.Node).Select(n => ($"%{n}", (RankStep)(scatter with { Node = n }))),
                    ("kept longer", scatter with { Lasting = scatter.Lasting with { Loops = scatter.Lasting.Loops + 1 } }),
                    ("kept less long", scatter with { Lasting = scatter.Lasting with { Loops = scatter.Lasting.Loops - 1 } }),
                    ("kept for all runs", scatter with { Lasting = scatter.Lasting with { Sources = [] } }),
                    ("tag", scatter with { Tag = scatter.Tag + 1 }),
                ];
            case ScanStep scan:
                return [
                    .. OfBox(scan.Part).Select(m => ($"{m.Name} the part", (RankStep)(scan with { Part = m.Box }))),
                    .. OfBuffers(body, scan.Inputs, "input", changed => scan with { Inputs = changed }),
                    .. OfBuffers(body, [scan.Output], "output", changed => scan with { Output = changed[0] }),
                    .. OtherPeers(scan.CarryFrom, ranks).Select(r => ($"from {r}", (RankStep)(scan with { CarryFrom = r }))),
                    .. OtherPeers(scan.CarryTo, ranks).Select(r => ($"to {r}", (RankStep)(scan with { CarryTo = r }))),
                    ("tag", scan with { Tag = scan.Tag + 1 }),
                ];
            case InspectStep inspect:
                return [
                    .. inspect.Parts.SelectMany((part, n) => OfBox(part).Select(m => ($"{m.Name} part {n}", (RankStep)(inspect with { Parts = inspect.Parts.SetItem(n, m.Box) })))),
                    .. OfBuffers(body, inspect.Inputs, "input", changed => inspect with { Inputs = changed }),
                    .. OtherNodes(body, inspect.Node).Select(n => ($"%{n}", (RankStep)(inspect with { Node = n }))),
                    .. Enumerable.Range(0, inspect.Inputs.Length).Where(i => i != inspect.Input).Select(i => ($"input {i} inspected", (RankStep)(inspect with { Input = i }))),
                    .. Owners(inspect.Owner, ranks).Select(o => ($"owned {o}", (RankStep)(inspect with { Owner = o }))),
                    ("kept longer", inspect with { Lasting = inspect.Lasting with { Loops = inspect.Lasting.Loops + 1 } }),
                    ("kept less long", inspect with { Lasting = inspect.Lasting with { Loops = inspect.Lasting.Loops - 1 } }),
                    ("kept for all runs", inspect with { Lasting = inspect.Lasting with { Sources = [] } }),
                    ("number", inspect with { Number = inspect.Number + 1 }),
                    ("tag", inspect with { Tag = inspect.Tag + 1 }),
                ];
            case GatherStep gather:
                return [
                    .. Enumerable.Range(-1, 4).Where(n => n != gather.Inspection).Select(n => ($"inspection {n}", (RankStep)(gather with { Inspection = n }))),
                    .. OfBuffers(body, [gather.From], "from", changed => gather with { From = changed[0] }),
                    .. OfBuffers(body, [gather.To], "to", changed => gather with { To = changed[0] }),
                    ("no columns", gather with { Columns = 0 }),
                    ("tag", gather with { Tag = gather.Tag + 1 }),
                ];
            case CopyStep copy:
                return [
                    .. copy.Pieces.SelectMany((p, n) => OfPiece(body, p.From).Select(m => ($"{m.Name} piece {n} from", (RankStep)(copy with { Pieces = copy.Pieces.SetItem(n, (m.Piece, p.To)) })))),
                    .. copy.Pieces.SelectMany((p, n) => OfPiece(body, p.To).Select(m => ($"{m.Name} piece {n} to", (RankStep)(copy with { Pieces = copy.Pieces.SetItem(n, (p.From, m.Piece)) })))),
                    .. copy.Pieces.SelectMany((p, n) => OfPiece(body, p.To).Where(m => m.Piece.Buffer == p.To.Buffer)
                        .Select(m => ($"{m.Name} both of piece {n}", (RankStep)(copy with { Pieces = copy.Pieces.SetItem(n, (p.From with { Box = m.Piece.Box, Columns = m.Piece.Columns }, m.Piece)) })))),
                    .. copy.Pieces.Select((p, n) => ($"drop piece {n}", (RankStep)(copy with { Pieces = copy.Pieces.RemoveAt(n) }))),
                ];
            case SendStep send:
                return [
                    .. OfPieces(body, send.Pieces, changed => send with { Pieces = changed }),
                    .. Enumerable.Range(0, ranks).Where(r => r != send.To.Value).Select(r => ($"to {r}", (RankStep)(send with { To = new RankId(r) }))),
                    ("tag", send with { Tag = send.Tag + 1 }),
                ];
            case ReceiveStep receive:
                return [
                    .. OfPieces(body, receive.Pieces, changed => receive with { Pieces = changed }),
                    .. Enumerable.Range(0, ranks).Where(r => r != receive.From.Value).Select(r => ($"from {r}", (RankStep)(receive with { From = new RankId(r) }))),
                    ("tag", receive with { Tag = receive.Tag + 1 }),
                ];
            case ReshapeStep reshape:
                return [
                    .. Others(body, reshape.From).Where(b => b >= 0).Select(b => ($"from b{b}", (RankStep)(reshape with { From = b }))),
                    .. Others(body, reshape.To).Where(b => b >= 0).Select(b => ($"to b{b}", (RankStep)(reshape with { To = b }))),
                ];
            case CallStep call:
                return [
                    .. OfBuffers(body, call.Inputs, "input", changed => call with { Inputs = changed }),
                    .. OfBuffers(body, call.Outputs, "output", changed => call with { Outputs = changed }),
                ];
            case LoopStep loop:
                return [
                    .. OfBody(loop.Bodies.At(0), ranks).Select(m => ($"in the loop: {m.Name}", (RankStep)(loop with { Bodies = new FixedLoopBodies(m.Body) }))),
                    .. OfBuffers(body, loop.Initial, "initial", changed => loop with { Initial = changed }),
                    .. OfBuffers(body, loop.Outputs, "output", changed => loop with { Outputs = changed }),
                    .. loop.Imports.Select((_, n) => ($"drop import {n}", (RankStep)(loop with { Imports = loop.Imports.RemoveAt(n) }))),
                    .. loop.Imports.SelectMany((i, n) => Others(body, i.Outer).Where(b => b >= 0)
                        .Select(b => ($"import {n} from b{b}", (RankStep)(loop with { Imports = loop.Imports.SetItem(n, (i.Inner, b)) })))),
                ];
            default:
                return [];
        }
    }

    private static IEnumerable<(string, RankStep)> OfPieces(RankBody body, ImmutableArray<Piece> pieces, Func<ImmutableArray<Piece>, RankStep> make) =>
    [
        .. pieces.SelectMany((piece, n) => OfPiece(body, piece).Select(m => ($"{m.Name} piece {n}", make(pieces.SetItem(n, m.Piece))))),
        .. pieces.Select((_, n) => ($"drop piece {n}", make(pieces.RemoveAt(n)))),
        .. pieces.Length > 1 ? [("swap pieces", make([pieces[1], pieces[0], .. pieces[2..]]))] : (IEnumerable<(string, RankStep)>)[],
        ("double piece 0", make(pieces.Add(pieces[0]))),
    ];

    private static IEnumerable<(string Name, Piece Piece)> OfPiece(RankBody body, Piece piece)
    {
        foreach ((string name, Box box) in OfBox(piece.Box))
        {
            yield return (name, piece with { Box = box });
        }
        foreach (int other in Others(body, piece.Buffer).Where(b => b >= 0))
        {
            yield return ($"b{other} for b{piece.Buffer},", piece with { Buffer = other });
        }
        int columns = body.Buffers[piece.Buffer].Type.Element.Columns.Length;
        for (int column = 0; column < columns && columns > 1; column++)
        {
            yield return ($"turn column {column} of", piece with { Columns = piece.Columns ^ (1UL << column) });
        }
    }

    private static IEnumerable<(string Name, Box Box)> OfBox(Box box)
    {
        for (int axis = 0; axis < box.Rank; axis++)
        {
            yield return ($"raise the low end (axis {axis}) of", box.With(axis, box.Low[axis] + 1, box.High[axis]));
            yield return ($"lower the high end (axis {axis}) of", box.With(axis, box.Low[axis], box.High[axis] - 1));
            yield return ($"lower the low end (axis {axis}) of", box.With(axis, box.Low[axis] - 1, box.High[axis]));
            yield return ($"raise the high end (axis {axis}) of", box.With(axis, box.Low[axis], box.High[axis] + 1));
            yield return ($"shift up (axis {axis})", box.With(axis, box.Low[axis] + 1, box.High[axis] + 1));
            yield return ($"shift down (axis {axis})", box.With(axis, box.Low[axis] - 1, box.High[axis] - 1));
        }
    }

    private static IEnumerable<(string Name, Band Band)> OfBand(Band band)
    {
        yield return ("raise the low plane of", new Band(band.Normal, band.Low + 1, band.High));
        yield return ("lower the high plane of", new Band(band.Normal, band.Low, band.High - 1));
        yield return ("lower the low plane of", new Band(band.Normal, band.Low - 1, band.High));
        yield return ("raise the high plane of", new Band(band.Normal, band.Low, band.High + 1));
        yield return ("turn", new Band([.. band.Normal.Reverse()], band.Low, band.High));
    }

    private static IEnumerable<(string, RankStep)> OfBuffers(RankBody body, ImmutableArray<int> buffers, string what, Func<ImmutableArray<int>, RankStep> make)
    {
        for (int n = 0; n < buffers.Length; n++)
        {
            foreach (int other in Others(body, buffers[n]))
            {
                yield return ($"{what} {n} in b{other}", make(buffers.SetItem(n, other)));
            }
        }
    }

    /// <summary>No buffer, and those that a buffer could be taken for.</summary>
    private static IEnumerable<int> Others(RankBody body, int buffer) =>
        Enumerable.Range(-1, body.Buffers.Length + 1).Where(b => b != buffer && (b < 0 || buffer < 0 || GraphEquality.AreEqual(body.Buffers[b].Type, body.Buffers[buffer].Type)));

    private static IEnumerable<RankId?> OtherPeers(RankId? peer, int ranks) =>
        Enumerable.Range(0, ranks).Select(r => (RankId?)new RankId(r)).Prepend(null).Where(r => r != peer);

    private static IEnumerable<int> OtherNodes(RankBody body, int node) =>
        Enumerable.Range(0, body.Region.Nodes.Length).Where(n => n != node && body.Region.Nodes[n].Operation.GetType() == body.Region.Nodes[node].Operation.GetType());

    private static RankBody With(RankBody body, int step, RankStep changed) => body with { Steps = body.Steps.SetItem(step, changed) };

    /// <summary>What waited for the step waits for what it waited for.</summary>
    private static RankBody Drop(RankBody body, int dropped) => body with
    {
        Steps = [.. body.Steps.RemoveAt(dropped).Select(s => s with
        {
            After = [.. s.After.SelectMany(a => a == dropped ? body.Steps[dropped].After : [a]).Distinct().Order().Select(a => a > dropped ? a - 1 : a)],
        })],
    };

    private static RankBody Insert(RankBody body, int at, RankStep step) => body with
    {
        Steps = [.. body.Steps.Select(s => s with { After = [.. s.After.Select(a => a >= at ? a + 1 : a)] }).ToImmutableArray().Insert(at, step)],
    };

    private static RankBody Swap(RankBody body, int first)
    {
        int Moved(int step) => step == first ? first + 1 : step == first + 1 ? first : step;
        ImmutableArray<RankStep> steps = [.. body.Steps.Select(s => s with { After = [.. s.After.Select(Moved)] })];
        return body with { Steps = steps.SetItem(first, steps[first + 1]).SetItem(first + 1, steps[first]) };
    }
}
