using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Avial.Diagnostics;
using Avial.Execution;
using Avial.Graph;

namespace Avial;

/// <summary>
/// The start of every sentence: with <c>using Avial;</c>, <c>Task.On(Cpu)</c> reads on the BCL's own <c>Task</c>, and <c>async Task</c> and <c>Task.Delay</c> stay what they are.
/// <c>Compute.On(Cpu)</c> is the same call for older language versions.
/// </summary>
public static class Compute
{
    extension(System.Threading.Tasks.Task)
    {
        /// <summary>Names the kind of device that the next task runs on.</summary>
        public static TaskBuilder On(Target target)
        {
            ArgumentNullException.ThrowIfNull(target);
            return new TaskBuilder(target);
        }

        /// <summary>
        /// A loop in the graph: the step applied <paramref name="count"/> times to the state, planned once. The state is an array, a scalar, or a tuple of them; shapes and types stay.
        /// </summary>
        /// <typeparam name="TState">An array, a scalar, or a tuple of them.</typeparam>
        /// <param name="count">How often; 0 gives the state as it is.</param>
        /// <param name="state">The initial state.</param>
        /// <param name="step">Records one step: called once, with symbols in place of the state.</param>
        /// <param name="file">Filled in by the compiler.</param>
        /// <param name="line">Filled in by the compiler.</param>
        public static TState Repeat<TState>(long count, TState state, Func<TState, TState> step, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
            LoopRecorder.Repeat(count, state, (s, _) => step(s), new SourceSpan(file, line, ""));

        /// <summary>The same with the number of the step (from 0) as a symbol: usable in bodies, in bounds of domains and in slices.</summary>
        public static TState Repeat<TState>(long count, TState state, Func<TState, Step, TState> step, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
            LoopRecorder.Repeat(count, state, step, new SourceSpan(file, line, ""));

        /// <summary>
        /// A loop in the graph that ends when a condition on the new state holds. The step runs, then the condition is tested (every <paramref name="every"/> steps).
        /// The result is the state of the tested step, exactly.
        /// </summary>
        /// <typeparam name="TState">An array, a scalar, or a tuple of them.</typeparam>
        /// <param name="state">The initial state.</param>
        /// <param name="step">Records one step.</param>
        /// <param name="until">The condition on the new state: <c>s => s.Residual &lt; 1e-6</c>.</param>
        /// <param name="limit">Reaching this many steps without the condition is an error (AVL0410).</param>
        /// <param name="every">The condition is tested every so many steps.</param>
        /// <param name="text">Filled in by the compiler.</param>
        /// <param name="file">Filled in by the compiler.</param>
        /// <param name="line">Filled in by the compiler.</param>
        public static TState RepeatUntil<TState>(TState state, Func<TState, TState> step, Expression<Func<TState, bool>> until, long limit = long.MaxValue, long every = 1,
            [CallerArgumentExpression(nameof(until))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
            LoopRecorder.RepeatUntil(state, (s, _) => step(s), until, limit, every, new SourceSpan(file, line, text)).State;

        /// <summary>The same with the number of the step as a symbol, and the number of steps done as a second result.</summary>
        public static (TState State, Scalar<long> Steps) RepeatUntil<TState>(TState state, Func<TState, Step, TState> step, Expression<Func<TState, bool>> until, long limit = long.MaxValue, long every = 1,
            [CallerArgumentExpression(nameof(until))] string text = "", [CallerFilePath] string file = "", [CallerLineNumber] int line = 0) =>
            LoopRecorder.RepeatUntil(state, step, until, limit, every, new SourceSpan(file, line, text));
    }

    /// <summary>Evaluates several arrays and scalars at once; what they share is computed once.</summary>
    public static void Evaluate(params ReadOnlySpan<IComputed> results)
    {
        var outputs = new NodeOutput[results.Length];
        for (int i = 0; i < outputs.Length; i++)
        {
            ArgumentNullException.ThrowIfNull(results[i], nameof(results));
            outputs[i] = ((IComputedHandle)results[i]).Output;
        }
        Evaluation.Run(outputs, null, CancellationToken.None);
    }

    /// <summary>Evaluates several arrays and scalars at once on another thread.</summary>
    /// <param name="results">What to evaluate.</param>
    /// <param name="progress">Told the fraction done, from 0 to 1.</param>
    /// <param name="cancellationToken">Stops the evaluation between parts of a task; what was evaluated before stays.</param>
    public static async ValueTask EvaluateAsync(IEnumerable<IComputed> results, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(results);
        await Evaluation.RunAsync([.. results.Select(r => ((IComputedHandle)r).Output)], progress, cancellationToken).ConfigureAwait(false);
    }
}
