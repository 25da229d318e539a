using Avial.Graph;
using Avial.Planning.Plans;

namespace Avial.Execution.Steps;

/// <summary>Reads this rank's part of a file's array.</summary>
internal sealed class ReadFileRun : StepRun
{
    private readonly int _output;

    public ReadFileRun(BodyRun body, ReadFileStep step) : base(body)
    {
        NodeNumber = step.Node;
        _output = step.Output;
    }

    public override void Run() => ArrayFiles.Read(((FileOperation)Node!.Operation).Path, Storages[_output]!, Node.Span);

    public override bool TryRefresh(RankStep step) => step is ReadFileStep file && (file.Node, file.Output) == (NodeNumber, _output);
}
