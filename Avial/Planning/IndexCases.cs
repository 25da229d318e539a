using Avial.IR;

namespace Avial.Planning;

/// <summary>
/// Which of its two forms each value of a kernel is taken as that is one of two: a minimum, a maximum, a choice (<c>i == 0 ? n - 1 : i - 1</c>).
/// The facts of all cases together are exact where those of an undecided value are only a range.
/// </summary>
internal sealed class IndexCases
{
    private readonly KernelStructure _structure;
    private readonly Dictionary<int, bool> _chosen;

    /// <summary>No value of a kernel is decided.</summary>
    public IndexCases(KernelStructure structure)
        : this(structure, [])
    {
    }

    private IndexCases(KernelStructure structure, Dictionary<int, bool> chosen)
    {
        _structure = structure;
        _chosen = chosen;
    }

    /// <summary>The first value that was asked for and is not decided; -1 when all are.</summary>
    public int Open { get; private set; } = -1;

    /// <summary>How many values are decided.</summary>
    public int Count => _chosen.Count;

    /// <summary>True for the first form, false for the second, null when it is not decided: then it is noted as open.</summary>
    public bool? Choose(Value value)
    {
        if (_chosen.TryGetValue(value.Id, out bool isFirst))
        {
            return isFirst;
        }
        if (Open < 0 && !IsData(value))
        {
            Open = value.Id;
        }
        return null;
    }

    /// <summary>Where data decides, nothing is won by looking at both forms.</summary>
    private bool IsData(Value value)
    {
        var closure = new ValueClosure(_structure);
        closure.Add(value);
        return closure.Data.Count > 0;
    }

    /// <summary>The cases with the open value decided.</summary>
    public IndexCases With(bool isFirst) => new(_structure, new Dictionary<int, bool>(_chosen) { [Open] = isFirst });
}
