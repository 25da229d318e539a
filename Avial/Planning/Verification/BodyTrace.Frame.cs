using Avial.Geometry;
using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Planning.Verification;

/// <summary>What is there when a body begins and must be there when it ends.</summary>
internal sealed partial class BodyTrace
{
    /// <summary>The whole program: parameters hold their own parts and belong to the user.</summary>
    public static void BeginProgram(VerifierRun run, RankState state)
    {
        RankBody body = state.Body;
        for (int parameter = 0; parameter < body.Parameters.Length; parameter++)
        {
            int buffer = body.Parameters[parameter];
            if (buffer < 0 || state.Contents[buffer] is not null)
            {
                continue;
            }
            state.Make(buffer);
            Distribution owner = body.ParameterOwners[parameter];
            Hold(state, buffer, GraphValue.Parameter(parameter), owner);
            state.Borrowed[buffer] = owner.Kind == DistributionKind.Everywhere ? null : OwnOf(owner, state.Rank) ?? Nothing(owner.Space.Rank);
        }
        foreach (RankBuffer buffer in body.Buffers)
        {
            if (buffer.Origin == BufferOrigin.Given && state.Contents[buffer.Number] is null)
            {
                run.Report(state.Rank, state.Steps.Scope, -1, PlanViolationKind.Lifetime, $"b{buffer.Number} is given and is no parameter");
            }
        }
    }

    /// <summary>The whole program: each rank's own parts of the results are there, and all other memory was given back.</summary>
    public static void EndProgram(VerifierRun run, RankState state)
    {
        for (int result = 0; result < state.Body.Results.Length; result++)
        {
            CheckResult(run, state, result, mustHold: false);
        }
        ReportLeaks(run, state, [.. state.Body.Results]);
    }

    /// <summary>The own part of a result is in its buffer; with <paramref name="mustHold"/> all of it is, whoever owns it.</summary>
    private static void CheckResult(VerifierRun run, RankState state, int result, bool mustHold)
    {
        BodyScope scope = state.Steps.Scope;
        Distribution owner = state.Body.ResultOwners[result];
        if ((mustHold ? owner.Space : OwnOf(owner, state.Rank)) is not { IsEmpty: false } own)
        {
            return;
        }
        int buffer = state.Body.Results[result];
        if (buffer < 0 || state.Contents[buffer] is not { } contents)
        {
            run.Report(state.Rank, scope, -1, PlanViolationKind.Result, $"result {result} has {(buffer < 0 ? "no buffer" : $"b{buffer}, which has no memory")}");
            return;
        }
        RankBuffer held = state.Body.Buffers[buffer];
        GraphValue value = scope.Region.Results[result];
        if (!held.Window.Contains(own))
        {
            run.Report(state.Rank, scope, -1, PlanViolationKind.Result, $"the own part {own} of result {result} leaves the window {held.Window} of b{buffer}");
        }
        else if (BufferContents.Uncovered(own, state.Steps.AllColumns(buffer), scope.Find(contents, held.Type, scope.NumberOf(value))) is { } missing)
        {
            run.Report(state.Rank, scope, -1, PlanViolationKind.Result, $"of the own part {own} of result {result} ({value}), {missing} is not in b{buffer}");
        }
    }

    private static void ReportLeaks(VerifierRun run, RankState state, HashSet<int> stay)
    {
        HashSet<MemoryState> kept = [.. stay.Concat(state.Borrowed.Keys).Where(b => b >= 0 && state.Memory[b] is not null).Select(b => state.Memory[b]!)];
        for (int buffer = 0; buffer < state.Contents.Length; buffer++)
        {
            if (state.Memory[buffer] is { } memory && kept.Add(memory))
            {
                run.Report(state.Rank, state.Steps.Scope, -1, PlanViolationKind.Lifetime, $"b{buffer} '{state.Body.Buffers[buffer].Name}' is never given back");
            }
        }
    }

    /// <summary>The buffer holds the own part of a value, as far as its window reaches.</summary>
    private static void Hold(RankState state, int buffer, GraphValue value, Distribution owner)
    {
        if (OwnOf(owner, state.Rank) is { IsEmpty: false } own)
        {
            Box box = own.Intersect(state.Body.Buffers[buffer].Window);
            state.Contents[buffer]!.Write(box, state.Steps.AllColumns(buffer), state.Steps.Scope.NumberOf(value));
        }
    }

    /// <summary>A rank's own part; null for none (an array without axes has a box with one point whoever owns it).</summary>
    private static Box? OwnOf(Distribution owner, RankId rank) => owner.Kind switch
    {
        DistributionKind.OnOne when owner.Root != rank => null,
        DistributionKind.Blocks when rank.Value >= owner.Cells => null,
        _ => owner.Own(rank),
    };

    private static Box Nothing(int rank) => new([.. new long[rank]], [.. new long[rank]]);
}
