using System.Collections.Immutable;
using Avial.IR;

namespace Avial.Tests.Generators;

internal sealed partial class KernelGenerator
{
    /// <summary>A value whose range is known for every index of the domain.</summary>
    private readonly record struct Bounded(Value Value, long Low, long High, bool IsAffine);

    /// <summary>A block being made: the values at hand, what is known of their ranges, and the conditions that hold.</summary>
    private sealed class Scope
    {
        private readonly List<Value> _values = [];
        private readonly Dictionary<int, Bounded> _bounds = [];

        public Scope(BlockBuilder builder) => Builder = builder;

        public BlockBuilder Builder { get; }

        /// <summary>Affine conditions, each ≥ 0.</summary>
        public ImmutableArray<AffineIndex> Guard { get; private init; } = [];

        /// <summary>True while the conditions say exactly where this block is run.</summary>
        public bool IsExact { get; private init; } = true;

        public IEnumerable<Value> All => _values;

        /// <summary>Values of known range, those read from data included.</summary>
        public ImmutableArray<Bounded> Known => [.. _bounds.Values];

        /// <summary>Index and loop variables.</summary>
        public ImmutableArray<Bounded> Affine => [.. _bounds.Values.Where(b => b.IsAffine)];

        public ImmutableArray<Value> Of(ScalarType type) => [.. _values.Where(v => v.Type == type)];

        public void Add(Value value)
        {
            if (!_values.Contains(value))
            {
                _values.Add(value);
            }
        }

        public void Bound(Value value, long low, long high, bool isAffine) => _bounds[value.Id] = new Bounded(value, low, high, isAffine);

        /// <summary>A block inside, run under a further condition (null: one that is not affine), or in a loop.</summary>
        public Scope Inside(AffineIndex? condition = null)
        {
            var inside = new Scope(Builder.Nested()) { Guard = condition is null ? Guard : Guard.Add(condition), IsExact = IsExact && condition is not null };
            inside._values.AddRange(_values);
            foreach ((int id, Bounded bounded) in _bounds)
            {
                inside._bounds[id] = bounded;
            }
            return inside;
        }
    }
}
