using Avial.Backends;
using Avial.Diagnostics;
using Avial.Execution.Steps;
using Avial.Graph;

namespace Avial.Execution;

/// <summary>
/// Lets all ranks end with the same exception: what fails on this rank is kept until all ranks have come equally far, and the lowest (order, index) of all is thrown by
/// all. Until then the rank goes on, with values that nobody will see.
/// </summary>
internal sealed unsafe class Agreement(ICommunicator communicator)
{
    private static readonly MergeRecords s_lower = static (low, high, _) =>
    {
        // Equal ones: the lower rank's.
        if (((Place*)high)->IsBefore(*(Place*)low))
        {
            *(Place*)low = *(Place*)high;
        }
    };

    private Place _lowest = Place.None;
    private Exception? _failure;

    /// <summary>Runs a step; what it throws is kept.</summary>
    public void Run(StepRun step)
    {
        try
        {
            step.Run();
        }
        catch (TrapException exception)
        {
            Keep(new Place(exception.Trap.Order, exception.Trap.LinearIndex, communicator.Rank.Value), exception);
        }
        catch (AvialException exception)
        {
            Keep(new Place(step.Node!.Order, -1, communicator.Rank.Value), exception);
        }
    }

    /// <summary>Every rank comes here after the same tasks; throws on all when something has failed on one.</summary>
    public void Reach(GraphNode node)
    {
        var site = new WaitSite(node.Name, node.Span);
        Place place = _lowest;
        Place scratch;
        Collectives.AllReduce(communicator, (byte*)&place, (byte*)&scratch, sizeof(Place), s_lower, site);
        if (place == Place.None)
        {
            return;
        }
        if (place.Rank == communicator.Rank.Value)
        {
            communicator.Interrupt(Failures.Describe(_failure!, communicator.Rank));
        }
        // Nobody gets through: the rank that has failed interrupts all.
        Collectives.Barrier(communicator, site);
        throw new InternalErrorException($"The ranks agreed that '{node.Name}' had failed, and then went on.");
    }

    private void Keep(Place place, Exception exception)
    {
        if (place.IsBefore(_lowest))
        {
            (_lowest, _failure) = (place, exception);
        }
    }

    private readonly record struct Place(long Order, long Index, long Rank)
    {
        public static Place None => new(long.MaxValue, long.MaxValue, -1);

        public bool IsBefore(Place other) => Order < other.Order || Order == other.Order && Index < other.Index;
    }
}
