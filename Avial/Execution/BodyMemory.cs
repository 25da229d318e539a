using Avial.Execution.Steps;
using Avial.Planning.Plans;

namespace Avial.Execution;

/// <summary>
/// Whose memory the buffers of a body show and when it goes back: reshaped buffers share that of another, what is given to a body stays its owner's, and what nobody takes
/// is left at the end.
/// </summary>
internal sealed class BodyMemory
{
    private const int AtTheEnd = int.MaxValue;

    private readonly RankBody _body;
    private readonly int[] _roots;
    private readonly bool[] _isBorrowed;
    private readonly int[] _lastUse;
    private readonly bool[]?[] _movedInitials;

    /// <param name="body">The plan.</param>
    /// <param name="carried">For a loop's body how many values go round, whose memory it owns; 0 for the outermost.</param>
    /// <param name="taken">How many of the results are handed out: all but the condition of a loop, which is only read.</param>
    public BodyMemory(RankBody body, int carried, int taken)
    {
        _body = body;
        _roots = [.. Enumerable.Range(0, body.Buffers.Length)];
        _isBorrowed = [.. body.Buffers.Select(b => b.Origin == BufferOrigin.Given)];
        _lastUse = new int[body.Buffers.Length];
        foreach (int parameter in body.Parameters.Take(carried).Where(b => b >= 0))
        {
            _isBorrowed[parameter] = false;
        }
        foreach (ReshapeStep reshape in body.Steps.OfType<ReshapeStep>())
        {
            _roots[reshape.To] = _roots[reshape.From];
        }
        FindLastUses();
        _movedInitials = [.. body.Steps.Select(FindMovedInitials)];
        Releases = [.. body.Steps.Select(GivesBack)];
        Moves = MovedResults(taken);
        Leftovers = FindLeftovers();
    }

    /// <summary>For each step, whether it is the free step after which nobody shows the memory any more.</summary>
    public bool[] Releases { get; }

    /// <summary>For each result that is taken, whether its memory is handed out; else it is copied, because it belongs to others or is handed out already.</summary>
    public bool[] Moves { get; }

    /// <summary>The buffers whose memory is left when the body has ended and its results are taken.</summary>
    public int[] Leftovers { get; }

    /// <summary>The buffer whose memory a buffer shows.</summary>
    public int RootOf(int buffer) => _roots[buffer];

    /// <summary>True when the memory is not this body's to give away.</summary>
    public bool IsBorrowed(int buffer) => _isBorrowed[_roots[buffer]];

    /// <summary>For each first state of the loop at a position, whether its memory goes over to the loop; else it is copied, because others still show it.</summary>
    public bool[] MovedInitials(int position) => _movedInitials[position]!;

    private bool[]? FindMovedInitials(RankStep step, int position)
    {
        if (step is not LoopStep loop)
        {
            return null;
        }
        int[] roots = [.. loop.Initial.Select(b => _roots[b])];
        return [.. roots.Select((root, k) => !_isBorrowed[root] && _lastUse[root] == position && Array.IndexOf(roots, root) == k
            && !loop.Imports.Any(i => _roots[i.Outer] == root))];
    }

    // The last step but free steps that touches a buffer's memory.
    private void FindLastUses()
    {
        Array.Fill(_lastUse, -1);
        for (int s = 0; s < _body.Steps.Length; s++)
        {
            if (_body.Steps[s] is not FreeStep)
            {
                foreach (int buffer in StepBuffers.Of(_body.Steps[s]))
                {
                    _lastUse[_roots[buffer]] = s;
                }
            }
        }
        foreach (int result in _body.Results.Where(r => r >= 0))
        {
            _lastUse[_roots[result]] = AtTheEnd;
        }
    }

    private bool GivesBack(RankStep step, int position)
    {
        if (step is not FreeStep free)
        {
            return false;
        }
        int root = _roots[free.Buffer];
        bool isLast = !_body.Steps.Skip(position + 1).Any(s => s is FreeStep other && _roots[other.Buffer] == root);
        return isLast && !_isBorrowed[root] && _lastUse[root] < position && !IsHandedOver(root);
    }

    private bool IsHandedOver(int root)
    {
        int last = _lastUse[root];
        if (last is < 0 or AtTheEnd || _body.Steps[last] is not LoopStep loop)
        {
            return false;
        }
        bool[] moved = MovedInitials(last);
        return loop.Initial.Where((b, k) => moved[k] && _roots[b] == root).Any();
    }

    private bool[] MovedResults(int count)
    {
        var taken = new HashSet<int>();
        return [.. _body.Results.Take(count).Select(r => r >= 0 && !_isBorrowed[_roots[r]] && taken.Add(_roots[r]))];
    }

    private int[] FindLeftovers()
    {
        var gone = new HashSet<int>();
        for (int s = 0; s < _body.Steps.Length; s++)
        {
            if (Releases[s])
            {
                gone.Add(_roots[((FreeStep)_body.Steps[s]).Buffer]);
            }
        }
        for (int r = 0; r < Moves.Length; r++)
        {
            if (Moves[r])
            {
                gone.Add(_roots[_body.Results[r]]);
            }
        }
        return [.. Enumerable.Range(0, _roots.Length).Where(b => _roots[b] == b && !_isBorrowed[b] && !gone.Contains(b) && !IsHandedOver(b))];
    }
}
