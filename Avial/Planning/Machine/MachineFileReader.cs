using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Avial.Diagnostics;
using Avial.Files;

namespace Avial.Planning.Machine;

/// <summary>Turns the JSON of a machine file into a machine and collects every mistake on the way.</summary>
internal sealed class MachineFileReader(string path)
{
    private const double LeastSpeed = 0.001;
    private const double MostSpeed = 1000;
    private static readonly string[] s_machine = ["nodes", "onNode", "betweenNodes", "operations", "memoryBandwidth", "launch"];
    private static readonly string[] s_nodes = ["count", "ranksPerNode", "speed", "memoryPerRank"];
    private static readonly string[] s_link = ["latency", "bandwidth"];

    private readonly List<string> _mistakes = [];

    public MachineFile Read(LocatedJson root)
    {
        var typical = new MachineModel { Ranks = 1 };
        Dictionary<string, LocatedJson> machine = Properties(root, s_machine);
        var nodes = ImmutableArray.CreateBuilder<MachineNodes>();
        foreach (LocatedJson item in Nodes(root, machine))
        {
            nodes.Add(NodesOf(item));
        }
        Int128 ranks = nodes.Aggregate(Int128.Zero, (sum, n) => sum + n.Ranks);
        if (ranks > int.MaxValue)
        {
            Mistake(machine["nodes"], $"these are {ranks} ranks together; there can be {int.MaxValue}");
        }
        var between = new MachineLink(typical.Latency, typical.SecondsPerByte);
        MachineModel constants = typical with
        {
            OnNode = Link(machine, "onNode", between),
            BetweenNodes = Link(machine, "betweenNodes", between),
            SecondsPerOperation = PerSecond(machine, "operations", Quantity.Speed) ?? typical.SecondsPerOperation,
            SecondsPerByteOfMemory = PerSecond(machine, "memoryBandwidth", Quantity.Rate) ?? typical.SecondsPerByteOfMemory,
            SecondsPerLaunch = Amount(machine, "launch", Quantity.Time, "a time") ?? typical.SecondsPerLaunch,
        };
        return _mistakes.Count == 0 ? new MachineFile(path, nodes.ToImmutable(), constants) : throw Throw.MistakesInMachineFile(path, _mistakes);
    }

    private IReadOnlyList<LocatedJson> Nodes(LocatedJson root, Dictionary<string, LocatedJson> machine)
    {
        if (!machine.TryGetValue("nodes", out LocatedJson? list))
        {
            if (root.Kind == JsonTokenType.StartObject)
            {
                Mistake(root, "\"nodes\" is missing; say which nodes there are: \"nodes\": [{ \"count\": 4, \"ranksPerNode\": 2 }]");
            }
            return [];
        }
        if (list.Kind != JsonTokenType.StartArray || list.Elements.Count == 0)
        {
            Mistake(list, $"{(list.Elements.Count == 0 && list.Kind == JsonTokenType.StartArray ? "the list is empty" : $"{list} is no list")}; "
                + "it lists the kinds of nodes there are: [{ \"count\": 4, \"ranksPerNode\": 2 }]");
        }
        return list.Elements;
    }

    private MachineNodes NodesOf(LocatedJson item)
    {
        Dictionary<string, LocatedJson> nodes = Properties(item, s_nodes);
        return new MachineNodes(Count(nodes, "count"), Count(nodes, "ranksPerNode"), Speed(nodes), Memory(nodes));
    }

    private MachineLink Link(Dictionary<string, LocatedJson> machine, string name, MachineLink typical)
    {
        if (!machine.TryGetValue(name, out LocatedJson? item))
        {
            return typical;
        }
        Dictionary<string, LocatedJson> link = Properties(item, s_link);
        return new MachineLink(
            Amount(link, "latency", Quantity.Time, "a time") ?? typical.Latency,
            PerSecond(link, "bandwidth", Quantity.Rate) ?? typical.SecondsPerByte);
    }

    private int Count(Dictionary<string, LocatedJson> nodes, string name)
    {
        if (!nodes.TryGetValue(name, out LocatedJson? item))
        {
            return 1;
        }
        if (item.Kind == JsonTokenType.Number && int.TryParse(item.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0)
        {
            return count;
        }
        Mistake(item, $"{item} is no number of {(name == "count" ? "nodes" : "ranks")}; give a whole number of 1 or more");
        return 1;
    }

    private long Speed(Dictionary<string, LocatedJson> nodes)
    {
        if (!nodes.TryGetValue("speed", out LocatedJson? item))
        {
            return MachineFile.SpeedUnits;
        }
        if (item.Kind == JsonTokenType.Number && double.TryParse(item.Text, CultureInfo.InvariantCulture, out double speed) && speed is >= LeastSpeed and <= MostSpeed)
        {
            return (long)Math.Round(speed * MachineFile.SpeedUnits);
        }
        Mistake(item, $"{item} is no relative speed; give a number from {LeastSpeed.ToString(CultureInfo.InvariantCulture)} to {MostSpeed}, 1 for an ordinary rank");
        return MachineFile.SpeedUnits;
    }

    private long? Memory(Dictionary<string, LocatedJson> nodes)
    {
        double? bytes = Amount(nodes, "memoryPerRank", Quantity.Size, "a size");
        if (bytes is null)
        {
            return null;
        }
        if (bytes is >= 1 and < long.MaxValue)
        {
            return (long)bytes;
        }
        Mistake(nodes["memoryPerRank"], $"{nodes["memoryPerRank"]} is no size of a memory; give 1 byte or more, or leave it out where there is no limit");
        return null;
    }

    private double? PerSecond(Dictionary<string, LocatedJson> of, string name, Quantity quantity)
    {
        double? rate = Amount(of, name, quantity, "a rate");
        if (rate == 0)
        {
            Mistake(of[name], $"{of[name]} would take for ever; give a rate above 0, such as \"{quantity.Example}\"");
        }
        return 1 / rate;
    }

    private double? Amount(Dictionary<string, LocatedJson> of, string name, Quantity quantity, string what)
    {
        if (!of.TryGetValue(name, out LocatedJson? item))
        {
            return null;
        }
        double? amount = item.Kind is JsonTokenType.Number or JsonTokenType.String ? quantity.Parse(item.Text) : null;
        if (amount is >= 0)
        {
            return amount;
        }
        Mistake(item, amount is null
            ? $"{item} is not {what}; write it as \"{quantity.Example}\""
            : $"{item} is negative; give {what} of 0 or more, such as \"{quantity.Example}\"");
        return null;
    }

    private Dictionary<string, LocatedJson> Properties(LocatedJson item, string[] known)
    {
        var found = new Dictionary<string, LocatedJson>();
        if (item.Kind != JsonTokenType.StartObject)
        {
            Mistake(item, $"{item} stands where an object is wanted; its properties are {string.Join(", ", known)}");
        }
        foreach ((string name, LocatedJson value) in item.Properties)
        {
            if (!known.Contains(name))
            {
                string? nearest = NearestName.To(name, known);
                Mistake(value, $"this property is unknown; {(nearest is null ? $"known are {string.Join(", ", known)}" : $"did you mean {nearest}?")}");
            }
            else if (!found.TryAdd(name, value))
            {
                Mistake(value, $"this property is given twice, first on line {found[name].Line}; keep one");
            }
        }
        return found;
    }

    private void Mistake(LocatedJson item, string text) => _mistakes.Add($"line {item.Line}{(item.Path.Length == 0 ? "" : $", {item.Path}")}: {text}");
}
