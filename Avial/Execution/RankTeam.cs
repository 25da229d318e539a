using System.Diagnostics.CodeAnalysis;
using Avial.Backends;
using Avial.Execution.Ranks;
using Avial.Geometry;

namespace Avial.Execution;

/// <summary>The ranks that this process computes for: one, or all of a program that is recorded once. Each has its own threads and its own end of the message passing.</summary>
internal sealed class RankTeam : IDisposable
{
    private readonly Lazy<Member[]> _members;
    private readonly InProcessGroup? _group;

    /// <summary>One rank, alone or among those of other sessions.</summary>
    public RankTeam(int threads, ICommunicator? communicator)
    {
        Ranks = communicator?.Ranks ?? 1;
        _members = new Lazy<Member[]>(() => [new Member(communicator?.Rank ?? new RankId(0), new WorkerPool(threads), communicator)]);
    }

    /// <summary>All ranks of a program that is recorded once.</summary>
    public RankTeam(int threads, int ranks, TimeSpan watchdog)
    {
        Ranks = ranks;
        var group = new InProcessGroup(ranks, new InProcessOptions { Watchdog = watchdog });
        _group = group;
        int each = Math.Max(1, threads / ranks);
        _members = new Lazy<Member[]>(() => [.. Enumerable.Range(0, ranks).Select(r => new Member(new RankId(r), new WorkerPool(each), group[r]))]);
    }

    /// <summary>How many ranks the program has, here and elsewhere.</summary>
    public int Ranks { get; }

    /// <summary>The ranks of this process.</summary>
    public ReadOnlySpan<Member> Members => _members.Value;

    /// <summary>Runs the same on every rank of this process at once and returns when all are done; the first rank's work runs on the calling thread.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again on the calling thread.")]
    public void Run(Action<int, Member> work)
    {
        Member[] members = _members.Value;
        if (members.Length == 1)
        {
            work(0, members[0]);
            return;
        }
        var failures = new Exception?[members.Length];
        var threads = new Thread[members.Length - 1];
        for (int m = 1; m < members.Length; m++)
        {
            int position = m;
            threads[m - 1] = new Thread(() => Guarded(position)) { Name = $"Avial {members[m].Rank}", IsBackground = true };
            threads[m - 1].Start();
        }
        Guarded(0);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        foreach (Exception? failure in failures)
        {
            if (failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }

        void Guarded(int position)
        {
            try
            {
                work(position, members[position]);
            }
            catch (Exception exception)
            {
                failures[position] = exception;
                members[position].Communicator?.Abort(Failures.Describe(exception, members[position].Rank));
            }
        }
    }

    public void Dispose()
    {
        if (_members.IsValueCreated)
        {
            foreach (Member member in _members.Value)
            {
                member.Workers.Dispose();
            }
        }
        _group?.Dispose();
    }

    /// <summary>One rank of this process.</summary>
    internal sealed record Member(RankId Rank, WorkerPool Workers, ICommunicator? Communicator);
}
