using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>Runs the evaluations of one session, one at a time.</summary>
internal sealed class SessionRunner : IDisposable
{
    private readonly Lock _oneAtATime = new();
    private readonly SessionOptions _options;
    private readonly AsyncLocal<int> _refusals = new();

    public SessionRunner(SessionOptions options) => _options = options;

    public Profile LastProfile { get; private set; } = Profile.Empty;

    public Storage[] Run(ReadOnlySpan<NodeOutput> outputs, Func<Node[]> takeEffects, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (_refusals.Value > 0)
        {
            throw Throw.EvaluationOnRoot(outputs[0].Node.Name, outputs[0].Node.Span);
        }
        lock (_oneAtATime)
        {
            throw new InternalErrorException("nothing runs");
        }
    }

    /// <summary>Until the result is disposed, evaluating in this flow is refused.</summary>
    public IDisposable RefuseEvaluation()
    {
        _refusals.Value++;
        return new Refusal(this);
    }

    public void Dispose()
    {
    }

    private sealed class Refusal(SessionRunner runner) : IDisposable
    {
        public void Dispose() => runner._refusals.Value--;
    }
}
