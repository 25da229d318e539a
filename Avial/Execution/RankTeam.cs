using System.Diagnostics.CodeAnalysis;
using Avial.Backends;
using Avial.Execution.Ranks;
using Avial.Geometry;

namespace Avial.Execution;

/// <summary>
/// The ranks that this process computes for: one, or all of a program that is recorded once. Each has its own threads, which live as long as the team, and its own end of the
/// message passing, which is made anew when all ranks were aborted.
/// </summary>
internal sealed class RankTeam : IDisposable
{
    [ThreadStatic]
    private static Member? t_member;

    private readonly Lazy<Member[]> _members;
    private readonly Lazy<RankThread[]> _threads;
    private readonly InProcessOptions? _options;
    private InProcessGroup? _group;

    /// <summary>One rank, alone or among those of other sessions.</summary>
    public RankTeam(int threads, ICommunicator? communicator)
    {
        Ranks = communicator?.Ranks ?? 1;
        _members = new(() => [new Member(communicator?.Rank ?? new RankId(0), new WorkerPool(threads), communicator)]);
        _threads = new(() => []);
    }

    /// <summary>All ranks of a program that is recorded once.</summary>
    public RankTeam(int threads, int ranks, TimeSpan watchdog)
    {
        Ranks = ranks;
        _options = new InProcessOptions { Watchdog = watchdog };
        var group = new InProcessGroup(ranks, _options);
        _group = group;
        int each = Math.Max(1, threads / ranks);
        _members = new(() => [.. Enumerable.Range(0, ranks).Select(r => new Member(new RankId(r), new WorkerPool(each), group[r]))]);
        _threads = new(() => [.. Enumerable.Range(1, ranks - 1).Select(r => new RankThread(new RankId(r)))]);
    }

    /// <summary>How many ranks the program has, here and elsewhere.</summary>
    public int Ranks { get; }

    /// <summary>The ranks of this process.</summary>
    public ReadOnlySpan<Member> Members => _members.Value;

    /// <summary>The one of several ranks of this team that the current thread works for just now.</summary>
    public RankId? RunningHere => t_member is { } member && Array.IndexOf(_members.Value, member) >= 0 ? member.Rank : null;

    /// <summary>Runs the same on every rank of this process at once and returns when all are done; the first rank's work runs on the calling thread.</summary>
    public void Run(Action<int, Member> work)
    {
        Member[] members = _members.Value;
        if (members.Length == 1)
        {
            work(0, members[0]);
            return;
        }
        var failures = new Exception?[members.Length];
        RankThread[] threads = _threads.Value;
        for (int t = 0; t < threads.Length; t++)
        {
            int position = t + 1;
            threads[t].Begin(() => RunGuarded(work, position, failures));
        }
        RunGuarded(work, 0, failures);
        foreach (RankThread thread in threads)
        {
            thread.Await();
        }
        if (_group!.Final is not null)
        {
            Regroup(members);
        }
        foreach (Exception? failure in failures)
        {
            if (failure is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
            }
        }
    }

    public void Dispose()
    {
        if (_threads.IsValueCreated)
        {
            foreach (RankThread thread in _threads.Value)
            {
                thread.Dispose();
            }
        }
        if (_members.IsValueCreated)
        {
            foreach (Member member in _members.Value)
            {
                member.Workers.Dispose();
            }
        }
        _group?.Dispose();
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again on the calling thread.")]
    private void RunGuarded(Action<int, Member> work, int position, Exception?[] failures)
    {
        Member member = Members[position];
        t_member = member;
        try
        {
            work(position, member);
        }
        catch (Exception exception)
        {
            failures[position] = exception;
            member.Communicator?.Abort(Failures.Describe(exception, member.Rank));
        }
        finally
        {
            t_member = null;
        }
    }

    // What was aborted stays so: the next evaluation has other ways between the ranks.
    private void Regroup(Member[] members)
    {
        _group!.Dispose();
        _group = new InProcessGroup(members.Length, _options);
        for (int m = 0; m < members.Length; m++)
        {
            members[m] = new Member(members[m].Rank, members[m].Workers, _group[m]);
        }
    }

    /// <summary>One rank of this process.</summary>
    internal sealed class Member(RankId rank, WorkerPool workers, ICommunicator? communicator)
    {
        public RankId Rank => rank;

        public WorkerPool Workers => workers;

        public ICommunicator? Communicator => communicator;
    }
}
