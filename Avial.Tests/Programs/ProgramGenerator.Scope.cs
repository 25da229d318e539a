using System.Collections.Immutable;
using Avial.Diagnostics;
using Avial.Graph;

namespace Avial.Tests.Programs;

internal sealed partial class ProgramGenerator
{
    /// <summary>A region being made: the whole program or the body of a loop.</summary>
    private sealed class Scope
    {
        private readonly List<ArrayType> _parameters = [];
        private readonly List<GraphValue> _values = [];

        public List<GraphNode> Nodes { get; } = [];

        /// <summary>The captured numbers.</summary>
        public List<ulong> Table { get; } = [];

        /// <summary>The most steps of the loop whose body this is.</summary>
        public required long MostSteps { get; init; }

        /// <summary>The step number of that loop.</summary>
        public GraphValue? Step { get; set; }

        /// <summary>Everything that can be read.</summary>
        public IReadOnlyList<GraphValue> Values => _values;

        public GraphValue Last => new(Nodes.Count - 1, 0);

        public ArrayType TypeOf(GraphValue value) => value.IsParameter ? _parameters[value.Output] : Nodes[value.Node].Operation.Outputs[value.Output];

        public GraphValue AddParameter(ArrayType type)
        {
            _parameters.Add(type);
            _values.Add(GraphValue.Parameter(_parameters.Count - 1));
            return _values[^1];
        }

        /// <summary>Adds a node; gives its first output.</summary>
        public GraphValue Add(Operation operation, ImmutableArray<GraphValue> inputs, ImmutableArray<ulong> scalars, string word, SourceSpan span)
        {
            int number = Nodes.Count;
            Nodes.Add(new GraphNode(operation, inputs, [.. Enumerable.Range(Table.Count, scalars.Length)]) { Name = $"{word}{number}", Order = number, Span = span });
            Table.AddRange(scalars);
            for (int output = 0; output < operation.Outputs.Length; output++)
            {
                _values.Add(new GraphValue(number, output));
            }
            return new GraphValue(number, 0);
        }

        /// <summary>The first output of every node that no node reads.</summary>
        public IEnumerable<GraphValue> Unread()
        {
            HashSet<int> read = [.. Nodes.SelectMany(n => n.Inputs).Select(v => v.Node)];
            return Enumerable.Range(0, Nodes.Count).Where(n => !read.Contains(n)).Select(n => new GraphValue(n, 0));
        }

        public Region Finish(ImmutableArray<GraphValue> results) => new([.. _parameters], [.. Nodes], results);
    }
}
