using Avial.Geometry;
using Avial.Planning.Machine;
using Avial.Tests.Diagnostics;

namespace Avial.Tests.Planning.Machine;

public sealed class MachineFileTests
{
    [Test]
    public void Load_OfAWholeFile_GivesTheModel()
    {
        using var file = new MachineTestFile("""
            {
              // Two kinds of nodes.
              "nodes": [
                { "count": 4, "ranksPerNode": 2, "speed": 1, "memoryPerRank": "16 GiB" },
                { "count": 2, "ranksPerNode": 4, "speed": 2.5, "memoryPerRank": 68719476736 }
              ],
              "onNode": { "latency": "0.5 µs", "bandwidth": "20 GB/s" },
              "betweenNodes": { "latency": 2e-6, "bandwidth": 12.5e9 },
              "operations": "4 Gop/s",
              "memoryBandwidth": "25 GB/s",
              "launch": "3 us",
            }
            """);

        MachineModel model = MachineFile.Load(file.Path).Model(16);

        Assert.That(model.Ranks, Is.EqualTo(16));
        Assert.That(model.Weights, Is.EqualTo(RankWeights.Of([new WeightRun(8, 2), new WeightRun(8, 5)])));
        Assert.That(model.OnNode, Is.EqualTo(new MachineLink(0.5e-6, 1 / 20e9)));
        Assert.That(model.BetweenNodes, Is.EqualTo(new MachineLink(2e-6, 1 / 12.5e9)));
        Assert.That(model.Latency, Is.EqualTo(2e-6));
        Assert.That(model.SecondsPerByte, Is.EqualTo(1 / 12.5e9));
        Assert.That(model.SecondsPerOperation / 2, Is.EqualTo(1 / 4e9).Within(1e-20));
        Assert.That(model.SecondsPerByteOfMemory / 2, Is.EqualTo(1 / 25e9).Within(1e-20));
        Assert.That(model.SecondsPerLaunch, Is.EqualTo(3e-6).Within(1e-20));
        Assert.That(model.MemoryPerRank, Is.EqualTo(16L << 30));
        Assert.That(model.ToString(), Is.EqualTo(
            "machine: machine file cluster.json: 2.0 µs a message, 13 GB/s between ranks, 4.0 to 10 Gop/s and 25 to 63 GB/s a rank, which holds at most 16.00 GiB"));
    }

    [Test]
    public void Load_OfTheReadmesExample_ReadsIt()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        int begin = readme.IndexOf("```json", StringComparison.Ordinal) + "```json".Length;
        using var file = new MachineTestFile(readme[begin..readme.IndexOf("```", begin, StringComparison.Ordinal)]);

        MachineModel model = MachineFile.Load(file.Path).Model(24);

        Assert.That(model.Weights, Is.EqualTo(RankWeights.Of([new WeightRun(16, 2), new WeightRun(8, 3)])));
    }

    [TestCase("""{ "nodes": [{}] }""", 1)]
    [TestCase("""{ "nodes": [{ "ranksPerNode": 4 }] }""", 4)]
    [TestCase("\uFEFF{ \"nodes\": [{ \"count\": 65536 }] }", 65536)]
    public void Load_OfTheLeast_TakesTheDefaults(string text, int ranks)
    {
        using var file = new MachineTestFile(text);

        MachineModel model = MachineFile.Load(file.Path).Model(ranks);

        Assert.That(model with { Origin = "", OnNode = null, BetweenNodes = null }, Is.EqualTo(new MachineModel { Ranks = ranks, Origin = "" }));
    }

    [TestCase("""{ "ranksPerNode": 8 }""", 1e-6, Description = "One node: nothing leaves it.")]
    [TestCase("""{ "count": 8 }""", 9e-6, Description = "One rank a node: everything leaves it.")]
    [TestCase("""{ "count": 4, "ranksPerNode": 2 }""", 9e-6, Description = "Both: the worse way.")]
    [TestCase("""{ "ranksPerNode": 4 }, { "ranksPerNode": 4 }""", 9e-6)]
    public void Model_TakesTheLinkThatRanksNeed(string nodes, double latency)
    {
        using var file = new MachineTestFile($$"""{ "nodes": [{{nodes}}], "onNode": { "latency": "1 µs" }, "betweenNodes": { "latency": "9 µs" } }""");

        Assert.That(MachineFile.Load(file.Path).Model(8).Latency, Is.EqualTo(latency).Within(1e-15));
    }

    [Test]
    public void Model_OfASlowLinkOnNodes_TakesTheWorseOfEach()
    {
        using var file = new MachineTestFile("""
            {
              "nodes": [{ "count": 2, "ranksPerNode": 2 }],
              "onNode": { "latency": "9 µs", "bandwidth": "8 GB/s" },
              "betweenNodes": { "latency": "1 µs", "bandwidth": "4 GB/s" }
            }
            """);

        MachineModel model = MachineFile.Load(file.Path).Model(4);

        Assert.That(model.Latency, Is.EqualTo(9e-6).Within(1e-15));
        Assert.That(model.SecondsPerByte, Is.EqualTo(0.25e-9));
    }

    [TestCase("""{ "nodes": [{ "ranksPerNode": 8 }] }""", 4, "names 8 ranks, the program runs on 4. Run it on 8, or give the file's nodes 4 ranks together.")]
    [TestCase("""{ "nodes": [{ "count": 1 }] }""", 8, "names 1 rank, the program runs on 8. Run it on 1, or give the file's nodes 8 ranks together.")]
    [TestCase("""{ "nodes": [{ "count": 1, "ranksPerNode": 2 }] }""", 1, "names 2 ranks, the program runs on 1. Run it on 2, or give the file's nodes 1 rank together.")]
    public void Model_ForAnotherNumberOfRanks_IsRefused(string text, int ranks, string message)
    {
        using var file = new MachineTestFile(text);
        var loaded = MachineFile.Load(file.Path);

        Refused.With(() => loaded.Model(ranks), $"AVL0745: The machine file '{file.Path}' {message}");
    }

    [Test]
    public void Load_OfNoFile_SaysSo()
    {
        using var file = new MachineTestFile();
        const string Remedy = "Correct MachineFile or AVIAL_MACHINE, or leave it out to have the machine measured.";

        Refused.With(() => MachineFile.Load(file.Path), $"AVL0741: The machine file '{file.Path}' does not exist (seen from {Environment.CurrentDirectory}). {Remedy}");
        Refused.With(() => MachineFile.Load(file.Folder), $"AVL0741: The machine file '{file.Folder}' cannot be read: Access to the path '{file.Folder}' is denied. {Remedy}");
    }

    [TestCase("")]
    [TestCase(" \r\n\t")]
    [TestCase("\uFEFF")]
    public void Load_OfAnEmptyFile_SaysSo(string text)
    {
        using var file = new MachineTestFile(text);

        Refused.With(() => MachineFile.Load(file.Path), $$"""AVL0742: The machine file '{{file.Path}}' is empty. The least that it says is { "nodes": [{ "ranksPerNode": 4 }] }.""");
    }

    [TestCase("{ \"nodes\":\n[}", "(line 2, column 2): '}' is an invalid start of a value.")]
    [TestCase("{ \"nodes\": [", "(line 1, column 13): Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.")]
    [TestCase("nodes: 4", "(line 1, column 2): 'nodes: 4' is an invalid JSON literal. Expected the literal 'null'.")]
    [TestCase("{} {}", "(line 1, column 4): '{' is invalid after a single JSON value. Expected end of data.")]
    [TestCase("// nothing", "(line 1, column 11): The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true.")]
    public void Load_OfADamagedFile_NamesThePlace(string text, string message)
    {
        using var file = new MachineTestFile(text);

        Refused.With(() => MachineFile.Load(file.Path), $"AVL0743: The machine file '{file.Path}' is not JSON {message} Correct it there.");
    }

    [Test]
    public void Load_OfEveryBeginningOfAFile_RefusesOrReads()
    {
        byte[] whole = """{ "nodes": [{ "count": 4, "speed": 1.5 }], "onNode": { "latency": "5 µs" }, "operations": 1e9 }"""u8.ToArray();
        using var file = new MachineTestFile();

        for (int length = 0; length < whole.Length; length++)
        {
            for (int change = 0; change < 3; change++)
            {
                byte[] damaged = [.. whole.AsSpan(0, length), .. change == 0 ? [] : whole.AsSpan(length)];
                if (change > 0)
                {
                    damaged[length] = change == 1 ? (byte)'7' : (byte)0xFF;
                }
                File.WriteAllBytes(file.Path, damaged);
                try
                {
                    MachineFile.Load(file.Path);
                }
                catch (Avial.Diagnostics.AvialException)
                {
                    // Named; anything else fails the test.
                }
            }
        }
    }

    [TestCase("4", "line 1: 4 stands where an object is wanted; its properties are nodes, onNode, betweenNodes, operations, memoryBandwidth, launch")]
    [TestCase("{}", """line 1: "nodes" is missing; say which nodes there are: "nodes": [{ "count": 4, "ranksPerNode": 2 }]""")]
    [TestCase("""{ "nodes": [] }""", """line 1, nodes: the list is empty; it lists the kinds of nodes there are: [{ "count": 4, "ranksPerNode": 2 }]""")]
    [TestCase("""{ "nodes": 4 }""", """line 1, nodes: 4 is no list; it lists the kinds of nodes there are: [{ "count": 4, "ranksPerNode": 2 }]""")]
    [TestCase("{ \"nodes\": [{},\n4] }", "line 2, nodes[1]: 4 stands where an object is wanted; its properties are count, ranksPerNode, speed, memoryPerRank")]
    [TestCase("""{ "nodes": [{ "rankPerNode": 4 }] }""", "line 1, nodes[0].rankPerNode: this property is unknown; did you mean ranksPerNode?")]
    [TestCase("""{ "nodes": [{ "colour": 4 }] }""", "line 1, nodes[0].colour: this property is unknown; known are count, ranksPerNode, speed, memoryPerRank")]
    [TestCase("""{ "Nodes": [{}] , "nodes": [{}] }""", "line 1, Nodes: this property is unknown; did you mean nodes?")]
    [TestCase("{ \"nodes\": [{}],\n\"nodes\": [{}] }", "line 2, nodes: this property is given twice, first on line 1; keep one")]
    [TestCase("""{ "nodes": [{ "count": -2 }] }""", "line 1, nodes[0].count: -2 is no number of nodes; give a whole number of 1 or more")]
    [TestCase("""{ "nodes": [{ "ranksPerNode": 0 }] }""", "line 1, nodes[0].ranksPerNode: 0 is no number of ranks; give a whole number of 1 or more")]
    [TestCase("""{ "nodes": [{ "count": 1.5 }] }""", "line 1, nodes[0].count: 1.5 is no number of nodes; give a whole number of 1 or more")]
    [TestCase("""{ "nodes": [{ "count": "4" }] }""", "line 1, nodes[0].count: the text \"4\" is no number of nodes; give a whole number of 1 or more")]
    [TestCase("""{ "nodes": [{ "count": 2000000000, "ranksPerNode": 2000000000 }] }""", "line 1, nodes: these are 4000000000000000000 ranks together; there can be 2147483647")]
    [TestCase("""{ "nodes": [{ "speed": -1 }] }""", "line 1, nodes[0].speed: -1 is no relative speed; give a number from 0.001 to 1000, 1 for an ordinary rank")]
    [TestCase("""{ "nodes": [{ "speed": true }] }""", "line 1, nodes[0].speed: true is no relative speed; give a number from 0.001 to 1000, 1 for an ordinary rank")]
    [TestCase("""{ "nodes": [{ "memoryPerRank": "much" }] }""", """line 1, nodes[0].memoryPerRank: the text "much" is not a size; write it as "16 GiB".""")]
    [TestCase("""{ "nodes": [{ "memoryPerRank": 0 }] }""", "line 1, nodes[0].memoryPerRank: 0 is no size of a memory; give 1 byte or more, or leave it out where there is no limit")]
    [TestCase("""{ "nodes": [{ "memoryPerRank": "-1 GiB" }] }""", """line 1, nodes[0].memoryPerRank: the text "-1 GiB" is negative; give a size of 0 or more, such as "16 GiB".""")]
    [TestCase("""{ "nodes": [{}], "onNode": { "latency": -1e-6 } }""", """line 1, onNode.latency: -1e-6 is negative; give a time of 0 or more, such as "1.5 µs".""")]
    [TestCase("""{ "nodes": [{}], "betweenNodes": { "bandwidth": null } }""", """line 1, betweenNodes.bandwidth: null is not a rate; write it as "10 GB/s".""")]
    [TestCase("""{ "nodes": [{}], "betweenNodes": { "bandwidth": "0 GB/s" } }""", """line 1, betweenNodes.bandwidth: the text "0 GB/s" would take for ever; give a rate above 0, such as "10 GB/s".""")]
    [TestCase("""{ "nodes": [{}], "onNode": 3 }""", "line 1, onNode: 3 stands where an object is wanted; its properties are latency, bandwidth")]
    [TestCase("""{ "nodes": [{}], "operations": 1e999 }""", """line 1, operations: 1e999 is not a rate; write it as "2 Gop/s".""")]
    public void Load_OfAMistake_SaysWhatIsWrongWhere(string text, string message)
    {
        using var file = new MachineTestFile(text);

        Refused.With(() => MachineFile.Load(file.Path), $"AVL0744: The machine file '{file.Path}', {message.TrimEnd('.')}.");
    }

    [Test]
    public void Load_OfSeveralMistakes_NamesThemAll()
    {
        using var file = new MachineTestFile("""
            {
              "nodes": [{ "count": 0, "sped": 2 }],
              "launch": "soon"
            }
            """);

        Refused.With(() => MachineFile.Load(file.Path), $"""
            AVL0744: The machine file '{file.Path}' has 3 mistakes:
              line 2, nodes[0].sped: this property is unknown; did you mean speed?
              line 2, nodes[0].count: 0 is no number of nodes; give a whole number of 1 or more
              line 3, launch: the text "soon" is not a time; write it as "1.5 µs".
            """);
    }
}
