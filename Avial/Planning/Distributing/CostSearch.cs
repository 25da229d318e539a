using System.Collections.Immutable;
using Avial.Geometry;

namespace Avial.Planning.Distributing;

/// <summary>
/// Looks for the cheapest assignment: from a few starting points, by changing all slots of one number of axes together, then all of one space, then single ones to what their
/// neighbours have, as long as it helps. Deterministic; bounded for programs of any length.
/// </summary>
internal sealed class CostSearch
{
    private const int Rounds = 4;

    // Programs with more decisions get fewer starting points and are searched from the best only.
    private const int FewDecisions = 64;
    private const int ManyDecisions = 1000;
    private const int MostEvaluations = 6000;
    private const long MostQuestions = 1_000_000;

    private static readonly SortedDictionary<string, int> s_none = [];

    private readonly CostModel _model;
    private readonly ImmutableArray<DistributionSlot> _free;
    private readonly Dictionary<int, Group> _classOf = [];
    private readonly List<Group> _classes = [];
    private readonly Dictionary<int, string> _forms = [];
    private readonly int _ranks;

    public CostSearch(CostModel model, int ranks)
    {
        (_model, _ranks) = (model, ranks);
        _free = [.. model.Slots.Slots.Where(s => s.Fixed is null && !s.IsMadeAnywhere)];
        AddClasses();
    }

    /// <summary>What is decided; the others have one distribution only.</summary>
    public ImmutableArray<DistributionSlot> Free => _free;

    /// <summary>Everything on one rank.</summary>
    public int[] OnOneRank() => Start(DistributionCandidates.One);

    /// <summary>The cheapest assignment found; the one on one rank unless another is better.</summary>
    public int[] Find()
    {
        int[] one = OnOneRank();
        if (_free.IsEmpty)
        {
            return one;
        }
        List<(int[] Assignment, PlanCost Cost)> starts = [.. Starts().Select(s => (s, _model.Total(s)))];
        int most = _free.Length <= FewDecisions ? starts.Count : 1;
        (int[] best, PlanCost least) = (one, _model.Total(one));
        var order = new List<int>(Enumerable.Range(0, starts.Count));
        order.Sort((a, b) => starts[a].Cost.IsBelow(starts[b].Cost) ? -1 : starts[b].Cost.IsBelow(starts[a].Cost) ? 1 : a.CompareTo(b));
        foreach (int start in order.Take(most))
        {
            int[] found = starts[start].Assignment;
            Improve(found);
            PlanCost cost = _model.Total(found);
            if (cost.IsBelow(least))
            {
                (best, least) = (found, cost);
            }
        }
        return best;
    }

    /// <summary>All that a slot may have when the others stay: its own candidates, and what its neighbours have.</summary>
    public IEnumerable<int> Choices(DistributionSlot slot, int[] assignment) =>
        _classOf[slot.Number].All.Concat(Neighbours(slot, assignment)).Distinct();

    private bool IsSpent => _model.Evaluations > MostEvaluations || _model.Questions > MostQuestions;

    private void AddClasses()
    {
        var summed = new HashSet<Box>();
        foreach (DistributionSlot slot in _free)
        {
            if (slot.IsIteration && slot.Snap > 1)
            {
                summed.Add(slot.Space);
            }
        }
        var known = new Dictionary<(Box Space, string Kind), Group>();
        RankWeights? weights = _model.Machine.Weights.IsEqual ? null : _model.Machine.Weights;
        foreach (DistributionSlot slot in _free)
        {
            string kind = $"{string.Join(' ', slot.MayCut)} {slot.Snap} {slot.SnapAxis} {slot.IsIteration} {slot.IsPipelined}";
            if (!known.TryGetValue((slot.Space, kind), out Group? group))
            {
                group = new Group(new DistributionCandidates(slot, _ranks, weights, summed.Contains(slot.Space)), _model);
                known.Add((slot.Space, kind), group);
                _classes.Add(group);
            }
            group.Slots.Add(slot.Number);
            _classOf.Add(slot.Number, group);
        }
    }

    private IEnumerable<int[]> Starts()
    {
        yield return OnOneRank();
        int[] shape = Start(DistributionCandidates.One);
        foreach (DistributionSlot slot in _free)
        {
            shape[slot.Number] = _classOf[slot.Number].MostCubic;
        }
        yield return shape;
        int axes = _free.Length > ManyDecisions ? 1 : _free.Max(s => s.Space.Rank);
        for (int axis = 0; axis < axes; axis++)
        {
            yield return Slabs(axis, shape);
        }
        if (_free.Length <= ManyDecisions)
        {
            yield return Start(DistributionCandidates.All);
        }
    }

    private int[] Slabs(int axis, int[] otherwise)
    {
        int[] slabs = [.. otherwise];
        foreach (DistributionSlot slot in _free)
        {
            if (axis >= slot.Space.Rank)
            {
                continue;
            }
            var grid = new int[slot.Space.Rank];
            Array.Fill(grid, 1);
            grid[axis] = _ranks;
            if (_classOf[slot.Number].TryGet(string.Join('×', grid), _ranks, out int number))
            {
                slabs[slot.Number] = number;
            }
        }
        return slabs;
    }

    private int[] Start(string form)
    {
        var start = new int[_model.Slots.Slots.Count];
        foreach (DistributionSlot slot in _model.Slots.Slots)
        {
            start[slot.Number] = slot.Fixed is { } only ? _model.NumberOf(only)
                : slot.IsMadeAnywhere ? _model.NumberOf(Distribution.Everywhere(slot.Space, _ranks))
                : _classOf[slot.Number].At(0)[form];
        }
        return start;
    }

    private void Improve(int[] assignment)
    {
        for (int round = 0; round < Rounds; round++)
        {
            bool isBetter = false;
            foreach (int axes in _free.Select(s => s.Space.Rank).Distinct().Order())
            {
                isBetter |= TryForms([.. _free.Where(s => s.Space.Rank == axes).Select(s => s.Number)], assignment);
            }
            foreach (Group group in _classes)
            {
                isBetter |= group.Slots.Count > 1 && TryForms(group.Slots, assignment);
            }
            foreach (DistributionSlot slot in _free)
            {
                isBetter |= !IsSpent && TryOne(slot, assignment);
            }
            if (!isBetter || IsSpent)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Gives slots one form together, each where it can have it. Forms on fewer ranks are tried as long as each level is better than the one before, and those on two: where more
    /// ranks are still better than fewer, the search does not grow with their number.
    /// </summary>
    private bool TryForms(List<int> slots, int[] assignment)
    {
        int[] units = UnitsOf(slots);
        PlanCost least = _model.Cost(units, assignment);
        int[] before = [.. slots.Select(s => assignment[s])];
        int[] best = before;
        PlanCost? above = null;
        List<Group> groups = GroupsOf(slots);
        int last = groups.Max(g => g.Last);
        bool goesOn = true;
        for (int level = 0; level <= last && !IsSpent; level = goesOn || level == last ? level + 1 : last)
        {
            PlanCost? here = null;
            SortedDictionary<string, int> forms = FormsAt(level, groups);
            foreach ((string form, int parts) in forms)
            {
                if (IsSpent)
                {
                    break;
                }
                for (int i = 0; i < slots.Count; i++)
                {
                    assignment[slots[i]] = _classOf[slots[i]].TryGet(form, parts, out int number) ? number : before[i];
                }
                PlanCost cost = _model.Cost(units, assignment);
                if (cost.IsBelow(least))
                {
                    (best, least) = ([.. slots.Select(s => assignment[s])], cost);
                }
                bool isShared = form is not (DistributionCandidates.One or DistributionCandidates.All);
                here = isShared && (here is not { } known || cost.IsBelow(known)) ? cost : here;
            }
            goesOn &= forms.Count == 0 || here is { } found && (above is not { } earlier || found.IsBelow(earlier));
            above = here ?? above;
        }
        for (int i = 0; i < slots.Count; i++)
        {
            assignment[slots[i]] = best[i];
        }
        return best != before;
    }

    private List<Group> GroupsOf(List<int> slots)
    {
        var groups = new List<Group>();
        foreach (int slot in slots)
        {
            if (!groups.Contains(_classOf[slot]))
            {
                groups.Add(_classOf[slot]);
            }
        }
        return groups;
    }

    // With the number of parts of each; without those that another group has on a level before.
    private SortedDictionary<string, int> FormsAt(int level, List<Group> groups)
    {
        var forms = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (Group group in groups)
        {
            foreach ((string form, int number) in group.At(level))
            {
                if (!groups.Exists(g => g.HasBefore(level, form)))
                {
                    forms.TryAdd(form, _model[number].Cells);
                }
            }
        }
        return forms;
    }

    private bool TryOne(DistributionSlot slot, int[] assignment)
    {
        ReadOnlySpan<int> units = _model.UnitsOf(slot.Number);
        int before = assignment[slot.Number];
        int best = before;
        PlanCost least = _model.Cost(units, assignment);
        int[] choices = [.. _free.Length <= FewDecisions ? _classOf[slot.Number].MostAndFewest.Concat(Neighbours(slot, assignment)).Distinct() : Neighbours(slot, assignment)];
        foreach (int choice in choices)
        {
            assignment[slot.Number] = choice;
            PlanCost cost = _model.Cost(units, assignment);
            if (cost.IsBelow(least))
            {
                (best, least) = (choice, cost);
            }
        }
        assignment[slot.Number] = best;
        return best != before;
    }

    /// <summary>What would put a slot beside those that it shares costs with: the same form, or for an iteration space the very distribution of what is read.</summary>
    private List<int> Neighbours(DistributionSlot slot, int[] assignment)
    {
        Group group = _classOf[slot.Number];
        List<int> found = [group.At(0)[DistributionCandidates.One], group.At(0)[DistributionCandidates.All]];
        foreach (int unit in _model.UnitsOf(slot.Number))
        {
            foreach (int other in _model.Units[unit].Slots)
            {
                int number = assignment[other];
                Distribution there = _model[number];
                if (DistributionCandidates.MayFollow(slot, there))
                {
                    found.Add(number);
                }
                if (there.Kind == DistributionKind.Blocks && group.TryGet(FormOf(number), there.Cells, out int same))
                {
                    found.Add(same);
                }
            }
        }
        return [.. found.Distinct()];
    }

    private string FormOf(int number)
    {
        if (!_forms.TryGetValue(number, out string? form))
        {
            form = string.Join('×', _model[number].Grid);
            _forms.Add(number, form);
        }
        return form;
    }

    private int[] UnitsOf(List<int> slots)
    {
        var units = new SortedSet<int>();
        foreach (int slot in slots)
        {
            foreach (int unit in _model.UnitsOf(slot))
            {
                units.Add(unit);
            }
        }
        return [.. units];
    }

    /// <summary>Slots that have the same candidates, by form.</summary>
    private sealed class Group(DistributionCandidates candidates, CostModel model)
    {
        private readonly SortedDictionary<string, int>?[] _levels = new SortedDictionary<string, int>?[candidates.Last + 1];
        private int _mostCubic = -1;

        /// <summary>The number of the last level.</summary>
        public int Last => candidates.Last;

        public List<int> Slots { get; } = [];

        /// <summary>The candidates of all levels.</summary>
        public IEnumerable<int> All => InOrder(Enumerable.Range(0, Last + 1));

        /// <summary>The candidates that leave out no rank, and those on two.</summary>
        public int[] MostAndFewest => field ??= [.. InOrder(Last == 0 ? [0] : [0, Last])];

        /// <summary>The candidate with the smallest faces that uses all ranks that have something to do.</summary>
        public int MostCubic => At(0) is var forms && _mostCubic < 0 ? forms[DistributionCandidates.One] : _mostCubic;

        /// <summary>The candidates of a level, made when it is first asked for.</summary>
        public SortedDictionary<string, int> At(int level) => level > Last ? s_none : _levels[level] ??= Make(level);

        /// <summary>The candidate of a form whose grid has so many parts.</summary>
        public bool TryGet(string form, int parts, out int number) =>
            At(0).TryGetValue(form, out number) || candidates.LevelOf(parts) is > 0 and int level && At(level).TryGetValue(form, out number);

        /// <summary>True for a form of a level before this one, of those made.</summary>
        public bool HasBefore(int level, string form)
        {
            for (int before = 0; before < Math.Min(level, Last + 1); before++)
            {
                if (_levels[before]?.ContainsKey(form) == true)
                {
                    return true;
                }
            }
            return false;
        }

        private SortedDictionary<string, int> Make(int level)
        {
            var forms = new SortedDictionary<string, int>(StringComparer.Ordinal);
            foreach (DistributionCandidate candidate in candidates.At(level))
            {
                int number = model.NumberOf(candidate.Distribution);
                forms.TryAdd(candidate.Form, number);
                _mostCubic = _mostCubic < 0 && candidate.Distribution.Kind == DistributionKind.Blocks ? number : _mostCubic;
            }
            return forms;
        }

        private IEnumerable<int> InOrder(IEnumerable<int> levels) => levels.SelectMany(At).OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => f.Value);
    }
}
