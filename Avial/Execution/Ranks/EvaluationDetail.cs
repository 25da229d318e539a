using Avial.Backends;
using Avial.Diagnostics;
using Avial.Graph;
using Avial.IR;
using Avial.IR.Text;
using Avial.Passes;

namespace Avial.Execution.Ranks;

/// <summary>A task as the message of a difference shows it.</summary>
/// <param name="Hash">Its structure, inputs included.</param>
/// <param name="Name">The name.</param>
/// <param name="Types">What it gives: <c>f64[100×100]</c>.</param>
/// <param name="Numbers">The captured numbers as text.</param>
/// <param name="Span">Where it was recorded.</param>
internal sealed record TaskDetail(ulong Hash, string Name, string Types, string Numbers, SourceSpan Span);

/// <summary>Everything about an evaluation that a message about a difference between ranks needs; sent only when there is one.</summary>
internal sealed record EvaluationDetail(EvaluationKind Kind, WaitSite Site, string Options, TaskDetail[] Tasks, string Results, string Detail)
{
    public static EvaluationDetail Of(JointWork work, string options, ulong[] hashes)
    {
        BuiltRegion built = work.Built;
        var tasks = new TaskDetail[built.Region.Nodes.Length];
        for (int n = 0; n < tasks.Length; n++)
        {
            GraphNode node = built.Region.Nodes[n];
            string numbers = string.Join(", ", Enumerable.Range(0, node.Scalars.Length).Select(k => Text(node, k, built.Scalars[node.Scalars[k]])));
            tasks[n] = new TaskDetail(hashes[n], node.Name, string.Join(", ", node.Operation.Outputs), numbers, node.Span);
        }
        return new EvaluationDetail(work.Kind, work.Site, options, tasks, string.Join(", ", built.Region.Results), work.Detail);
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write((long)Kind);
        writer.Write(Site.Step);
        Write(writer, Site.Span);
        writer.Write(Options);
        writer.Write(Results);
        writer.Write(Detail);
        writer.Write(Tasks.Length);
        foreach (TaskDetail task in Tasks)
        {
            writer.Write(task.Hash);
            writer.Write(task.Name);
            writer.Write(task.Types);
            writer.Write(task.Numbers);
            Write(writer, task.Span);
        }
        return stream.ToArray();
    }

    public static EvaluationDetail FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var kind = (EvaluationKind)reader.ReadInt64();
        var site = new WaitSite(reader.ReadString(), Span(reader));
        string options = reader.ReadString();
        string results = reader.ReadString();
        string detail = reader.ReadString();
        var tasks = new TaskDetail[reader.ReadInt32()];
        for (int n = 0; n < tasks.Length; n++)
        {
            tasks[n] = new TaskDetail(reader.ReadUInt64(), reader.ReadString(), reader.ReadString(), reader.ReadString(), Span(reader));
        }
        return new EvaluationDetail(kind, site, options, tasks, results, detail);
    }

    public static void Write(BinaryWriter writer, SourceSpan span)
    {
        writer.Write(span.File ?? "");
        writer.Write(span.Line);
        writer.Write(span.Text ?? "");
    }

    public static SourceSpan Span(BinaryReader reader) => new(reader.ReadString(), reader.ReadInt32(), reader.ReadString());

    private static string Text(GraphNode node, int scalar, ulong bits) => Literal.Print(TypeOf(node, scalar) ?? ScalarType.I64, bits);

    /// <summary>The type of a captured number, from whatever uses it.</summary>
    private static ScalarType? TypeOf(GraphNode node, int scalar)
    {
        if (node.Operation is FillOperation fill)
        {
            return fill.Outputs[0].Element.ColumnTypes[scalar];
        }
        if (node.Operation is LoopOperation loop)
        {
            return loop.Body.Nodes.SelectMany(inner => Enumerable.Range(0, inner.Scalars.Length).Where(k => inner.Scalars[k] == scalar).Select(k => TypeOf(inner, k)))
                .FirstOrDefault(t => t is not null);
        }
        foreach (KernelUse use in Kernels.UsesOf(node.Operation))
        {
            int argument = use.Arguments.IndexOf(new KernelArgument(ArgumentKind.Scalar, scalar));
            if (argument >= 0)
            {
                return use.Kernel.Parameters[argument].Type;
            }
        }
        return null;
    }
}
