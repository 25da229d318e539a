using System.Collections.Concurrent;
using Avial.Backends;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;
using Avial.Passes;

namespace Avial.Execution;

/// <summary>
/// Compiled regions by structure, so that a C# <c>for</c> over the same tasks plans once. Captured numbers and array contents are not part of the key.
/// </summary>
internal sealed class PlanCache(ICodeGenerator generator, bool isVerifying)
{
    private const int Most = 1000; // plans are small, but a program that never repeats itself must not grow without end

    private readonly ICodeGenerator _generator = isVerifying ? new VerifyingCodeGenerator(generator) : generator;
    private readonly ConcurrentDictionary<(RegionKey, bool), CompiledRegion> _plans = [];

    /// <summary>The compiled form of a region; with <paramref name="isFusing"/> false each recorded task stays a task of its own.</summary>
    public CompiledRegion Get(Region region, bool isFusing)
    {
        if (_plans.TryGetValue((region.Key, isFusing), out CompiledRegion? plan))
        {
            return plan;
        }
        if (_plans.Count >= Most)
        {
            _plans.Clear();
        }
        return _plans.GetOrAdd((region.Key, isFusing), _ => CompiledRegion.Compile(Optimised(region, isFusing), _generator));
    }

    /// <summary>The region after all passes, each result printed and verified where asked for.</summary>
    public Region Optimised(Region region, bool isFusing)
    {
        Check("record", region);
        DebugPrinter.Form("record", region);
        return Optimiser.Optimise(region, isFusing, (pass, result) =>
        {
            Check(pass, result);
            DebugPrinter.Form(pass, result);
        });
    }

    private void Check(string pass, Region region)
    {
        if (!isVerifying)
        {
            return;
        }
        try
        {
            GraphVerifier.Check(region, isRestricted: pass != "record");
        }
        catch (InternalErrorException exception)
        {
            throw new InternalErrorException($"After '{pass}': {exception.Message}");
        }
    }
}
