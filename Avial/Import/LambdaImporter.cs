using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Numerics;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;

namespace Avial.Import;

/// <summary>
/// LINQ expression lambdas → kernels. A call site that is recorded again with a lambda of the same shape gets the same kernel and the same
/// <see cref="KernelUse"/> at the cost of one walk over the tree; captured numbers are parameters, captured arrays inputs.
/// </summary>
internal static class LambdaImporter
{
    private static readonly ConcurrentDictionary<CallSite, TemplateList> s_sites = [];
    private static int s_kernels;

    [ThreadStatic]
    private static ShapeMatcher? t_matcher;

    /// <summary>
    /// Imports bodies whose first <paramref name="rank"/> parameters are indices; the results of several bodies follow one another.
    /// </summary>
    /// <param name="bodies">The lambdas.</param>
    /// <param name="rank">The rank of the domain; 0 for scalar arithmetic.</param>
    /// <param name="span">The recording call; its text is the lambda's.</param>
    /// <param name="indexMagnitude">The largest |bound| of the domain: by it <c>x[(int)i]</c> is seen through.</param>
    public static Imported Import(ReadOnlySpan<LambdaExpression> bodies, int rank, SourceSpan span, long indexMagnitude) =>
        Import(bodies, new CallSite(span, rank, null), span, indexMagnitude);

    /// <summary>
    /// Imports the body of a sweep, whose first parameter is the array itself: kernel operand 0. It is not an input, so that <c>Use.Operands[0]</c> is -1.
    /// </summary>
    public static Imported ImportSweep(LambdaExpression body, int rank, ElementLayout self, SourceSpan span, long indexMagnitude) =>
        Import([body], new CallSite(span, rank, self), span, indexMagnitude);

    /// <summary>Imports a user's fold of two elements: a kernel of rank 0 whose parameters are the columns of the first, then of the second. Captured numbers are constants of it.</summary>
    public static Kernel ImportCombiner(LambdaExpression combine, SourceSpan span) =>
        Import([combine], new CallSite(span, CallSite.CombinerRank, null), span, 0).Use.Kernel;

    private static Imported Import(ReadOnlySpan<LambdaExpression> bodies, CallSite site, SourceSpan span, long indexMagnitude)
    {
        foreach (LambdaExpression body in bodies)
        {
            ArgumentNullException.ThrowIfNull(body);
        }
        TemplateList templates = s_sites.GetOrAdd(site, static _ => new TemplateList());
        int magnitudeBits = 64 - BitOperations.LeadingZeroCount((ulong)Math.Abs(Math.Max(indexMagnitude, -long.MaxValue)));
        return Find(templates, bodies, magnitudeBits, span) ?? Add(templates, bodies, site, magnitudeBits, span);
    }

    private static Imported? Find(TemplateList templates, ReadOnlySpan<LambdaExpression> bodies, int magnitudeBits, SourceSpan span)
    {
        ShapeMatcher matcher = t_matcher ?? new ShapeMatcher();
        // Reading a captured property may record another task on this thread.
        t_matcher = null;
        try
        {
            foreach (ImportTemplate template in templates.Items)
            {
                if (template.TryApply(matcher, bodies, magnitudeBits, span, out Imported imported))
                {
                    return imported;
                }
            }
            return null;
        }
        catch (NullReferenceException)
        {
            // An object on the way to a captured value is null: the import says which.
            return null;
        }
        finally
        {
            matcher.Clear();
            t_matcher = matcher;
        }
    }

    private static Imported Add(TemplateList templates, ReadOnlySpan<LambdaExpression> bodies, CallSite site, int magnitudeBits, SourceSpan span)
    {
        lock (templates)
        {
            var shape = new ShapeRecorder(span);
            foreach (LambdaExpression body in bodies)
            {
                shape.VisitLambda(body);
            }
            var captured = new CapturedValues(shape, span);
            long magnitude = magnitudeBits >= 63 ? long.MaxValue : (1L << magnitudeBits) - 1;
            ImportTemplate template = site.IsCombiner ? ImportCombiner(bodies[0], shape, captured, span) : ImportBodies(bodies, site, shape, captured, magnitudeBits, magnitude, span);
            // Another thread may have added the same shape in the meantime; its kernel is the shared one.
            Imported? known = Find(templates, bodies, magnitudeBits, span);
            if (known is { } shared)
            {
                return shared;
            }
            templates.Add(template);
            return Find(templates, bodies, magnitudeBits, span) ?? throw new InternalErrorException($"The body at {span} does not match its own template.");
        }
    }

    private static ImportTemplate ImportBodies(ReadOnlySpan<LambdaExpression> bodies, CallSite site, ShapeRecorder shape, CapturedValues captured, int magnitudeBits, long magnitude, SourceSpan span)
    {
        var importer = new BodyImporter(shape, captured, span, site.Rank, site.Self, magnitude);
        Kernel kernel = importer.Import(bodies, Interlocked.Increment(ref s_kernels));
        var layouts = new ElementLayout[bodies.Length];
        for (int i = 0; i < bodies.Length; i++)
        {
            layouts[i] = ElementLayout.Of(bodies[i].ReturnType);
        }
        TemplateSlots slots = Place(captured, out ImmutableArray<KernelArgument> arguments);
        ImmutableArray<int> operands = [.. Enumerable.Range(0, captured.ArrayTypes.Count)];
        var use = new KernelUse(kernel, site.Self is null ? operands : [-1, .. operands], arguments);
        return new ImportTemplate(shape, captured, use, layouts, importer.DependsOnMagnitude ? magnitudeBits : -1, slots, null);
    }

    private static ImportTemplate ImportCombiner(LambdaExpression combine, ShapeRecorder shape, CapturedValues captured, SourceSpan span)
    {
        if (Array.FindIndex(captured.Captures, c => c.Role is CaptureRole.Array or CaptureRole.LazyScalar or CaptureRole.HostArray or CaptureRole.Bound) is >= 0 and var array)
        {
            throw Throw.UnsupportedInBody(captured.Captures[array].Path.Name ?? "captured value", "an array or lazy scalar captured by a fold", "fold only the two values, and read arrays in the body that makes them", span);
        }
        ElementLayout element = ElementLayout.Of(combine.ReturnType);
        var importer = new BodyImporter(shape, captured, span, 0, null, 0);
        Kernel kernel = importer.ImportCombiner(combine, element, Interlocked.Increment(ref s_kernels));
        TemplateSlots slots = Place(captured, out _);
        ulong[] frozen = [.. Enumerable.Range(0, captured.Captures.Length).SelectMany(i => captured.Captures[i].Role == CaptureRole.Numbers ? captured.Numbers(i).ToArray() : [])];
        return new ImportTemplate(shape, captured, new KernelUse(kernel, [], []), [element], -1, slots, frozen);
    }

    /// <summary>Gives each parameter of the kernel its place in a recording's scalars and inputs.</summary>
    private static TemplateSlots Place(CapturedValues captured, out ImmutableArray<KernelArgument> arguments)
    {
        int count = captured.Captures.Length;
        int[] firstScalar = [.. Enumerable.Repeat(-1, count)];
        int[] lazyOf = [.. Enumerable.Repeat(-1, count)];
        var isSmall = new List<bool>();
        var places = ImmutableArray.CreateBuilder<KernelArgument>();
        int inputs = captured.ArrayTypes.Count;
        int previous = -1;
        int column = 0;
        foreach (CapturedParameter parameter in captured.Parameters)
        {
            int capture = parameter.Capture;
            bool isFirst = capture != previous;
            column = isFirst ? 0 : column + 1;
            previous = capture;
            if (parameter.Source == ParameterSource.Lazy)
            {
                bool isBound = captured.Captures[capture].Role == CaptureRole.Bound;
                // Each step of a bound is an input; the columns of a lazy scalar are one.
                int input = isBound || isFirst ? inputs++ : lazyOf[capture];
                lazyOf[capture] = lazyOf[capture] < 0 ? input : lazyOf[capture];
                places.Add(new KernelArgument(ArgumentKind.Input, input, isBound ? 0 : column));
                continue;
            }
            firstScalar[capture] = isFirst ? isSmall.Count : firstScalar[capture];
            places.Add(new KernelArgument(ArgumentKind.Scalar, isSmall.Count));
            isSmall.Add(parameter.Source == ParameterSource.Number && CapturedValues.IsSmall(parameter.Type, captured.Numbers(capture)[column]));
        }
        arguments = places.ToImmutable();
        return new TemplateSlots(firstScalar, lazyOf, [.. isSmall], inputs);
    }
}
